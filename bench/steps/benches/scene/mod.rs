//! What both benchmarks work on: a caller with a history, their menu, their call, Asterisk's events, the
//! store and the phrases on disk.

#[path = "../../../../examples/bench_store/crm.rs"]
#[expect(dead_code, reason = "the bench of the store needs more of it")]
mod crm;

mod disk;

use std::time::{Duration, Instant};

use vizavi::ari;
use vizavi::domain::call::{
    self, Accepting, Answering, Call, LegId, PlaybackEnding, PlaybackId, Policy, PromptId,
    WaitSound,
};
use vizavi::domain::directory::{Company, Extensions};
use vizavi::domain::language::Language;
use vizavi::domain::menu::{Key, Known, Menu, Reasons, Wording};
use vizavi::domain::prompt::{Clip, Prompt};
use vizavi::domain::rating::{ClientId, ClientRecord, Ranking, Rules, rank};
use vizavi::store::Change;

use crm::Crm;
pub(crate) use disk::{Kept, Spoken};

/// The most people in a menu.
const LONGEST_MENU: usize = 3;

/// A company, and one client of it who calls.
pub(crate) struct Scene {
    crm: Crm,
    client: ClientId,
    record: ClientRecord,
    company: Company,
    rules: Rules,
}

impl Scene {
    /// A client with so many events.
    pub(crate) fn with_events(events: u32) -> Self {
        let crm = Crm::new(1, events);
        let mut record = ClientRecord::default();
        for number in 0..events {
            if let Change::Event { event, arrived, .. } = crm.change(number) {
                record.apply(event, arrived);
            }
        }
        let mut company = Company::new(jiff::tz::TimeZone::UTC);
        for change in crm.staff() {
            if let Change::PutEmployee { id, card, .. } = change {
                company.put(id, *card);
            }
        }
        Self {
            client: crm.client(0),
            rules: crm.rules(),
            crm,
            record,
            company,
        }
    }

    /// Whom the client wants, and why.
    pub(crate) fn ranking(&self) -> Ranking {
        let clients = [(&self.client, &self.record)];
        rank(&clients, &self.rules, self.company.staff(), self.crm.end())
    }

    /// What they are offered.
    pub(crate) fn menu(&self, ranking: &Ranking) -> Menu {
        Menu::for_caller(ranking, &self.company, &[], LONGEST_MENU)
    }
}

/// The words of calls.
pub(crate) fn wording() -> Wording {
    Wording::new(Language::Russian, None)
}

/// What is said of a menu.
pub(crate) fn words(wording: &Wording, menu: &Menu) -> Prompt {
    wording.menu(menu)
}

/// A call that nothing has happened in yet.
pub(crate) fn new_call(wording: &Wording, menu: &Menu) -> Call {
    let known = Known {
        menu: menu.clone(),
        name: None,
        extensions: Extensions::default(),
        reasons: Reasons::default(),
    };
    let policy = Policy {
        answering: Answering::AtOnce,
        rounds: 3,
        key_time: Duration::from_secs(5),
        digit_time: Duration::from_millis(1500),
        ring_time: Duration::from_secs(20),
        ringing: call::Ringing::Together,
        accept: Accepting::Mobiles,
        accept_time: Duration::from_secs(10),
        record: false,
        wait_time: Duration::from_secs(60),
        wait_sound: WaitSound::Ringing,
        callback_key: None,
        prompt_time: Duration::from_secs(2),
        lease_margin: Duration::from_secs(4),
    };
    Call::new(known, wording.clone(), policy)
}

/// All that happens in a call in which two talk, from its arrival to its end. Gives the number of actions.
pub(crate) fn whole_call(mut call: Call, now: Instant) -> usize {
    use call::Event;
    let ready = |prompt| Event::PromptReady {
        prompt: PromptId(prompt),
        clip: Clip {
            media: "sound:/var/lib/vizavi/phrases/greeting".to_owned(),
            length: Duration::from_secs(4),
        },
    };
    let played = |playback| Event::PlaybackEnded {
        playback: PlaybackId(playback),
        ending: PlaybackEnding::Played,
    };
    let leg = LegId(1);
    let mut events = vec![Event::Arrived, ready(1), ready(2), played(1)];
    events.extend(Key::digit(1).map(Event::KeyPressed));
    events.extend([
        Event::LegRinging(leg),
        Event::LegAnswered(leg),
        Event::Bridged(leg),
        Event::LeaseCleared,
        Event::CallerLeft(call::Departure::HungUp),
    ]);
    let actions = events
        .into_iter()
        .map(|event| call.on_event(now, event).len());
    actions.sum()
}

/// A caller comes, as Asterisk tells it.
pub(crate) const CALLER_COMES: &str = r#"{"type":"StasisStart","timestamp":"2026-11-21T02:03:31.125+0000","args":["caller","84959262644"],"channel":{"id":"1763690611.12","name":"PJSIP/trunk-0000000c","state":"Ring","protocol_id":"8e1c4a","caller":{"name":"","number":"+79161234567"},"connected":{"name":"","number":""},"accountcode":"","dialplan":{"context":"vizavi","exten":"s","priority":6,"app_name":"Stasis","app_data":"vizavi,caller,84959262644"},"creationtime":"2026-11-21T02:03:31.123+0000","language":"en"},"asterisk_id":"00:00:5e:00:53:01","application":"vizavi"}"#;

/// What Asterisk tells, read.
pub(crate) fn read(event: &str) -> ari::Event {
    ari::Event::read(event)
}
