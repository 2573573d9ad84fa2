//! What is told of callback jobs: one, a row of a table, and what came of many.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{CallbackDocument, Moments};
use crate::domain::callback::report::{INTERRUPTED, Reached, Report};
use crate::domain::callback::{AttemptRecord, Destination, Ending, Job, Outcome, State};

/// A callback job with what has been done for it.
#[derive(Serialize, ToSchema)]
#[schema(as = CallbackJob)]
pub struct CallbackJob {
    /// What it asks for.
    #[serde(flatten)]
    #[schema(value_type = CallbackDocument<'static>)]
    wanted: CallbackDocument<'static>,
    /// `waiting`, `running` or `ended`.
    state: &'static str,
    /// When it came first.
    created: String,
    /// While it waits: until when at least. Then for the hours to open, and for an operator.
    next: Option<String>,
    /// When it is over: `connected`, `done`, `number-to-be-corrected`, `attempts-used-up`, `too-late` or
    /// `cancelled`.
    ending: Option<&'static str>,
    /// Since when it is over.
    ended: Option<String>,
    /// How many attempts have been used up.
    attempts_used: u32,
    /// The latest 20 attempts, oldest first; also those that used up nothing.
    history: Vec<CallbackAttempt>,
}

/// One attempt that is over.
#[derive(Serialize, ToSchema)]
#[schema(as = CallbackAttempt)]
pub struct CallbackAttempt {
    /// Which one, from 1.
    number: u32,
    /// When it began.
    began: String,
    /// When it was over.
    ended: String,
    /// How it ended.
    outcome: &'static str,
    /// Why the person's leg ended, by Q.850.
    cause: Option<u16>,
    /// The status of the SIP answer that ended it, as far as Asterisk was told.
    sip: Option<u16>,
    /// How long the two talked, in seconds.
    talk_seconds: Option<u64>,
    /// Who took the call, as far as that is known.
    operator: Option<String>,
}

impl CallbackJob {
    /// All that is known of a job.
    #[must_use]
    pub fn of(job: &Job, moments: &Moments) -> Self {
        let attempts = job.history.iter();
        Self {
            wanted: CallbackDocument::of(&job.wanted, moments),
            state: state(job),
            created: moments.write_time(job.created),
            next: next(job).map(|next| moments.write_time(next)),
            ending: ending(job).map(|(ending, _)| ending.name()),
            ended: ending(job).map(|(_, at)| moments.write_time(at)),
            attempts_used: job.used,
            history: attempts
                .map(|one| CallbackAttempt::of(one, moments))
                .collect(),
        }
    }
}

impl CallbackAttempt {
    fn of(attempt: &AttemptRecord, moments: &Moments) -> Self {
        let result = &attempt.result;
        Self {
            number: attempt.number,
            began: moments.write_time(attempt.began),
            ended: moments.write_time(result.ended),
            outcome: outcome(attempt),
            cause: result.cause,
            sip: result.sip,
            talk_seconds: result.talked.map(|talked| talked.as_secs()),
            operator: result.operator.clone(),
        }
    }
}

fn outcome(attempt: &AttemptRecord) -> &'static str {
    attempt.result.outcome.map_or(INTERRUPTED, Outcome::name)
}

fn state(job: &Job) -> &'static str {
    match job.state {
        State::Waiting { .. } => "waiting",
        State::Running { .. } => "running",
        State::Ended { .. } => "ended",
    }
}

fn next(job: &Job) -> Option<Timestamp> {
    match job.state {
        State::Waiting { next, .. } => Some(next),
        State::Running { .. } | State::Ended { .. } => None,
    }
}

fn ending(job: &Job) -> Option<(Ending, Timestamp)> {
    match job.state {
        State::Ended { ending, at } => Some((ending, at)),
        State::Waiting { .. } | State::Running { .. } => None,
    }
}

/// The columns of a table of jobs.
pub const COLUMNS: [&str; 19] = [
    "id",
    "last",
    "first",
    "middle",
    "phone",
    "extension",
    "appointment",
    "specialist",
    "reason",
    "priority",
    "owner",
    "created",
    "state",
    "next",
    "ending",
    "ended",
    "attempts_used",
    "last_outcome",
    "last_operator",
];

/// A row of a table of jobs.
#[must_use]
pub fn row(job: &Job, moments: &Moments) -> [String; COLUMNS.len()] {
    let wanted = &job.wanted;
    let text = |text: Option<&str>| text.map(harmless).unwrap_or_default();
    let time = |moment: Option<Timestamp>| {
        let written = moment.map(|moment| moments.write_time(moment));
        written.unwrap_or_default()
    };
    let person = wanted.person.as_ref();
    let (phone, extension) = match &wanted.destination {
        Destination::Phone(phone) => (phone.as_str(), ""),
        Destination::Extension(extension) => ("", extension.digits()),
    };
    let owner = wanted.owner.as_ref().map(|owner| owner.employee.as_str());
    let ending = ending(job);
    let last = job.history.last();
    let operator = last.and_then(|last| last.result.operator.as_deref());
    [
        harmless(wanted.id.as_str()),
        text(person.and_then(|name| name.last())),
        text(person.and_then(|name| name.first())),
        text(person.and_then(|name| name.middle())),
        phone.to_owned(),
        extension.to_owned(),
        time(wanted.appointment),
        text(wanted.specialist.as_deref()),
        text(wanted.reason.as_deref()),
        wanted.priority.to_string(),
        text(owner),
        time(Some(job.created)),
        state(job).to_owned(),
        time(next(job)),
        ending.map_or("", |(ending, _)| ending.name()).to_owned(),
        time(ending.map(|(_, at)| at)),
        job.used.to_string(),
        last.map_or("", outcome).to_owned(),
        text(operator),
    ]
}

/// A text that no program for tables takes for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return format!("'{text}");
    }
    text.to_owned()
}

/// What came of callbacks in a time.
#[derive(Serialize, ToSchema)]
#[schema(as = CallbackReport)]
pub struct CallbackReport {
    /// The first moment of the time.
    from: String,
    /// The first moment after it.
    to: String,
    /// Attempts that began in it.
    attempts: u64,
    /// These by how they ended.
    outcomes: Vec<Counted>,
    /// These by the hour of the day.
    hours: Vec<ReachedDocument>,
    /// These by who took them.
    operators: Vec<ReachedDocument>,
    /// Jobs that ended in it.
    ended: u64,
    /// These by how.
    endings: Vec<Counted>,
    /// The jobs whose people were reached, by the number of attempts that took.
    attempts_to_success: Vec<Counted>,
    /// Of the jobs that ended, the share of those whose number has to be corrected: 0 to 1.
    share_to_be_corrected: f64,
}

/// How many of something there were.
#[derive(Serialize, ToSchema)]
pub struct Counted {
    /// Of what.
    name: String,
    /// How many.
    count: u64,
}

/// How many attempts reached somebody.
#[derive(Serialize, ToSchema)]
#[schema(as = Reached)]
pub struct ReachedDocument {
    /// Whose attempts, or of which hour.
    name: String,
    /// All of them.
    attempts: u64,
    /// Those that led to a talk.
    connected: u64,
    /// How long these talks were together, in seconds.
    talk_seconds: u64,
}

impl CallbackReport {
    /// A report about the time from one moment until another.
    #[must_use]
    pub fn of(report: &Report, from: Timestamp, until: Timestamp, moments: &Moments) -> Self {
        let hours = report.hours.iter();
        let operators = report.operators.iter();
        let attempts = report.attempts_to_success.iter();
        Self {
            from: moments.write_time(from),
            to: moments.write_time(until),
            attempts: report.attempts(),
            outcomes: report.outcomes.iter().map(counted).collect(),
            hours: hours
                .map(|(hour, one)| reached(format!("{hour:02}:00"), one))
                .collect(),
            operators: operators
                .map(|(operator, one)| reached(operator.clone(), one))
                .collect(),
            ended: report.ended(),
            endings: report.endings.iter().map(counted).collect(),
            attempts_to_success: attempts.map(counted).collect(),
            share_to_be_corrected: report.share_to_be_corrected(),
        }
    }
}

fn counted((name, count): (&impl ToString, &u64)) -> Counted {
    Counted {
        name: name.to_string(),
        count: *count,
    }
}

fn reached(name: String, reached: &Reached) -> ReachedDocument {
    ReachedDocument {
        name,
        attempts: reached.attempts,
        connected: reached.connected,
        talk_seconds: reached.talked.as_secs(),
    }
}
