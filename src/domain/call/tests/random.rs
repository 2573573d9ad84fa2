//! Whatever happens in whatever order, a call ends once and leaves nothing behind: every state has met every
//! event.

use std::collections::{BTreeMap, HashSet};

use super::super::super::menu::Presence;
use super::*;

/// Random events, the same ones in every run.
struct Dice(fastrand::Rng);

impl Dice {
    fn one_of<T: Copy, const N: usize>(&mut self, all: [T; N]) -> T {
        all[self.0.usize(..N)]
    }

    fn leg(&mut self) -> LegId {
        LegId(self.0.u32(1..5))
    }

    fn prompt(&mut self) -> PromptId {
        PromptId(self.0.u32(1..12))
    }

    fn event(&mut self) -> Event {
        match self.0.u32(0..72) {
            0 => Event::CallerLeft(self.one_of([Departure::HungUp, Departure::ToDialplan])),
            1 => Event::Stop,
            2 => self.failure(),
            3 => Event::PromptFailed(self.prompt()),
            4 => not_played(self.0.u32(1..12)),
            5..14 => ready(self.0.u32(1..12)),
            14..22 => played(self.0.u32(1..12)),
            22..29 => key(self.0.u32(0..10)),
            29 => Event::KeyPressed(Key::parse(self.one_of(['*', '#', 'A'])).unwrap()),
            30..34 => Event::LegAnswered(self.leg()),
            34..38 => self.leg_ended(),
            38..42 => Event::Bridged(self.leg()),
            42..46 => Event::LeaseCleared,
            46 => Event::LegRinging(self.leg()),
            47..49 => Event::LegReplaced(self.leg()),
            49 => Event::CallerKnown(known(menu(&[(1, "anna", "77")]))),
            50 => Event::Arrived,
            51..54 => self.seen(),
            54..57 => Event::LegKeyPressed {
                leg: self.leg(),
                key: Key::digit(self.0.u32(1..4)).unwrap(),
            },
            57 => Event::LegFreed(self.leg()),
            58..60 => Event::CallbackKept,
            60 => Event::CallbackNotKept,
            _ => Event::DeadlineReached,
        }
    }

    fn failure(&mut self) -> Event {
        let failures = [
            Failure::Gone,
            Failure::Refused,
            Failure::NotSent,
            Failure::Unknown,
        ];
        let steps = [
            Step::Answer,
            Step::GrantLease,
            Step::ClearLease,
            Step::Play,
            Step::Bridge,
            Step::Continue,
            Step::HangUpCaller,
        ];
        failed(self.one_of(steps), self.one_of(failures))
    }

    fn leg_ended(&mut self) -> Event {
        let endings = [
            LegEnding::NoAnswer,
            LegEnding::Busy,
            LegEnding::Refused,
            LegEnding::Unreachable,
            LegEnding::HungUp,
        ];
        Event::LegEnded {
            leg: self.leg(),
            why: self.one_of(endings),
        }
    }

    fn seen(&mut self) -> Event {
        let all = [
            Presence::Free,
            Presence::Busy,
            Presence::Absent,
            Presence::Unknown,
        ];
        Event::Seen {
            person: EmployeeId::parse(self.one_of(["eugenia", "dmitry"])).unwrap(),
            presence: self.one_of(all),
        }
    }
}

const EVENTS: [&str; 21] = [
    "Arrived",
    "CallerKnown",
    "PromptReady",
    "PromptFailed",
    "PlaybackEnded",
    "KeyPressed",
    "CallerLeft",
    "LegRinging",
    "LegAnswered",
    "LegReplaced",
    "LegKeyPressed",
    "LegFreed",
    "LegEnded",
    "Bridged",
    "LeaseCleared",
    "Seen",
    "CallbackKept",
    "CallbackNotKept",
    "StepFailed",
    "DeadlineReached",
    "Stop",
];

/// A new event does not compile here until it has a name, and fails the test until the dice throw it.
fn name_of(event: &Event) -> &'static str {
    match event {
        Event::Arrived => "Arrived",
        Event::CallerKnown(_) => "CallerKnown",
        Event::PromptReady { .. } => "PromptReady",
        Event::PromptFailed(_) => "PromptFailed",
        Event::PlaybackEnded { .. } => "PlaybackEnded",
        Event::KeyPressed(_) => "KeyPressed",
        Event::CallerLeft(_) => "CallerLeft",
        Event::LegRinging(_) => "LegRinging",
        Event::LegAnswered(_) => "LegAnswered",
        Event::LegReplaced(_) => "LegReplaced",
        Event::LegKeyPressed { .. } => "LegKeyPressed",
        Event::LegFreed(_) => "LegFreed",
        Event::LegEnded { .. } => "LegEnded",
        Event::Bridged(_) => "Bridged",
        Event::LeaseCleared => "LeaseCleared",
        Event::Seen { .. } => "Seen",
        Event::CallbackKept => "CallbackKept",
        Event::CallbackNotKept => "CallbackNotKept",
        Event::StepFailed { .. } => "StepFailed",
        Event::DeadlineReached => "DeadlineReached",
        Event::Stop => "Stop",
    }
}

/// Every state, and where one event can lead from it.
const STATES: [(&str, &[&str]); 10] = [
    ("new", &["new", "arriving", "leaving", "ended"]),
    ("taken over", &["talking", "ended"]),
    (
        "arriving",
        &[
            "arriving",
            "offering",
            "waiting",
            "connecting",
            "leaving",
            "ended",
        ],
    ),
    (
        "offering",
        &[
            "offering",
            "waiting",
            "connecting",
            "promising",
            "leaving",
            "ended",
        ],
    ),
    (
        "waiting",
        &[
            "waiting",
            "offering",
            "connecting",
            "promising",
            "leaving",
            "ended",
        ],
    ),
    ("promising", &["promising", "leaving", "ended"]),
    (
        "connecting",
        &["connecting", "offering", "talking", "leaving", "ended"],
    ),
    ("talking", &["talking", "leaving", "ended"]),
    ("leaving", &["leaving", "ended"]),
    ("ended", &["ended"]),
];

/// How often each state has met each event.
#[derive(Default)]
struct Met(BTreeMap<(&'static str, &'static str), u32>);

impl Met {
    fn note(&mut self, before: &'static str, event: &Event, after: &'static str) {
        let (_, reachable) = STATES.iter().find(|(state, _)| *state == before).unwrap();
        assert!(
            reachable.contains(&after),
            "{before} → {after} by {event:?}"
        );
        *self.0.entry((before, name_of(event))).or_default() += 1;
    }

    fn assert_complete(&self) {
        for (state, _) in STATES {
            for event in EVENTS {
                assert!(
                    self.0.contains_key(&(state, event)),
                    "no {event} in {state}"
                );
            }
        }
        assert_eq!(self.0.len(), STATES.len() * EVENTS.len());
    }
}

/// What a call has opened and not closed yet.
#[derive(Default)]
struct Holdings {
    legs: HashSet<LegId>,
    bridges: HashSet<BridgeId>,
    /// Legs that Asterisk would hang up, sooner or later.
    leased: HashSet<LegId>,
    /// What the caller hears: a prompt,
    playing: Option<PlaybackId>,
    /// or ringing or music.
    sounds: bool,
    finished: Vec<Outcome>,
}

impl Holdings {
    /// What has ended by itself.
    fn let_go(&mut self, event: &Event) {
        if let Event::LegEnded { leg, .. } = event {
            self.legs.remove(leg);
        }
        let heard = self.playing;
        if matches!(event, Event::PlaybackEnded { playback, .. } if heard == Some(*playback)) {
            self.playing = None;
        }
        // With the caller gone, nothing is heard any more.
        let gone = matches!(event, Event::CallerLeft(_))
            || matches!(event, Event::StepFailed { step, failure: Failure::Gone } if step.concerns_caller());
        if gone {
            self.playing = None;
            self.sounds = false;
        }
    }

    fn take(&mut self, actions: Vec<Action>) {
        for action in actions {
            assert!(self.finished.is_empty(), "{action:?} after the end");
            self.assert_silence_for(&action);
            match action {
                Action::Originate { leg, lease, .. } => {
                    assert!(self.legs.insert(leg), "{leg:?} twice");
                    self.leased.extend(lease.map(|_| leg));
                }
                Action::CreateBridge(bridge) => assert!(self.bridges.insert(bridge)),
                Action::HangUpLeg(leg) => drop(self.legs.remove(&leg)),
                Action::DestroyBridge(bridge) => drop(self.bridges.remove(&bridge)),
                Action::Finish(outcome) => self.finished.push(outcome),
                Action::Play { playback, .. } => self.playing = Some(playback),
                Action::StopPlayback(playback) => {
                    assert_eq!(self.playing.take(), Some(playback), "another one plays");
                }
                Action::StartRingback | Action::StartMusic => self.sounds = true,
                Action::StopRingback | Action::StopMusic => self.sounds = false,
                Action::AskLeg { leg, .. } => {
                    assert!(self.legs.contains(&leg), "{leg:?} is not there");
                }
                Action::FreeLeg(leg) => {
                    assert!(self.leased.remove(&leg), "{leg:?} has no lease");
                }
                Action::Bridge { leg, .. } => {
                    assert!(!self.leased.contains(&leg), "a lease would end the talk");
                }
                Action::NameCaller(_)
                | Action::NoteOffered(_)
                | Action::NoteChosen(_)
                | Action::NoteCallback(_)
                | Action::LeaveCallback(_)
                | Action::NoteTalk(_)
                | Action::GrantLease(_)
                | Action::ClearLease
                | Action::TieCallerTo(_)
                | Action::LookAt(_)
                | Action::StopAsking { .. }
                | Action::Record
                | Action::StopRecording
                | Action::Answer
                | Action::Prepare { .. }
                | Action::AdoptLeg(_)
                | Action::Continue(_)
                | Action::Tell(_)
                | Action::HangUpCaller => {}
            }
        }
    }

    /// While a prompt plays, Asterisk answers what is done to the caller only when it is over; and whoever is
    /// sent away, or talks, hears nothing of ours any more.
    fn assert_silence_for(&self, action: &Action) {
        let is_silent = self.playing.is_none();
        let holds = match action {
            Action::NameCaller(_)
            | Action::NoteOffered(_)
            | Action::NoteChosen(_)
            | Action::NoteCallback(_)
            | Action::NoteTalk(_)
            | Action::GrantLease(_)
            | Action::ClearLease
            | Action::TieCallerTo(_)
            | Action::StartRingback
            | Action::StartMusic => is_silent,
            Action::Play { .. }
            | Action::Bridge { .. }
            | Action::Continue(_)
            | Action::HangUpCaller
            | Action::Finish(_) => is_silent && !self.sounds,
            Action::Originate { .. }
            | Action::CreateBridge(_)
            | Action::HangUpLeg(_)
            | Action::DestroyBridge(_)
            | Action::StopPlayback(_)
            | Action::StopRingback
            | Action::StopMusic
            | Action::LookAt(_)
            | Action::LeaveCallback(_)
            | Action::Answer
            | Action::Prepare { .. }
            | Action::AdoptLeg(_)
            | Action::AskLeg { .. }
            | Action::StopAsking { .. }
            | Action::FreeLeg(_)
            | Action::Record
            | Action::StopRecording
            | Action::Tell(_) => true,
        };
        assert!(
            holds,
            "{action:?} while {:?} plays ({})",
            self.playing, self.sounds
        );
    }

    fn assert_nothing_is_left(&self) {
        assert_eq!(self.finished.len(), 1);
        if self.finished == [Outcome::TalksOn] {
            return;
        }
        assert!(self.legs.is_empty(), "legs left: {:?}", self.legs);
        assert!(self.bridges.is_empty(), "bridges left");
        assert_eq!(self.playing, None, "a playback is left");
    }
}

/// The calls that are there, one after the other.
fn scene(number: u32) -> Scene {
    match number % 12 {
        0 => Scene::new(),
        1 => Scene::while_asking(menu(&[(1, "eugenia", "34")])),
        2 => Scene::with_extensions(menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")])),
        3 => telephones::scene(Ringing::Together),
        4 => telephones::scene(Ringing::InTurn),
        5 => waiting::scene_of(WaitSound::Ringing),
        6 => waiting::scene_of(WaitSound::Music),
        7 => languages::two_languages(),
        8 => accepting::scene(),
        9 => promising::scene(),
        10 => promising::wished(),
        _ => talking::taken_over(Instant::now()),
    }
}

#[test]
fn every_state_meets_every_event_and_a_call_ends_once_and_leaves_nothing() {
    let mut dice = Dice(fastrand::Rng::with_seed(34));
    let mut met = Met::default();
    let mut digits_awaited = 0;
    for number in 0..10_000 {
        let mut scene = scene(number);
        let mut holdings = Holdings::default();
        if scene.call.state_name() == "taken over" {
            holdings.legs.insert(LEG);
            holdings.bridges.insert(BRIDGE);
        }
        let before_the_call = (0..dice.0.u32(0..2))
            .map(|_| dice.event())
            .collect::<Vec<_>>();
        let in_it = (0..dice.0.u32(1..40)).map(|_| dice.event());
        let events = before_the_call
            .into_iter()
            .chain([Event::Arrived])
            .chain(in_it);
        let last = Event::CallerLeft(Departure::HungUp);
        for event in events.chain([last]) {
            holdings.let_go(&event);
            if event == Event::DeadlineReached
                && let Some(deadline) = scene.call.deadline()
            {
                digits_awaited += u32::from(deadline.waits_for == "a digit");
                scene.now = deadline.at;
            }
            let before = scene.call.state_name();
            holdings.take(scene.call.on_event(scene.now, event.clone()));
            met.note(before, &event, scene.call.state_name());
            let deadline = scene.call.deadline();
            assert!(
                deadline.is_none_or(|deadline| deadline.at >= scene.now),
                "{deadline:?} lies in the past after {event:?}"
            );
        }
        holdings.assert_nothing_is_left();
    }
    met.assert_complete();
    assert!(
        digits_awaited > 100,
        "only {digits_awaited} waits for a digit"
    );
}
