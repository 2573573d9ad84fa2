//! What the store can do on this machine: `cargo run --release --example bench_store [clients events]…`.
//!
//! Each size runs in processes of its own, one that fills a new store, one that opens it again, and
//! `vizavi import`, so that the memory of one is not the memory of the other. The store is in `BENCH_DIRECTORY`, otherwise in
//! the directory for temporary files, and is deleted afterwards. `RUST_LOG=vizavi=info` shows what it does meanwhile.

mod crm;
mod importing;
mod phases;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use tempfile::TempDir;
use tracing_subscriber::EnvFilter;

use crm::Crm;

/// A quarter, a half and the whole of what is promised.
const SIZES: [(u32, u32); 3] = [
    (125_000, 2_500_000),
    (250_000, 5_000_000),
    (500_000, 10_000_000),
];

fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::from_default_env())
        .init();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [phase, directory, clients, events] = arguments.as_slice() {
        let crm = Crm::new(clients.parse()?, events.parse()?);
        let directory = Path::new(directory);
        return match phase.as_str() {
            "import" => importing::import(directory, &crm),
            phase => phases::run(phase, directory, &crm),
        };
    }
    let sizes = match arguments.as_slice() {
        [clients, events] => vec![(clients.parse()?, events.parse()?)],
        _ => SIZES.to_vec(),
    };
    for (clients, events) in sizes {
        one_size(clients, events)?;
    }
    Ok(())
}

fn one_size(clients: u32, events: u32) -> Result<(), Box<dyn Error>> {
    let parent = std::env::var_os("BENCH_DIRECTORY");
    let parent: PathBuf = parent.map_or_else(std::env::temp_dir, Into::into);
    writeln!(std::io::stdout(), "\n{clients} clients, {events} events")?;
    let (filled, imported) = (TempDir::new_in(&parent)?, TempDir::new_in(&parent)?);
    let imported_store = imported.path().join("store");
    for (phase, directory) in [
        ("fill", filled.path()),
        ("reopen", filled.path()),
        ("import", imported.path()),
        ("reopen", &imported_store),
    ] {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(phase).arg(directory);
        let status: ExitStatus = command
            .args([clients.to_string(), events.to_string()])
            .status()?;
        if !status.success() {
            return Err(format!("{phase}: {status}").into());
        }
    }
    Ok(())
}
