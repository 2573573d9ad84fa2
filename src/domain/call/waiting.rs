//! Waiting: the caller has chosen somebody who is talking. Their telephones are looked at again and again,
//! and rung as soon as they are free. Keys work as in the menu.

use std::time::Instant;

use super::super::directory::Entry;
use super::super::menu::{Dialled, Key, Presence, Wish};
use super::super::prompt::{Clip, Haste};
use super::State;
use super::action::{Action, Note, PlaybackId, PromptId};
use super::connecting::Connecting;
use super::event::{Event, LegEnding};
use super::leaving;
use super::offer::Offer;
use super::offering::Offering;
use super::outcome::FallbackReason;
use super::policy::{LOOK_EVERY, PLAYBACK_GRACE, WaitSound};
use super::turn::{Deadline, Turn};

/// A caller who waits until somebody's telephone is free.
#[derive(Debug)]
pub(super) struct Waiting {
    offer: Offer,
    /// How often the menu had been read out.
    round: u32,
    person: Entry,
    at: Point,
    /// When the caller has waited long enough.
    until: Instant,
    deadline: Deadline,
}

/// What the caller hears.
#[derive(Debug)]
enum Point {
    /// Nothing: the sentence before the wait is still being made.
    PromptAwaited(PromptId),
    /// That sentence.
    Telling(PlaybackId),
    /// What is heard during the wait.
    Holding,
}

impl Waiting {
    /// Tells the caller that this takes a moment, and looks at once: a talk may just have ended.
    pub(super) fn begin(offer: Offer, round: u32, person: Entry, turn: &mut Turn<'_>) -> State {
        turn.story.waits_for(turn.now, &person.id);
        let prompt = turn.prepare(turn.wording.wait(), Haste::Now);
        let time = turn.policy.prompt_time;
        turn.note(Note::Lease(time + turn.policy.lease_margin));
        turn.note_choice();
        turn.act(Action::LookAt(Box::new(person.clone())));
        State::Waiting(Self {
            offer: offer.settled(),
            round,
            person,
            at: Point::PromptAwaited(prompt),
            until: turn.now + turn.policy.wait_time,
            deadline: turn.deadline(time, "a prompt"),
        })
    }

    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    pub(super) fn on_event(self, event: Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::PromptReady { prompt, clip } => self.prompt_ready(prompt, clip, turn),
            Event::PromptFailed(prompt) => match self.at {
                Point::PromptAwaited(awaited) if awaited == prompt => self.hold(turn),
                Point::PromptAwaited(_) | Point::Telling(_) | Point::Holding => {
                    State::Waiting(self)
                }
            },
            // Without the sentence the wait is the same.
            Event::PlaybackEnded { playback, .. } => match self.at {
                Point::Telling(telling) if telling == playback => self.hold(turn),
                Point::PromptAwaited(_) | Point::Telling(_) | Point::Holding => {
                    State::Waiting(self)
                }
            },
            Event::Seen { person, presence } if person == self.person.id => {
                self.seen(presence, turn)
            }
            Event::KeyPressed(key) => self.key_pressed(key, turn),
            Event::DeadlineReached => self.deadline_reached(turn),
            Event::StepFailed { step, .. } => self.leave(FallbackReason::Trouble(step), turn),
            Event::Stop => self.leave(FallbackReason::Stopping, turn),
            Event::Seen { .. }
            | Event::CallbackKept
            | Event::CallbackNotKept
            | Event::Arrived
            | Event::CallerKnown(_)
            | Event::CallerLeft(_)
            | Event::LegRinging(_)
            | Event::LegReplaced(_)
            | Event::LegKeyPressed { .. }
            | Event::LegFreed(_)
            | Event::LegAnswered(_)
            | Event::LegEnded { .. }
            | Event::Bridged(_)
            | Event::LeaseCleared => State::Waiting(self),
        }
    }

    fn prompt_ready(mut self, prompt: PromptId, clip: Clip, turn: &mut Turn<'_>) -> State {
        match self.at {
            Point::PromptAwaited(awaited) if awaited == prompt => {
                self.deadline = turn.deadline(clip.length + PLAYBACK_GRACE, "a playback's end");
                // The next lease is granted when the sentence is over.
                let playback = turn.play(clip, PLAYBACK_GRACE);
                self.at = Point::Telling(playback);
            }
            Point::PromptAwaited(_) | Point::Telling(_) | Point::Holding => {}
        }
        State::Waiting(self)
    }

    /// From now on the caller hears that they wait.
    fn hold(mut self, turn: &mut Turn<'_>) -> State {
        turn.act(match turn.policy.wait_sound {
            WaitSound::Ringing => Action::StartRingback,
            WaitSound::Music => Action::StartMusic,
        });
        self.at = Point::Holding;
        self.look(turn)
    }

    /// Nothing plays: a lease for each look is granted at once.
    fn look(mut self, turn: &mut Turn<'_>) -> State {
        if turn.now >= self.until {
            return self.give_up(turn);
        }
        let time = LOOK_EVERY.min(self.until - turn.now);
        turn.note(Note::Lease(time + turn.policy.lease_margin));
        turn.act(Action::LookAt(Box::new(self.person.clone())));
        self.deadline = turn.deadline(time, "a telephone to be free");
        State::Waiting(self)
    }

    /// A telephone of which nothing is known may still be the one that they talk on.
    fn seen(self, presence: Presence, turn: &mut Turn<'_>) -> State {
        match presence {
            Presence::Free => {
                self.stop_sound(turn);
                Connecting::begin(self.offer, &self.person, turn)
            }
            Presence::Busy | Presence::Absent | Presence::Unknown => State::Waiting(self),
        }
    }

    fn key_pressed(self, key: Key, turn: &mut Turn<'_>) -> State {
        match self.offer.dialled("", key) {
            // A slip must not cost the caller their place.
            Dialled::Invalid => State::Waiting(self),
            Dialled::Complete(Wish::Reach(person)) if person.id == self.person.id => {
                State::Waiting(self)
            }
            Dialled::Complete(_) | Dialled::Incomplete(_) => {
                self.stop_sound(turn);
                Offering::silent(self.offer, self.round, turn)
                    .on_event(Event::KeyPressed(key), turn)
            }
        }
    }

    fn deadline_reached(self, turn: &mut Turn<'_>) -> State {
        match self.at {
            Point::PromptAwaited(_) => self.hold(turn),
            Point::Telling(_) => {
                self.stop_sound(turn);
                self.hold(turn)
            }
            Point::Holding => self.look(turn),
        }
    }

    fn give_up(self, turn: &mut Turn<'_>) -> State {
        self.stop_sound(turn);
        let offer = self.offer.without(&self.person.id);
        Offering::after_lost_leg(offer, self.person, LegEnding::Busy, turn)
    }

    fn leave(self, reason: FallbackReason, turn: &mut Turn<'_>) -> State {
        self.stop_sound(turn);
        leaving::to_fallback(reason, turn)
    }

    fn stop_sound(&self, turn: &mut Turn<'_>) {
        match (&self.at, turn.policy.wait_sound) {
            (Point::PromptAwaited(_), _) => {}
            (Point::Telling(playback), _) => turn.act(Action::StopPlayback(*playback)),
            (Point::Holding, WaitSound::Ringing) => turn.act(Action::StopRingback),
            (Point::Holding, WaitSound::Music) => turn.act(Action::StopMusic),
        }
    }
}
