//! `vizavi check`

mod callbacks;
mod pbx;

use std::error::Error;
use std::io::Write;

use vizavi::config::{Closed, Hours, Number, Settings};
use vizavi::crm::hours_in_words;
use vizavi::domain::business::Called;
use vizavi::domain::language::Language;

use super::log;

pub(crate) fn check(settings: &Settings) -> Result<(), Box<dyn Error>> {
    log::filter(&settings.log.level)?;
    let departments = settings.company.departments.len();
    let types = settings.rating.kinds.len();
    writeln!(
        std::io::stdout(),
        "The settings are right. Departments for callers about whom nothing is known: {departments}. \
         Types of event that count: {types}."
    )?;
    if departments == 0 {
        writeln!(
            std::io::stdout(),
            "Without a [[department]] such callers go to the fallback at once."
        )?;
    }
    let asked = settings.callbacks.as_ref();
    let asked = asked.map(|callbacks| {
        let reserve = callbacks.rules.limits.reserve;
        pbx::told(&settings.ari, &callbacks.attempt.queue, reserve)
    });
    let lines = understood(settings).into_iter();
    let lines = lines.chain(callbacks::understood(settings));
    for line in lines.chain(asked.into_iter().flatten()) {
        writeln!(std::io::stdout(), "{line}")?;
    }
    Ok(())
}

/// What was made of hours and numbers, if there are any.
fn understood(settings: &Settings) -> Vec<String> {
    let mut lines = Vec::new();
    if settings.hours.is_some() || !settings.numbers.is_empty() {
        lines.push(format!("Open: {}.", hours(settings.hours.as_ref())));
    }
    lines.extend(settings.numbers.iter().map(number));
    let direct = settings.direct.len();
    if direct > 0 {
        lines.push(format!("Callers who get no menu: {direct}."));
    }
    lines
}

fn number(number: &Number) -> String {
    let called: Vec<&str> = number.called.iter().map(Called::as_str).collect();
    let departments = number.departments.iter();
    let departments: Vec<&str> = departments.map(|entry| entry.extension.digits()).collect();
    let own = number.fallback.as_ref();
    let fallback = own.map_or_else(
        || "the general one".to_owned(),
        |place| format!("{},{},1", place.context, place.extension),
    );
    format!(
        "Number {}: greeting {}; language {}; departments {}; fallback {}; open {}.",
        called.join(", "),
        if number.greeting.is_some() {
            "its own"
        } else {
            "the general one"
        },
        number
            .language
            .map_or("the client's or the general one", Language::code),
        if departments.is_empty() {
            "none".to_owned()
        } else {
            departments.join(", ")
        },
        fallback,
        hours(number.hours.as_ref()),
    )
}

fn hours(hours: Option<&Hours>) -> String {
    let Some(Hours { opening, closed }) = hours else {
        return "always".to_owned();
    };
    let week = opening.week.as_ref();
    let week = week.map_or_else(|| "always".to_owned(), hours_in_words);
    let zone = opening.time_zone.iana_name();
    let zone = zone.unwrap_or("this machine's time");
    let closed = match closed {
        Closed::Fallback => "the fallback",
        Closed::Menu(None) => "the menu",
        Closed::Menu(Some(_)) => "the menu with a greeting of its own",
    };
    let holidays = opening.holidays.len();
    format!("{week} ({zone}), holidays: {holidays}, when closed {closed}")
}
