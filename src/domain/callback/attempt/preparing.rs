//! Preparing: all words are spoken before anybody is rung, so that no operator waits in silence. If
//! nobody can say whom it is about, the operator hears what can be said without names.

use std::time::Duration;

use super::super::super::call::{Deadline, PromptId};
use super::super::super::prompt::{Clip, Haste};
use super::super::Outcome;
use super::State;
use super::event::Event;
use super::queueing;
use super::story::Fault;
use super::turn::{Clips, Turn};

/// How long the plain briefing may take. Its voice is built in.
const PLAIN_TIME: Duration = Duration::from_secs(5);

/// What is still being made.
#[derive(Debug)]
pub(super) struct Preparing {
    missing: Vec<(PromptId, Part)>,
    /// Whether the plain briefing was asked for.
    is_plain: bool,
    deadline: Deadline,
}

/// Which of the order's prompts it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Briefing,
    /// In place of the briefing. Without either there is no attempt.
    Plain,
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
    State::Preparing(Preparing {
        missing,
        is_plain: false,
        deadline,
    })
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
                Some(Part::Briefing) if !self.is_plain => self.say_it_plainly(turn),
                Some(Part::Plain) if turn.clips.briefing.is_none() => nothing_to_say(turn),
                Some(_) | None => self.go_on(turn),
            },
            Event::DeadlineReached if turn.clips.briefing.is_some() => queueing::begin(turn),
            Event::DeadlineReached => self.say_it_plainly(turn),
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

    /// Asks for the plain briefing, once.
    fn say_it_plainly(mut self, turn: &mut Turn<'_>) -> State {
        if self.is_plain {
            return nothing_to_say(turn);
        }
        let plain = turn.order.prompts.plain.clone();
        let plain = turn.prepare(plain, Haste::Next);
        self.missing.push((plain, Part::Plain));
        self.is_plain = true;
        self.deadline = turn.deadline(PLAIN_TIME, "the plain briefing");
        State::Preparing(self)
    }

    /// Once the operator can be told something, the whole briefing is not waited for.
    fn go_on(self, turn: &mut Turn<'_>) -> State {
        let mut others = self.missing.iter().map(|(_, part)| *part);
        if turn.clips.briefing.is_some() && others.all(|part| part == Part::Briefing) {
            return queueing::begin(turn);
        }
        State::Preparing(self)
    }
}

fn keep(clips: &mut Clips, part: Part, clip: Clip) {
    let place = match part {
        Part::Plain if clips.briefing.is_some() => return,
        Part::Briefing | Part::Plain => &mut clips.briefing,
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
