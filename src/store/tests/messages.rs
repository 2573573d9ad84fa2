//! Messages to webhooks.

use crate::domain::delivery::Message;

use super::*;

fn message(call: &str, caller: u32) -> Message {
    Message {
        id: format!("{call}-call-started"),
        webhook: "crm".to_owned(),
        call: call.to_owned(),
        kind: "call.started".to_owned(),
        caller: Some(phone(caller)),
        made: at(NOW),
        body: "{}".to_owned(),
        attempts: 0,
        due: at(NOW),
    }
}

fn tell(call: &str, caller: u32) -> Change {
    Change::Tell(Box::new(message(call, caller)))
}

fn give_up(number: u64) -> Change {
    Change::GiveUp {
        number,
        attempts: 34,
        died: at(NOW + 90),
        why: "HTTP 500".to_owned(),
    }
}

fn waiting(store: &Store) -> Vec<(u64, String)> {
    let messages = store.messages_after(0, 100).unwrap();
    let calls = messages.into_iter();
    calls
        .map(|(number, message)| (number, message.call))
        .collect()
}

fn told(numbered: &[(u64, &str)]) -> Vec<(u64, String)> {
    let calls = numbered.iter();
    calls
        .map(|(number, call)| (*number, (*call).to_owned()))
        .collect()
}

#[test]
fn messages_wait_in_their_order_also_after_the_store_was_closed() {
    let (directory, store) = new();
    let all = vec![tell("a", 1), tell("b", 2), tell("a", 1)];
    store.write_blocking(all).unwrap();
    assert_eq!(write(&store, Change::Told(2)), Done::Stored);
    assert_eq!(write(&store, Change::Told(2)), Done::NotThere);
    drop(store);
    let store = open(directory.path());
    assert_eq!(waiting(&store), told(&[(1, "a"), (3, "a")]));
    assert_eq!(store.message(1).unwrap(), Some(message("a", 1)));
    write(&store, tell("c", 3));
    assert_eq!(waiting(&store)[2..], told(&[(4, "c")]));
    assert_eq!(store.messages_after(1, 1).unwrap()[0].0, 3);
}

#[test]
fn a_message_that_was_tried_says_how_often_and_when_again() {
    let (_directory, store) = new();
    write(&store, tell("a", 1));
    let put_off = |number| Change::PutOff {
        number,
        attempts: 2,
        due: at(NOW + 10),
    };
    assert_eq!(write(&store, put_off(1)), Done::Stored);
    assert_eq!(write(&store, put_off(9)), Done::NotThere);
    let message = store.message(1).unwrap().unwrap();
    assert_eq!((message.attempts, message.due), (2, at(NOW + 10)));
    assert_eq!(store.counts().messages, 1);
}

#[test]
fn a_message_that_was_given_up_can_be_told_again_after_all_others() {
    let (_directory, store) = new();
    let all = vec![tell("a", 1), tell("b", 2), give_up(1), give_up(9)];
    let done = store.write_blocking(all).unwrap();
    assert_eq!(done[2..], [Done::Stored, Done::NotThere]);
    assert_eq!(waiting(&store), told(&[(2, "b")]));
    let dead = store.dead_letters_after(0, 10).unwrap();
    assert_eq!(dead[0].1.message.attempts, 34);
    assert_eq!(
        (dead[0].1.died, dead[0].1.why.as_str()),
        (at(NOW + 90), "HTTP 500")
    );

    let again = Change::TellAgain {
        number: 1,
        due: at(NOW + 100),
    };
    assert_eq!(write(&store, again.clone()), Done::Stored);
    assert_eq!(write(&store, again), Done::NotThere);
    assert_eq!(waiting(&store), told(&[(2, "b"), (3, "a")]));
    assert_eq!(store.message(3).unwrap().unwrap().attempts, 0);
    assert_eq!(store.counts().dead_letters, 0);
}

#[test]
fn when_there_are_too_many_the_oldest_go_also_after_a_restart() {
    let directory = TempDir::new().unwrap();
    let few = Settings {
        most_messages: 3,
        ..settings(directory.path())
    };
    let store = Store::open(&few).unwrap().store;
    let all = ["a", "b", "c", "d", "e"].map(|call| tell(call, 1));
    store.write_blocking(all.to_vec()).unwrap();
    assert_eq!(waiting(&store), told(&[(3, "c"), (4, "d"), (5, "e")]));
    assert_eq!(store.oldest_message().unwrap(), Some(3));
    drop(store);
    let store = Store::open(&few).unwrap().store;
    assert_eq!(store.counts().messages, 3);
    write(&store, tell("f", 1));
    assert_eq!(waiting(&store), told(&[(4, "d"), (5, "e"), (6, "f")]));
}

#[test]
fn no_number_is_given_twice_also_if_the_files_have_lost_it() {
    let (_directory, store) = new();
    store
        .write_blocking(vec![tell("a", 1), tell("b", 1)])
        .unwrap();
    // As after an error of the disk, when files are opened anew without what was not flushed.
    let trees = store.open.shared.trees().unwrap();
    trees.note_last_message_number(0).unwrap();
    drop(trees);
    write(&store, tell("c", 1));
    assert_eq!(waiting(&store), told(&[(1, "a"), (2, "b"), (3, "c")]));
}

#[test]
fn what_tells_of_a_client_who_is_erased_is_erased_too_and_nothing_else() {
    let (directory, store) = new();
    let all = vec![
        put_client("1", client_card("Ромашка", &[1, 2]), 1),
        put_client("2", client_card("Лютик", &[2]), 1),
        tell("a", 1),
        tell("shared", 2),
        tell("b", 1),
        tell("other", 3),
        give_up(3),
        Change::EraseClient(client_id("1")),
    ];
    store.write_blocking(all).unwrap();
    let left = told(&[(2, "shared"), (4, "other")]);
    assert_eq!(waiting(&store), left);
    assert_eq!(store.counts().dead_letters, 0);
    drop(store);
    let store = open(directory.path());
    assert_eq!(waiting(&store), left);
    let alone = ClientId::of_phone(&phone(3));
    assert_eq!(write(&store, Change::EraseClient(alone)), Done::Stored);
    assert_eq!(waiting(&store), left[..1]);
}

#[test]
fn whoever_waits_for_messages_hears_of_new_ones_and_of_nothing_else() {
    let (_directory, store) = new();
    let come = store.messages_come();
    write(&store, put_employee("anna", "Чулкова", 1));
    assert!(!come.has_changed().unwrap());
    write(&store, tell("a", 1));
    assert!(come.has_changed().unwrap());
}
