//! What the store has acknowledged is there after its process was killed, and after its disk was full.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tempfile::TempDir;
use vizavi::domain::rating::{Body, ClientId, EmployeeId, Event, EventId, Happening, KindName};
use vizavi::store::{Change, OpenError, Settings, Store};

/// Where the store of the process is that is going to be killed, and what its ids begin with.
const DIRECTORY: &str = "STORE_KILLED_DIRECTORY";
const NAME: &str = "STORE_KILLED_NAME";
/// How often it is killed; more of it is for whoever changes the store.
const ROUNDS: &str = "STORE_KILLED_ROUNDS";
const USUAL_ROUNDS: u32 = 50;

/// So many events each client gets.
const EVENTS: u32 = 60;
/// Of so many clients one is erased again.
const ERASED: u32 = 5;

/// The files are rewritten all the time, so that this is killed too.
fn settings(directory: &Path) -> Settings {
    Settings {
        rewrite_after: Duration::ZERO,
        cache_bytes: 8 << 20,
        ..Settings::new(directory, TimeZone::UTC)
    }
}

fn open(directory: &Path) -> Store {
    let opened = Store::open(&settings(directory)).unwrap();
    assert_eq!(opened.moved_aside, None);
    opened.store
}

fn client_id(id: &str) -> ClientId {
    ClientId::parse(id).unwrap()
}

fn event(client: &str, id: &str) -> Change {
    let moment = Timestamp::from_second(1_795_165_200).unwrap();
    Change::Event {
        client: client_id(client),
        event: Event {
            id: EventId::parse(id).unwrap(),
            version: 1,
            body: Body::Happened(Happening {
                kind: KindName::parse("mail").unwrap(),
                employee: EmployeeId::parse("anna").unwrap(),
                case: None,
                phones: Vec::new(),
                about: None,
            }),
            time: moment,
        },
        arrived: moment,
    }
}

/// One line in one piece, so that a kill does not leave half of it.
fn say(line: &str) {
    let mut output = std::io::stdout().lock();
    let _ = output.write_all(format!("{line}\n").as_bytes());
    let _ = output.flush();
}

/// Part of the tests below, which kill the process that this one runs in.
#[test]
#[ignore = "does nothing but write until it is killed"]
fn writing() {
    let directory = PathBuf::from(std::env::var(DIRECTORY).unwrap());
    let name = std::env::var(NAME).unwrap();
    let store = open(&directory);
    std::thread::scope(|scope| {
        for thread in 0..3 {
            let (store, name) = (&store, format!("{name}-{thread}"));
            scope.spawn(move || write(store, &name));
        }
    });
}

fn write(store: &Store, name: &str) {
    for number in 0.. {
        let client = format!("{name}-{}", number / EVENTS);
        let id = format!("{number}");
        store.write_blocking(vec![event(&client, &id)]).unwrap();
        say(&format!("event {client} {id}"));
        if number % (EVENTS * ERASED) == EVENTS * ERASED - 1 {
            say(&format!("erasing {client}"));
            let erase = Change::EraseClient(client_id(&client));
            store.write_blocking(vec![erase]).unwrap();
            say(&format!("erased {client}"));
        }
    }
}

/// Part of the test below with a full disk.
#[test]
#[ignore = "does nothing but write until the disk is full, and once more after that"]
fn writing_until_it_is_full() {
    let directory = PathBuf::from(std::env::var(DIRECTORY).unwrap());
    let store = open(&directory);
    let mut has_failed = false;
    for number in 0.. {
        let (client, id) = (format!("{}", number % 500), format!("{number}"));
        let written = store.write_blocking(vec![event(&client, &id)]);
        if written.is_ok() {
            say(&format!("event {client} {id}"));
        }
        if written.is_ok() && has_failed {
            say("recovered");
            return;
        }
        if let Err(reason) = written {
            // What is there can still be read.
            assert!(store.client(&client_id("0")).unwrap().is_some());
            if !has_failed {
                say(&format!("failed {reason}"));
            }
            has_failed = true;
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// What a process has said before it ended.
#[derive(Default)]
struct Said {
    /// The ids of each client's events.
    events: HashMap<String, HashSet<String>>,
    erased: HashSet<String>,
    /// Whether these are there is not known.
    erasing: HashSet<String>,
}

impl Said {
    fn hear(&mut self, line: &str) {
        match line.split(' ').collect::<Vec<_>>().as_slice() {
            ["event", client, id] => {
                let events = self.events.entry((*client).to_owned()).or_default();
                events.insert((*id).to_owned());
            }
            ["erasing", client] => drop(self.erasing.insert((*client).to_owned())),
            ["erased", client] => {
                self.erasing.remove(*client);
                self.erased.insert((*client).to_owned());
            }
            _ => {}
        }
    }

    fn is_in(&self, store: &Store) {
        for client in &self.erased {
            assert_eq!(store.client(&client_id(client)).unwrap(), None, "{client}");
        }
        let uncertain =
            |client: &&String| self.erased.contains(*client) || self.erasing.contains(*client);
        for (client, expected) in &self.events {
            if uncertain(&client) {
                continue;
            }
            let there = store.client(&client_id(client)).unwrap();
            let there = there.unwrap_or_else(|| panic!("{client} is not there"));
            let deliveries = there.record.deliveries();
            let ids: Vec<_> = deliveries
                .map(|(event, _)| event.id.as_str().to_owned())
                .collect();
            let once: HashSet<_> = ids.iter().cloned().collect();
            assert_eq!(once.len(), ids.len(), "{client} has an event twice");
            assert!(expected.is_subset(&once), "{client}: {expected:?} {once:?}");
            // One more may have been written but not acknowledged.
            assert!(once.len() <= expected.len() + 1, "{client}");
        }
    }
}

fn start(test: &str, directory: &Path, name: &str, limit: &str) -> Child {
    // Without the trap, the limit would end the process.
    let script = format!("trap '' XFSZ; {limit} exec \"$0\" \"$@\"");
    Command::new("sh")
        .args(["-c", &script])
        .arg(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", test])
        .env(DIRECTORY, directory)
        .env(NAME, name)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn lines(process: &mut Child) -> impl Iterator<Item = String> + use<> {
    let output: BufReader<ChildStdout> = BufReader::new(process.stdout.take().unwrap());
    output.lines().map_while(Result::ok)
}

#[test]
fn what_was_acknowledged_survives_any_kill() {
    let directory = TempDir::new().unwrap();
    let rounds = std::env::var(ROUNDS)
        .ok()
        .and_then(|rounds| rounds.parse().ok());
    let mut all = Vec::new();
    let mut acknowledged = 0;
    for round in 0..rounds.unwrap_or(USUAL_ROUNDS) {
        let name = format!("round{round}");
        let mut process = start("store_killed::writing", directory.path(), &name, "");
        let mut lines = lines(&mut process);
        let mut said = Said::default();
        // From the first acknowledgement on, at another moment each time.
        let first = lines.find(|line| line.starts_with("event "));
        said.hear(&first.unwrap());
        let end = Instant::now() + Duration::from_millis(u64::from(round) * 37 % 251);
        while Instant::now() < end {
            said.hear(&lines.next().unwrap());
        }
        process.kill().unwrap();
        process.wait().unwrap();
        lines.for_each(|line| said.hear(&line));
        acknowledged += said.events.values().map(HashSet::len).sum::<usize>();

        let store = open(directory.path());
        said.is_in(&store);
        all.push(said);
    }
    let store = open(directory.path());
    for said in &all {
        said.is_in(&store);
    }
    assert!(acknowledged > 100, "{acknowledged}");
    println!("{acknowledged} events were acknowledged");
}

#[test]
fn a_second_process_is_told_which_one_has_the_store() {
    let directory = TempDir::new().unwrap();
    let mut process = start("store_killed::writing", directory.path(), "first", "");
    lines(&mut process).find(|line| line.starts_with("event "));
    let held = Store::open(&settings(directory.path())).unwrap_err();
    let by = match held {
        OpenError::Held { by, .. } => by,
        other @ (OpenError::Newer { .. } | OpenError::Unusable { .. }) => panic!("{other}"),
    };
    assert!(
        by.starts_with(&format!("process {} (", process.id())),
        "{by}"
    );
    process.kill().unwrap();
    process.wait().unwrap();
    open(directory.path());
}

#[test]
fn a_full_disk_loses_nothing_and_writing_goes_on_when_there_is_room_again() {
    let directory = TempDir::new().unwrap();
    // No file may be larger than 1 MiB.
    let test = "store_killed::writing_until_it_is_full";
    let mut process = start(test, directory.path(), "", "ulimit -S -f 2048;");
    let mut said = Said::default();
    let mut recovered = false;
    for line in lines(&mut process) {
        said.hear(&line);
        if line.starts_with("failed ") {
            assert!(line.contains("disk"), "{line}");
            let process = process.id().to_string();
            let lifted = Command::new("prlimit")
                .args(["--fsize=unlimited:", "--pid", &process])
                .status()
                .unwrap();
            assert!(lifted.success());
        }
        recovered |= line == "recovered";
    }
    assert!(process.wait().unwrap().success());
    assert!(recovered);
    said.is_in(&open(directory.path()));
}
