//! Which jobs are there: listed, erased with their client, forgotten when they have been over for long.

use jiff::SignedDuration;

use super::*;

#[test]
fn jobs_are_listed_the_latest_first_filtered_and_page_by_page() {
    let (_directory, store) = new();
    let mut owned = wanted("c", 3);
    owned.owner = Some(Owner {
        employee: employee_id("anna"),
        released: None,
    });
    let all = vec![
        put(wanted("a", 1), NOW),
        put(wanted("b", 2), NOW + 10),
        put(owned, NOW + 20),
        put(wanted("d", 1), NOW + 30),
        begin("b", NOW + 40),
        cancel("a", NOW + 40),
    ];
    store.write_blocking(all).unwrap();
    let all = CallbackFilter::default();
    assert_eq!(listed(&store, &all), ["d", "c", "b", "a"]);
    let filtered = |change: fn(&mut CallbackFilter)| {
        let mut filter = CallbackFilter::default();
        change(&mut filter);
        listed(&store, &filter)
    };
    assert_eq!(filtered(|f| f.phase = Some(Phase::Waiting)), ["d", "c"]);
    assert_eq!(filtered(|f| f.phase = Some(Phase::Running)), ["b"]);
    assert_eq!(filtered(|f| f.phase = Some(Phase::Ended)), ["a"]);
    assert_eq!(filtered(|f| f.phone = Some(phone(1))), ["d", "a"]);
    assert_eq!(filtered(|f| f.owner = Some(employee_id("anna"))), ["c"]);
    assert_eq!(filtered(|f| f.from = Some(at(NOW + 10))), ["d", "c", "b"]);
    assert_eq!(filtered(|f| f.until = Some(at(NOW + 10))), ["a"]);
    let first = store.callbacks_before(&all, None, 2).unwrap();
    let place = (first[1].created, first[1].wanted.id.clone());
    let second = store.callbacks_before(&all, Some(&place), 2).unwrap();
    let ids: Vec<&str> = second.iter().map(|job| job.wanted.id.as_str()).collect();
    assert_eq!(ids, ["b", "a"]);
}

#[test]
fn jobs_to_a_client_who_is_erased_are_erased_too_and_nothing_else() {
    let (directory, store) = new();
    let all = vec![
        put_client("1", client_card("Ромашка", &[1, 2]), 1),
        put_client("2", client_card("Лютик", &[2]), 1),
        put(wanted("theirs", 1), NOW),
        put(wanted("shared", 2), NOW),
        put(wanted("other", 3), NOW),
    ];
    store.write_blocking(all).unwrap();
    let same_group = vec![
        put(wanted("also theirs", 1), NOW),
        Change::EraseClient(client_id("1")),
    ];
    store.write_blocking(same_group).unwrap();
    let all = CallbackFilter::default();
    assert_eq!(listed(&store, &all), ["shared", "other"]);
    drop(store);
    let store = open(directory.path());
    assert_eq!(listed(&store, &all), ["shared", "other"]);
    let alone = ClientId::of_phone(&phone(3));
    assert_eq!(write(&store, Change::EraseClient(alone)), Done::Stored);
    assert_eq!(listed(&store, &all), ["shared"]);
}

#[test]
fn jobs_that_have_been_over_for_long_are_forgotten() {
    let (directory, store) = new();
    let long_ago = Timestamp::now() - SignedDuration::from_hours(91 * 24);
    let second = long_ago.as_second();
    let all = vec![
        put(wanted("old", 1), second),
        cancel("old", second),
        put(wanted("waits", 2), second),
    ];
    store.write_blocking(all).unwrap();
    write(&store, put(wanted("new", 3), second));
    let all = CallbackFilter::default();
    assert_eq!(listed(&store, &all), ["waits", "new"]);
    drop(store);
    assert_eq!(listed(&open(directory.path()), &all), ["waits", "new"]);
}
