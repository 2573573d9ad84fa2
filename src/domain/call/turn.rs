//! What a state may use while it answers one event.

use std::time::{Duration, Instant};

use super::super::menu::{Menu, Wording};
use super::super::prompt::{Clip, Haste, Prompt};
use super::action::{Action, BridgeId, LegId, News, Note, PlaybackId, PromptId};
use super::languages::{Languages, MOST_CHANGES};
use super::policy::Policy;
use super::story::Story;

/// The moment at which a state stops waiting, and what for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// When.
    pub at: Instant,
    /// What is awaited, in words for a log.
    pub waits_for: &'static str,
}

/// The counters from which a call's ids are made.
#[derive(Debug, Default)]
pub(super) struct Counters {
    prompts: u32,
    playbacks: u32,
    legs: u32,
    bridges: u32,
    /// Whose the dialplan takes the caller for.
    tied: Option<LegId>,
}

impl Counters {
    /// Those of a call that has this leg and this bridge.
    pub(super) fn after(leg: LegId, bridge: BridgeId) -> Self {
        Self {
            legs: leg.0,
            bridges: bridge.0,
            ..Self::default()
        }
    }
}

/// One event's answer in the making.
pub(super) struct Turn<'a> {
    pub(super) now: Instant,
    pub(super) policy: &'a Policy,
    pub(super) wording: &'a Wording,
    languages: &'a Languages,
    changes_language: bool,
    pub(super) story: &'a mut Story,
    counters: &'a mut Counters,
    actions: Vec<Action>,
}

impl<'a> Turn<'a> {
    pub(super) fn new(
        now: Instant,
        policy: &'a Policy,
        languages: &'a Languages,
        story: &'a mut Story,
        counters: &'a mut Counters,
    ) -> Self {
        Self {
            now,
            policy,
            wording: &languages.spoken,
            languages,
            changes_language: false,
            story,
            counters,
            actions: Vec::new(),
        }
    }

    /// What is to be done, and whether another language is spoken from now on.
    pub(super) fn over(self) -> (Vec<Action>, bool) {
        (self.actions, self.changes_language)
    }

    /// Speaks the other language from now on, unless that was done too often. At most once in a turn.
    pub(super) fn change_language(&mut self) -> bool {
        let Some(other) = &self.languages.other else {
            return false;
        };
        if self.changes_language || self.languages.changes >= MOST_CHANGES {
            return false;
        }
        self.wording = &other.wording;
        self.changes_language = true;
        true
    }

    /// How the language that is not spoken now can be chosen, in that language.
    pub(super) fn language_offer(&self) -> Option<Prompt> {
        let other = self.languages.other.as_ref()?;
        let wording = match self.changes_language {
            false => &other.wording,
            true => &self.languages.spoken,
        };
        Some(wording.language_offer(other.key))
    }

    /// A menu in which nobody has the key of the other language, or of a callback.
    pub(super) fn with_free_keys(&self, menu: Menu) -> Menu {
        let menu = match &self.languages.other {
            Some(other) => menu.with_language_key(other.key),
            None => menu,
        };
        match self.policy.callback_key {
            Some(key) => menu.leaving_free(key),
            None => menu,
        }
    }

    pub(super) fn act(&mut self, action: Action) {
        self.story.note_action(self.now, &action);
        self.actions.push(action);
    }

    /// Writes something onto the caller's channel.
    pub(super) fn note(&mut self, note: Note) {
        self.act(Action::Note(note));
    }

    pub(super) fn deadline(&self, after: Duration, waits_for: &'static str) -> Deadline {
        Deadline {
            at: self.now + after,
            waits_for,
        }
    }

    /// Asks for a prompt.
    pub(super) fn prepare(&mut self, words: Prompt, haste: Haste) -> PromptId {
        let prompt = self.reserve_prompt();
        self.act(Action::Prepare {
            prompt,
            words,
            haste,
        });
        prompt
    }

    /// An id for a prompt whose words are not known yet.
    pub(super) fn reserve_prompt(&mut self) -> PromptId {
        PromptId(next(&mut self.counters.prompts))
    }

    /// Asks for a prompt whose id was reserved. It is never the first of its script.
    pub(super) fn prepare_reserved(&mut self, prompt: PromptId, words: Prompt) {
        self.act(Action::Prepare {
            prompt,
            words,
            haste: Haste::Next,
        });
    }

    /// Plays a clip, after a lease that covers it and `tail`.
    pub(super) fn play(&mut self, clip: Clip, tail: Duration) -> PlaybackId {
        let playback = self.next_playback();
        // Now, while nothing plays: Asterisk would answer this only when the prompt is over.
        self.note_offer();
        self.note(Note::Lease(clip.length + tail + self.policy.lease_margin));
        self.act(Action::Play { playback, clip });
        playback
    }

    /// Notes who is offered, unless that was done.
    pub(super) fn note_offer(&mut self) {
        if let Some(offered) = self.story.offer_to_note() {
            self.note(Note::Offered(offered));
        }
    }

    /// Notes who is offered and who was chosen.
    pub(super) fn note_choice(&mut self) {
        self.note_offer();
        self.note(Note::Chosen(self.story.chosen.clone()));
    }

    /// Notes the caller's name, once it is known.
    pub(super) fn name_caller(&mut self) {
        if let Some(name) = self.story.name_to_note() {
            self.note(Note::CallerName(name));
        }
    }

    /// Tells others who is offered, once.
    pub(super) fn tell_offer(&mut self) {
        if self.story.has_offer_to_tell() {
            self.act(Action::Tell(News::Offered));
        }
    }

    pub(super) fn next_playback(&mut self) -> PlaybackId {
        PlaybackId(next(&mut self.counters.playbacks))
    }

    /// Tells the dialplan whose the caller is, unless it knows.
    pub(super) fn tie_caller_to(&mut self, leg: LegId) {
        if !self.caller_is_tied_to(leg) {
            self.counters.tied = Some(leg);
            self.note(Note::Peer(leg));
        }
    }

    /// Tells the dialplan of the leg that will be dialled next.
    pub(super) fn tie_caller_to_coming_leg(&mut self) {
        self.tie_caller_to(LegId(self.counters.legs + 1));
    }

    pub(super) fn caller_is_tied_to(&self, leg: LegId) -> bool {
        self.counters.tied == Some(leg)
    }

    pub(super) fn next_leg(&mut self) -> LegId {
        LegId(next(&mut self.counters.legs))
    }

    pub(super) fn next_bridge(&mut self) -> BridgeId {
        BridgeId(next(&mut self.counters.bridges))
    }
}

fn next(counter: &mut u32) -> u32 {
    *counter += 1;
    *counter
}
