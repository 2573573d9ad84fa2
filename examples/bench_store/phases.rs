//! What is measured.

use std::error::Error;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use vizavi::domain::language::Language;
use vizavi::domain::rating::{Explainer, Rules, rank};
use vizavi::store::{Change, Settings, Store, StoreError};

use crate::crm::{Crm, mixed};

type Outcome = Result<(), Box<dyn Error>>;

/// So many requests of so many changes are under way at once.
const PRODUCERS: u32 = 4;
const REQUEST: u32 = 1_000;
/// So many choices a menu has.
const CHOICES: usize = 3;

pub(crate) fn run(phase: &str, directory: &Path, crm: &Crm) -> Outcome {
    let started = Instant::now();
    let mut settings = Settings::new(directory, TimeZone::UTC);
    if let Ok(megabytes) = std::env::var("BENCH_CACHE") {
        settings.cache_bytes = megabytes.parse::<u64>()? << 20;
    }
    let store = Store::open(&settings)?.store;
    row("opening", &format!("{:.2?}", started.elapsed()));
    match phase {
        "fill" => fill(&store, crm)?,
        _ => reopened(&store, crm)?,
    }
    memory(phase)?;
    let started = Instant::now();
    store.close();
    row("closing", &format!("{:.2?}", started.elapsed()));
    Ok(())
}

fn fill(store: &Store, crm: &Crm) -> Outcome {
    store.write_blocking(crm.staff())?;
    let started = Instant::now();
    let next = AtomicU32::new(0);
    let produce = || -> Result<(), StoreError> {
        loop {
            let first = next.fetch_add(REQUEST, Ordering::Relaxed);
            if first >= crm.events {
                return Ok(());
            }
            let last = crm.events.min(first + REQUEST);
            store.write_blocking((first..last).map(|number| crm.change(number)).collect())?;
        }
    };
    std::thread::scope(|scope| {
        let producers: Vec<_> = (0..PRODUCERS).map(|_| scope.spawn(produce)).collect();
        producers.into_iter().try_for_each(|one| {
            let outcome = one.join();
            outcome.unwrap_or(Err(StoreError::BrokeOff))
        })
    })?;
    let seconds = started.elapsed().as_secs_f64();
    let rate = f64::from(crm.events) / seconds;
    row("ingest", &format!("{rate:.0} events/s ({seconds:.1} s)"));
    let counts = store.counts();
    row(
        "on disk",
        &format!(
            "{} MB, {} clients",
            counts.bytes_on_disk / 1_000_000,
            counts.clients
        ),
    );
    memory("after ingest")?;
    rankings(store, crm, "rankings, after ingest");
    rankings(store, crm, "rankings, once more");
    posted(store, crm, 0, "posted event, alone")?;
    under_load(store, crm)
}

fn reopened(store: &Store, crm: &Crm) -> Outcome {
    memory("opened")?;
    rankings(store, crm, "rankings, after reopening");
    rankings(store, crm, "rankings, once more");
    Ok(())
}

/// From a telephone number to a list with reasons, for clients by chance.
fn rankings(store: &Store, crm: &Crm, what: &str) {
    let rules = crm.rules();
    let company = store.company();
    let (mut whole, mut lookups) = (Vec::new(), Vec::new());
    for number in 0..20_000 {
        let client = mixed(number) % u64::from(crm.clients);
        let phone = crm.phone(u32::try_from(client).unwrap_or_default());
        let started = Instant::now();
        let clients = store.clients_of(&phone).unwrap_or_default();
        lookups.push(started.elapsed());
        let known: Vec<_> = clients.iter().map(|one| (&one.id, &one.record)).collect();
        black_box(ordered(&known, &rules, company.staff(), crm));
        whole.push(started.elapsed());
    }
    row(what, &spread(whole));
    row("  of it the lookup", &spread(lookups));
}

fn ordered(
    clients: &[(
        &vizavi::domain::rating::ClientId,
        &vizavi::domain::rating::ClientRecord,
    )],
    rules: &Rules,
    staff: &vizavi::domain::rating::Staff,
    crm: &Crm,
) -> (usize, Vec<String>) {
    let ranking = rank(clients, rules, staff, crm.end());
    let explainer = Explainer {
        rules,
        staff,
        language: Language::Russian,
    };
    let reasons = ranking.candidates.iter();
    let reasons = reasons.map(|candidate| explainer.explain(&ranking, candidate));
    let reasons = reasons.collect();
    (ranking.choices(CHOICES, [], staff).len(), reasons)
}

/// One event at a time, from handing it over to its being on disk.
fn posted(store: &Store, crm: &Crm, from: u32, what: &str) -> Outcome {
    let mut times = Vec::new();
    for number in from..from + 1_000 {
        let change = crm.new_event(number);
        let started = Instant::now();
        store.write_blocking(vec![change])?;
        times.push(started.elapsed());
    }
    row(what, &spread(times));
    Ok(())
}

/// The same while requests of a hundred events come one after the other.
fn under_load(store: &Store, crm: &Crm) -> Outcome {
    let done = AtomicBool::new(false);
    let loaded = AtomicU32::new(0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut first = 1_000_000;
            while !done.load(Ordering::Relaxed) {
                let changes: Vec<Change> = (first..first + 100)
                    .map(|number| crm.new_event(number))
                    .collect();
                if store.write_blocking(changes).is_err() {
                    return;
                }
                first += 100;
                loaded.fetch_add(100, Ordering::Relaxed);
            }
        });
        let started = Instant::now();
        let outcome = posted(store, crm, 10_000, "posted event, under load");
        done.store(true, Ordering::Relaxed);
        let rate = f64::from(loaded.load(Ordering::Relaxed)) / started.elapsed().as_secs_f64();
        row("  the load", &format!("{rate:.0} events/s"));
        outcome
    })
}

/// The median, the 99th of a hundred, the longest.
fn spread(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |part: usize| times[(times.len() - 1) * part / 1000];
    format!(
        "p50 {:.1?}, p99 {:.1?}, most {:.1?}",
        at(500),
        at(990),
        at(1000)
    )
}

fn memory(when: &str) -> Outcome {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let megabytes = |name: &str| -> Option<u64> {
        let line = status.lines().find(|line| line.starts_with(name))?;
        Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
    };
    let (now, most) = (megabytes("VmRSS:"), megabytes("VmHWM:"));
    let (now, most) = (now.unwrap_or_default(), most.unwrap_or_default());
    row(
        &format!("memory, {when}"),
        &format!("{now} MiB, at most {most} MiB"),
    );
    Ok(())
}

pub(crate) fn row(what: &str, value: &str) {
    let _ = writeln!(std::io::stdout(), "  {what:<30} {value}");
}
