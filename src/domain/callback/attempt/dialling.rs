//! Dialling: the operator accepted, the patient's telephone rings, and the operator hears that it does.

use super::super::super::call::{Deadline, PlaybackId};
use super::super::Outcome;
use super::State;
use super::action::{Action, News};
use super::cause::Cause;
use super::event::Event;
use super::order::{EFFECT_TIME, PLAYBACK_GRACE, RINGING_GRACE};
use super::story::Fault;
use super::talking::Talking;
use super::turn::Turn;
use super::{closing, withdrawing};

/// An operator who waits for the patient to pick up.
#[derive(Debug)]
pub(super) struct Dialling {
    heard: Heard,
    /// The network has something to say.
    network_speaks: bool,
    /// The patient's channel, which the operator's leg is to be told of.
    untold: Option<String>,
    stage: Stage,
    deadline: Deadline,
}

/// What the operator hears.
#[derive(Clone, Copy, Debug)]
enum Heard {
    /// That they are being connected.
    Words(PlaybackId),
    /// That it rings.
    Ringback,
    /// What the patient's network says: that it rings, or why it does not.
    EarlyMedia,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The patient has time to pick up.
    Ringing,
    /// It has rung long enough: it is being stopped, and who picks up just now is still welcome.
    Stopping,
}

/// The operator accepted. Nothing else leads here, and only here the patient is dialled.
pub(super) fn begin(turn: &mut Turn<'_>) -> State {
    let ring_time = turn.policy().ring_time;
    let ringing = ring_time + RINGING_GRACE + EFFECT_TIME;
    let apology = turn.clips.apology.clone();
    let heard = match turn.clips.connecting.clone() {
        Some(clip) => Heard::Words(turn.play(clip, PLAYBACK_GRACE + ringing)),
        None => {
            turn.grant_lease(ringing);
            turn.act(Action::StartRingback);
            Heard::Ringback
        }
    };
    turn.act(Action::OriginatePatient { ring_time, apology });
    turn.act(Action::CreateBridge);
    turn.story.patient_dialled = Some(turn.now);
    turn.tell(News::PatientDialled);
    State::Dialling(Dialling {
        heard,
        network_speaks: false,
        untold: None,
        stage: Stage::Ringing,
        deadline: turn.deadline(ring_time + RINGING_GRACE, "the patient to pick up"),
    })
}

/// What the operator hears while nobody picks up.
fn waiting(network_speaks: bool, turn: &mut Turn<'_>) -> Heard {
    let (heard, action) = match network_speaks {
        true => (Heard::EarlyMedia, Action::StartEarlyMedia),
        false => (Heard::Ringback, Action::StartRingback),
    };
    turn.act(action);
    heard
}

impl Dialling {
    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    pub(super) fn on_event(mut self, event: Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::PatientDialled {
                channel_name,
                rings,
            } => {
                self.untold = Some(channel_name);
                if rings {
                    turn.story.patient_rang.get_or_insert(turn.now);
                }
                // While a prompt plays, nothing else is done to a channel.
                if !matches!(self.heard, Heard::Words(_)) {
                    self.tie(turn);
                }
                State::Dialling(self)
            }
            Event::PatientRinging => {
                turn.story.patient_rang.get_or_insert(turn.now);
                self.network_speaks(false, turn);
                State::Dialling(self)
            }
            Event::PatientProgress => {
                self.network_speaks(true, turn);
                State::Dialling(self)
            }
            Event::PatientAnswered => {
                self.hush(turn);
                self.tie(turn);
                Talking::begin(turn)
            }
            Event::PatientEnded(cause) => self.not_reached(cause, turn),
            Event::PatientWentOn => self.lost_to_the_dialplan(turn),
            Event::PlaybackEnded { playback, .. } => {
                if let Heard::Words(words) = self.heard
                    && words == playback
                {
                    self.heard = waiting(self.network_speaks, turn);
                    self.tie(turn);
                }
                State::Dialling(self)
            }
            Event::DeadlineReached => self.rung_long_enough(turn),
            Event::StepFailed { step, .. } => {
                turn.story.fault = Some(Fault::Trouble(step));
                self.leave(Outcome::NetworkFailure, turn)
            }
            Event::Cancel | Event::Stop => self.leave(Outcome::Cancelled, turn),
            Event::Begin
            | Event::PromptReady { .. }
            | Event::PromptFailed(_)
            | Event::OperatorPickedUp
            | Event::OperatorArrived { .. }
            | Event::OperatorLeft(_)
            | Event::KeyPressed(_)
            | Event::Bridged
            | Event::LeaseCleared(_) => State::Dialling(self),
        }
    }

    fn tie(&mut self, turn: &mut Turn<'_>) {
        if let Some(channel_name) = self.untold.take() {
            turn.act(Action::TieOperatorTo { channel_name });
        }
    }

    fn hush(&self, turn: &mut Turn<'_>) {
        turn.act(match self.heard {
            Heard::Words(playback) => Action::StopPlayback(playback),
            Heard::Ringback => Action::StopRingback,
            Heard::EarlyMedia => Action::EndEarlyMedia,
        });
    }

    /// Nobody hears the network any more.
    pub(super) fn operator_left(&self, turn: &mut Turn<'_>) {
        if let Heard::EarlyMedia = self.heard {
            turn.act(Action::EndEarlyMedia);
        }
    }

    /// Whoever says only that it rings may have nothing to hear.
    fn network_speaks(&mut self, speaks: bool, turn: &mut Turn<'_>) {
        self.network_speaks = speaks;
        let changes = match self.heard {
            Heard::Words(_) => false,
            Heard::Ringback => speaks,
            Heard::EarlyMedia => !speaks,
        };
        if changes {
            self.hush(turn);
            self.heard = waiting(speaks, turn);
        }
    }

    fn not_reached(self, cause: Cause, turn: &mut Turn<'_>) -> State {
        turn.story.cause = Some(cause);
        let outcome = match self.stage {
            Stage::Ringing => cause.outcome(),
            Stage::Stopping => Outcome::NoAnswer,
        };
        self.close(outcome, turn)
    }

    fn close(self, outcome: Outcome, turn: &mut Turn<'_>) -> State {
        self.hush(turn);
        turn.act(Action::DestroyBridge);
        closing::begin(outcome, turn)
    }

    /// The patient picked up, we did not see it in time, and the dialplan has them now.
    fn lost_to_the_dialplan(self, turn: &mut Turn<'_>) -> State {
        turn.story.fault = Some(Fault::LeaseRanOut);
        turn.story.sent_to_queue = true;
        self.close(Outcome::NetworkFailure, turn)
    }

    fn rung_long_enough(mut self, turn: &mut Turn<'_>) -> State {
        match self.stage {
            Stage::Ringing => {
                turn.act(Action::WithdrawPatient);
                self.stage = Stage::Stopping;
                self.deadline = turn.deadline(EFFECT_TIME, "the ringing to stop");
                State::Dialling(self)
            }
            Stage::Stopping => {
                turn.act(Action::HangUpPatient);
                self.close(Outcome::NoAnswer, turn)
            }
        }
    }

    fn leave(self, outcome: Outcome, turn: &mut Turn<'_>) -> State {
        self.hush(turn);
        turn.act(Action::ReleaseOperator);
        withdrawing::begin(outcome, turn)
    }
}
