//! Damaged files: what can be read is there, or the store is put aside. Never a panic, never a hang.

use std::collections::HashSet;
use std::fs;
use std::sync::mpsc;
use std::time::Duration;

use super::*;

const CLIENTS: u32 = 400;

/// A closed store with some clients, in files of several segments.
fn closed() -> TempDir {
    let (directory, store) = new();
    for round in 0..6 {
        let changes = (0..CLIENTS).map(|number| {
            let id = format!("{round}-{number}-{}", "x".repeat(100));
            happens(&number.to_string(), event(&id, "anna", &[number]))
        });
        store.write_blocking(changes.collect()).unwrap();
    }
    store
        .write_blocking(vec![put_employee("anna", "Чулкова", 1)])
        .unwrap();
    directory
}

/// Every file of the store, with its content.
fn files(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let content = fs::read(&path).unwrap();
            found.push((path, content));
        }
    }
    found.sort();
    found
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Outcome {
    Whole,
    Part,
    PutAside,
    Refused,
}

/// Opens a store in a thread of its own, reads all of it, writes to it and opens it again.
fn look(directory: &Path) -> Outcome {
    let (sender, receiver) = mpsc::channel();
    let directory = directory.to_owned();
    let thread = std::thread::spawn(move || {
        let outcome = used(&directory);
        let _ = sender.send(outcome);
    });
    let outcome = receiver.recv_timeout(Duration::from_secs(60));
    let outcome = outcome.expect("it hangs or has panicked");
    thread.join().unwrap();
    outcome
}

fn used(directory: &Path) -> Outcome {
    let Ok(opened) = Store::open(&settings(directory)) else {
        return Outcome::Refused;
    };
    let store = opened.store;
    let mut whole = store.company().len() == 1;
    for number in 0..CLIENTS {
        let client = store.client(&client_id(&number.to_string()));
        let events = client.ok().flatten().map(|client| client.record.len());
        whole &= events == Some(6);
        let _ = store.clients_of(&phone(number));
    }
    let _ = store.clients_after(None, 10);
    let _ = store.counts();
    let written = store.write_blocking(vec![happens("new", event("new", "anna", &[1]))]);
    drop(store);
    let again = Store::open(&settings(directory)).unwrap();
    if written.is_ok() && again.moved_aside.is_none() {
        assert_eq!(events(&again.store, "new"), ["new"]);
    }
    match opened.moved_aside {
        Some(aside) => {
            assert!(aside.is_dir());
            Outcome::PutAside
        }
        None if whole => Outcome::Whole,
        None => Outcome::Part,
    }
}

/// Damages one file in one way, looks, and repairs everything.
fn damaged(whole: &[(PathBuf, Vec<u8>)], directory: &Path, path: &Path, content: &[u8]) -> Outcome {
    fs::remove_dir_all(directory).unwrap();
    for (path, content) in whole {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    fs::create_dir_all(directory.join("data-1/blobs")).unwrap();
    fs::write(path, content).unwrap();
    look(directory)
}

/// Places all over a file, more of them at its beginning.
fn places(length: usize) -> Vec<usize> {
    let step = (length / 60).max(1);
    let mut places: Vec<usize> = (0..40).chain((40..length).step_by(step)).collect();
    places.retain(|place| *place < length);
    places
}

#[test]
fn a_flipped_byte_costs_a_part_at_most() {
    let directory = closed();
    let whole = files(directory.path());
    let mut outcomes = HashSet::new();
    for (path, content) in &whole {
        for place in places(content.len()) {
            let mut content = content.clone();
            content[place] ^= 0x55;
            outcomes.insert(damaged(&whole, directory.path(), path, &content));
        }
    }
    for expected in [Outcome::Whole, Outcome::Part, Outcome::PutAside] {
        assert!(outcomes.contains(&expected), "{expected:?}");
    }
    assert!(!outcomes.contains(&Outcome::Refused));
}

#[test]
fn a_file_that_was_cut_off_costs_a_part_at_most() {
    let directory = closed();
    let whole = files(directory.path());
    for (path, content) in &whole {
        for place in places(content.len()).into_iter().step_by(3) {
            damaged(&whole, directory.path(), path, &content[..place]);
        }
    }
}

#[test]
fn a_file_of_nothing_but_zeros_is_no_store() {
    let directory = closed();
    let whole = files(directory.path());
    for (path, content) in &whole {
        let outcome = damaged(&whole, directory.path(), path, &vec![0; content.len()]);
        if path.ends_with("data-1/db") {
            assert_eq!(outcome, Outcome::PutAside);
        }
        for place in places(content.len()).into_iter().step_by(5) {
            let mut content = content.clone();
            let end = content.len().min(place + 5_000);
            content[place..end].fill(0);
            damaged(&whole, directory.path(), path, &content);
        }
    }
}

#[test]
fn a_store_that_was_found_damaged_is_put_aside_at_the_next_start() {
    let directory = closed();
    fs::write(directory.path().join("damaged"), "").unwrap();
    let opened = Store::open(&settings(directory.path())).unwrap();
    let aside = opened.moved_aside.unwrap();
    assert!(aside.join("db").exists());
    assert_eq!(opened.store.counts().clients, 0);
    drop(opened.store);
    assert_eq!(open(directory.path()).counts().clients, 0);
}

#[test]
fn a_store_of_a_later_version_is_left_alone() {
    let directory = closed();
    let trees = Trees::open(&directory.path().join("data-1"), 1 << 20).unwrap();
    trees.set_format(99).unwrap();
    trees.flush().unwrap();
    drop(trees);
    let error = Store::open(&settings(directory.path())).unwrap_err();
    assert!(matches!(error, OpenError::Newer { .. }), "{error}");
    assert!(error.to_string().contains("99"), "{error}");
}

#[test]
fn a_client_who_can_not_be_read_is_no_obstacle_to_others_and_begins_anew() {
    let directory = closed();
    let trees = Trees::open(&directory.path().join("data-1"), 1 << 20).unwrap();
    trees.clients.insert("7", &[1, 255, 255]).unwrap();
    trees.flush().unwrap();
    drop(trees);
    let store = open(directory.path());
    let id = client_id("7");
    assert!(matches!(store.client(&id), Err(StoreError::Value(_))));
    assert_eq!(found(&store, 7), [""; 0]);
    assert_eq!(found(&store, 8), ["8"]);
    let clients = store.clients_after(None, 1000).unwrap();
    assert_eq!(clients.len(), usize::try_from(CLIENTS).unwrap() - 1);
    write(&store, happens("7", event("new", "anna", &[7])));
    assert_eq!(events(&store, "7"), ["new"]);
    assert_eq!(found(&store, 7), ["7"]);
    assert_eq!(store.counts().clients, u64::from(CLIENTS));
    assert_eq!(write(&store, Change::EraseClient(id)), Done::Stored);
    assert_eq!(store.counts().clients, u64::from(CLIENTS) - 1);
}

#[test]
fn a_client_of_a_later_version_is_not_overwritten() {
    let directory = closed();
    let trees = Trees::open(&directory.path().join("data-1"), 1 << 20).unwrap();
    trees.clients.insert("7", &[200, 1]).unwrap();
    trees.flush().unwrap();
    drop(trees);
    let store = open(directory.path());
    let others = [
        happens("8", event("new", "anna", &[])),
        happens("7", event("new", "anna", &[])),
    ];
    for change in others {
        let outcome = store.write_blocking(vec![change.clone()]);
        let is_newer = matches!(outcome, Err(StoreError::Newer(_)));
        let Change::Event { client, .. } = change else {
            unreachable!()
        };
        assert_eq!(is_newer, client.as_str() == "7");
    }
}

#[test]
fn where_even_the_name_of_the_data_is_garbled_the_store_opens() {
    let directory = closed();
    fs::write(directory.path().join("current"), [0xff, 0xfe, 0x00]).unwrap();
    let opened = Store::open(&settings(directory.path())).unwrap();
    assert_eq!(opened.moved_aside, None);
    assert_eq!(opened.store.company().len(), 1);
}

#[test]
fn where_every_byte_is_garbled_the_store_is_put_aside() {
    let directory = closed();
    for (path, content) in files(directory.path()) {
        let garbled: Vec<u8> = content
            .iter()
            .map(|byte| byte.wrapping_mul(31) ^ 0x5a)
            .collect();
        fs::write(path, garbled).unwrap();
    }
    let opened = Store::open(&settings(directory.path())).unwrap();
    assert!(opened.moved_aside.is_some());
    assert_eq!(opened.store.counts().clients, 0);
}
