//! The words of explanations in Russian.

use jiff::Timestamp;

use super::super::cases::CaseState;
use super::super::staff::Withheld;
use super::Age;

pub(super) fn age(age: Age) -> String {
    let (count, forms) = match age {
        Age::Now => return "только что".to_owned(),
        Age::Minutes(count) => (count, ["минуту", "минуты", "минут"]),
        Age::Hours(count) => (count, ["час", "часа", "часов"]),
        Age::Days(count) => (count, ["день", "дня", "дней"]),
    };
    format!("{count} {} назад", counted(count, forms))
}

/// The form that follows a number: 1 день, 2 дня, 5 дней.
fn counted(count: u64, [one, few, many]: [&'static str; 3]) -> &'static str {
    match (count % 100, count % 10) {
        (11..=14, _) => many,
        (_, 1) => one,
        (_, 2..=4) => few,
        (_, _) => many,
    }
}

pub(super) fn case(state: CaseState) -> Option<&'static str> {
    match state {
        CaseState::Open => None,
        CaseState::Resolved => Some("дело решено"),
        CaseState::Closed => Some("дело закрыто"),
    }
}

pub(super) fn withheld(reason: &Withheld, moment: impl Fn(Timestamp) -> String) -> String {
    let reason = match reason {
        Withheld::Unknown => "сотрудник неизвестен".to_owned(),
        Withheld::Left { since } => format!("не работает с {}", moment(*since)),
        Withheld::Technical => "служебная учётная запись".to_owned(),
        Withheld::OnLeave { until } => format!("отсутствует до {}", moment(*until)),
        Withheld::OutOfHours => "не рабочее время".to_owned(),
    };
    format!("не предлагается: {reason}")
}
