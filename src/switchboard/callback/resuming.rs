//! Attempts of a process before this one: what Asterisk still has of them, and what that says.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use super::super::reality::Reality;
use super::super::takeover::known_or_gone;
use super::super::talk_note::Clocks;
use super::names::AttemptId;
use super::supervision::{Talk, Tools, Watch, Witness};
use super::translation;
use crate::ari::{Channel, ChannelState, RequestError, Requests};
use crate::domain::callback::attempt::{OperatorNumber, Order, Side, Story};
use crate::domain::callback::{JobId, Outcome};

/// The variables of both legs that tell whose attempt it is.
pub(super) const JOB: &str = "VIZAVI_JOB";
pub(super) const NUMBER: &str = "VIZAVI_ATTEMPT";

/// The variable of the operator's leg that tells since when the two talk: microseconds since 1970.
pub(super) const TALK_SINCE: &str = "VIZAVI_TALK_SINCE";

/// Attempts that are looked for: the id that whoever ordered it was given, and what it was to do.
pub(super) type Sought = HashMap<JobId, (AttemptId, Box<Order>)>;

/// What Asterisk had of the attempts that were looked for.
pub(in super::super) struct Looked(pub(super) Vec<(JobId, Option<Found>)>);

/// What is left of an attempt.
pub(super) struct Found {
    /// The id in the names of its legs.
    leg: AttemptId,
    pub(super) number: u32,
    operator: Option<Channel>,
    patient: Option<Channel>,
    /// The two are in one bridge.
    together: bool,
    /// The patient is together with somebody, perhaps with an operator of the queue.
    patient_talks: bool,
    /// Since when the two talk, as was noted.
    since: Option<Instant>,
}

/// The legs of one attempt.
#[derive(Default)]
struct Legs {
    operator: Option<Channel>,
    patient: Option<Channel>,
}

/// Looks which of these jobs have legs that no attempt knows.
pub(super) async fn look(
    requests: &Requests,
    reality: &Reality,
    sought: &HashSet<JobId>,
    is_known: impl Fn(&AttemptId) -> bool,
) -> Result<Looked, RequestError> {
    let mut all: HashMap<JobId, Found> = HashMap::new();
    if !sought.is_empty() {
        for (attempt, legs) in unknown_legs(reality, is_known) {
            if let Some((job, found)) = identify(requests, reality, attempt, legs).await? {
                let is_older = |known: &Found| known.number < found.number;
                if all.get(&job).is_none_or(is_older) {
                    all.insert(job, found);
                }
            }
        }
    }
    let looked = sought.iter().map(|job| (job.clone(), all.remove(job)));
    Ok(Looked(looked.collect()))
}

fn unknown_legs(
    reality: &Reality,
    is_known: impl Fn(&AttemptId) -> bool,
) -> HashMap<AttemptId, Legs> {
    let mut all: HashMap<AttemptId, Legs> = HashMap::new();
    for channel in reality.channels.values() {
        if let Some((attempt, side)) = translation::leg(channel)
            && !is_known(&attempt)
        {
            let legs = all.entry(attempt).or_default();
            match side {
                Side::Operator => legs.operator = Some(channel.clone()),
                Side::Patient => legs.patient = Some(channel.clone()),
            }
        }
    }
    all
}

/// `None` if the legs tell no job: then they are as good as gone.
async fn identify(
    requests: &Requests,
    reality: &Reality,
    leg: AttemptId,
    legs: Legs,
) -> Result<Option<(JobId, Found)>, RequestError> {
    let Legs { operator, patient } = legs;
    let Some(one) = operator.as_ref().or(patient.as_ref()) else {
        return Ok(None);
    };
    let noted = async |name| known_or_gone(requests.variable(&one.id, name).await);
    let job = noted(JOB).await?.and_then(|job| JobId::parse(&job).ok());
    let number = noted(NUMBER).await?.and_then(|number| number.parse().ok());
    let (Some(job), Some(number)) = (job, number) else {
        return Ok(None);
    };
    let since = noted(TALK_SINCE).await?.and_then(|at| at.parse().ok());
    let both = [leg.operator(), leg.patient()];
    let mut bridges = reality.bridges.iter();
    let found = Found {
        number,
        together: bridges.any(|bridge| both.iter().all(|id| bridge.channels.contains(id))),
        patient_talks: reality.talks(&leg.patient()),
        since: since.map(|micros| Clocks::read().instant(micros)),
        leg,
        operator,
        patient,
    };
    Ok(Some((job, found)))
}

impl Found {
    /// Whether the two talk.
    pub(super) fn talks(&self) -> bool {
        self.together
    }

    /// The talk, to be watched over from now on.
    pub(super) fn talk(self, id: AttemptId, order: Order) -> Talk {
        let clocks = Clocks::read();
        let since = |leg: &Channel| clocks.instant(leg.created_at.milliseconds() * 1000);
        let began = self.operator.as_ref().map_or(clocks.now, since);
        let operator = self.operator.map(|leg| leg.caller.number);
        let story = Story {
            operator: OperatorNumber(operator.unwrap_or_default()),
            patient_dialled: self.patient.as_ref().map(since),
            connected: Some(self.since.unwrap_or(clocks.now)),
            ..Story::default()
        };
        Talk {
            watch: Watch {
                leg: self.leg,
                attempt: id,
                at: clocks.wall_clock(began),
                began,
                times: 0,
            },
            order,
            story,
        }
    }

    /// The two don't talk: what is left of the attempt is being brought home, and it is over.
    pub(super) fn told(self, tools: &Tools, id: AttemptId, order: &Order) {
        let now = Instant::now();
        let picked_up = |leg: &Channel| leg.state == ChannelState::Up;
        let story = Story {
            patient_dialled: self.patient.is_some().then_some(now),
            sent_to_queue: self.patient.as_ref().is_some_and(picked_up),
            // Of a talk with somebody of the queue we see neither the beginning nor the end.
            talk_ended: self.patient_talks.then_some(now),
            ..Story::default()
        };
        let outcome = self.patient_talks.then_some(Outcome::Connected);
        over(tools, id, order, outcome, story);
    }
}

/// Nothing is left of an attempt.
pub(super) fn lost(tools: &Tools, id: AttemptId, order: &Order) {
    over(tools, id, order, None, Story::default());
}

fn over(tools: &Tools, id: AttemptId, order: &Order, outcome: Option<Outcome>, story: Story) {
    let watch = Watch::beginning(id);
    tracing::info!(callback = %watch.leg, "nothing goes on of an attempt of the process before");
    Witness::of(tools, watch, order, Story::default()).attempt_ended(outcome, story);
}
