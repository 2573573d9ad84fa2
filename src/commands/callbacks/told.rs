//! Callbacks in lines.

use std::fmt::Write as _;

use serde::Deserialize;

use crate::commands::to_the_second;

/// A page of the list.
#[derive(Deserialize)]
pub(super) struct Page {
    callbacks: Vec<Job>,
    next: Option<String>,
    waiting: usize,
    running: usize,
    ended: usize,
}

#[derive(Deserialize)]
pub(super) struct Job {
    id: String,
    last: Option<String>,
    first: Option<String>,
    middle: Option<String>,
    phone: Option<String>,
    extension: Option<String>,
    appointment: Option<String>,
    specialist: Option<String>,
    reason: Option<String>,
    priority: u8,
    owner: Option<String>,
    state: String,
    next: Option<String>,
    ending: Option<String>,
    ended: Option<String>,
    attempts_used: u32,
    history: Vec<Attempt>,
}

#[derive(Deserialize)]
struct Attempt {
    number: u32,
    began: String,
    outcome: String,
    talk_seconds: Option<u64>,
    operator: Option<String>,
}

impl Page {
    pub(super) fn told(&self) -> String {
        let mut text = String::new();
        for job in &self.callbacks {
            let _ = writeln!(text, "{}", job.in_a_line());
        }
        if self.callbacks.is_empty() {
            text.push_str("There are no such callbacks.\n");
        }
        if self.next.is_some() {
            text.push_str("… and more; --limit shows more of them, --csv all\n");
        }
        let (waiting, running, ended) = (self.waiting, self.running, self.ended);
        let _ = writeln!(
            text,
            "Of all: {waiting} wait, {running} run, {ended} are over."
        );
        text
    }
}

impl Job {
    fn name(&self) -> String {
        let parts = [&self.last, &self.first, &self.middle]
            .into_iter()
            .flatten();
        parts.map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    fn telephone(&self) -> &str {
        let telephone = self.phone.as_deref().or(self.extension.as_deref());
        telephone.unwrap_or_default()
    }

    fn is(&self) -> String {
        match (&self.ending, &self.ended, &self.next) {
            (Some(ending), Some(ended), _) => format!("{ending} {}", to_the_second(ended)),
            (_, _, Some(next)) => format!("waits until {}", to_the_second(next)),
            _ => self.state.clone(),
        }
    }

    fn in_a_line(&self) -> String {
        let (id, telephone, name) = (&self.id, self.telephone(), self.name());
        let tried = self.history.last().map(|last| last.outcome.as_str());
        let tried = tried.map_or_else(String::new, |last| format!("  last {last}"));
        format!(
            "{id}  {telephone}  {name}  priority {}  {}{tried}",
            self.priority,
            self.is()
        )
    }

    pub(super) fn told(&self) -> String {
        let mut text = String::new();
        let name = self.name();
        let known = [
            ("name", Some(name.as_str()).filter(|name| !name.is_empty())),
            ("telephone", Some(self.telephone())),
            ("appointment", self.appointment.as_deref()),
            ("specialist", self.specialist.as_deref()),
            ("reason", self.reason.as_deref()),
            ("owner", self.owner.as_deref()),
        ];
        let _ = writeln!(text, "{}: {}", self.id, self.is());
        for (what, value) in known {
            if let Some(value) = value {
                let _ = writeln!(text, "  {what}: {value}");
            }
        }
        let _ = writeln!(text, "  attempts used up: {}", self.attempts_used);
        for attempt in &self.history {
            let _ = writeln!(text, "  {}", attempt.in_a_line());
        }
        text
    }
}

impl Attempt {
    fn in_a_line(&self) -> String {
        let mut line = format!(
            "{}. {}  {}",
            self.number,
            to_the_second(&self.began),
            self.outcome
        );
        if let Some(operator) = &self.operator {
            let _ = write!(line, "  by {operator}");
        }
        if let Some(seconds) = self.talk_seconds {
            let _ = write!(line, "  {seconds} s");
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOB: &str = r#"{"id": "crm-17", "last": "Петров", "phone": "+79161234567",
        "priority": 5, "state": "ended", "ending": "connected", "ended": "2026-11-20T10:05:00.5+03:00",
        "attempts_used": 1, "history": [
          {"number": 1, "began": "2026-11-20T10:00:00+03:00", "outcome": "busy", "operator": "anna"},
          {"number": 2, "began": "2026-11-20T10:04:00+03:00", "outcome": "connected",
           "operator": "anna", "talk_seconds": 61}]}"#;

    #[test]
    fn a_callback_is_told_with_all_its_attempts() {
        let job: Job = serde_json::from_str(JOB).unwrap();
        assert_eq!(
            job.told(),
            "crm-17: connected 2026-11-20T10:05:00+03:00\n  name: Петров\n  \
             telephone: +79161234567\n  attempts used up: 1\n  \
             1. 2026-11-20T10:00:00+03:00  busy  by anna\n  \
             2. 2026-11-20T10:04:00+03:00  connected  by anna  61 s\n"
        );
    }

    #[test]
    fn a_list_says_how_many_there_are() {
        let page = format!(
            r#"{{"callbacks": [{JOB}], "next": "x", "waiting": 7, "running": 1, "ended": 1}}"#
        );
        let page: Page = serde_json::from_str(&page).unwrap();
        assert_eq!(
            page.told(),
            "crm-17  +79161234567  Петров  priority 5  connected 2026-11-20T10:05:00+03:00  \
             last connected\n… and more; --limit shows more of them, --csv all\n\
             Of all: 7 wait, 1 run, 1 are over.\n"
        );
    }
}
