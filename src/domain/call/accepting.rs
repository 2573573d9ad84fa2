//! Accepting: somebody picked up a telephone that may have a voicemail. It counts only when they press
//! the key; until then the caller hears ringback, and the other telephones ring on.

use super::super::directory::Endpoint;
use super::super::menu::Key;
use super::super::prompt::{Clip, Haste, Prompt};
use super::action::{Action, LegId, PlaybackId, PromptId};
use super::policy::{Accepting, RINGING_GRACE};
use super::turn::{Deadline, Turn};

/// What is said to whoever picks up, made ready while the telephones ring.
#[derive(Debug, Default)]
pub(super) struct Summons {
    /// The best first: with the caller's name, then one that is the same for everybody.
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    prompt: PromptId,
    clip: Option<Clip>,
}

/// Somebody who picked up and has pressed no key yet.
#[derive(Debug)]
pub(super) struct Asked {
    /// What they hear, as long as they hear it.
    pub(super) playback: Option<PlaybackId>,
    /// Whether they have been told what to do.
    pub(super) told: bool,
    pub(super) deadline: Deadline,
}

/// What somebody who picked up wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    Accepts,
    Declines,
}

/// Whether the answer of this telephone counts only with a key.
pub(super) fn needs_key(endpoint: &Endpoint, turn: &Turn<'_>) -> bool {
    match turn.policy.accept {
        Accepting::Never => false,
        Accepting::Mobiles => endpoint.is_outside(),
        Accepting::Always => true,
    }
}

/// What a key of an employee's telephone means. Other keys mean nothing.
pub(super) fn decision(key: Key) -> Option<Decision> {
    match key.as_char() {
        '1' => Some(Decision::Accepts),
        '2' => Some(Decision::Declines),
        _ => None,
    }
}

impl Summons {
    /// Asks for the words.
    pub(super) fn request(turn: &mut Turn<'_>) -> Self {
        let general = turn.wording.summons(None);
        let named = turn.story.caller.as_ref();
        let named = named.map(|name| turn.wording.summons(Some(name)));
        let wanted = named.into_iter().chain([general]);
        let line = |words: Prompt| Line {
            prompt: turn.prepare(words, Haste::Next),
            clip: None,
        };
        Self {
            lines: wanted.map(line).collect(),
        }
    }

    pub(super) fn ready(&mut self, prompt: PromptId, clip: Clip) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.prompt == prompt) {
            line.clip = Some(clip);
        }
    }

    pub(super) fn failed(&mut self, prompt: PromptId) {
        self.lines.retain(|line| line.prompt != prompt);
    }

    /// Nobody can be told what to press: then it is better to let them talk than to lose the caller.
    pub(super) fn is_mute(&self) -> bool {
        self.lines.is_empty()
    }

    fn clip(&self) -> Option<Clip> {
        self.lines.iter().find_map(|line| line.clip.clone())
    }
}

impl Asked {
    /// Asks who picked up, or waits for the words.
    pub(super) fn begin(leg: LegId, summons: &Summons, turn: &mut Turn<'_>) -> Self {
        let mut asked = Self {
            playback: None,
            told: false,
            deadline: turn.deadline(turn.policy.prompt_time, "words for who picked up"),
        };
        asked.tell(leg, summons, turn);
        asked
    }

    /// Tells them which key to press, if that was not done and the words are there.
    pub(super) fn tell(&mut self, leg: LegId, summons: &Summons, turn: &mut Turn<'_>) {
        let Some(clip) = summons.clip().filter(|_| !self.told) else {
            return;
        };
        let time = clip.length + turn.policy.accept_time;
        let playback = turn.next_playback();
        turn.act(Action::AskLeg {
            leg,
            playback,
            clip,
            lease: time + RINGING_GRACE + turn.policy.lease_margin,
        });
        self.told = true;
        self.playback = Some(playback);
        self.deadline = turn.deadline(time, "a key that takes the call");
    }

    /// They have decided: they need not hear more.
    pub(super) fn end(self, leg: LegId, turn: &mut Turn<'_>) {
        if let Some(playback) = self.playback {
            turn.act(Action::StopAsking { leg, playback });
        }
    }
}
