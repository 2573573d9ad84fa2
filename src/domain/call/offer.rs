//! What a caller is offered and can dial, also while somebody else is still being asked what that is.

use super::super::directory::{Entry, Extensions, Name};
use super::super::menu::{Dialled, Key, Known, Menu, dialled};
use super::super::rating::EmployeeId;
use super::action::PromptId;
use super::script::{Need, Script};
use super::turn::Turn;

/// The menu of a caller who has not heard all of it yet.
#[derive(Debug)]
pub(super) struct Offer {
    pub(super) menu: Menu,
    extensions: Extensions,
    /// The place of the list in the script, as long as a better menu may come. Until then the one
    /// that is there holds for who presses a key early.
    awaited: Option<PromptId>,
    /// Who could not be had, and calls back if the caller wants that.
    pub(super) callback: Option<Entry>,
}

/// There is nobody to offer.
pub(super) struct Nobody;

impl Offer {
    /// Asks for the greeting, and for the list unless a better menu may come.
    pub(super) fn request(
        menu: Menu,
        extensions: Extensions,
        better_may_come: bool,
        turn: &mut Turn<'_>,
    ) -> (Self, Script) {
        let mut script = Script::request([(Need::Courtesy, turn.wording.greeting())], turn);
        let awaited = if better_may_come {
            Some(script.reserve_list(turn))
        } else {
            script.add_list(turn.wording.menu(&menu), turn);
            None
        };
        let offer = Self {
            menu,
            extensions,
            awaited,
            callback: None,
        };
        (offer, script)
    }

    /// The list alone, in the language that is spoken now. If a better one may come, that one.
    pub(super) fn list(&mut self, turn: &mut Turn<'_>) -> Script {
        let mut script = Script::empty();
        match &mut self.awaited {
            Some(awaited) => *awaited = script.reserve_list(turn),
            None => self.read_out(&mut script, turn),
        }
        script
    }

    /// Asks for the words of all that is on offer, and for the list of choices.
    pub(super) fn read_out(&self, script: &mut Script, turn: &mut Turn<'_>) {
        let callback = self.callback.as_ref().zip(self.menu.callback_key);
        let offer = callback.and_then(|(person, key)| turn.wording.callback_offer(person, key));
        if let Some(offer) = offer {
            script.add(Need::Courtesy, offer, turn);
        }
        script.add_list(turn.wording.menu(&self.menu), turn);
    }

    /// Whether the caller has anything to choose, apart from the fallback.
    pub(super) fn has_choice(&self) -> bool {
        !self.menu.choices.is_empty() || self.callback.is_some()
    }

    /// The same after somebody could not be had: they may call back, unless they are on leave.
    pub(super) fn calling_back(mut self, person: Entry, turn: &Turn<'_>) -> Self {
        let is_person = matches!(person.name, Name::Person(_));
        let may = is_person && !self.extensions.is_on_leave(&person.id);
        self.menu.callback_key = turn.policy.callback_key.filter(|_| may);
        self.callback = self.menu.callback_key.map(|_| person);
        self
    }

    /// The same, as it stands: a better menu would come too late.
    pub(super) fn settled(self) -> Self {
        Self {
            awaited: None,
            ..self
        }
    }

    /// The same without somebody who is being rung, as it stands.
    pub(super) fn without(self, person: &EmployeeId) -> Self {
        let menu = self.menu.without(person);
        Self {
            menu,
            awaited: None,
            ..self
        }
    }

    /// What a key means after the digits that were dialled before it.
    pub(super) fn dialled(&self, digits: &str, key: Key) -> Dialled {
        dialled(digits, key, &self.menu, &self.extensions)
    }

    /// What was found out about the caller has come. It comes too late if the list has been asked
    /// for in the meantime.
    pub(super) fn known(mut self, known: Known, turn: &mut Turn<'_>) -> Result<Self, Nobody> {
        let Some(prompt) = self.awaited.take() else {
            return Ok(self);
        };
        if known.menu.choices.is_empty() {
            return Err(Nobody);
        }
        let menu = turn.with_free_keys(known.menu);
        turn.prepare_reserved(prompt, turn.wording.menu(&menu));
        turn.story.offered(&menu, turn.now);
        self.menu = menu;
        self.extensions = known.extensions;
        Ok(self)
    }
}
