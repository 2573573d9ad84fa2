//! What has to be known of a talk so that another process can take it over.

use std::time::Instant;

use super::super::menu::{CallerName, MenuKind};
use super::super::rating::EmployeeId;
use super::action::{BridgeId, LegId};
use super::story::Story;

/// A talk that goes on. Personal data: the caller's name, which `Debug` does not show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ongoing {
    /// The employee's leg.
    pub leg: LegId,
    /// The bridge in which the two are.
    pub bridge: BridgeId,
    /// When the call came.
    pub came: Instant,
    /// Since when the two hear each other.
    pub began: Instant,
    /// Who calls, if the employee's telephone was told.
    pub caller: Option<CallerName>,
    /// Whose menu it was.
    pub menu: Option<MenuKind>,
    /// Who was offered, in order.
    pub offered: Vec<EmployeeId>,
    /// Who was chosen, each time a choice was made: the last one talks. Empty if that is not known.
    pub chosen: Vec<EmployeeId>,
}

impl Ongoing {
    /// What the story says of a talk that has begun.
    pub(super) fn of(story: &Story, leg: LegId, bridge: BridgeId) -> Option<Self> {
        let came = story.steps.first()?.at;
        Some(Self {
            leg,
            bridge,
            came,
            began: story.talk.as_ref()?.began,
            caller: story.caller.clone(),
            menu: story.menu,
            offered: story.offered.clone(),
            chosen: story.chosen.clone(),
        })
    }
}
