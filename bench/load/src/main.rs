//! The bench: the same call through five applications on one Asterisk, and through the least that can be
//! asked of ARI, measured and written down.

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
