//! What is noted on the caller's channel in Asterisk when a talk begins, so that a process after this
//! one knows the talk. Pure.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::call::{BridgeId, LegId, Ongoing};
use crate::domain::menu::{CallerName, MenuKind};
use crate::domain::rating::EmployeeId;

/// The channel's variable. It is not inherited, so only the caller has it.
pub(super) const TALK: &str = "VIZAVI_TALK";

/// The most ids that are noted of a list; a menu has nine at most.
const MOST_IDS: usize = 10;

/// The words of a note. Times are microseconds since 1970.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    leg: u32,
    came: i64,
    began: i64,
    #[serde(default)]
    named: bool,
    #[serde(default)]
    menu: Option<Menu>,
    #[serde(default)]
    offered: Vec<String>,
    #[serde(default)]
    chosen: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Menu {
    Personal,
    Default,
}

/// Now, by both clocks: a later process shares only the one on the wall.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clocks {
    pub(super) wall: Timestamp,
    pub(super) now: Instant,
}

impl Clocks {
    pub(super) fn read() -> Self {
        Self {
            wall: Timestamp::now(),
            now: Instant::now(),
        }
    }

    /// What the clock on the wall showed at a moment.
    pub(super) fn wall_clock(self, at: Instant) -> Timestamp {
        let ago = self.now.saturating_duration_since(at);
        let ago = SignedDuration::try_from(ago).unwrap_or_default();
        self.wall.saturating_sub(ago).unwrap_or(self.wall)
    }

    fn micros(self, at: Instant) -> i64 {
        self.wall_clock(at).as_microsecond()
    }

    /// What is later than now, or before this machine knows, is now.
    pub(super) fn instant(self, micros: i64) -> Instant {
        let ago = self.wall.as_microsecond().saturating_sub(micros);
        let ago = Duration::from_micros(u64::try_from(ago).unwrap_or(0));
        self.now.checked_sub(ago).unwrap_or(self.now)
    }
}

/// The note of a talk.
pub(super) fn write(ongoing: &Ongoing) -> String {
    write_at(Clocks::read(), ongoing)
}

fn write_at(clocks: Clocks, ongoing: &Ongoing) -> String {
    let note = Note {
        leg: ongoing.leg.0,
        came: clocks.micros(ongoing.came),
        began: clocks.micros(ongoing.began),
        named: ongoing.caller.is_some(),
        menu: ongoing.menu.map(|menu| match menu {
            MenuKind::Personal => Menu::Personal,
            MenuKind::Default => Menu::Default,
        }),
        offered: texts(ongoing.offered.iter().take(MOST_IDS)),
        // The last one talks.
        chosen: texts(ongoing.chosen.iter().rev().take(MOST_IDS).rev()),
    };
    serde_json::to_string(&note).unwrap_or_default()
}

/// The talk that a note tells of, in this bridge; `name` is the caller's own. `None` if it can't be
/// read.
pub(super) fn read(clocks: Clocks, text: &str, bridge: BridgeId, name: &str) -> Option<Ongoing> {
    let note: Note = serde_json::from_str(text).ok()?;
    let began = clocks.instant(note.began);
    Some(Ongoing {
        leg: LegId(note.leg),
        bridge,
        came: clocks.instant(note.came).min(began),
        began,
        caller: CallerName::new(name).filter(|_| note.named),
        menu: note.menu.map(|menu| match menu {
            Menu::Personal => MenuKind::Personal,
            Menu::Default => MenuKind::Default,
        }),
        offered: ids(&note.offered),
        chosen: ids(&note.chosen),
    })
}

fn texts<'a>(ids: impl Iterator<Item = &'a EmployeeId>) -> Vec<String> {
    ids.map(|id| id.as_str().to_owned()).collect()
}

fn ids(texts: &[String]) -> Vec<EmployeeId> {
    let ids = texts.iter().take(MOST_IDS);
    ids.filter_map(|text| EmployeeId::parse(text).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ongoing(clocks: Clocks) -> Ongoing {
        let id = |text| EmployeeId::parse(text).unwrap();
        Ongoing {
            leg: LegId(2),
            bridge: BridgeId(3),
            came: clocks.now - Duration::from_secs(60),
            began: clocks.now - Duration::from_secs(40),
            caller: CallerName::new("ООО «Север»"),
            menu: Some(MenuKind::Personal),
            offered: vec![id("chulkova"), id("it's, \"odd\"")],
            chosen: vec![id("chulkova")],
        }
    }

    fn read_back(clocks: Clocks, text: &str) -> Option<Ongoing> {
        read(clocks, text, BridgeId(3), "ООО «Север»")
    }

    #[test]
    fn what_was_noted_is_read_back() {
        let clocks = Clocks::read();
        let ongoing = ongoing(clocks);
        let text = write_at(clocks, &ongoing);
        assert!(text.len() < 400, "{text}");
        assert_eq!(read_back(clocks, &text), Some(ongoing));
    }

    #[test]
    fn a_clock_that_was_set_back_leaves_no_talk_in_the_future() {
        let clocks = Clocks::read();
        let text = write_at(clocks, &ongoing(clocks));
        let earlier = Clocks {
            wall: clocks.wall - SignedDuration::from_hours(1),
            ..clocks
        };
        let read = read_back(earlier, &text).unwrap();
        assert_eq!((read.came, read.began), (clocks.now, clocks.now));
    }

    #[test]
    fn who_chose_often_is_noted_with_the_last_choices() {
        let clocks = Clocks::read();
        let chosen = (0..20).map(|number| EmployeeId::parse(&number.to_string()).unwrap());
        let often = Ongoing {
            chosen: chosen.collect(),
            ..ongoing(clocks)
        };
        let read = read_back(clocks, &write_at(clocks, &often)).unwrap();
        assert_eq!(read.chosen, often.chosen[10..]);
    }

    #[test]
    fn what_is_no_note_is_none() {
        for text in ["", "{}", "1", "{\"leg\":\"x\"}"] {
            assert_eq!(read_back(Clocks::read(), text), None, "{text}");
        }
    }
}
