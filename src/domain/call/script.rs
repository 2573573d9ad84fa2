//! Prompts that are heard one after the other, some of which are still being made.

use std::collections::VecDeque;

use super::super::prompt::{Clip, Haste, Prompt};
use super::action::PromptId;
use super::turn::Turn;

/// What remains to be said.
#[derive(Debug)]
pub(super) struct Script {
    lines: VecDeque<Line>,
}

/// Whether a call can go on without a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// The caller can't choose without it.
    Essential,
    /// It is left out if it can't be had.
    Courtesy,
}

#[derive(Debug)]
struct Line {
    prompt: PromptId,
    need: Need,
    clip: Option<Clip>,
}

/// What a script has to offer at this moment.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Play this.
    Play(Clip, Need),
    /// The next line is still being made.
    NotYet,
    /// Everything was said.
    Over,
}

/// A line that the caller can't do without can't be had.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

impl Script {
    /// Nothing is to be said.
    pub(super) fn empty() -> Self {
        Self {
            lines: VecDeque::new(),
        }
    }

    /// Asks for all the prompts at once.
    pub(super) fn request<const N: usize>(
        prompts: [(Need, Prompt); N],
        turn: &mut Turn<'_>,
    ) -> Self {
        let mut script = Self {
            lines: VecDeque::with_capacity(N),
        };
        for (need, words) in prompts {
            script.add(need, words, turn);
        }
        script
    }

    /// Asks for one more prompt, to be heard after the others.
    pub(super) fn add(&mut self, need: Need, words: Prompt, turn: &mut Turn<'_>) {
        let haste = if self.lines.is_empty() {
            Haste::Now
        } else {
            Haste::Next
        };
        let prompt = turn.prepare(words, haste);
        self.push(prompt, need);
    }

    /// Asks for a list of choices, and for how to choose another language. That is said by another voice:
    /// without it, the menu is the same.
    pub(super) fn add_list(&mut self, list: Prompt, turn: &mut Turn<'_>) {
        self.add(Need::Essential, list, turn);
        self.add_language_offer(turn);
    }

    /// Keeps a place for a list whose words are not known yet.
    pub(super) fn reserve_list(&mut self, turn: &mut Turn<'_>) -> PromptId {
        let list = self.reserve(Need::Essential, turn);
        self.add_language_offer(turn);
        list
    }

    fn add_language_offer(&mut self, turn: &mut Turn<'_>) {
        if let Some(offer) = turn.language_offer() {
            self.add(Need::Courtesy, offer, turn);
        }
    }

    /// Keeps the last place for a prompt whose words are not known yet.
    fn reserve(&mut self, need: Need, turn: &mut Turn<'_>) -> PromptId {
        let prompt = turn.reserve_prompt();
        self.push(prompt, need);
        prompt
    }

    fn push(&mut self, prompt: PromptId, need: Need) {
        self.lines.push_back(Line {
            prompt,
            need,
            clip: None,
        });
    }

    /// A prompt has been made.
    pub(super) fn ready(&mut self, prompt: PromptId, clip: Clip) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.prompt == prompt) {
            line.clip = Some(clip);
        }
    }

    /// A prompt can't be made.
    pub(super) fn failed(&mut self, prompt: PromptId) -> Result<(), Broken> {
        let Some(index) = self.lines.iter().position(|line| line.prompt == prompt) else {
            return Ok(());
        };
        match self.lines.remove(index).map(|line| line.need) {
            Some(Need::Essential) => Err(Broken),
            Some(Need::Courtesy) | None => Ok(()),
        }
    }

    /// Takes the next line if it is there.
    pub(super) fn next(&mut self) -> Next {
        match self.lines.pop_front() {
            None => Next::Over,
            Some(Line {
                clip: Some(clip),
                need,
                ..
            }) => Next::Play(clip, need),
            Some(line) => {
                self.lines.push_front(line);
                Next::NotYet
            }
        }
    }

    /// Gives up the next line, which has taken too long.
    pub(super) fn skip(&mut self) -> Result<(), Broken> {
        match self.lines.pop_front().map(|line| line.need) {
            Some(Need::Essential) => Err(Broken),
            Some(Need::Courtesy) | None => Ok(()),
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.lines.is_empty()
    }
}
