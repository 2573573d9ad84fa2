//! What a call writes onto the caller's channel: its lease, whose the caller is, and what whoever comes
//! later needs to know. All of that are variables, and those that are due together are one request.

use std::time::Duration;

use super::ledger::Ledger;
use super::names::CallId;
use super::performer::{PEER, failed, whole_seconds};
use super::talk_note;
use crate::ari::RequestError;
use crate::domain::call::{Action, Event, Step};
use crate::domain::rating::EmployeeId;

/// The longest value of a field of a record, in bytes: Asterisk reads no more than 512 of them.
const LONGEST_FIELD: usize = 500;

/// Whether an action does nothing but set variables of the caller's channel.
pub(super) fn only_sets_variables(action: &Action) -> bool {
    matches!(
        action,
        Action::NameCaller(_)
            | Action::NoteOffered(_)
            | Action::NoteChosen(_)
            | Action::NoteCallback(_)
            | Action::NoteTalk(_)
            | Action::TieCallerTo(_)
            | Action::GrantLease(_)
            | Action::ClearLease
    )
}

/// The variables that an action sets on the caller's channel.
pub(super) fn variables(action: &Action, call: &CallId, ledger: &Ledger) -> Vec<(String, String)> {
    match action {
        Action::NameCaller(name) => vec![variable("CALLERID(name)", name.as_str())],
        Action::NoteOffered(offered) => vec![
            variable("CDR(vizavi_offered)", in_a_field(offered)),
            variable("CDR(vizavi_call)", call.to_string()),
        ],
        Action::NoteChosen(chosen) => vec![variable("CDR(vizavi_chosen)", in_a_field(chosen))],
        Action::NoteCallback(person) => vec![variable("CDR(vizavi_callback)", person.as_str())],
        Action::NoteTalk(ongoing) => vec![variable(talk_note::TALK, talk_note::write(ongoing))],
        Action::TieCallerTo(leg) => {
            vec![variable(PEER, ledger.channel_of(call, *leg).as_str())]
        }
        Action::GrantLease(time) => vec![lease(*time)],
        Action::ClearLease => vec![lease(Duration::ZERO)],
        Action::Answer
        | Action::Prepare { .. }
        | Action::Play { .. }
        | Action::StopPlayback(_)
        | Action::StartRingback
        | Action::StopRingback
        | Action::StartMusic
        | Action::StopMusic
        | Action::LookAt(_)
        | Action::LeaveCallback(_)
        | Action::Originate { .. }
        | Action::AskLeg { .. }
        | Action::StopAsking { .. }
        | Action::FreeLeg(_)
        | Action::AdoptLeg(_)
        | Action::HangUpLeg(_)
        | Action::CreateBridge(_)
        | Action::Bridge { .. }
        | Action::Record
        | Action::StopRecording
        | Action::DestroyBridge(_)
        | Action::Continue(_)
        | Action::HangUpCaller
        | Action::Tell(_)
        | Action::Finish(_) => Vec::new(),
    }
}

/// What is told of a request that set an action's variables, or failed to. It goes on without most.
pub(super) fn event(action: &Action, result: &Result<(), RequestError>) -> Option<Event> {
    match (action, result) {
        (Action::GrantLease(_), Err(error)) => Some(failed(Step::GrantLease, error)),
        (Action::ClearLease, Err(error)) => Some(failed(Step::ClearLease, error)),
        (Action::ClearLease, Ok(())) => Some(Event::LeaseCleared),
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
