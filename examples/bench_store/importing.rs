//! The same events as a file, taken by `vizavi import`: parsing and telephone numbers included.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use vizavi::domain::rating::Body;
use vizavi::store::Change;

use crate::crm::Crm;
use crate::phases::row;

pub(crate) fn import(directory: &Path, crm: &Crm) -> Result<(), Box<dyn Error>> {
    let program = std::env::current_exe()?.with_file_name("../vizavi");
    if !program.exists() {
        return Err("there is no vizavi beside the examples: cargo build --release".into());
    }
    let (events, settings) = (
        directory.join("events.ndjson"),
        directory.join("vizavi.toml"),
    );
    write_events(&events, crm)?;
    let store = json!(directory.join("store")).to_string();
    fs::write(&settings, format!("[store]\ndirectory = {store}\n"))?;
    let megabytes = fs::metadata(&events)?.len() / 1_000_000;
    let started = Instant::now();
    let mut importing = Command::new(program)
        .arg("import")
        .arg("--config")
        .args([&settings, &events])
        .stderr(Stdio::null())
        .spawn()?;
    let mut most = 0;
    let status = loop {
        if let Some(status) = importing.try_wait()? {
            break status;
        }
        most = most.max(most_memory(importing.id()).unwrap_or_default());
        thread::sleep(Duration::from_millis(50));
    };
    if !status.success() {
        return Err(format!("vizavi import: {status}").into());
    }
    let seconds = started.elapsed().as_secs_f64();
    let rate = f64::from(crm.events) / seconds;
    row(
        "vizavi import",
        &format!("{rate:.0} events/s ({seconds:.1} s for {megabytes} MB), at most {most} MiB"),
    );
    Ok(())
}

fn write_events(path: &Path, crm: &Crm) -> Result<(), Box<dyn Error>> {
    let mut file = BufWriter::new(File::create(path)?);
    for number in 0..crm.events {
        let Change::Event { client, event, .. } = crm.change(number) else {
            continue;
        };
        let Body::Happened(what) = event.body else {
            continue;
        };
        let phones: Vec<_> = what.phones.iter().map(|phone| phone.as_str()).collect();
        let line = json!({
            "id": event.id.as_str(),
            "type": what.kind.as_str(),
            "time": event.time.to_string(),
            "client": client.as_str(),
            "employee": what.employee.as_str(),
            "case": what.case.as_ref().map(|case| case.as_str()),
            "phones": phones,
        });
        serde_json::to_writer(&mut file, &line)?;
        file.write_all(b"\n")?;
    }
    file.flush()?;
    Ok(())
}

/// The most that a process has had, in MiB.
fn most_memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}
