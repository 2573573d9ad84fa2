//! Arriving: the caller is answered, and the first sound is being fetched.

use super::super::menu::Menu;
use super::State;
use super::action::Action;
use super::event::Event;
use super::leaving;
use super::offering::Offering;
use super::outcome::FallbackReason;
use super::script::{Need, Script};
use super::turn::{Deadline, Turn};

/// A caller who has heard nothing yet.
#[derive(Debug)]
pub(super) struct Arriving {
    menu: Menu,
    script: Script,
    deadline: Deadline,
}

/// Answers, and asks for the greeting and the menu at once.
pub(super) fn begin(menu: Menu, event: &Event, turn: &mut Turn<'_>) -> State {
    if *event != Event::Arrived {
        return State::New(menu);
    }
    if menu.choices.is_empty() {
        return leaving::to_fallback(FallbackReason::NobodyToOffer, turn);
    }
    turn.act(Action::Answer);
    let greeting = (Need::Courtesy, turn.wording.greeting());
    let list = (Need::Essential, turn.wording.menu(&menu));
    let script = Script::request([greeting, list], turn);
    let deadline = turn.deadline(turn.policy.prompt_time, "the greeting");
    State::Arriving(Arriving {
        menu,
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
                Offering::begin(self.menu, self.script, turn)
            }
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
                Offering::unheard(self.menu, self.script, turn).on_event(event, turn)
            }
            Event::Arrived
            | Event::PlaybackEnded { .. }
            | Event::CallerLeft(_)
            | Event::LegDialled { .. }
            | Event::LegRinging(_)
            | Event::LegAnswered(_)
            | Event::LegEnded { .. }
            | Event::Bridged(_)
            | Event::LeaseCleared => State::Arriving(self),
        }
    }
}
