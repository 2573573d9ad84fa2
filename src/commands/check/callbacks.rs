//! What `vizavi check` says of callbacks: what was understood, and what will be missed.

use vizavi::config::{Callbacks, Settings};
use vizavi::crm::hours_in_words;
use vizavi::webhooks::Kind;

/// A sentence for each thing; none if nobody is to make callbacks.
pub(super) fn understood(settings: &Settings) -> Vec<String> {
    let Some(callbacks) = &settings.callbacks else {
        return Vec::new();
    };
    let mut lines = vec![in_words(callbacks)];
    if callbacks.rules.dialling.allowed.is_empty() {
        lines.push(
            "[callbacks] allowed is empty: only extensions of this PBX are called back.".to_owned(),
        );
    }
    if settings.contract.listen.is_none() {
        lines.push(
            "[contract] listen is empty: the CRM can't send callbacks, `vizavi callbacks add` can."
                .to_owned(),
        );
    }
    let is_told = |kind: &Kind| kind.name().starts_with("callback.");
    let mut told = settings.webhooks.iter().flat_map(|webhook| &webhook.events);
    if !told.any(is_told) {
        lines.push(
            "No [[webhook]] is told of callbacks: the CRM has to ask what became of them."
                .to_owned(),
        );
    }
    lines
}

fn in_words(callbacks: &Callbacks) -> String {
    let (rules, attempt) = (&callbacks.rules, &callbacks.attempt);
    let zone = rules.zone.iana_name();
    format!(
        "Callbacks: by the operators of the queue {}; people are called {} by their own clock, or {}; \
         holidays: {}; attempts: {}; at once: {}; dialled as {}.",
        attempt.queue,
        hours_in_words(rules.hours.week()),
        zone.unwrap_or("this machine's time"),
        rules.hours.holidays(),
        rules.attempts,
        rules.limits.together,
        attempt.trunk,
    )
}
