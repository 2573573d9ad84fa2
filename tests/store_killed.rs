//! SIGKILL during ingestion, round after round: every event that was acknowledged is there afterwards,
//! once.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use vizavi::domain::phone::PhoneNumber;
use vizavi::domain::rating::{Body, ClientId, EmployeeId, Event, EventId, Happening, KindName};
use vizavi::store::{Change, Settings, Store};

use crate::support::company::Result;

const ROUNDS: u32 = 50;
/// The child's threads, each of which writes as fast as it is answered.
const WRITERS: u32 = 4;
/// So many events are written together.
const TOGETHER: u32 = 20;
/// Few enough that clients get many events, and more of them in later rounds.
const CLIENTS: u32 = 300;

const DIRECTORY: &str = "VIZAVI_TEST_STORE";
const ROUND: &str = "VIZAVI_TEST_ROUND";

fn open(directory: &Path) -> Result<Store> {
    let opened = Store::open(&Settings::new(directory, TimeZone::UTC))?;
    assert_eq!(opened.moved_aside, None, "a kill has damaged the store");
    Ok(opened.store)
}

/// The event of a number, and its client: the same in every process.
fn change(round: u32, writer: u32, number: u32) -> Result<(String, Change)> {
    let id = format!("{round}-{writer}-{number}");
    let client = (number * 7 + writer * 31 + round) % CLIENTS;
    let happening = Happening {
        kind: KindName::parse("visit")?,
        employee: EmployeeId::parse("anna")?,
        case: None,
        phones: vec![PhoneNumber::parse(&format!(
            "+7495{:07}",
            1_000_000 + client
        ))?],
    };
    let change = Change::Event {
        client: ClientId::parse(&format!("client-{client}"))?,
        event: Event {
            id: EventId::parse(&id)?,
            version: 0,
            body: Body::Happened(happening),
            time: Timestamp::from_second(1_790_000_000 + i64::from(round * 10_000 + number))?,
        },
        arrived: Timestamp::now(),
    };
    Ok((id, change))
}

/// The child: writes until it is killed, and says what has been acknowledged.
#[test]
#[ignore = "does nothing but write into a store until it is killed"]
fn writes_until_it_is_killed() -> Result<()> {
    let round: u32 = std::env::var(ROUND)?.parse()?;
    let directory = std::env::var(DIRECTORY)?;
    let store = open(Path::new(&directory))?;
    let mut threads = Vec::new();
    for writer in 0..WRITERS {
        let store = store.clone();
        threads.push(std::thread::spawn(move || {
            write(&store, round, writer).err()
        }));
    }
    for thread in threads {
        let error = thread.join();
        return Err(format!("a writer has ended: {error:?}").into());
    }
    Ok(())
}

fn write(store: &Store, round: u32, writer: u32) -> std::result::Result<(), String> {
    let told = |error: Box<dyn std::error::Error>| error.to_string();
    for first in (0..).step_by(TOGETHER as usize) {
        let group: Result<Vec<(String, Change)>> = (first..first + TOGETHER)
            .map(|number| change(round, writer, number))
            .collect();
        let (ids, changes): (Vec<String>, Vec<Change>) = group.map_err(told)?.into_iter().unzip();
        store
            .write_blocking(changes)
            .map_err(|error| error.to_string())?;
        let mut line = ids.join(" ");
        line.push('\n');
        // One write for a line: the kill leaves whole lines or none.
        let mut output = std::io::stdout().lock();
        output
            .write_all(line.as_bytes())
            .map_err(|error| error.to_string())?;
        output.flush().map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Starts the child.
fn start(directory: &Path, round: u32) -> Result<Child> {
    let child = Command::new(std::env::current_exe()?)
        .args([
            "store_killed::writes_until_it_is_killed",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env(DIRECTORY, directory)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(child)
}

/// Lets the child write for a while, kills it, and gives what it has acknowledged.
fn acknowledged(directory: &Path, round: u32) -> Result<BTreeSet<String>> {
    let mut child = start(directory, round)?;
    let output = child.stdout.take().ok_or("no output")?;
    let mut lines = BufReader::new(output).lines();
    let mut ids = BTreeSet::new();
    let mut take = |line: String| {
        let is_of_this_round = |id: &&str| id.starts_with(&format!("{round}-"));
        ids.extend(line.split(' ').filter(is_of_this_round).map(str::to_owned));
    };
    // At another moment in every round: in the middle of whatever the store is doing.
    let lasts = Duration::from_millis(10 + u64::from(round * 37 % 150));
    let mut begun = None;
    while let Some(line) = lines.next() {
        take(line?);
        if begun.get_or_insert_with(Instant::now).elapsed() > lasts {
            break;
        }
    }
    child.kill()?;
    child.wait()?;
    // What it had said before it was killed counts too.
    for line in lines {
        take(line?);
    }
    Ok(ids)
}

/// How often each event is in the store.
fn events(store: &Store) -> Result<BTreeMap<String, u32>> {
    let mut events = BTreeMap::new();
    for client in store.clients_after(None, usize::MAX)? {
        for (event, _) in client.record.deliveries() {
            *events.entry(event.id.as_str().to_owned()).or_default() += 1;
        }
        for phone in client.phones() {
            let found = store.clients_of(&phone)?;
            assert!(
                found.iter().any(|other| other.id == client.id),
                "a number is lost"
            );
        }
    }
    Ok(events)
}

#[test]
fn every_event_that_was_acknowledged_before_a_kill_is_there_afterwards_once() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let place = directory.path().join("store");
    let mut all = 0;
    for round in 1..=ROUNDS {
        let acknowledged = acknowledged(&place, round)?;
        assert!(
            !acknowledged.is_empty(),
            "round {round}: nothing was written"
        );
        let store = open(&place)?;
        let there = events(&store)?;
        for id in &acknowledged {
            assert_eq!(there.get(id), Some(&1), "round {round}: {id}");
        }
        all += acknowledged.len();
        store.close();
    }
    println!("{ROUNDS} kills, {all} events acknowledged, none lost");
    Ok(())
}
