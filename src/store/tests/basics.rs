//! What is written is there, also after it was closed and opened again.

use super::*;
use crate::domain::rating::{self, Applied};

fn added() -> Done {
    Done::Event(Applied {
        change: rating::Change::Added,
        from_the_future: false,
    })
}

#[test]
fn each_change_is_answered_in_its_place() {
    let (_directory, store) = new();
    let changes = vec![
        happens("1", event("a", "anna", &[])),
        put_employee("anna", "Чулкова", 1),
        happens("1", event("a", "anna", &[])),
        remove_employee("boris", 1),
        put_client("1", client_card("Ромашка", &[1]), 5),
        put_client("1", client_card("Ромашка", &[1]), 5),
        put_client("1", client_card("Лютик", &[1]), 4),
        Change::RemoveToken("none".to_owned()),
    ];
    let done = store.write_blocking(changes).unwrap();
    let repeated = Done::Event(Applied {
        change: rating::Change::Repeated,
        from_the_future: false,
    });
    assert_eq!(
        done,
        [
            added(),
            Done::Stored,
            repeated,
            Done::NotThere,
            Done::Stored,
            Done::Unchanged,
            Done::Outdated,
            Done::NotThere,
        ]
    );
}

#[tokio::test]
async fn a_task_can_write_too() {
    let (_directory, store) = new();
    let one = store.write(vec![happens("1", event("a", "anna", &[]))]);
    let two = store.write(vec![happens("2", event("b", "anna", &[]))]);
    let (one, two) = tokio::join!(one, two);
    assert_eq!(one.unwrap(), [added()]);
    assert_eq!(two.unwrap(), [added()]);
    assert_eq!(store.write(Vec::new()).await.unwrap(), []);
}

#[test]
fn all_of_it_is_there_after_closing_and_opening() {
    let (directory, store) = new();
    let card = client_card("Ромашка", &[1, 2]);
    store
        .write_blocking(vec![
            happens("1", event("a", "anna", &[3])),
            put_client("1", card.clone(), 5),
            put_employee("anna", "Чулкова", 7),
            observe("1", "call", NOW),
            Change::PutToken(token("t", "CRM")),
        ])
        .unwrap();
    store.close();

    let store = open(directory.path());
    let client = store.client(&client_id("1")).unwrap().unwrap();
    assert_eq!(client.card, Some(card));
    assert_eq!(client.card_version, 5);
    let deliveries: Vec<_> = client.record.deliveries().collect();
    assert_eq!(deliveries, [(&event("a", "anna", &[3]), at(NOW))]);
    let anna = employee_id("anna");
    assert_eq!(store.employee(&anna), Some((employee_card("Чулкова"), 7)));
    assert_eq!(store.company().card(&anna), Some(&employee_card("Чулкова")));
    assert_eq!(store.observed(&client.id).unwrap()[0].call, "call");
    assert_eq!(*store.tokens(), [token("t", "CRM")]);
    let counts = store.counts();
    assert_eq!((counts.clients, counts.employees), (1, 1));
    assert!(counts.bytes_on_disk > 0);
}

#[test]
fn nobody_is_found_where_nothing_is_known() {
    let (_directory, store) = new();
    assert_eq!(store.client(&client_id("1")).unwrap(), None);
    assert_eq!(store.employee(&employee_id("anna")), None);
    assert_eq!(found(&store, 1), [""; 0]);
    assert_eq!(store.clients_after(None, 10).unwrap(), []);
    assert_eq!(store.observed(&client_id("1")).unwrap(), []);
}

#[test]
fn a_client_is_found_by_the_numbers_of_their_events_until_there_is_a_card() {
    let (_directory, store) = new();
    write(&store, happens("1", event("a", "anna", &[1, 2])));
    assert_eq!(found(&store, 1), ["1"]);
    assert_eq!(found(&store, 2), ["1"]);
    write(&store, put_client("1", client_card("", &[2, 3]), 1));
    assert_eq!(found(&store, 1), [""; 0]);
    assert_eq!(found(&store, 2), ["1"]);
    assert_eq!(found(&store, 3), ["1"]);
    write(&store, happens("1", event("b", "anna", &[4])));
    assert_eq!(found(&store, 4), [""; 0]);
}

#[test]
fn a_number_of_several_clients_finds_all_of_them_and_the_number_itself() {
    let (_directory, store) = new();
    let alone = ClientId::of_phone(&phone(1));
    for id in ["b", "a", "ab", alone.as_str()] {
        write(&store, happens(id, event("1", "anna", &[1])));
    }
    write(&store, happens("c", event("1", "anna", &[2])));
    assert_eq!(found(&store, 1), ["a", "ab", "b", alone.as_str()]);
}

#[test]
fn a_client_who_is_only_a_number_has_no_other() {
    let (_directory, store) = new();
    let alone = ClientId::of_phone(&phone(1));
    write(&store, happens(alone.as_str(), event("1", "anna", &[2])));
    assert_eq!(found(&store, 2), [""; 0]);
    let client = store.client(&alone).unwrap().unwrap();
    assert_eq!(client.phones().into_iter().collect::<Vec<_>>(), [phone(1)]);
}

#[test]
fn clients_come_page_by_page() {
    let (_directory, store) = new();
    for number in 0..25 {
        write(
            &store,
            happens(&format!("{number:02}"), event("1", "anna", &[])),
        );
    }
    let mut all = Vec::new();
    loop {
        let after = all.last().map(|client: &Client| client.id.clone());
        let page = store.clients_after(after.as_ref(), 10).unwrap();
        assert!(page.len() <= 10);
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    let ids: Vec<_> = all.iter().map(|client| client.id.as_str()).collect();
    let expected: Vec<String> = (0..25).map(|number| format!("{number:02}")).collect();
    assert_eq!(ids, expected);
}

#[test]
fn the_latest_hundred_calls_are_kept() {
    let (_directory, store) = new();
    let calls = (0..130).map(|number| observe("1", &number.to_string(), NOW + number));
    store.write_blocking(calls.collect()).unwrap();
    write(&store, observe("10", "other", NOW));
    let observed = store.observed(&client_id("1")).unwrap();
    let calls: Vec<&str> = observed.iter().map(|call| call.call.as_str()).collect();
    let expected: Vec<String> = (30..130).map(|number| number.to_string()).collect();
    assert_eq!(calls, expected);
    assert_eq!(write(&store, observe("1", "old", NOW)), Done::Outdated);
    assert_eq!(
        write(&store, observe("1", "129", NOW + 129)),
        Done::Unchanged
    );
}

#[test]
fn a_token_that_was_revoked_stays_revoked() {
    let (directory, store) = new();
    write(&store, Change::PutToken(token("t", "CRM")));
    assert_eq!(
        write(&store, Change::PutToken(token("t", "1C"))),
        Done::Stored
    );
    assert_eq!(store.tokens()[0].name, "1C");
    let revoke = Change::RemoveToken("t".to_owned());
    assert_eq!(write(&store, revoke.clone()), Done::Stored);
    assert_eq!(write(&store, revoke), Done::NotThere);
    drop(store);
    let store = open(directory.path());
    let again = Change::PutToken(token("t", "CRM"));
    assert_eq!(write(&store, again), Done::Outdated);
    assert_eq!(*store.tokens(), []);
}

#[test]
fn a_removed_employee_comes_back_only_with_a_later_version() {
    let (directory, store) = new();
    write(&store, put_employee("anna", "Чулкова", 3));
    assert_eq!(write(&store, remove_employee("anna", 3)), Done::Stored);
    assert_eq!(write(&store, remove_employee("anna", 3)), Done::Unchanged);
    drop(store);
    let store = open(directory.path());
    assert!(store.company().is_empty());
    assert_eq!(
        write(&store, put_employee("anna", "Чулкова", 3)),
        Done::Outdated
    );
    assert_eq!(
        write(&store, put_employee("anna", "Иванова", 4)),
        Done::Stored
    );
    assert_eq!(store.company().len(), 1);
}

#[test]
fn a_group_of_many_clients_with_many_events_is_written_in_pieces() {
    let (_directory, store) = new();
    let mut changes = Vec::new();
    for number in 0..60_000 {
        let event = event(&number.to_string(), "anna", &[]);
        changes.push(happens(&format!("{}", number % 1000), event));
    }
    store.write_blocking(changes).unwrap();
    assert_eq!(store.counts().clients, 1000);
    assert_eq!(events(&store, "7").len(), 60);
}
