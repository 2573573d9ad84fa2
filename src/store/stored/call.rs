//! A call of the journal.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::call::{
    CallRecord, Departure, FallbackReason, LegEnding, Moment, Occurrence, Outcome, Step,
};
use crate::domain::menu::{Key, MenuKind};
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{ClientId, EmployeeId};

use super::instant::StoredInstant;
use super::{Unreadable, damaged, decode, encode};

/// The value under a moment and a call's id.
#[derive(Serialize, Deserialize)]
struct StoredCall<'a> {
    call: &'a str,
    at: StoredInstant,
    caller: Option<u64>,
    client: Option<&'a str>,
    named: bool,
    menu: Option<StoredMenu>,
    offered: Vec<&'a str>,
    chosen: Vec<&'a str>,
    /// With whom, for how long.
    talked: Option<(&'a str, Duration)>,
    outcome: StoredOutcome,
    length: Duration,
    /// Milliseconds since the arrival, and what happened.
    steps: Vec<(u64, StoredStep<'a>)>,
}

#[derive(Serialize, Deserialize)]
enum StoredStep<'a> {
    Came,
    #[serde(borrow)]
    Offered(Vec<&'a str>),
    Prompt,
    Key(char),
    Dialled(&'a str),
    Rings(&'a str),
    Answered(&'a str),
    LegEnded(&'a str, StoredLegEnding),
    LegReleased(&'a str),
    TalkBegan(&'a str),
    HandedOn(&'a str),
    TalkEnded,
    Failed(StoredRequest),
    Stopping,
    ToFallback(StoredReason),
    Released,
    Left(StoredDeparture),
    TakenOver,
    // A step that came later stays behind the others: their numbers are on disk.
    Waits(&'a str),
    CallbackWanted(&'a str),
    CallbackKept(&'a str),
}

#[derive(Serialize, Deserialize)]
enum StoredOutcome {
    Talked,
    TalksOn,
    HungUp,
    Fallback(StoredReason),
    Stuck,
    // As with the steps, later ones stay behind the others.
    CallbackLeft,
}

#[derive(Serialize, Deserialize)]
enum StoredReason {
    Asked,
    NoChoice,
    NobodyToOffer,
    NobodyAnswered,
    NothingToPlay,
    LeaseRanOut,
    Trouble(StoredRequest),
    Stopping,
    Closed,
    Direct,
    CallbackNotKept,
}

/// A small type of the domain, and its shape on disk.
macro_rules! shapes {
    ($($stored:ident of $domain:ident: $($variant:ident)*;)*) => {$(
        #[derive(Serialize, Deserialize)]
        enum $stored { $($variant),* }

        impl From<$domain> for $stored {
            fn from(value: $domain) -> Self {
                match value { $($domain::$variant => Self::$variant),* }
            }
        }

        impl From<$stored> for $domain {
            fn from(value: $stored) -> Self {
                match value { $($stored::$variant => Self::$variant),* }
            }
        }
    )*};
}

shapes! {
    StoredMenu of MenuKind: Personal Default;
    StoredLegEnding of LegEnding: NoAnswer Busy Refused Unreachable HungUp;
    StoredDeparture of Departure: HungUp ToDialplan;
    StoredRequest of Step: Answer GrantLease ClearLease Play Bridge Continue HangUpCaller;
}

impl From<FallbackReason> for StoredReason {
    fn from(reason: FallbackReason) -> Self {
        match reason {
            FallbackReason::Asked => Self::Asked,
            FallbackReason::NoChoice => Self::NoChoice,
            FallbackReason::NobodyToOffer => Self::NobodyToOffer,
            FallbackReason::NobodyAnswered => Self::NobodyAnswered,
            FallbackReason::NothingToPlay => Self::NothingToPlay,
            FallbackReason::LeaseRanOut => Self::LeaseRanOut,
            FallbackReason::Trouble(step) => Self::Trouble(step.into()),
            FallbackReason::Stopping => Self::Stopping,
            FallbackReason::Closed => Self::Closed,
            FallbackReason::Direct => Self::Direct,
            FallbackReason::CallbackNotKept => Self::CallbackNotKept,
        }
    }
}

impl From<StoredReason> for FallbackReason {
    fn from(reason: StoredReason) -> Self {
        match reason {
            StoredReason::Asked => Self::Asked,
            StoredReason::NoChoice => Self::NoChoice,
            StoredReason::NobodyToOffer => Self::NobodyToOffer,
            StoredReason::NobodyAnswered => Self::NobodyAnswered,
            StoredReason::NothingToPlay => Self::NothingToPlay,
            StoredReason::LeaseRanOut => Self::LeaseRanOut,
            StoredReason::Trouble(step) => Self::Trouble(step.into()),
            StoredReason::Stopping => Self::Stopping,
            StoredReason::Closed => Self::Closed,
            StoredReason::Direct => Self::Direct,
            StoredReason::CallbackNotKept => Self::CallbackNotKept,
        }
    }
}

impl From<Outcome> for StoredOutcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Talked => Self::Talked,
            Outcome::TalksOn => Self::TalksOn,
            Outcome::HungUp => Self::HungUp,
            Outcome::Fallback(reason) => Self::Fallback(reason.into()),
            Outcome::Stuck => Self::Stuck,
            Outcome::CallbackLeft => Self::CallbackLeft,
        }
    }
}

impl From<StoredOutcome> for Outcome {
    fn from(outcome: StoredOutcome) -> Self {
        match outcome {
            StoredOutcome::Talked => Self::Talked,
            StoredOutcome::TalksOn => Self::TalksOn,
            StoredOutcome::HungUp => Self::HungUp,
            StoredOutcome::Fallback(reason) => Self::Fallback(reason.into()),
            StoredOutcome::Stuck => Self::Stuck,
            StoredOutcome::CallbackLeft => Self::CallbackLeft,
        }
    }
}

impl<'a> From<&'a Occurrence> for StoredStep<'a> {
    fn from(what: &'a Occurrence) -> Self {
        match what {
            Occurrence::Came => Self::Came,
            Occurrence::Offered(offered) => Self::Offered(texts(offered)),
            Occurrence::Prompt => Self::Prompt,
            Occurrence::Key(key) => Self::Key(key.as_char()),
            Occurrence::Dialled(who) => Self::Dialled(who.as_str()),
            Occurrence::Rings(who) => Self::Rings(who.as_str()),
            Occurrence::Answered(who) => Self::Answered(who.as_str()),
            Occurrence::LegEnded(who, why) => Self::LegEnded(who.as_str(), (*why).into()),
            Occurrence::LegReleased(who) => Self::LegReleased(who.as_str()),
            Occurrence::TalkBegan(who) => Self::TalkBegan(who.as_str()),
            Occurrence::HandedOn(who) => Self::HandedOn(who.as_str()),
            Occurrence::TalkEnded => Self::TalkEnded,
            Occurrence::TakenOver => Self::TakenOver,
            Occurrence::Failed(step) => Self::Failed((*step).into()),
            Occurrence::Stopping => Self::Stopping,
            Occurrence::ToFallback(reason) => Self::ToFallback((*reason).into()),
            Occurrence::Released => Self::Released,
            Occurrence::Left(departure) => Self::Left((*departure).into()),
            Occurrence::Waits(who) => Self::Waits(who.as_str()),
            Occurrence::CallbackWanted(who) => Self::CallbackWanted(who.as_str()),
            Occurrence::CallbackKept(who) => Self::CallbackKept(who.as_str()),
        }
    }
}

impl TryFrom<StoredStep<'_>> for Occurrence {
    type Error = Unreadable;

    fn try_from(step: StoredStep<'_>) -> Result<Self, Unreadable> {
        Ok(match step {
            StoredStep::Came => Self::Came,
            StoredStep::Offered(offered) => Self::Offered(employees(&offered)?),
            StoredStep::Prompt => Self::Prompt,
            StoredStep::Key(key) => Self::Key(Key::parse(key).ok_or(Unreadable::Damaged)?),
            StoredStep::Dialled(who) => Self::Dialled(employee(who)?),
            StoredStep::Rings(who) => Self::Rings(employee(who)?),
            StoredStep::Answered(who) => Self::Answered(employee(who)?),
            StoredStep::LegEnded(who, why) => Self::LegEnded(employee(who)?, why.into()),
            StoredStep::LegReleased(who) => Self::LegReleased(employee(who)?),
            StoredStep::TalkBegan(who) => Self::TalkBegan(employee(who)?),
            StoredStep::HandedOn(who) => Self::HandedOn(employee(who)?),
            StoredStep::TalkEnded => Self::TalkEnded,
            StoredStep::TakenOver => Self::TakenOver,
            StoredStep::Failed(step) => Self::Failed(step.into()),
            StoredStep::Stopping => Self::Stopping,
            StoredStep::ToFallback(reason) => Self::ToFallback(reason.into()),
            StoredStep::Released => Self::Released,
            StoredStep::Left(departure) => Self::Left(departure.into()),
            StoredStep::Waits(who) => Self::Waits(employee(who)?),
            StoredStep::CallbackWanted(who) => Self::CallbackWanted(employee(who)?),
            StoredStep::CallbackKept(who) => Self::CallbackKept(employee(who)?),
        })
    }
}

pub(in crate::store) fn encode_call(call: &CallRecord) -> Result<Vec<u8>, postcard::Error> {
    let talked = call.talked.as_ref();
    let steps = call.steps.iter().map(|moment| {
        let after = u64::try_from(moment.at.as_millis()).unwrap_or(u64::MAX);
        (after, StoredStep::from(&moment.what))
    });
    encode(&StoredCall {
        call: &call.call,
        at: call.at.into(),
        caller: call.caller.as_ref().map(PhoneNumber::digits),
        client: call.client.as_ref().map(ClientId::as_str),
        named: call.named,
        menu: call.menu.map(StoredMenu::from),
        offered: texts(&call.offered),
        chosen: texts(&call.chosen),
        talked: talked.map(|(employee, time)| (employee.as_str(), *time)),
        outcome: call.outcome.into(),
        length: call.length,
        steps: steps.collect(),
    })
}

pub(in crate::store) fn decode_call(bytes: &[u8]) -> Result<CallRecord, Unreadable> {
    let stored: StoredCall<'_> = decode(bytes)?;
    let talked = stored
        .talked
        .map(|(who, time)| Ok((employee(who)?, time)))
        .transpose()?;
    let steps = stored.steps.into_iter().map(|(after, step)| {
        Ok(Moment {
            at: Duration::from_millis(after),
            what: step.try_into()?,
        })
    });
    Ok(CallRecord {
        call: stored.call.to_owned(),
        at: stored.at.try_into()?,
        caller: stored.caller.map(PhoneNumber::of_digits),
        client: stored.client.map(client).transpose()?,
        named: stored.named,
        menu: stored.menu.map(MenuKind::from),
        offered: employees(&stored.offered)?,
        chosen: employees(&stored.chosen)?,
        talked,
        outcome: stored.outcome.into(),
        length: stored.length,
        steps: steps.collect::<Result<_, Unreadable>>()?,
    })
}

fn texts(ids: &[EmployeeId]) -> Vec<&str> {
    ids.iter().map(EmployeeId::as_str).collect()
}

fn employee(id: &str) -> Result<EmployeeId, Unreadable> {
    EmployeeId::parse(id).map_err(damaged)
}

fn client(id: &str) -> Result<ClientId, Unreadable> {
    ClientId::parse(id).map_err(damaged)
}

fn employees(ids: &[&str]) -> Result<Vec<EmployeeId>, Unreadable> {
    ids.iter().map(|id| employee(id)).collect()
}
