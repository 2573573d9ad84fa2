//! Erasing a client.

use super::*;

fn erase(store: &Store, client: &str) -> Done {
    write(store, Change::EraseClient(client_id(client)))
}

#[test]
fn nothing_of_an_erased_client_is_found() {
    let (directory, store) = new();
    let alone = ClientId::of_phone(&phone(1));
    store
        .write_blocking(vec![
            happens("1", event("a", "anna", &[1])),
            put_client("1", client_card("Ромашка", &[2]), 5),
            observe("1", "call", NOW),
            happens(alone.as_str(), event("b", "anna", &[])),
            observe(alone.as_str(), "call", NOW),
            happens("2", event("c", "anna", &[3])),
        ])
        .unwrap();
    assert_eq!(erase(&store, "1"), Done::Stored);
    nothing_is_left(&store);
    drop(store);
    nothing_is_left(&open(directory.path()));
}

fn nothing_is_left(store: &Store) {
    let alone = ClientId::of_phone(&phone(1));
    for id in [&client_id("1"), &alone] {
        assert_eq!(store.client(id).unwrap(), None);
        assert_eq!(store.observed(id).unwrap(), []);
    }
    assert_eq!(found(store, 1), [""; 0]);
    assert_eq!(found(store, 2), [""; 0]);
    assert_eq!(found(store, 3), ["2"]);
    assert_eq!(store.counts().clients, 1);
    assert_eq!(erase(store, "1"), Done::NotThere);
}

#[test]
fn what_is_kept_under_a_number_that_is_also_somebody_elses_stays() {
    let (_directory, store) = new();
    let alone = ClientId::of_phone(&phone(1));
    store
        .write_blocking(vec![
            happens("1", event("a", "anna", &[1])),
            happens("2", event("b", "anna", &[1])),
            happens(alone.as_str(), event("c", "anna", &[])),
        ])
        .unwrap();
    erase(&store, "1");
    assert_eq!(found(&store, 1), ["2", alone.as_str()]);
    erase(&store, "2");
    assert_eq!(found(&store, 1), [""; 0]);
    assert_eq!(store.counts().clients, 0);
}

#[test]
fn what_was_written_in_the_same_group_is_erased_too() {
    let (_directory, store) = new();
    let done = store
        .write_blocking(vec![
            happens("1", event("a", "anna", &[1])),
            observe("1", "call", NOW),
            Change::EraseClient(client_id("1")),
            happens("1", event("b", "anna", &[2])),
        ])
        .unwrap();
    assert_eq!(done[2], Done::Stored);
    assert_eq!(events(&store, "1"), ["b"]);
    assert_eq!(store.observed(&client_id("1")).unwrap(), []);
    assert_eq!(found(&store, 1), [""; 0]);
    assert_eq!(found(&store, 2), ["1"]);
    assert_eq!(store.counts().clients, 1);
}

#[test]
fn a_client_who_is_only_a_number_can_be_erased() {
    let (_directory, store) = new();
    let alone = ClientId::of_phone(&phone(1));
    write(&store, observe(alone.as_str(), "call", NOW));
    assert_eq!(erase(&store, alone.as_str()), Done::Stored);
    assert_eq!(store.observed(&alone).unwrap(), []);
    assert_eq!(erase(&store, alone.as_str()), Done::NotThere);
}
