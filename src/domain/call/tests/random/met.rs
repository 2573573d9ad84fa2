//! The states, the events, and which state has met which. A new state or event has its line here.

use std::collections::BTreeMap;

use super::*;

const EVENTS: [&str; 21] = [
    "Arrived",
    "CallerKnown",
    "PromptReady",
    "PromptFailed",
    "PlaybackEnded",
    "KeyPressed",
    "CallerLeft",
    "LegRinging",
    "LegAnswered",
    "LegReplaced",
    "LegKeyPressed",
    "LegFreed",
    "LegEnded",
    "Bridged",
    "LeaseCleared",
    "Seen",
    "CallbackKept",
    "CallbackNotKept",
    "StepFailed",
    "DeadlineReached",
    "Stop",
];

/// A new event does not compile here until it has a name, and fails the test until the dice throw it.
fn name_of(event: &Event) -> &'static str {
    match event {
        Event::Arrived => "Arrived",
        Event::CallerKnown(_) => "CallerKnown",
        Event::PromptReady { .. } => "PromptReady",
        Event::PromptFailed(_) => "PromptFailed",
        Event::PlaybackEnded { .. } => "PlaybackEnded",
        Event::KeyPressed(_) => "KeyPressed",
        Event::CallerLeft(_) => "CallerLeft",
        Event::LegRinging(_) => "LegRinging",
        Event::LegAnswered(_) => "LegAnswered",
        Event::LegReplaced(_) => "LegReplaced",
        Event::LegKeyPressed { .. } => "LegKeyPressed",
        Event::LegFreed(_) => "LegFreed",
        Event::LegEnded { .. } => "LegEnded",
        Event::Bridged(_) => "Bridged",
        Event::LeaseCleared => "LeaseCleared",
        Event::Seen { .. } => "Seen",
        Event::CallbackKept => "CallbackKept",
        Event::CallbackNotKept => "CallbackNotKept",
        Event::StepFailed { .. } => "StepFailed",
        Event::DeadlineReached => "DeadlineReached",
        Event::Stop => "Stop",
    }
}

/// Every state, and where one event can lead from it.
const STATES: [(&str, &[&str]); 11] = [
    ("new", &["new", "arriving", "leaving", "ended"]),
    ("taken over", &["talking", "ended"]),
    (
        "arriving",
        &[
            "arriving",
            "offering",
            "waiting",
            "connecting",
            "leaving",
            "ended",
        ],
    ),
    (
        "offering",
        &[
            "offering",
            "waiting",
            "connecting",
            "promising",
            "leaving",
            "ended",
        ],
    ),
    (
        "waiting",
        &[
            "waiting",
            "offering",
            "connecting",
            "promising",
            "leaving",
            "ended",
        ],
    ),
    ("promising", &["promising", "leaving", "ended"]),
    (
        "connecting",
        &["connecting", "offering", "talking", "leaving", "ended"],
    ),
    ("talking", &["talking", "releasing", "leaving", "ended"]),
    ("releasing", &["releasing", "ended"]),
    ("leaving", &["leaving", "ended"]),
    ("ended", &["ended"]),
];

/// How often each state has met each event.
#[derive(Default)]
pub(super) struct Met(BTreeMap<(&'static str, &'static str), u32>);

impl Met {
    pub(super) fn note(&mut self, before: &'static str, event: &Event, after: &'static str) {
        let (_, reachable) = STATES.iter().find(|(state, _)| *state == before).unwrap();
        assert!(
            reachable.contains(&after),
            "{before} → {after} by {event:?}"
        );
        *self.0.entry((before, name_of(event))).or_default() += 1;
    }

    pub(super) fn assert_complete(&self) {
        for (state, _) in STATES {
            for event in EVENTS {
                assert!(
                    self.0.contains_key(&(state, event)),
                    "no {event} in {state}"
                );
            }
        }
        assert_eq!(self.0.len(), STATES.len() * EVENTS.len());
    }
}
