//! The journal of calls.

use crate::domain::call::FallbackReason;

use super::*;

fn ids(store: &Store, filter: &CallFilter) -> Vec<String> {
    let page = store.calls_before(filter, None, 100).unwrap();
    assert_eq!(page.next, None);
    page.calls.into_iter().map(|call| call.call).collect()
}

fn all(store: &Store) -> Vec<String> {
    ids(store, &CallFilter::default())
}

/// Five calls of two clients and of somebody unknown, the latest last.
fn five() -> Vec<Change> {
    let to_fallback = CallRecord {
        outcome: Outcome::Fallback(FallbackReason::Asked),
        ..call("d", Some(2), Some("2"), NOW + 40)
    };
    vec![
        keep(call("c", None, None, NOW + 30)),
        keep(call("a", Some(1), Some("1"), NOW + 10)),
        keep(to_fallback),
        keep(call("b", Some(2), None, NOW + 20)),
        keep(call("e", Some(1), Some("1"), NOW + 50)),
    ]
}

#[test]
fn calls_are_listed_latest_first_also_after_the_store_was_closed() {
    let (directory, store) = new();
    store.write_blocking(five()).unwrap();
    assert_eq!(all(&store), ["e", "d", "c", "b", "a"]);
    drop(store);
    let store = open(directory.path());
    assert_eq!(all(&store), ["e", "d", "c", "b", "a"]);
    let found = store.call("a").unwrap();
    assert_eq!(found, Some(call("a", Some(1), Some("1"), NOW + 10)));
    assert_eq!(store.call("f").unwrap(), None);
}

#[test]
fn a_call_that_comes_twice_is_there_once() {
    let (_directory, store) = new();
    let done = store
        .write_blocking(vec![
            keep(call("a", Some(1), None, NOW)),
            keep(call("a", Some(1), None, NOW + 1)),
        ])
        .unwrap();
    assert_eq!(done, [Done::Stored, Done::Unchanged]);
    assert_eq!(all(&store), ["a"]);
}

#[test]
fn a_talk_that_went_on_without_us_is_kept_with_its_end_once_that_is_known() {
    let (_directory, store) = new();
    let step = |seconds, what| Moment {
        at: Duration::from_secs(seconds),
        what,
    };
    let stopped = CallRecord {
        outcome: Outcome::TalksOn,
        steps: vec![step(0, Occurrence::Came), step(60, Occurrence::Stopping)],
        ..call("a", Some(1), None, NOW)
    };
    let ended = CallRecord {
        outcome: Outcome::Talked,
        offered: Vec::new(),
        length: Duration::from_secs(90),
        steps: vec![
            step(0, Occurrence::Came),
            step(70, Occurrence::TakenOver),
            step(90, Occurrence::TalkEnded),
        ],
        ..call("a", Some(1), None, NOW)
    };
    let changes = vec![keep(stopped.clone()), keep(ended), keep(stopped)];
    let done = store.write_blocking(changes).unwrap();
    assert_eq!(done, [Done::Stored, Done::Stored, Done::Unchanged]);
    let kept = store.call("a").unwrap().unwrap();
    assert_eq!(kept.outcome, Outcome::Talked);
    assert_eq!(kept.offered, [employee_id("anna")]);
    assert_eq!(kept.length, Duration::from_secs(90));
    let steps: Vec<u64> = kept
        .steps
        .iter()
        .map(|moment| moment.at.as_secs())
        .collect();
    assert_eq!(steps, [0, 60, 70, 90]);
}

#[test]
fn they_are_found_by_number_client_time_and_outcome() {
    let (_directory, store) = new();
    store.write_blocking(five()).unwrap();
    let of = |filter: CallFilter| ids(&store, &filter);
    let none = CallFilter::default;
    let from_one = CallFilter {
        phone: Some(phone(1)),
        ..none()
    };
    assert_eq!(of(from_one.clone()), ["e", "a"]);
    let late = CallFilter {
        from: Some(at(NOW + 11)),
        ..from_one
    };
    assert_eq!(of(late), ["e"]);
    let of_two = CallFilter {
        client: Some(client_id("2")),
        ..none()
    };
    assert_eq!(of(of_two), ["d"]);
    let both = CallFilter {
        client: Some(client_id("2")),
        phone: Some(phone(1)),
        ..none()
    };
    assert_eq!(of(both), [""; 0]);
    let between = CallFilter {
        from: Some(at(NOW + 20)),
        until: Some(at(NOW + 40)),
        ..none()
    };
    assert_eq!(of(between), ["c", "b"], "the end is not included");
    let fallback = CallFilter {
        outcome: Some("fallback".to_owned()),
        ..none()
    };
    assert_eq!(of(fallback), ["d"]);
    let backwards = CallFilter {
        from: Some(at(NOW + 40)),
        until: Some(at(NOW)),
        ..none()
    };
    assert_eq!(of(backwards), [""; 0]);
}

#[test]
fn pages_follow_each_other_without_a_gap_also_while_calls_come() {
    let (_directory, store) = new();
    // Three of them came in one moment.
    let calls = ["a", "b", "c"].map(|id| keep(call(id, Some(1), None, NOW)));
    store.write_blocking(calls.to_vec()).unwrap();
    write(&store, keep(call("d", Some(1), None, NOW + 1)));
    let any = CallFilter::default();
    let from_one = CallFilter {
        phone: Some(phone(1)),
        ..any.clone()
    };
    for filter in [any, from_one] {
        let mut seen = Vec::new();
        let mut before = None;
        loop {
            let page = store.calls_before(&filter, before.as_ref(), 1).unwrap();
            seen.extend(page.calls.into_iter().map(|call| call.call));
            let new = format!("new-{}-{}", seen.len(), filter.phone.is_some());
            write(&store, keep(call(&new, Some(2), None, NOW + 100)));
            let Some(next) = page.next else { break };
            before = Some(next);
        }
        let old = seen.iter().filter(|id| !id.starts_with("new"));
        assert_eq!(old.collect::<Vec<_>>(), ["d", "c", "b", "a"]);
    }
}

#[test]
fn old_calls_are_removed_in_pieces_with_all_that_leads_to_them() {
    let (_directory, store) = new();
    let old = (0..250).map(|number| {
        let id = format!("old-{number}");
        keep(call(
            &id,
            Some(1),
            Some("1"),
            NOW - 100 + i64::from(number) / 10,
        ))
    });
    store.write_blocking(old.collect()).unwrap();
    write(&store, keep(call("new", Some(1), Some("1"), NOW)));
    let prune = || write(&store, Change::PruneCalls(at(NOW)));
    assert_eq!(prune(), Done::Stored);
    assert_eq!(all(&store).len(), 51, "not all at once");
    assert_eq!(prune(), Done::Stored);
    assert_eq!(prune(), Done::NotThere);
    assert_eq!(all(&store), ["new"]);
    let trees = store.open.shared.trees().unwrap();
    assert_eq!(trees.call_index.len(), 3, "by id, number and client");
    assert_eq!(trees.call_count(), 1);
}

#[test]
fn when_there_are_too_many_the_oldest_go_also_after_a_restart() {
    let directory = TempDir::new().unwrap();
    let few = Settings {
        most_calls: 3,
        ..settings(directory.path())
    };
    let store = Store::open(&few).unwrap().store;
    store.write_blocking(five()).unwrap();
    assert_eq!(all(&store), ["e", "d", "c"]);
    drop(store);
    let store = Store::open(&few).unwrap().store;
    write(&store, keep(call("f", None, None, NOW + 60)));
    assert_eq!(all(&store), ["f", "e", "d"]);
    assert_eq!(store.call("c").unwrap(), None);
}

#[test]
fn an_erased_client_has_no_calls_any_more_and_others_keep_theirs() {
    let (directory, store) = new();
    store
        .write_blocking(vec![
            put_client("1", client_card("Ромашка", &[1, 2]), 1),
            put_client("2", client_card("Лютик", &[2]), 1),
            keep(call("theirs", Some(9), Some("1"), NOW)),
            keep(call("their-number", Some(1), None, NOW + 1)),
            keep(call("shared-number", Some(2), None, NOW + 2)),
            keep(call("anothers", Some(3), Some("3"), NOW + 3)),
            keep(call("withheld", None, None, NOW + 4)),
            Change::EraseClient(client_id("1")),
        ])
        .unwrap();
    let left = ["withheld", "anothers", "shared-number"];
    assert_eq!(all(&store), left);
    drop(store);
    let store = open(directory.path());
    assert_eq!(all(&store), left);
    assert_eq!(store.open.shared.trees().unwrap().call_count(), 3);
    // Only the journal knows this one.
    let alone = ClientId::of_phone(&phone(3));
    assert_eq!(write(&store, Change::EraseClient(alone)), Done::Stored);
    assert_eq!(all(&store), ["withheld", "shared-number"]);
}
