//! What came of a call.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::rating::{EmployeeId, Observed};

use super::instant::StoredInstant;
use super::{Unreadable, damaged, decode, encode};

/// The value under a client's id, a moment and a call's id.
#[derive(Serialize, Deserialize)]
struct StoredObserved<'a> {
    #[serde(borrow)]
    call: &'a str,
    at: StoredInstant,
    offered: Vec<&'a str>,
    chosen: Vec<&'a str>,
    /// With whom, for how long.
    talked: Option<(&'a str, Duration)>,
}

pub(in crate::store) fn encode_observed(observed: &Observed) -> Result<Vec<u8>, postcard::Error> {
    let talked = observed.talked.as_ref();
    encode(&StoredObserved {
        call: &observed.call,
        at: observed.at.into(),
        offered: observed.offered.iter().map(EmployeeId::as_str).collect(),
        chosen: observed.chosen.iter().map(EmployeeId::as_str).collect(),
        talked: talked.map(|(employee, time)| (employee.as_str(), *time)),
    })
}

pub(in crate::store) fn decode_observed(bytes: &[u8]) -> Result<Observed, Unreadable> {
    let stored: StoredObserved<'_> = decode(bytes)?;
    let employees = |ids: &[&str]| -> Result<Vec<EmployeeId>, Unreadable> {
        let ids = ids.iter().map(|id| EmployeeId::parse(id));
        ids.collect::<Result<_, _>>().map_err(damaged)
    };
    let talked = stored.talked.map(|(employee, time)| {
        let employee = EmployeeId::parse(employee).map_err(damaged)?;
        Ok((employee, time))
    });
    Ok(Observed {
        call: stored.call.to_owned(),
        at: stored.at.try_into()?,
        offered: employees(&stored.offered)?,
        chosen: employees(&stored.chosen)?,
        talked: talked.transpose()?,
    })
}
