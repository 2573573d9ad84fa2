//! A call told in events, with virtual time. Each test names every action, so one too many fails it
//! like one too few.

mod accepting;
mod arriving;
mod asking;
mod connecting;
mod dialling;
mod languages;
mod leaving;
mod offering;
mod promising;
mod random;
mod releasing;
mod story;
mod talking;
mod telephones;
mod telling;
mod waiting;

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::directory::{Company, Extensions};
use super::super::language::Language;
use super::super::menu::tests::employee;
use super::super::menu::{Choice, Key, Known, Menu, MenuKind, Reasons, Wording};
use super::super::prompt::{Clip, Haste, Prompt};
use super::super::rating::EmployeeId;
use super::*;

pub(super) const KEY_TIME: Duration = Duration::from_secs(5);
pub(super) const DIGIT_TIME: Duration = Duration::from_millis(1500);
pub(super) const RING_TIME: Duration = Duration::from_secs(20);
pub(super) const ACCEPT_TIME: Duration = Duration::from_secs(6);
pub(super) const WAIT_TIME: Duration = Duration::from_secs(60);
pub(super) const PROMPT_TIME: Duration = Duration::from_secs(2);
pub(super) const MARGIN: Duration = Duration::from_secs(3);
pub(super) const LENGTH: Duration = Duration::from_secs(10);

pub(super) const LEG: LegId = LegId(1);
pub(super) const BRIDGE: BridgeId = BridgeId(1);

/// A call and the clock that it lives by.
pub(super) struct Scene {
    pub(super) call: Call,
    pub(super) now: Instant,
}

impl Scene {
    /// A call to a menu with Eugenia on 1 and Dmitry on 2, three rounds.
    pub(super) fn new() -> Self {
        Self::with_menu(menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")]))
    }

    pub(super) fn with_menu(menu: Menu) -> Self {
        Self::of(|policy| Call::new(known(menu), wording(), policy))
    }

    /// The same, in a company where Anna has 25, Boris 7, and his room 701.
    pub(super) fn with_extensions(menu: Menu) -> Self {
        Self::of(|policy| {
            let known = Known {
                extensions: extensions(&[("anna", "25"), ("boris", "7"), ("room", "701")]),
                ..known(menu)
            };
            Call::new(known, wording(), policy)
        })
    }

    /// The same, while somebody else is asked about the caller.
    pub(super) fn while_asking(menu: Menu) -> Self {
        Self::of(|policy| Call::while_asking(known(menu), wording(), policy))
    }

    pub(super) fn of(call: impl FnOnce(Policy) -> Call) -> Self {
        let policy = Policy {
            answering: Answering::AtOnce,
            rounds: 3,
            key_time: KEY_TIME,
            digit_time: DIGIT_TIME,
            ring_time: RING_TIME,
            ringing: Ringing::Together,
            accept: Accepting::Never,
            accept_time: ACCEPT_TIME,
            record: false,
            wait_time: WAIT_TIME,
            wait_sound: WaitSound::Ringing,
            callback_key: None,
            prompt_time: PROMPT_TIME,
            lease_margin: MARGIN,
        };
        Self {
            call: call(policy),
            now: Instant::now(),
        }
    }

    /// The greeting is over, the menu is being read out as playback 2.
    pub(super) fn offering() -> Self {
        let mut scene = Self::new();
        scene.after([Event::Arrived, ready(1), ready(2), played(1)]);
        scene
    }

    /// The caller pressed 1, and Eugenia's telephone is being dialled.
    pub(super) fn connecting() -> Self {
        let mut scene = Self::offering();
        scene.after([key(1)]);
        scene
    }

    /// The two talk, and the lease is cleared.
    pub(super) fn talking() -> Self {
        let mut scene = Self::connecting();
        scene.after([
            Event::LegAnswered(LEG),
            Event::Bridged(LEG),
            Event::LeaseCleared,
        ]);
        scene
    }

    /// Lets events happen without a look at the actions.
    pub(super) fn after(&mut self, events: impl IntoIterator<Item = Event>) {
        for event in events {
            self.call.on_event(self.now, event);
        }
    }

    /// Exactly these actions answer the event.
    #[track_caller]
    pub(super) fn assert_actions(
        &mut self,
        event: Event,
        expected: impl IntoIterator<Item = Action>,
    ) {
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(self.call.on_event(self.now, event), expected);
    }

    /// Nothing happens until the deadline, which is this far away; these actions answer it.
    #[track_caller]
    pub(super) fn assert_deadline(
        &mut self,
        after: Duration,
        expected: impl IntoIterator<Item = Action>,
    ) {
        let deadline = self.call.deadline().unwrap();
        assert_eq!(
            deadline.at - self.now,
            after,
            "waits for {}",
            deadline.waits_for
        );
        self.now = deadline.at;
        self.assert_actions(Event::DeadlineReached, expected);
    }

    /// The call has ended: it has no deadline and answers nothing any more.
    #[track_caller]
    pub(super) fn assert_over(&mut self) {
        assert_eq!(self.call.state_name(), "ended");
        assert_eq!(self.call.deadline(), None);
        self.assert_actions(Event::DeadlineReached, []);
        self.assert_actions(Event::CallerLeft(Departure::HungUp), []);
    }
}

pub(super) fn known(menu: Menu) -> Known {
    Known {
        menu,
        name: None,
        extensions: Extensions::default(),
        reasons: Reasons::default(),
    }
}

pub(super) fn extensions(people: &[(&str, &str)]) -> Extensions {
    let entries: Vec<_> = people.iter().map(|(id, ext)| employee(id, ext)).collect();
    let nobody = Arc::new(Company::new(TimeZone::UTC));
    Extensions::new(nobody, entries.into(), Timestamp::UNIX_EPOCH)
}

pub(super) fn menu(choices: &[(u32, &str, &str)]) -> Menu {
    let choices = choices.iter().map(|(digit, id, extension)| Choice {
        key: Key::digit(*digit).unwrap(),
        entry: employee(id, extension),
        busy: false,
    });
    Menu {
        kind: MenuKind::Personal,
        choices: choices.collect(),
        language_key: None,
        callback_key: None,
    }
}

pub(super) fn wording() -> Wording {
    Wording::new(Language::English, Some("Welcome.".to_owned()))
}

pub(super) fn clip(prompt: u32) -> Clip {
    Clip {
        media: format!("sound:/clips/{prompt}"),
        length: LENGTH,
    }
}

pub(super) fn ready(prompt: u32) -> Event {
    Event::PromptReady {
        prompt: PromptId(prompt),
        clip: clip(prompt),
    }
}

pub(super) fn played(playback: u32) -> Event {
    Event::PlaybackEnded {
        playback: PlaybackId(playback),
        ending: PlaybackEnding::Played,
    }
}

pub(super) fn not_played(playback: u32) -> Event {
    Event::PlaybackEnded {
        playback: PlaybackId(playback),
        ending: PlaybackEnding::Failed,
    }
}

pub(super) fn key(digit: u32) -> Event {
    Event::KeyPressed(Key::digit(digit).unwrap())
}

pub(super) fn failed(step: Step, failure: Failure) -> Event {
    Event::StepFailed { step, failure }
}

/// The caller waits for it in silence.
pub(super) fn prepare(prompt: u32, words: Prompt) -> Action {
    Action::Prepare {
        prompt: PromptId(prompt),
        words,
        haste: Haste::Now,
    }
}

/// The caller hears something else first.
pub(super) fn prepare_next(prompt: u32, words: Prompt) -> Action {
    Action::Prepare {
        prompt: PromptId(prompt),
        words,
        haste: Haste::Next,
    }
}

pub(super) fn play(playback: u32, prompt: u32) -> Action {
    Action::Play {
        playback: PlaybackId(playback),
        clip: clip(prompt),
    }
}

pub(super) fn tell(news: News) -> Action {
    Action::Tell(news)
}

/// Who is offered is noted for the records of calls.
pub(super) fn noted(offered: &[&str]) -> Action {
    let ids = offered.iter().map(|id| EmployeeId::parse(id).unwrap());
    Action::Note(Note::Offered(ids.collect()))
}

pub(super) fn stop(playback: u32) -> Action {
    Action::StopPlayback(PlaybackId(playback))
}
