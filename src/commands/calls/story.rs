//! The story of one call, line by line.

use std::fmt::Write;

use serde::Deserialize;

use super::{Call, Person, names};
use crate::commands::to_the_second;

/// One step as the contract tells it.
#[derive(Deserialize)]
pub(super) struct Step {
    ms: u64,
    what: String,
    #[serde(default)]
    people: Vec<Person>,
    key: Option<String>,
    why: Option<String>,
}

impl Call {
    /// What happened, with times.
    pub(super) fn story(&self) -> String {
        let mut text = String::new();
        let client = self.client.as_deref().unwrap_or("not known");
        let menu = self.menu.as_deref().unwrap_or("none");
        let named = if self.named { "shown" } else { "not shown" };
        let _ = writeln!(text, "call     {}", self.id);
        let _ = writeln!(text, "came     {}", to_the_second(&self.time));
        let _ = writeln!(text, "caller   {}, name {named}", self.caller());
        let _ = writeln!(text, "client   {client}");
        let _ = writeln!(text, "menu     {menu}");
        let _ = writeln!(text, "outcome  {}", self.ended());
        if let (Some(talked), Some(seconds)) = (&self.talked, self.talked_seconds) {
            let _ = writeln!(text, "talked   {}, {seconds:.1} s", talked.shown());
        }
        let _ = writeln!(text);
        for step in &self.steps {
            let _ = writeln!(text, "{:>8} s  {}", hundredths(step.ms), step.told());
        }
        text
    }
}

impl Step {
    fn told(&self) -> String {
        let who = names(&self.people);
        let why = self.why.as_deref().unwrap_or_default();
        match self.what.as_str() {
            "came" => "the call came".to_owned(),
            "offered" => format!("offered: {who}"),
            "prompt" => "a prompt begins".to_owned(),
            "key" => format!("key {}", self.key.as_deref().unwrap_or("?")),
            "waits" => format!("waits for: {who}"),
            "callback_wanted" => format!("wants to be called back by: {who}"),
            "callback_kept" => format!("that is kept: {who}"),
            "dialled" => format!("dialled: {who}"),
            "rings" => format!("it rings: {who}"),
            "answered" => format!("answered: {who}"),
            "leg_ended" => format!("{}: {who}", ending(why)),
            "leg_released" => format!("no longer rung or connected: {who}"),
            "talk_began" => format!("they talk: {who}"),
            "handed_on" => format!("handed the caller on: {who}"),
            "taken_over" => "vizavi was started again and watches over the talk".to_owned(),
            "talk_ended" => "the talk is over".to_owned(),
            "failed" => format!("Asterisk failed to {why}"),
            "stopping" => "vizavi is told to stop".to_owned(),
            "to_fallback" => format!("to the fallback: {}", why.replace('_', " ")),
            "released" => "the caller is hung up".to_owned(),
            "left" if why == "to_dialplan" => "the caller is back in the dialplan".to_owned(),
            "left" => "the caller is gone".to_owned(),
            // A running vizavi may be newer than this command.
            other => format!("{} {who} {why}", other.replace('_', " ")),
        }
    }
}

fn ending(why: &str) -> &str {
    match why {
        "no_answer" => "nobody answered",
        "busy" => "busy",
        "refused" => "refused",
        "unreachable" => "not reached",
        "hung_up" => "hung up",
        other => other,
    }
}

/// Seconds with two digits after the dot.
fn hundredths(ms: u64) -> String {
    format!("{}.{:02}", ms / 1000, ms % 1000 / 10)
}

#[cfg(test)]
mod tests {
    use super::super::table;
    use super::*;

    fn call() -> Call {
        serde_json::from_str(
            r#"{"id": "19a.1", "time": "2026-11-21T14:32:00.123+03:00", "phone": "+74959262644",
                "client": "c-17", "named": true, "menu": "personal",
                "offered": [{"employee": "a", "name": "Чулкова Евгения", "extension": "34"},
                            {"employee": "b", "name": null, "extension": null}],
                "chosen": [{"employee": "a", "name": "Чулкова Евгения", "extension": "34"}],
                "talked": null, "talked_seconds": null, "outcome": "fallback",
                "reason": "nobody_answered", "seconds": 24.6,
                "steps": [{"ms": 0, "what": "came"},
                          {"ms": 4209, "what": "key", "key": "1"},
                          {"ms": 19305, "what": "leg_ended", "why": "no_answer",
                           "people": [{"employee": "a", "name": "Чулкова Евгения", "extension": "34"}]},
                          {"ms": 24600, "what": "to_fallback", "why": "nobody_answered"},
                          {"ms": 24601, "what": "sung", "why": "for_fun"}]}"#,
        )
        .unwrap()
    }

    #[test]
    fn a_story_is_told_line_by_line_also_with_steps_that_are_not_known() {
        assert_eq!(
            call().story(),
            "call     19a.1\n\
             came     2026-11-21T14:32:00+03:00\n\
             caller   +74959262644, name shown\n\
             client   c-17\n\
             menu     personal\n\
             outcome  fallback: nobody answered\n\n    \
             0.00 s  the call came\n    \
             4.20 s  key 1\n   \
             19.30 s  nobody answered: Чулкова Евгения 34\n   \
             24.60 s  to the fallback: nobody answered\n   \
             24.60 s  sung - for_fun\n"
        );
    }

    #[test]
    fn a_list_has_a_line_for_each_call_and_a_head() {
        let list = table(&[call().columns()]);
        let lines: Vec<&str> = list.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("time                       call   caller"));
        assert!(lines[1].starts_with("2026-11-21T14:32:00+03:00  19a.1  +74959262644  Чулкова"));
        assert!(
            lines[1].ends_with("fallback: nobody answered  25"),
            "{list}"
        );
        assert_eq!(table(&[]), "No call.\n");
    }
}
