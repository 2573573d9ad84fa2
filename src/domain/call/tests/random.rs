//! Whatever happens in whatever order, a call ends once and leaves nothing behind.

use std::collections::HashSet;

use super::*;

/// Random events, the same ones in every run.
struct Dice(fastrand::Rng);

impl Dice {
    fn event(&mut self) -> Event {
        let id = self.0.u32(1..5);
        let failures = [
            Failure::Gone,
            Failure::Refused,
            Failure::NotSent,
            Failure::Unknown,
        ];
        let failure = failures[self.0.usize(..4)];
        let steps = [
            Step::Answer,
            Step::GrantLease,
            Step::ClearLease,
            Step::Play,
            Step::Bridge,
        ];
        let step = steps[self.0.usize(..5)];
        match self.0.u32(0..64) {
            0 => Event::CallerLeft(Departure::HungUp),
            1 => Event::CallerLeft(Departure::ToDialplan),
            2 => Event::Stop,
            3 => failed(step, failure),
            4 => Event::PromptFailed(PromptId(id)),
            5 => not_played(id),
            6..14 => ready(self.0.u32(1..12)),
            14..22 => played(self.0.u32(1..12)),
            22..29 => key(self.0.u32(0..10)),
            29 => {
                Event::KeyPressed(Key::parse("*#A".as_bytes()[self.0.usize(..3)].into()).unwrap())
            }
            30..34 => Event::LegAnswered(LegId(id)),
            34..38 => Event::LegEnded {
                leg: LegId(id),
                why: LegEnding::NoAnswer,
            },
            38..42 => Event::Bridged(LegId(id)),
            42..46 => Event::LeaseCleared,
            46..48 => Event::LegRinging(LegId(id)),
            48 => Event::LegReplaced {
                leg: LegId(id),
                channel_name: "Local/02".to_owned(),
            },
            50..53 => Event::LegKeyPressed {
                leg: LegId(id),
                key: Key::digit(self.0.u32(1..4)).unwrap(),
            },
            53 => Event::LegFreed(LegId(id)),
            49 => Event::CallerKnown(known(menu(&[(1, "anna", "77")]))),
            _ => Event::DeadlineReached,
        }
    }
}

/// What a call has opened and not closed yet.
#[derive(Default)]
struct Holdings {
    legs: HashSet<LegId>,
    bridges: HashSet<BridgeId>,
    /// What the caller hears.
    playing: Option<PlaybackId>,
    finished: Vec<Outcome>,
}

impl Holdings {
    /// What has ended by itself.
    fn let_go(&mut self, event: &Event) {
        if let Event::LegEnded { leg, .. } = event {
            self.legs.remove(leg);
        }
        let heard = self.playing;
        if matches!(event, Event::PlaybackEnded { playback, .. } if heard == Some(*playback))
            || matches!(
                event,
                Event::StepFailed {
                    step: Step::Play,
                    ..
                }
            )
        {
            self.playing = None;
        }
    }

    fn take(&mut self, actions: Vec<Action>) {
        for action in actions {
            assert!(self.finished.is_empty(), "{action:?} after the end");
            match action {
                Action::Originate { leg, .. } => assert!(self.legs.insert(leg), "{leg:?} twice"),
                Action::CreateBridge(bridge) => assert!(self.bridges.insert(bridge)),
                Action::HangUpLeg(leg) => drop(self.legs.remove(&leg)),
                Action::DestroyBridge(bridge) => drop(self.bridges.remove(&bridge)),
                Action::Finish(outcome) => self.finished.push(outcome),
                Action::Play { playback, .. } => self.playing = Some(playback),
                Action::StopPlayback(_) => self.playing = None,
                // Asterisk would answer these only when the prompt is over.
                Action::NameCaller(_)
                | Action::NoteOffered(_)
                | Action::NoteChosen(_)
                | Action::GrantLease(_)
                | Action::ClearLease
                | Action::NoteTalk(_)
                | Action::TieCallerTo { .. } => {
                    assert_eq!(self.playing, None, "{action:?} while a prompt plays");
                }
                Action::AskLeg { leg, .. } | Action::FreeLeg(leg) => {
                    assert!(self.legs.contains(&leg), "{leg:?} is not there");
                }
                Action::Answer
                | Action::Prepare { .. }
                | Action::StartRingback
                | Action::StopRingback
                | Action::AdoptLeg(_)
                | Action::Record
                | Action::StopRecording
                | Action::StopAsking { .. }
                | Action::Bridge { .. }
                | Action::Continue(_)
                | Action::Tell(_)
                | Action::HangUpCaller => {}
            }
        }
    }
}

#[test]
fn a_call_ends_once_and_no_leg_or_bridge_is_left() {
    let mut dice = Dice(fastrand::Rng::with_seed(34));
    let mut digits_awaited = 0;
    for number in 0..5_000 {
        let mut scene = match number % 6 {
            0 => Scene::new(),
            1 => Scene::while_asking(menu(&[(1, "eugenia", "34")])),
            2 => Scene::with_extensions(menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")])),
            3 => telephones::scene(Ringing::Together),
            4 => telephones::scene(Ringing::InTurn),
            _ => accepting::scene(),
        };
        let mut holdings = Holdings::default();
        holdings.take(scene.call.on_event(scene.now, Event::Arrived));
        for _ in 0..dice.0.u32(1..40) {
            let event = dice.event();
            holdings.let_go(&event);
            if event == Event::DeadlineReached
                && let Some(deadline) = scene.call.deadline()
            {
                assert!(deadline.at >= scene.now, "a deadline in the past");
                digits_awaited += u32::from(deadline.waits_for == "a digit");
                scene.now = deadline.at;
            }
            holdings.take(scene.call.on_event(scene.now, event));
        }
        if holdings.finished.is_empty() {
            let end = Event::CallerLeft(Departure::HungUp);
            holdings.take(scene.call.on_event(scene.now, end));
        }
        let talks_on = holdings.finished == [Outcome::TalksOn];
        assert_eq!(holdings.finished.len(), 1);
        assert!(
            talks_on || holdings.legs.is_empty(),
            "legs left: {:?}",
            holdings.legs
        );
        assert!(talks_on || holdings.bridges.is_empty(), "bridges left");
    }
    assert!(
        digits_awaited > 100,
        "only {digits_awaited} waits for a digit"
    );
}
