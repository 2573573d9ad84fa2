//! Preparing: all words are spoken before anybody is rung, so that no operator waits in silence.

use super::super::super::call::{Deadline, PromptId};
use super::super::super::prompt::{Clip, Haste};
use super::super::Outcome;
use super::State;
use super::event::Event;
use super::queueing;
use super::story::Fault;
use super::turn::{Clips, Turn};

/// What is still being made.
#[derive(Debug)]
pub(super) struct Preparing {
    missing: Vec<(PromptId, Part)>,
    deadline: Deadline,
}

/// Which of the order's prompts it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Without it there is no attempt.
    Briefing,
    Connecting,
    Busy,
    NoAnswer,
    Sorry,
    Apology,
}

/// Asks for all the prompts at once.
pub(super) fn begin(event: &Event, turn: &mut Turn<'_>) -> State {
    if matches!(event, Event::Cancel | Event::Stop) {
        return turn.finish(Outcome::Cancelled);
    }
    if *event != Event::Begin {
        return State::New;
    }
    let prompts = &turn.order.prompts;
    let parts = [
        (Part::Briefing, &prompts.briefing),
        (Part::Connecting, &prompts.connecting),
        (Part::Busy, &prompts.busy),
        (Part::NoAnswer, &prompts.no_answer),
        (Part::Sorry, &prompts.sorry),
        (Part::Apology, &prompts.apology),
    ];
    let parts = parts.map(|(part, words)| (part, words.clone()));
    // Nobody hears anything yet: callers who wait in silence go first.
    let ask = |(part, words)| (turn.prepare(words, Haste::Next), part);
    let missing = parts.map(ask).to_vec();
    let deadline = turn.deadline(turn.policy().prompt_time, "the prompts");
    State::Preparing(Preparing { missing, deadline })
}

impl Preparing {
    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    pub(super) fn on_event(mut self, event: Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::PromptReady { prompt, clip } => {
                if let Some(part) = self.take(prompt) {
                    keep(turn.clips, part, clip);
                }
                self.go_on(turn)
            }
            Event::PromptFailed(prompt) => match self.take(prompt) {
                Some(Part::Briefing) => nothing_to_say(turn),
                Some(_) | None => self.go_on(turn),
            },
            Event::DeadlineReached if turn.clips.briefing.is_some() => queueing::begin(turn),
            Event::DeadlineReached => nothing_to_say(turn),
            Event::Cancel | Event::Stop => turn.finish(Outcome::Cancelled),
            Event::Begin
            | Event::OperatorPickedUp
            | Event::OperatorArrived { .. }
            | Event::OperatorLeft(_)
            | Event::KeyPressed(_)
            | Event::PlaybackEnded { .. }
            | Event::PatientDialled { .. }
            | Event::PatientRinging
            | Event::PatientProgress
            | Event::PatientAnswered
            | Event::PatientEnded(_)
            | Event::PatientWentOn
            | Event::Bridged
            | Event::LeaseCleared(_)
            | Event::StepFailed { .. } => State::Preparing(self),
        }
    }

    fn take(&mut self, prompt: PromptId) -> Option<Part> {
        let index = self.missing.iter().position(|(id, _)| *id == prompt)?;
        Some(self.missing.swap_remove(index).1)
    }

    fn go_on(self, turn: &mut Turn<'_>) -> State {
        if self.missing.is_empty() {
            return queueing::begin(turn);
        }
        State::Preparing(self)
    }
}

fn keep(clips: &mut Clips, part: Part, clip: Clip) {
    let place = match part {
        Part::Briefing => &mut clips.briefing,
        Part::Connecting => &mut clips.connecting,
        Part::Busy => &mut clips.busy,
        Part::NoAnswer => &mut clips.no_answer,
        Part::Sorry => &mut clips.sorry,
        Part::Apology => &mut clips.apology,
    };
    *place = Some(clip);
}

fn nothing_to_say(turn: &mut Turn<'_>) -> State {
    turn.story.fault = Some(Fault::NothingToSay);
    turn.finish(Outcome::NetworkFailure)
}
