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
            Some(script.reserve(Need::Essential, turn))
        } else {
            script.add(Need::Essential, turn.wording.menu(&menu), turn);
            None
        };
        let offer = Self {
            menu,
            extensions,
            awaited,
        };
        (offer, script)
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
        turn.prepare_reserved(prompt, turn.wording.menu(&known.menu));
        turn.story.offered(&known.menu, turn.now);
        self.menu = known.menu;
        self.extensions = known.extensions;
        Ok(self)
    }
}
