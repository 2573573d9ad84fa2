//! Arriving: the caller is answered, or will be when somebody has picked up, and the first sound is being fetched.

use super::super::menu::Known;
use super::action::{Action, News, Note};
use super::event::Event;
use super::leaving;
use super::offer::{Nobody, Offer};
use super::offering::Offering;
use super::outcome::FallbackReason;
use super::policy::Answering;
use super::script::Script;
use super::turn::{Deadline, Turn};
use super::{New, State};

/// A caller who has heard nothing yet.
#[derive(Debug)]
pub(super) struct Arriving {
    offer: Offer,
    script: Script,
    deadline: Deadline,
}

/// Answers, and asks for the greeting and the menu at once.
pub(super) fn begin(new: New, event: &Event, turn: &mut Turn<'_>) -> State {
    if *event != Event::Arrived {
        return State::New(new);
    }
    let New {
        known:
            Known {
                menu,
                name,
                extensions,
                reasons,
            },
        better_may_come,
        sent_on,
    } = new;
    turn.story.caller_known(name, reasons);
    let menu = turn.with_free_keys(menu);
    let nobody = menu.choices.is_empty() && !better_may_come;
    let reason = sent_on.or(nobody.then_some(FallbackReason::NobodyToOffer));
    if let Some(reason) = reason {
        let state = leaving::to_fallback(reason, turn);
        turn.act(Action::Tell(News::Started));
        return state;
    }
    turn.story.offered(&menu, turn.now);
    // To play something on a channel that is not answered makes its early media.
    if turn.policy.answering == Answering::AtOnce {
        turn.act(Action::Answer);
    }
    turn.tie_caller_to_coming_leg();
    turn.name_caller();
    turn.note_offer();
    // The dialplan's own lease is over in a moment.
    turn.note(Note::Lease(
        turn.policy.prompt_time + turn.policy.lease_margin,
    ));
    let (offer, script) = Offer::request(menu, extensions, better_may_come, turn);
    turn.act(Action::Tell(News::Started));
    let deadline = turn.deadline(turn.policy.prompt_time, "the greeting");
    State::Arriving(Arriving {
        offer,
        script,
        deadline,
    })
}

impl Arriving {
    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    pub(super) fn on_event(mut self, event: Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::PromptReady { prompt, clip } => {
                self.script.ready(prompt, clip);
                Offering::begin(self.offer, self.script, turn)
            }
            Event::CallerKnown(known) => match self.offer.known(*known, turn) {
                Ok(offer) => State::Arriving(Self { offer, ..self }),
                Err(Nobody) => leaving::to_fallback(FallbackReason::NobodyToOffer, turn),
            },
            Event::PromptFailed(prompt) => match self.script.failed(prompt) {
                Ok(()) => State::Arriving(self),
                Err(_) => leaving::to_fallback(FallbackReason::NothingToPlay, turn),
            },
            Event::DeadlineReached => leaving::to_fallback(FallbackReason::NothingToPlay, turn),
            Event::StepFailed { step, .. } => {
                leaving::to_fallback(FallbackReason::Trouble(step), turn)
            }
            Event::Stop => leaving::to_fallback(FallbackReason::Stopping, turn),
            // Who calls often knows the keys before a word is said.
            Event::KeyPressed(_) => {
                Offering::unheard(self.offer, self.script, turn).on_event(event, turn)
            }
            Event::Arrived
            | Event::PlaybackEnded { .. }
            | Event::CallerLeft(_)
            | Event::LegRinging(_)
            | Event::LegReplaced(_)
            | Event::LegKeyPressed { .. }
            | Event::LegFreed(_)
            | Event::LegAnswered(_)
            | Event::LegEnded { .. }
            | Event::Bridged(_)
            | Event::LeaseCleared
            | Event::Seen { .. }
            | Event::CallbackKept
            | Event::CallbackNotKept => State::Arriving(self),
        }
    }
}
