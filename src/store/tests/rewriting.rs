//! After the rewriting, nothing of the erased is in any file.

use std::fs;
use std::time::{Duration, Instant};

use super::*;

const NAME: &str = "Неповторимая Ромашка";
const CLIENT: &str = "client-b5f1c9e27a";
const NUMBER: u32 = 7_654_321;
/// What all of the client's ids end in. sled leaves out what keys have in common.
const TRACES: [&[u8]; 6] = [
    NAME.as_bytes(),
    b"b5f1c9e27a",
    b"79167654321",
    b"event-of-the-erased",
    b"call-of-the-erased",
    b"call-from-the-number",
];

fn at_once(directory: &Path) -> Settings {
    Settings {
        rewrite_after: Duration::ZERO,
        ..settings(directory)
    }
}

/// Whether some bytes are in any file, however deep.
fn is_in_files(directory: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(directory).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return is_in_files(&path, bytes);
        }
        let content = fs::read(path).unwrap_or_default();
        content.windows(bytes.len()).any(|window| window == bytes)
    })
}

fn traces(directory: &Path) -> Vec<usize> {
    let digits = phone(NUMBER).digits();
    let mut varint = postcard::to_allocvec(&digits).unwrap();
    varint.truncate(5);
    let numbers = [digits.to_be_bytes()[3..].to_vec(), varint];
    let numbers = numbers.iter().map(Vec::as_slice);
    let all = TRACES.into_iter().chain(numbers).enumerate();
    let found = all.filter(|(_, bytes)| is_in_files(directory, bytes));
    found.map(|(index, _)| index).collect()
}

fn fill(store: &Store) {
    let mut changes = vec![
        put_client(CLIENT, client_card(NAME, &[NUMBER]), 1),
        happens(CLIENT, event("event-of-the-erased", "anna", &[NUMBER])),
        observe(CLIENT, "call", NOW),
        keep(call("call-of-the-erased", Some(NUMBER), Some(CLIENT), NOW)),
        keep(call("call-from-the-number", Some(NUMBER), None, NOW)),
        keep(call("call-of-another", Some(1), None, NOW)),
        put_employee("anna", "Чулкова", 1),
        Change::PutToken(token("t", "CRM")),
    ];
    for number in 0..300 {
        let id = format!("client-{number:04}");
        changes.push(happens(&id, event("a", "anna", &[number])));
        changes.push(put_client(&id, client_card("Лютик", &[number]), 1));
    }
    for number in 0..200 {
        changes.push(happens(
            "client-many",
            event(&number.to_string(), "anna", &[1]),
        ));
    }
    store.write_blocking(changes).unwrap();
}

/// The number of the directory with the data.
fn generation(directory: &Path) -> String {
    fs::read_to_string(directory.join("current")).unwrap()
}

fn wait_for(directory: &Path, wanted: &str) {
    let patience = Instant::now() + Duration::from_secs(20);
    while generation(directory) != wanted || directory.join("data-1").exists() {
        assert!(Instant::now() < patience, "{}", generation(directory));
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn all_but_the_erased_is_there(store: &Store) {
    assert_eq!(store.client(&client_id(CLIENT)).unwrap(), None);
    assert_eq!(found(store, NUMBER), [""; 0]);
    assert_eq!(store.clients_after(None, 1000).unwrap().len(), 301);
    assert_eq!(store.counts().clients, 301);
    assert_eq!(events(store, "client-many").len(), 200);
    assert_eq!(found(store, 7), ["client-0007"]);
    assert_eq!(store.company().len(), 1);
    assert_eq!(store.tokens().len(), 1);
    assert!(store.call("call-of-another").unwrap().is_some());
}

#[test]
fn nothing_of_an_erased_client_is_in_any_file_after_the_rewriting() {
    let directory = TempDir::new().unwrap();
    let store = Store::open(&at_once(directory.path())).unwrap().store;
    fill(&store);
    // Otherwise this test could not fail.
    assert!(traces(directory.path()).contains(&0));
    assert!(traces(directory.path()).contains(&3));
    assert!(traces(directory.path()).contains(&4));
    write(&store, Change::EraseClient(client_id(CLIENT)));
    wait_for(directory.path(), "data-2");
    assert_eq!(traces(directory.path()), [0; 0]);
    all_but_the_erased_is_there(&store);
    drop(store);
    assert_eq!(traces(directory.path()), [0; 0]);
    all_but_the_erased_is_there(&open(directory.path()));
}

#[test]
fn what_is_written_during_the_rewriting_is_in_the_new_files() {
    let directory = TempDir::new().unwrap();
    let store = Store::open(&at_once(directory.path())).unwrap().store;
    fill(&store);
    write(&store, Change::EraseClient(client_id(CLIENT)));
    // Others are erased all the time, so that one rewriting follows the other.
    for number in 0..300 {
        let erased = client_id(&format!("client-{number:04}"));
        let changes = vec![
            Change::EraseClient(erased),
            happens(&format!("new-{number}"), event("a", "anna", &[number])),
        ];
        store.write_blocking(changes).unwrap();
    }
    let generation: u32 = generation(directory.path())["data-".len()..]
        .parse()
        .unwrap();
    assert!(generation > 2, "{generation}");
    only_the_new_are_there(&store);
    drop(store);
    only_the_new_are_there(&open(directory.path()));
}

fn only_the_new_are_there(store: &Store) {
    let clients = store.clients_after(None, 1000).unwrap();
    assert_eq!(clients.len(), 301);
    let is_old = |one: &Client| one.id.as_str().starts_with("client-0");
    assert!(!clients.iter().any(is_old));
    for number in 0..300 {
        let expected = format!("new-{number}");
        assert!(found(store, number).contains(&expected), "{number}");
    }
    assert_eq!(store.counts().clients, 301);
}

#[test]
fn an_erasure_is_remembered_until_the_files_are_rewritten() {
    let (directory, store) = new();
    fill(&store);
    write(&store, Change::EraseClient(client_id(CLIENT)));
    drop(store);
    assert!(traces(directory.path()).contains(&0));
    let store = Store::open(&at_once(directory.path())).unwrap().store;
    wait_for(directory.path(), "data-2");
    assert_eq!(traces(directory.path()), [0; 0]);
    all_but_the_erased_is_there(&store);
}

#[test]
fn half_a_copy_is_deleted_when_the_store_is_opened() {
    let (directory, store) = new();
    fill(&store);
    drop(store);
    let copy = directory.path().join("data-2");
    fs::create_dir(&copy).unwrap();
    fs::write(copy.join("db"), "half").unwrap();
    let store = open(directory.path());
    assert!(!copy.exists());
    assert_eq!(store.counts().clients, 302);
}
