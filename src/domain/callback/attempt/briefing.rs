//! Briefing: the operator hears whom it is about, and says by a key what to do.

use std::time::{Duration, Instant};

use super::super::super::call::{Deadline, PlaybackEnding, PlaybackId};
use super::super::super::menu::Key;
use super::super::{Decline, Outcome};
use super::State;
use super::action::{Action, News};
use super::dialling;
use super::event::{Event, Verdict};
use super::order::{Detection, MOST_REPEATS, PLAYBACK_GRACE, Silence};
use super::story::Fault;
use super::turn::Turn;

/// An operator who is told whom it is about.
#[derive(Debug)]
pub(super) struct Briefing {
    stage: Stage,
    /// Whether it is known that a person is there.
    human: bool,
    repeats: u32,
    deadline: Deadline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The operator sits down and looks at the screen.
    Settling,
    /// The briefing plays.
    Telling(PlaybackId),
    /// It is over, and a key is awaited.
    Choosing,
}

/// What a key says.
enum Choice {
    Repeat,
    Connect,
    Decline(Decline),
}

impl Choice {
    fn of(key: Key) -> Option<Self> {
        match key.as_char() {
            '*' => Some(Self::Repeat),
            '1' => Some(Self::Connect),
            '2' => Some(Self::Decline(Decline::Postponed)),
            '3' => Some(Self::Decline(Decline::WrongOrDone)),
            _ => None,
        }
    }
}

/// An operator picked up at that moment, and is with us now.
pub(super) fn begin(picked_up: Instant, verdict: Verdict, turn: &mut Turn<'_>) -> State {
    turn.tell(News::OperatorAnswered);
    let due = picked_up + turn.policy().briefing_after;
    let wait = due.saturating_duration_since(turn.now);
    let briefing = Briefing {
        stage: Stage::Settling,
        human: is_human(turn.policy().detection, verdict),
        repeats: 0,
        deadline: turn.deadline(wait, "the moment to begin"),
    };
    if wait.is_zero() {
        return briefing.tell(turn);
    }
    turn.grant_lease(wait);
    State::Briefing(briefing)
}

fn is_human(detection: Detection, verdict: Verdict) -> bool {
    match detection {
        Detection::Off => true,
        Detection::Amd => verdict == Verdict::Human,
        Detection::Key => false,
    }
}

impl Briefing {
    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    pub(super) fn on_event(self, event: &Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::KeyPressed(key) => self.key(*key, turn),
            Event::PlaybackEnded { playback, ending }
                if self.stage == Stage::Telling(*playback) =>
            {
                match ending {
                    PlaybackEnding::Played => self.choose(turn),
                    PlaybackEnding::Failed => turn.break_off(Fault::NotPlayed),
                }
            }
            Event::DeadlineReached => match self.stage {
                Stage::Settling => self.tell(turn),
                Stage::Telling(_) => self.choose(turn),
                Stage::Choosing => self.silence(turn),
            },
            Event::StepFailed { step, .. } => {
                self.stop(turn);
                turn.trouble(*step)
            }
            Event::Cancel | Event::Stop => {
                self.stop(turn);
                turn.act(Action::ReleaseOperator);
                turn.finish(Outcome::Cancelled)
            }
            Event::Begin
            | Event::PromptReady { .. }
            | Event::PromptFailed(_)
            | Event::OperatorPickedUp
            | Event::OperatorArrived { .. }
            | Event::OperatorLeft(_)
            | Event::PlaybackEnded { .. }
            | Event::PatientDialled { .. }
            | Event::PatientRinging
            | Event::PatientProgress
            | Event::PatientAnswered
            | Event::PatientEnded(_)
            | Event::PatientWentOn
            | Event::Bridged
            | Event::LeaseCleared(_) => State::Briefing(self),
        }
    }

    /// Who presses a key is a person. Before the briefing it means "I am listening", whatever it is:
    /// nobody can say what to do about somebody they have not heard of.
    fn key(mut self, key: Key, turn: &mut Turn<'_>) -> State {
        self.human = true;
        if self.stage == Stage::Settling {
            return self.tell(turn);
        }
        match Choice::of(key) {
            Some(Choice::Repeat) => self.repeat(turn),
            Some(Choice::Connect) => {
                self.stop(turn);
                dialling::begin(turn)
            }
            Some(Choice::Decline(decline)) => turn.declined(decline),
            None => State::Briefing(self),
        }
    }

    fn tell(mut self, turn: &mut Turn<'_>) -> State {
        // It was there before anybody was rung.
        let Some(clip) = turn.clips.briefing.clone() else {
            return turn.break_off(Fault::NothingToSay);
        };
        let length = clip.length;
        let playback = turn.play(clip, PLAYBACK_GRACE + turn.policy().key_time);
        self.stage = Stage::Telling(playback);
        self.deadline = turn.deadline(length + PLAYBACK_GRACE, "the end of the briefing");
        State::Briefing(self)
    }

    fn repeat(mut self, turn: &mut Turn<'_>) -> State {
        if self.repeats == MOST_REPEATS {
            return State::Briefing(self);
        }
        self.repeats += 1;
        self.stop(turn);
        self.tell(turn)
    }

    fn stop(&self, turn: &mut Turn<'_>) {
        if let Stage::Telling(playback) = self.stage {
            turn.act(Action::StopPlayback(playback));
        }
    }

    fn choose(mut self, turn: &mut Turn<'_>) -> State {
        let key_time: Duration = turn.policy().key_time;
        self.stage = Stage::Choosing;
        self.deadline = turn.deadline(key_time, "a key");
        State::Briefing(self)
    }

    /// No key came. Where nobody has shown to be a person, that is what a machine does.
    fn silence(self, turn: &mut Turn<'_>) -> State {
        if !self.human {
            turn.act(Action::HangUpOperator);
            return turn.finish(Outcome::Machine);
        }
        match turn.policy().silence {
            Silence::Connects => dialling::begin(turn),
            Silence::Postpones => turn.declined(Decline::Postponed),
        }
    }
}
