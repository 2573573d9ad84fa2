//! What the fault table and chaos share as programs: which application they try, and how they speak.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::support::company::Result;

/// The application, built beside this program.
pub(crate) fn application() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let built = own.parent().and_then(Path::parent);
    let program = built
        .ok_or("this program's place is unknown")?
        .join("vizavi");
    if program.exists() {
        return Ok(program);
    }
    Err(format!("{} is not built", program.display()).into())
}

/// A line of progress, or the result.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    // A reader who has gone away is no reason to stop.
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

/// For whoever looks for the reason: logs, in `target/faults`.
pub(crate) fn keep(name: &str, text: &str) {
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/faults");
    let _ = std::fs::create_dir_all(&directory);
    let _ = std::fs::write(directory.join(name + ".log"), text);
}
