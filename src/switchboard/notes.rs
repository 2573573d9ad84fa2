//! What a call writes onto the caller's channel: its lease, whose the caller is, and what whoever comes
//! later needs to know. All of that are variables, and those that are due together are one request.

use std::time::Duration;

use super::ledger::Ledger;
use super::names::CallId;
use super::performer::{PEER, failed, whole_seconds};
use super::talk_note;
use crate::ari::RequestError;
use crate::domain::call::{Event, Note, Step};
use crate::domain::rating::EmployeeId;

/// The longest value of a field of a record, in bytes: Asterisk reads no more than 512 of them.
const LONGEST_FIELD: usize = 500;

/// The variables of the caller's channel that hold a note.
pub(super) fn variables(note: &Note, call: &CallId, ledger: &Ledger) -> Vec<(String, String)> {
    match note {
        Note::Lease(time) => vec![lease(*time)],
        Note::NoLease => vec![lease(Duration::ZERO)],
        Note::Peer(leg) => vec![variable(PEER, ledger.channel_of(call, *leg).as_str())],
        Note::CallerName(name) => vec![variable("CALLERID(name)", name.as_str())],
        Note::Offered(offered) => vec![
            variable("CDR(vizavi_offered)", in_a_field(offered)),
            variable("CDR(vizavi_call)", call.to_string()),
        ],
        Note::Chosen(chosen) => vec![variable("CDR(vizavi_chosen)", in_a_field(chosen))],
        Note::Callback(person) => vec![variable("CDR(vizavi_callback)", person.as_str())],
        Note::Talk(ongoing) => vec![variable(talk_note::TALK, talk_note::write(ongoing))],
    }
}

/// The variables without those that are written again later.
pub(super) fn last_of_each(
    variables: impl Iterator<Item = (String, String)>,
) -> Vec<(String, String)> {
    let mut last: Vec<(String, String)> = Vec::new();
    for (name, value) in variables {
        last.retain(|(written, _)| *written != name);
        last.push((name, value));
    }
    last
}

/// What is told of a request that wrote a note, or failed to. It goes on without most.
pub(super) fn event(note: &Note, result: &Result<(), RequestError>) -> Option<Event> {
    match (note, result) {
        (Note::Lease(_), Err(error)) => Some(failed(Step::GrantLease, error)),
        (Note::NoLease, Err(error)) => Some(failed(Step::ClearLease, error)),
        (Note::NoLease, Ok(())) => Some(Event::LeaseCleared),
        _ => None,
    }
}

/// The variable that makes Asterisk end a channel's stay after this time; none if it is zero.
///
/// Asterisk's own clock runs the lease. Whole seconds, rounded up: a lease is never shorter than the
/// step that it covers.
pub(super) fn lease(time: Duration) -> (String, String) {
    variable("TIMEOUT(absolute)", whole_seconds(time).to_string())
}

fn variable(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

/// Ids with commas between them. What would make the field too long is left out.
fn in_a_field(ids: &[EmployeeId]) -> String {
    let mut field = String::new();
    for id in ids {
        if field.len() + 1 + id.as_str().len() > LONGEST_FIELD {
            break;
        }
        if !field.is_empty() {
            field.push(',');
        }
        field.push_str(id.as_str());
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_leases_in_one_request_the_later_one_is_granted() {
        let written = [
            lease(Duration::from_secs(5)),
            variable(PEER, "1"),
            lease(Duration::from_secs(25)),
        ];
        let [first, peer, second] = written.clone();
        assert_ne!(first, second);
        assert_eq!(last_of_each(written.into_iter()), [peer, second]);
    }
}
