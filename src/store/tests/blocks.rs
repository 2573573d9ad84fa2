//! Clients with many events: what is on disk is what the rating's own record would be.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::domain::rating::{ClientRecord, MOST_EVENTS};

/// Deliveries of one client: mostly new events in the order of time, some corrections, cancellations,
/// repetitions and latecomers.
fn some_deliveries() -> impl Strategy<Value = Vec<(Event, Timestamp)>> {
    let one = (0..700_u32, 1..3_u64, 0..20_u8, 0..3_u32, 0..500_i64);
    vec(one, 0..700).prop_map(|all| {
        let all = all.into_iter().enumerate();
        let deliveries = all.map(|(index, (id, version, luck, number, seconds))| {
            let new = format!("00000000-0000-4000-8000-{index:012x}");
            let id = if luck < 17 { new } else { format!("id-{id}") };
            let mut event = event(&id, ["anna", "boris"][index % 2], &[number]);
            event.version = version;
            event.time = at(NOW + i64::try_from(index).unwrap() * 10 - seconds);
            if luck == 19 {
                event.body = Body::Cancelled;
            }
            (event, at(NOW + i64::try_from(index).unwrap() * 10))
        });
        deliveries.collect()
    })
}

fn stored(store: &Store) -> ClientRecord {
    let client = store.client(&client_id("1")).unwrap();
    client.map(|client| client.record).unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_client_with_many_events_is_as_the_record_in_memory(
        deliveries in some_deliveries(),
        group in 1..300_usize,
    ) {
        let (directory, store) = new();
        let mut record = ClientRecord::default();
        for group in deliveries.chunks(group) {
            let changes = group.iter().map(|(event, arrived)| Change::Event {
                client: client_id("1"),
                event: event.clone(),
                arrived: *arrived,
            });
            let done = store.write_blocking(changes.collect()).unwrap();
            let applied = group.iter().map(|(event, arrived)| {
                Done::Event(record.apply(event.clone(), *arrived))
            });
            prop_assert_eq!(done, applied.collect::<Vec<_>>());
            prop_assert_eq!(&stored(&store), &record);
        }
        drop(store);
        prop_assert_eq!(&stored(&open(directory.path())), &record);
    }
}

#[test]
fn of_too_many_events_the_latest_stay() {
    let (_directory, store) = new();
    let most = i64::try_from(MOST_EVENTS).unwrap();
    let changes = (0..most + 200).map(|number| {
        let mut event = event(&format!("{number:04}"), "anna", &[]);
        event.time = at(NOW + number);
        happens("1", event)
    });
    store.write_blocking(changes.collect()).unwrap();
    let events = events(&store, "1");
    assert_eq!(events.len(), MOST_EVENTS);
    assert_eq!(events[0], "0200");
}

#[test]
fn a_client_with_many_events_can_get_a_card_and_be_erased() {
    let (_directory, store) = new();
    let changes =
        (0..200).map(|number| happens("1", event(&number.to_string(), "anna", &[number])));
    store.write_blocking(changes.collect()).unwrap();
    assert_eq!(found(&store, 0), ["1"]);
    write(&store, put_client("1", client_card("Ромашка", &[7]), 1));
    assert_eq!(events(&store, "1").len(), 200);
    assert_eq!(found(&store, 0), [""; 0]);
    assert_eq!(found(&store, 7), ["1"]);
    write(&store, Change::EraseClient(client_id("1")));
    write(&store, happens("1", event("new", "anna", &[])));
    assert_eq!(events(&store, "1"), ["new"]);
    assert_eq!(store.clients_after(None, 10).unwrap().len(), 1);
}
