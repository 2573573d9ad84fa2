//! Measured, not tested with the rest: a hundred thousand jobs, in time and in memory.

use std::time::{Duration, Instant};

use super::*;

fn a_full_job(number: u32, now: i64) -> Wanted {
    let name = PersonName::new("Константинопольский", "Александр", "Владимирович").unwrap();
    Wanted {
        person: Some(name),
        appointment: Some(at(now + 86_400 + i64::from(number % 5_000))),
        specialist: Some("Кардиолог Маслова Елена Игоревна".to_owned()),
        reason: Some("подтвердить приём".to_owned()),
        say: Some("Напомнить взять с собой результаты анализов и полис.".to_owned()),
        priority: (number % 10) as u8,
        ..wanted(&format!("crm-{number}"), number)
    }
}

/// The resident memory of this process, in bytes.
fn memory() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let resident = pages.split_whitespace().nth(1);
    resident
        .and_then(|pages| pages.parse::<u64>().ok())
        .unwrap_or_default()
        * 4096
}

/// Measures; `cargo test --release --lib -- --ignored --nocapture a_hundred_thousand_jobs`.
#[test]
#[ignore = "it takes its time and only means something in a build for release, alone"]
fn a_hundred_thousand_jobs_are_taken_found_and_listed_in_time() {
    let (directory, store) = new();
    // In memory, jobs are put where they belong by the clock.
    let now = Timestamp::now().as_second();
    let begun = Instant::now();
    for group in 0..200 {
        let jobs = (0..500).map(|number| put(a_full_job(group * 500 + number, now), now));
        store.write_blocking(jobs.collect()).unwrap();
    }
    eprintln!("taken in {:?}", begun.elapsed());
    drop(store);

    let before = memory();
    let begun = Instant::now();
    let store = open(directory.path());
    let start = begun.elapsed();
    eprintln!("opened in {start:?}, {} MiB", (memory() - before) >> 20);
    assert_eq!(store.callback_counts().waiting, 100_000);

    let (mut page, mut choices) = (Duration::ZERO, Vec::new());
    for filter in [
        CallbackFilter::default(),
        CallbackFilter {
            phone: Some(phone(0)),
            ..CallbackFilter::default()
        },
    ] {
        let begun = Instant::now();
        let jobs = store.callbacks_before(&filter, None, 100).unwrap();
        page = page.max(begun.elapsed());
        eprintln!("{} jobs listed in {:?}", jobs.len(), begun.elapsed());
    }
    for second in 0..1_000 {
        let begun = Instant::now();
        let id = next(&store, now + second).unwrap();
        choices.push(begun.elapsed());
        write(&store, cancel(&id, now + second));
    }
    choices.sort_unstable();
    let choice = choices[990];
    eprintln!(
        "a choice took {:?}, one of a hundred {choice:?}",
        choices[500]
    );

    for time in ["first", "second"] {
        let begun = Instant::now();
        for group in 180..200 {
            let jobs = (0..500).map(|number| put(a_full_job(group * 500 + number, now), now));
            store.write_blocking(jobs.collect()).unwrap();
        }
        eprintln!(
            "10,000 of them again, the {time} time: {:?}",
            begun.elapsed()
        );
    }
    eprintln!("memory: {} MiB more than before", (memory() - before) >> 20);
    assert!(start < Duration::from_secs(2), "{start:?}");
    assert!(page < Duration::from_millis(50), "{page:?}");
    assert!(choice < Duration::from_millis(1), "{choice:?}");
}
