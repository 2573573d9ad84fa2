//! When an employee may be offered: leave, working hours, until when they work here.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::employee::EmployeeDocument;
use super::event::optional;
use super::text::given;
use super::{Moments, Text, hours};
use crate::domain::rating::{self, EmployeeId, Leave};

/// The most absences of one employee.
const MOST_LEAVE: usize = 100;

/// An absence.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Leave)]
pub struct LeaveDocument<'a> {
    /// The first day, or the first moment.
    #[serde(borrow)]
    #[schema(value_type = String)]
    from: Text<'a>,
    /// The last day, or the first moment after it.
    #[schema(value_type = String)]
    until: Text<'a>,
}

impl LeaveDocument<'_> {
    /// What is known about an absence, so that reading it gives the same.
    pub(super) fn of(leave: &Leave, moments: &Moments) -> LeaveDocument<'static> {
        LeaveDocument {
            from: moments.write_beginning(leave.from).into(),
            until: moments.write_ending(leave.until).into(),
        }
    }
}

pub(super) fn read(
    document: &EmployeeDocument<'_>,
    moments: &Moments,
) -> Result<rating::Employee, String> {
    let until = given(document.until.as_ref()).map(|text| moments.ending(text));
    let leave = document.leave.as_deref().unwrap_or_default();
    if leave.len() > MOST_LEAVE {
        return Err(format!("leave: {MOST_LEAVE} absences are the most"));
    }
    let leave = leave.iter().enumerate().map(|(index, leave)| {
        absence(leave, moments).map_err(|reason| format!("leave[{index}]: {reason}"))
    });
    Ok(rating::Employee {
        alias_of: optional(document.alias_of.as_ref(), "alias_of", EmployeeId::parse)?,
        until: until
            .transpose()
            .map_err(|reason| format!("until: {reason}"))?,
        successor: optional(document.successor.as_ref(), "successor", EmployeeId::parse)?,
        technical: document.technical.unwrap_or(false),
        leave: leave.collect::<Result<_, _>>()?,
        hours: given(document.hours.as_ref())
            .map(hours::parse)
            .transpose()?,
    })
}

fn absence(document: &LeaveDocument<'_>, moments: &Moments) -> Result<Leave, String> {
    let leave = Leave {
        from: moments.beginning(document.from.as_str())?,
        until: moments.ending(document.until.as_str())?,
    };
    if leave.from >= leave.until {
        return Err("it ends before it begins".to_owned());
    }
    Ok(leave)
}
