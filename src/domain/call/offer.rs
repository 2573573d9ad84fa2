//! What a caller is offered and can dial, also while somebody else is still being asked what that is.

use super::super::directory::Extensions;
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
        };
        (offer, script)
    }

    /// The list alone, in the language that is spoken now. If a better one may come, that one.
    pub(super) fn list(&mut self, turn: &mut Turn<'_>) -> Script {
        let mut script = Script::empty();
        match &mut self.awaited {
            Some(awaited) => *awaited = script.reserve_list(turn),
            None => script.add_list(turn.wording.menu(&self.menu), turn),
        }
        script
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
            extensions: self.extensions,
            awaited: None,
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
        let menu = turn.with_language_key(known.menu);
        turn.prepare_reserved(prompt, turn.wording.menu(&menu));
        turn.story.offered(&menu, turn.now);
        self.menu = menu;
        self.extensions = known.extensions;
        Ok(self)
    }
}
