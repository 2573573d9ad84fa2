//! Late, repeated, corrected and cancelled events.

use super::*;

fn deliver(record: &mut ClientRecord, event: &Event, arrived_ago: i64) -> Applied {
    record.apply(event.clone(), at(NOW - arrived_ago))
}

fn change(record: &mut ClientRecord, event: &Event) -> Change {
    deliver(record, event, 0).change
}

#[test]
fn a_repeated_event_changes_nothing() {
    let mut record = ClientRecord::default();
    let mail = event("1", "mail", "anna", DAY);
    assert_eq!(change(&mut record, &mail), Change::Added);
    let before = record.clone();
    assert_eq!(change(&mut record, &mail), Change::Repeated);
    assert_eq!(record, before);
}

#[test]
fn a_higher_version_corrects_and_a_lower_one_comes_too_late() {
    let first = event("1", "mail", "anna", DAY);
    let second = version(2, event("1", "mail", "boris", 2 * DAY));
    let mut record = ClientRecord::default();
    change(&mut record, &first);
    assert_eq!(change(&mut record, &second), Change::Corrected);
    assert_eq!(change(&mut record, &first), Change::Outdated);
    let ranking = ranking(&record, &rules(&[]), &staff());
    assert_eq!(scores(&ranking), expected(&[("boris", 25.0)]));
}

#[test]
fn a_cancelled_event_never_was_even_if_it_comes_after_its_cancellation() {
    let mail = event("1", "mail", "anna", DAY);
    for order in [
        [mail.clone(), cancelled(mail.clone())],
        [cancelled(mail.clone()), mail],
    ] {
        let mut record = ClientRecord::default();
        for event in &order {
            change(&mut record, event);
        }
        let ranking = ranking(&record, &rules(&[]), &staff());
        assert_eq!(ranking.candidates, []);
    }
}

#[test]
fn a_later_version_brings_a_cancelled_event_back() {
    let mail = event("1", "mail", "anna", DAY);
    let mut record = ClientRecord::default();
    assert_eq!(
        change(&mut record, &cancelled(mail.clone())),
        Change::Cancelled
    );
    assert_eq!(change(&mut record, &version(2, mail)), Change::Corrected);
    let ranking = ranking(&record, &rules(&[]), &staff());
    assert_eq!(scores(&ranking), expected(&[("anna", 50.0)]));
}

#[test]
fn an_event_from_the_future_counts_as_of_its_first_arrival() {
    let mail = event("1", "mail", "anna", -100 * DAY);
    for arrivals in [[DAY, HOUR], [HOUR, DAY]] {
        let mut record = ClientRecord::default();
        for arrived_ago in arrivals {
            assert!(deliver(&mut record, &mail, arrived_ago).from_the_future);
        }
        let ranking = ranking(&record, &rules(&[]), &staff());
        assert_eq!(scores(&ranking), expected(&[("anna", 50.0)]));
    }
}

#[test]
fn of_too_many_events_the_latest_stay() {
    let mut record = ClientRecord::default();
    let number = |index: i64| event(&format!("{index:04}"), "mail", "anna", 1_000 - index);
    let most = i64::try_from(MOST_EVENTS).unwrap();
    for index in 1..=most {
        assert_eq!(change(&mut record, &number(index)), Change::Added);
    }
    assert_eq!(change(&mut record, &number(0)), Change::TooOld);
    assert_eq!(change(&mut record, &number(most + 1)), Change::Added);
    assert_eq!(record.len(), MOST_EVENTS);
    let (oldest, _) = record.deliveries().next().unwrap();
    assert_eq!(oldest.id.as_str(), "0002");
}

#[test]
fn what_arrived_before_the_horizon_is_forgotten() {
    let mut record = ClientRecord::default();
    deliver(&mut record, &event("1", "mail", "anna", 9 * DAY), 9 * DAY);
    deliver(&mut record, &event("2", "mail", "anna", 9 * DAY), DAY);
    record.forget_before(at(NOW - 2 * DAY));
    let left: Vec<&str> = record
        .deliveries()
        .map(|(event, _)| event.id.as_str())
        .collect();
    assert_eq!(left, ["2"]);
    record.forget_before(at(NOW));
    assert!(record.is_empty());
}

#[test]
fn a_record_is_rebuilt_from_its_deliveries() {
    let mut record = ClientRecord::default();
    deliver(&mut record, &event("1", "mail", "anna", -DAY), HOUR);
    deliver(&mut record, &cancelled(event("2", "mail", "anna", DAY)), 0);
    let mut rebuilt = ClientRecord::default();
    for (event, arrived) in record.deliveries() {
        rebuilt.apply(event.clone(), arrived);
    }
    assert_eq!(rebuilt, record);
}

#[test]
fn a_record_is_restored_from_its_deliveries_in_any_order() {
    let mut record = ClientRecord::default();
    deliver(&mut record, &event("1", "mail", "anna", -DAY), HOUR);
    deliver(&mut record, &cancelled(event("2", "mail", "anna", DAY)), 0);
    deliver(&mut record, &event("3", "mail", "anna", 0), 0);
    let deliveries = record.deliveries();
    let mut deliveries: Vec<_> = deliveries.map(|(event, at)| (event.clone(), at)).collect();
    assert_eq!(ClientRecord::restored(deliveries.clone()), record);
    deliveries.reverse();
    assert_eq!(ClientRecord::restored(deliveries), record);
}
