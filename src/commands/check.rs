//! `vizavi check`

use std::error::Error;
use std::io::Write;

use vizavi::config::Settings;

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
    Ok(())
}
