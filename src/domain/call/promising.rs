//! Promising: the caller wants to be called back by somebody who can't be had. The wish is kept first;
//! then the caller hears that it is, and is hung up.

use super::super::directory::Entry;
use super::super::menu::Key;
use super::super::prompt::{Clip, Haste};
use super::super::rating::EmployeeId;
use super::State;
use super::action::{Action, Note, PlaybackId, PromptId};
use super::event::{Departure, Event, PlaybackEnding};
use super::leaving;
use super::outcome::{FallbackReason, Outcome, left_early};
use super::policy::{KEEPING_TIME, PLAYBACK_GRACE};
use super::turn::{Deadline, Turn};

/// A caller who wants to be called back.
#[derive(Debug)]
pub(super) struct Promising {
    person: EmployeeId,
    words: Words,
    at: Point,
    deadline: Deadline,
}

/// What the caller will hear.
#[derive(Debug)]
enum Words {
    /// It is still being made.
    Awaited(PromptId),
    /// It can be played.
    Ready(Clip),
    /// Nobody can say it.
    Missing,
}

/// How far it has come.
#[derive(Debug)]
enum Point {
    /// The wish is on its way to the disk.
    Wished,
    /// It is kept, and the words are still being made.
    Kept,
    /// The caller hears that.
    Telling(PlaybackId),
}

impl Promising {
    /// Has the wish kept, and the words made meanwhile.
    pub(super) fn begin(person: &Entry, turn: &mut Turn<'_>) -> State {
        let words = match turn.wording.callback_promise(person) {
            Some(words) => Words::Awaited(turn.prepare(words, Haste::Now)),
            None => Words::Missing,
        };
        let policy = turn.policy;
        let time = KEEPING_TIME + policy.prompt_time + policy.lease_margin;
        turn.note(Note::Lease(time));
        let wish = turn.story.wants_callback(&person.id);
        turn.act(Action::LeaveCallback(Box::new(wish)));
        State::Promising(Self {
            person: person.id.clone(),
            words,
            at: Point::Wished,
            deadline: turn.deadline(KEEPING_TIME, "a callback to be kept"),
        })
    }

    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    pub(super) fn on_event(mut self, event: Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::CallbackKept if matches!(self.at, Point::Wished) => self.kept(turn),
            Event::CallbackNotKept if matches!(self.at, Point::Wished) => {
                self.leave(FallbackReason::CallbackNotKept, turn)
            }
            Event::PromptReady { prompt, clip } if self.awaits(prompt) => {
                self.words = Words::Ready(clip);
                self.tell_if_kept(turn)
            }
            Event::PromptFailed(prompt) if self.awaits(prompt) => {
                self.words = Words::Missing;
                self.tell_if_kept(turn)
            }
            Event::PlaybackEnded { playback, ending } => self.told(playback, ending, turn),
            Event::KeyPressed(Key::FALLBACK) => self.leave(FallbackReason::Asked, turn),
            Event::DeadlineReached => self.deadline_reached(turn),
            Event::StepFailed { step, .. } => self.leave(FallbackReason::Trouble(step), turn),
            Event::Stop => self.leave(FallbackReason::Stopping, turn),
            Event::CallbackKept
            | Event::CallbackNotKept
            | Event::PromptReady { .. }
            | Event::PromptFailed(_)
            | Event::KeyPressed(_)
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
            | Event::LeaseCleared
            | Event::Seen { .. } => State::Promising(self),
        }
    }

    /// How the call ended if the caller is gone now.
    pub(super) fn outcome(&self, departure: Departure) -> Outcome {
        match (&self.at, departure) {
            (Point::Telling(_), Departure::HungUp) => Outcome::CallbackLeft,
            (Point::Wished | Point::Kept | Point::Telling(_), departure) => left_early(departure),
        }
    }

    fn awaits(&self, prompt: PromptId) -> bool {
        matches!(self.words, Words::Awaited(awaited) if awaited == prompt)
    }

    /// From now on it may be said.
    fn kept(mut self, turn: &mut Turn<'_>) -> State {
        turn.note(Note::Callback(self.person.clone()));
        self.at = Point::Kept;
        self.deadline = turn.deadline(turn.policy.prompt_time, "a prompt");
        self.tell_if_kept(turn)
    }

    fn tell_if_kept(mut self, turn: &mut Turn<'_>) -> State {
        match (&self.at, &self.words) {
            (Point::Kept, Words::Ready(clip)) => {
                let clip = clip.clone();
                self.deadline = turn.deadline(clip.length + PLAYBACK_GRACE, "a playback's end");
                self.at = Point::Telling(turn.play(clip, PLAYBACK_GRACE));
                State::Promising(self)
            }
            // Nobody is hung up without a word.
            (Point::Kept, Words::Missing) => self.leave(FallbackReason::NothingToPlay, turn),
            (Point::Kept, Words::Awaited(_)) | (Point::Wished | Point::Telling(_), _) => {
                State::Promising(self)
            }
        }
    }

    fn told(self, ended: PlaybackId, ending: PlaybackEnding, turn: &mut Turn<'_>) -> State {
        match (&self.at, ending) {
            (Point::Telling(telling), PlaybackEnding::Played) if *telling == ended => {
                leaving::to_hang_up(Outcome::CallbackLeft, turn)
            }
            (Point::Telling(telling), PlaybackEnding::Failed) if *telling == ended => {
                leaving::to_fallback(FallbackReason::NothingToPlay, turn)
            }
            (Point::Wished | Point::Kept | Point::Telling(_), _) => State::Promising(self),
        }
    }

    fn deadline_reached(self, turn: &mut Turn<'_>) -> State {
        match self.at {
            Point::Wished => self.leave(FallbackReason::CallbackNotKept, turn),
            Point::Kept => self.leave(FallbackReason::NothingToPlay, turn),
            // Its end got lost, perhaps while the events were cut off.
            Point::Telling(playback) => {
                turn.act(Action::StopPlayback(playback));
                leaving::to_hang_up(Outcome::CallbackLeft, turn)
            }
        }
    }

    fn leave(self, reason: FallbackReason, turn: &mut Turn<'_>) -> State {
        if let Point::Telling(playback) = self.at {
            turn.act(Action::StopPlayback(playback));
        }
        leaving::to_fallback(reason, turn)
    }
}
