//! Offering: prompts are played one after the other, then a key is awaited. A key acts at once,
//! unless an extension begins with it.

use std::time::Duration;

use super::super::directory::Entry;
use super::super::menu::{Dialled, Key, Known, Wish};
use super::super::prompt::Prompt;
use super::State;
use super::action::{Action, Note, PlaybackId};
use super::connecting::Connecting;
use super::dialling::Dialling;
use super::event::{Event, LegEnding, PlaybackEnding};
use super::leaving;
use super::offer::{Nobody, Offer};
use super::outcome::FallbackReason;
use super::policy::{MOST_TELEPHONES, PLAYBACK_GRACE};
use super::promising::Promising;
use super::script::{Need, Next, Script};
use super::turn::{Deadline, Turn};
use super::waiting::Waiting;

/// A caller who is hearing what is on offer, or thinking.
#[derive(Debug)]
pub(super) struct Offering {
    offer: Offer,
    script: Script,
    at: Point,
    /// How often the menu has been read out, this time included.
    round: u32,
    /// Whether the lease covers the time for a key.
    covers_key: bool,
    deadline: Deadline,
}

/// Where in its script the menu is.
#[derive(Debug)]
enum Point {
    /// The next prompt is still being made.
    PromptAwaited,
    /// A prompt is heard.
    Playing(PlaybackId, Need),
    /// Everything was said.
    KeyAwaited,
    /// An extension is being dialled, and nothing is said meanwhile.
    DigitAwaited(Dialling),
}

impl Offering {
    /// A new menu, read out as far as its prompts are there.
    pub(super) fn begin(offer: Offer, script: Script, turn: &mut Turn<'_>) -> State {
        Self::unheard(offer, script, turn).proceed(turn)
    }

    /// A new menu of which nothing has been heard yet.
    pub(super) fn unheard(offer: Offer, script: Script, turn: &Turn<'_>) -> Self {
        Self::round(offer, script, 1, turn)
    }

    /// A menu that was heard before, and is not read out now: a key is awaited.
    pub(super) fn silent(offer: Offer, round: u32, turn: &Turn<'_>) -> Self {
        Self {
            offer,
            script: Script::empty(),
            at: Point::KeyAwaited,
            round,
            covers_key: false,
            deadline: turn.deadline(turn.policy.key_time, "a key"),
        }
    }

    /// The menu without the person who could not be reached, after saying so.
    pub(super) fn after_lost_leg(
        offer: Offer,
        person: Entry,
        why: LegEnding,
        turn: &mut Turn<'_>,
    ) -> State {
        let offer = offer.calling_back(person, turn);
        let apology = match why {
            LegEnding::Busy => turn.wording.busy(),
            LegEnding::NoAnswer
            | LegEnding::Refused
            | LegEnding::Unreachable
            | LegEnding::HungUp => turn.wording.no_answer(),
        };
        let apology = (Need::Courtesy, apology);
        let mut script = Script::request([apology], turn);
        if offer.has_choice() {
            offer.read_out(&mut script, turn);
        }
        Self::begin(offer, script, turn)
    }

    fn round(offer: Offer, script: Script, round: u32, turn: &Turn<'_>) -> Self {
        let deadline = turn.deadline(turn.policy.prompt_time, "a prompt");
        Self {
            offer,
            script,
            at: Point::PromptAwaited,
            round,
            covers_key: false,
            deadline,
        }
    }

    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    pub(super) fn on_event(mut self, event: Event, turn: &mut Turn<'_>) -> State {
        match event {
            Event::PromptReady { prompt, clip } => {
                self.script.ready(prompt, clip);
                self.proceed_if_waiting(turn)
            }
            Event::CallerKnown(known) => self.caller_known(*known, turn),
            Event::PromptFailed(prompt) => match self.script.failed(prompt) {
                Ok(()) => self.proceed_if_waiting(turn),
                Err(_) => self.leave(FallbackReason::NothingToPlay, turn),
            },
            Event::PlaybackEnded { playback, ending } => {
                self.playback_ended(playback, ending, turn)
            }
            Event::KeyPressed(key) => self.key_pressed(key, turn),
            Event::DeadlineReached => self.deadline_reached(turn),
            Event::StepFailed { step, .. } => self.leave(FallbackReason::Trouble(step), turn),
            Event::Stop => self.leave(FallbackReason::Stopping, turn),
            Event::Arrived
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
            | Event::CallbackNotKept => State::Offering(self),
        }
    }

    fn caller_known(mut self, known: Known, turn: &mut Turn<'_>) -> State {
        match self.offer.known(known, turn) {
            Ok(offer) => {
                self.offer = offer;
                State::Offering(self)
            }
            Err(Nobody) => {
                stop_playback(&self.at, turn);
                leaving::to_fallback(FallbackReason::NobodyToOffer, turn)
            }
        }
    }

    fn proceed_if_waiting(self, turn: &mut Turn<'_>) -> State {
        match self.at {
            Point::PromptAwaited => self.proceed(turn),
            Point::Playing(..) | Point::KeyAwaited | Point::DigitAwaited(_) => {
                State::Offering(self)
            }
        }
    }

    /// Plays the next prompt, waits for it, or waits for a key.
    fn proceed(mut self, turn: &mut Turn<'_>) -> State {
        match self.script.next() {
            Next::Play(clip, need) => {
                self.deadline = turn.deadline(clip.length + PLAYBACK_GRACE, "a playback's end");
                let playback = turn.play(clip, self.time_after_playback(turn));
                self.covers_key = self.script.is_over();
                if need == Need::Essential {
                    turn.tell_offer();
                }
                self.at = Point::Playing(playback, need);
            }
            Next::NotYet => {
                self.deadline = turn.deadline(turn.policy.prompt_time, "a prompt");
                self.at = Point::PromptAwaited;
            }
            Next::Over if !self.offer.has_choice() => {
                return leaving::to_fallback(FallbackReason::NobodyAnswered, turn);
            }
            Next::Over => {
                if !self.covers_key {
                    // The last sentence could not be had.
                    turn.note(Note::Lease(turn.policy.key_time + turn.policy.lease_margin));
                }
                self.deadline = turn.deadline(turn.policy.key_time, "a key");
                self.at = Point::KeyAwaited;
            }
        }
        State::Offering(self)
    }

    /// How long the caller may stay after a playback that is about to begin, for the lease.
    fn time_after_playback(&self, turn: &Turn<'_>) -> Duration {
        if self.script.is_over() {
            return turn.policy.key_time;
        }
        turn.policy.prompt_time
    }

    fn playback_ended(
        self,
        playback: PlaybackId,
        ending: PlaybackEnding,
        turn: &mut Turn<'_>,
    ) -> State {
        let Point::Playing(playing, need) = self.at else {
            return State::Offering(self);
        };
        match (need, ending) {
            _ if playing != playback => State::Offering(self),
            (Need::Essential, PlaybackEnding::Failed) => {
                leaving::to_fallback(FallbackReason::NothingToPlay, turn)
            }
            (Need::Essential | Need::Courtesy, _) => self.proceed(turn),
        }
    }

    fn key_pressed(mut self, key: Key, turn: &mut Turn<'_>) -> State {
        self.stop_playback(turn);
        let dialling = match std::mem::replace(&mut self.at, Point::KeyAwaited) {
            Point::DigitAwaited(dialling) => dialling,
            Point::PromptAwaited | Point::Playing(..) | Point::KeyAwaited => Dialling::begin(turn),
        };
        match self.offer.dialled(&dialling.digits, key) {
            Dialled::Complete(wish) => self.fulfil(Some(wish), turn),
            Dialled::Invalid => self.fulfil(None, turn),
            Dialled::Incomplete(wish) => {
                let dialling = dialling.and(key, wish);
                self.deadline = dialling.await_digit(turn);
                self.at = Point::DigitAwaited(dialling);
                State::Offering(self)
            }
        }
    }

    /// Does what the caller wants. Without a wish, their keys led nowhere.
    fn fulfil(self, wish: Option<Wish>, turn: &mut Turn<'_>) -> State {
        match wish {
            Some(Wish::Reach(_)) if turn.story.chosen.len() >= MOST_TELEPHONES => {
                leaving::to_fallback(FallbackReason::NobodyAnswered, turn)
            }
            Some(Wish::Reach(person)) => {
                let state = self.reach(*person, turn);
                turn.tell_offer();
                state
            }
            Some(Wish::Fallback) => leaving::to_fallback(FallbackReason::Asked, turn),
            Some(Wish::Repeat) => self.next_round(None, turn),
            Some(Wish::OtherLanguage) => self.change_language(turn),
            Some(Wish::CallBack) => self.call_back(turn),
            None => {
                let correction = turn.wording.wrong_key();
                self.next_round(Some(correction), turn)
            }
        }
    }

    /// Reads the menu out in the other language. That is no round: the caller has not understood it yet.
    fn change_language(mut self, turn: &mut Turn<'_>) -> State {
        if !turn.change_language() {
            return self.next_round(None, turn);
        }
        let script = self.offer.list(turn);
        Self::round(self.offer, script, self.round, turn).proceed(turn)
    }

    fn call_back(self, turn: &mut Turn<'_>) -> State {
        match &self.offer.callback {
            Some(person) => Promising::begin(person, turn),
            None => self.next_round(None, turn),
        }
    }

    fn reach(self, person: Entry, turn: &mut Turn<'_>) -> State {
        if self.offer.menu.says_busy(&person.id) {
            return Waiting::begin(self.offer, self.round, person, turn);
        }
        Connecting::begin(self.offer, &person, turn)
    }

    fn deadline_reached(mut self, turn: &mut Turn<'_>) -> State {
        match self.at {
            Point::DigitAwaited(Dialling { ref mut wish, .. }) => {
                let wish = wish.take();
                self.fulfil(wish, turn)
            }
            // Who has nobody to choose is not asked twice.
            Point::KeyAwaited if self.offer.menu.choices.is_empty() => {
                leaving::to_fallback(FallbackReason::NobodyAnswered, turn)
            }
            Point::KeyAwaited => {
                let reminder = turn.wording.nothing_pressed();
                self.next_round(Some(reminder), turn)
            }
            Point::PromptAwaited => match self.script.skip() {
                Ok(()) => self.proceed(turn),
                Err(_) => leaving::to_fallback(FallbackReason::NothingToPlay, turn),
            },
            // Its end got lost, perhaps while the events were cut off.
            Point::Playing(..) => {
                self.stop_playback(turn);
                self.proceed(turn)
            }
        }
    }

    /// Reads the menu out again, unless that was done often enough.
    fn next_round(self, first: Option<Prompt>, turn: &mut Turn<'_>) -> State {
        if self.round >= turn.policy.rounds {
            return leaving::to_fallback(FallbackReason::NoChoice, turn);
        }
        let mut script = match first {
            Some(first) => Script::request([(Need::Courtesy, first)], turn),
            None => Script::empty(),
        };
        self.offer.read_out(&mut script, turn);
        Self::round(self.offer.settled(), script, self.round + 1, turn).proceed(turn)
    }

    fn leave(self, reason: FallbackReason, turn: &mut Turn<'_>) -> State {
        self.stop_playback(turn);
        leaving::to_fallback(reason, turn)
    }

    fn stop_playback(&self, turn: &mut Turn<'_>) {
        stop_playback(&self.at, turn);
    }
}

fn stop_playback(at: &Point, turn: &mut Turn<'_>) {
    if let Point::Playing(playback, _) = at {
        turn.act(Action::StopPlayback(*playback));
    }
}
