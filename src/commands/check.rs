//! `vizavi check`

use std::error::Error;
use std::io::Write;

use vizavi::config::Settings;
use vizavi::people::People;

use super::log;

pub(crate) fn check(settings: &Settings) -> Result<(), Box<dyn Error>> {
    log::filter(&settings.log.level)?;
    let people = People::read(&settings.people)?;
    let entries = people.entries().len();
    let callers = people.known_callers().count();
    writeln!(
        std::io::stdout(),
        "The settings are right. People and departments that can be reached: {entries}. Telephone \
         numbers with a menu of their own: {callers}."
    )?;
    Ok(())
}
