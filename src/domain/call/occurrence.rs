//! The steps of a call as its story tells them: what happened, and when.

use std::time::Instant;

use super::super::menu::Key;
use super::super::rating::EmployeeId;
use super::action::{Action, LegId};
use super::event::{Departure, Event, LegEnding, Step};
use super::outcome::FallbackReason;
use super::story::{Rung, Story};

/// The most steps that are kept of one call.
pub const MOST_STEPS: usize = 100;

/// Keys and prompts stop being kept here: somebody who plays with the keys must not hide how the
/// call ended.
const MOST_COMMON_STEPS: usize = 80;

/// One step of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment<T = Instant> {
    /// When.
    pub at: T,
    /// What happened.
    pub what: Occurrence,
}

/// What can be a step of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Occurrence {
    /// The call came.
    Came,
    /// It was known who is offered, in order.
    Offered(Vec<EmployeeId>),
    /// A prompt was begun.
    Prompt,
    /// The caller pressed a key.
    Key(Key),
    /// The caller waits until somebody's telephone is free.
    Waits(EmployeeId),
    /// The caller wants to be called back by somebody.
    CallbackWanted(EmployeeId),
    /// Somebody will call them back: that is on disk.
    CallbackKept(EmployeeId),
    /// Somebody's telephone was dialled.
    Dialled(EmployeeId),
    /// It rings.
    Rings(EmployeeId),
    /// Somebody picked up.
    Answered(EmployeeId),
    /// Their leg ended by itself.
    LegEnded(EmployeeId, LegEnding),
    /// Their leg was ended by us.
    LegReleased(EmployeeId),
    /// The caller and somebody hear each other.
    TalkBegan(EmployeeId),
    /// The caller was handed on by somebody's telephone.
    HandedOn(EmployeeId),
    /// They don't any more.
    TalkEnded,
    /// Another process of ours began the talk; this one watches over it from here on.
    TakenOver,
    /// Asterisk did not do something.
    Failed(Step),
    /// We were told to stop.
    Stopping,
    /// The caller was sent to the fallback.
    ToFallback(FallbackReason),
    /// The caller was hung up by us.
    Released,
    /// The caller's channel left.
    Left(Departure),
}

impl Occurrence {
    fn is_common(&self) -> bool {
        matches!(self, Self::Key(_) | Self::Prompt)
    }
}

impl Story {
    /// Adds a step, unless there are too many, or it was the last one already.
    pub(super) fn note(&mut self, at: Instant, what: Occurrence) {
        let most = if what.is_common() {
            MOST_COMMON_STEPS
        } else {
            MOST_STEPS
        };
        let last = self.steps.last().map(|moment| &moment.what);
        let is_repeated = !what.is_common() && last == Some(&what);
        if self.steps.len() < most && !is_repeated {
            self.steps.push(Moment { at, what });
        }
    }

    /// Notes what happened.
    pub(super) fn note_event(&mut self, at: Instant, event: &Event) {
        let what = match event {
            Event::Arrived => Some(Occurrence::Came),
            Event::KeyPressed(key) => Some(Occurrence::Key(*key)),
            Event::CallerLeft(departure) => Some(Occurrence::Left(*departure)),
            Event::LegRinging(leg) => self.rung(*leg).map(Occurrence::Rings),
            Event::LegAnswered(leg) => self.rung(*leg).map(Occurrence::Answered),
            Event::LegReplaced(leg) => self.rung(*leg).map(Occurrence::HandedOn),
            Event::LegEnded { leg, why } => return self.leg_ended(at, *leg, *why),
            Event::CallbackKept => self.callback.clone().map(Occurrence::CallbackKept),
            Event::StepFailed { step, .. } => Some(Occurrence::Failed(*step)),
            Event::Stop => Some(Occurrence::Stopping),
            Event::CallerKnown(_)
            | Event::PromptReady { .. }
            | Event::PromptFailed(_)
            | Event::PlaybackEnded { .. }
            | Event::LegKeyPressed { .. }
            | Event::LegFreed(_)
            | Event::Bridged(_)
            | Event::LeaseCleared
            | Event::Seen { .. }
            | Event::CallbackNotKept
            | Event::DeadlineReached => None,
        };
        if let Some(what) = what {
            self.note(at, what);
        }
    }

    /// Notes what is done.
    pub(super) fn note_action(&mut self, at: Instant, action: &Action) {
        let what = match action {
            Action::Play { .. } => Some(Occurrence::Prompt),
            Action::Originate { leg, .. } => self.dialled(*leg).map(Occurrence::Dialled),
            Action::HangUpLeg(leg) => self.end_leg(*leg).map(Occurrence::LegReleased),
            Action::LeaveCallback(wish) => Some(Occurrence::CallbackWanted(wish.person.clone())),
            Action::Continue(reason) => Some(Occurrence::ToFallback(*reason)),
            Action::HangUpCaller => Some(Occurrence::Released),
            Action::Answer
            | Action::Prepare { .. }
            | Action::Note(_)
            | Action::StopPlayback(_)
            | Action::StartRingback
            | Action::StopRingback
            | Action::StartMusic
            | Action::StopMusic
            | Action::LookAt(_)
            | Action::AskLeg { .. }
            | Action::StopAsking { .. }
            | Action::FreeLeg(_)
            | Action::AdoptLeg(_)
            | Action::CreateBridge(_)
            | Action::Bridge { .. }
            | Action::Record
            | Action::StopRecording
            | Action::DestroyBridge(_)
            | Action::Tell(_)
            | Action::Finish(_) => None,
        };
        if let Some(what) = what {
            self.note(at, what);
        }
    }

    /// Notes that a leg ended by itself. What comes of it after that is no news.
    pub(super) fn leg_ended(&mut self, at: Instant, leg: LegId, why: LegEnding) {
        if let Some(employee) = self.end_leg(leg) {
            self.note(at, Occurrence::LegEnded(employee, why));
        }
    }

    /// Whose leg it was; `None` if it is known to have ended.
    fn end_leg(&mut self, leg: LegId) -> Option<EmployeeId> {
        let rung = self.rung.iter_mut().find(|rung| rung.leg == leg)?;
        let was_over = std::mem::replace(&mut rung.over, true);
        (!was_over).then(|| rung.employee.clone())
    }

    /// Notes whose telephone a leg is: that of the latest choice.
    fn dialled(&mut self, leg: LegId) -> Option<EmployeeId> {
        let employee = self.chosen.last()?.clone();
        self.rung.push(Rung {
            leg,
            employee: employee.clone(),
            over: false,
        });
        Some(employee)
    }

    /// Whose telephone a leg is.
    fn rung(&self, leg: LegId) -> Option<EmployeeId> {
        let rung = self.rung.iter().find(|rung| rung.leg == leg)?;
        Some(rung.employee.clone())
    }
}
