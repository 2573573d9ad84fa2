//! `vizavi config`

use std::error::Error;
use std::io::Write;

pub(crate) fn print() -> Result<(), Box<dyn Error>> {
    Ok(write!(std::io::stdout(), "{}", vizavi::config::DEFAULT)?)
}
