//! The bench: the same call through five applications on one Asterisk, measured and written down.

mod bench;

use std::process::ExitCode;

fn main() -> ExitCode {
    match bench::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
