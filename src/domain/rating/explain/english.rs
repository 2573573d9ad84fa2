//! The words of explanations in English.

use jiff::Timestamp;

use super::super::cases::CaseState;
use super::super::staff::Withheld;
use super::Age;

pub(super) fn age(age: Age) -> String {
    let (count, unit) = match age {
        Age::Now => return "just now".to_owned(),
        Age::Minutes(count) => (count, "minute"),
        Age::Hours(count) => (count, "hour"),
        Age::Days(count) => (count, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} ago")
}

pub(super) fn case(state: CaseState) -> Option<&'static str> {
    match state {
        CaseState::Open => None,
        CaseState::Resolved => Some("case resolved"),
        CaseState::Closed => Some("case closed"),
    }
}

pub(super) fn withheld(reason: &Withheld, moment: impl Fn(Timestamp) -> String) -> String {
    let reason = match reason {
        Withheld::Unknown => "nobody knows this employee".to_owned(),
        Withheld::Left { since } => format!("does not work here since {}", moment(*since)),
        Withheld::Technical => "a technical account".to_owned(),
        Withheld::OnLeave { until } => format!("away until {}", moment(*until)),
        Withheld::OutOfHours => "outside working hours".to_owned(),
    };
    format!("not offered: {reason}")
}
