//! What holds for any events: order and repetition don't matter, what is cancelled never was, the
//! future is not known.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// A delivery: an event and how many seconds before [`NOW`] it came.
type Delivery = (Event, i64);

/// Types that fade, expire, are capped, open and close cases.
fn all_rules() -> Rules {
    let valid_for = Some(Duration::from_secs(5 * 86_400));
    rules(&[
        (
            "short",
            Kind {
                valid_for,
                case: CaseStep::Opens,
                ..Kind::default()
            },
        ),
        (
            "capped",
            Kind {
                cap_a_day: Some(1),
                case: CaseStep::Closes,
                ..halving()
            },
        ),
    ])
}

fn all_staff() -> Staff {
    let mut staff = staff();
    let alias = Employee {
        alias_of: Some(employee("anna")),
        ..Employee::default()
    };
    staff.put(employee("vera"), alias);
    staff
}

prop_compose! {
    /// An event of the last ten days or the next one, under one of a few ids.
    fn some_event()(
        id in 0..12_u8,
        version in 1..4_u64,
        kind in prop::sample::select(vec!["mail", "short", "capped", "unheard-of"]),
        who in prop::sample::select(vec!["anna", "boris", "vera", "nobody"]),
        case in prop::option::of(0..3_u8),
        seconds_ago in -DAY..10 * DAY,
        is_cancelled in prop::bool::weighted(0.2),
    ) -> Event {
        let mut one = version_of(version, event(&id.to_string(), kind, who, seconds_ago));
        if let Some(case) = case {
            one = in_case(&case.to_string(), one);
        }
        if is_cancelled { cancelled(one) } else { one }
    }
}

fn version_of(number: u64, event: Event) -> Event {
    version(number, event)
}

fn some_deliveries() -> impl Strategy<Value = Vec<Delivery>> {
    vec((some_event(), 0..10 * DAY), 0..40)
}

fn delivered(deliveries: &[Delivery]) -> ClientRecord {
    let mut record = ClientRecord::default();
    for (event, arrived_ago) in deliveries {
        record.apply(event.clone(), at(NOW - arrived_ago));
    }
    record
}

fn ranked(record: &ClientRecord) -> Ranking {
    ranking(record, &all_rules(), &all_staff())
}

proptest! {
    #[test]
    fn any_order_of_the_same_deliveries_gives_the_same_ranking(
        (deliveries, shuffled) in some_deliveries()
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        let (one, other) = (delivered(&deliveries), delivered(&shuffled));
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(ranked(&one), ranked(&other));
    }

    #[test]
    fn what_comes_twice_counts_once(
        (deliveries, again) in some_deliveries().prop_flat_map(|all| {
            let repeated = prop::sample::subsequence(all.clone(), 0..=all.len());
            (Just(all), repeated)
        }),
    ) {
        let once = delivered(&deliveries);
        let twice = delivered(&[deliveries, again].concat());
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn what_is_cancelled_never_was(deliveries in some_deliveries(), id in 0..12_u8) {
        let is_it = |(event, _): &Delivery| event.id.as_str() == id.to_string();
        let mut with: Vec<Delivery> = deliveries.clone();
        for (event, arrived) in deliveries.iter().filter(|one| is_it(one)) {
            with.push((cancelled(version_of(9, event.clone())), *arrived));
        }
        let mut without = deliveries;
        without.retain(|one| !is_it(one));
        prop_assert_eq!(ranked(&delivered(&with)), ranked(&delivered(&without)));
    }

    #[test]
    fn nothing_at_or_after_the_question_changes_the_answer(
        deliveries in some_deliveries(),
        later in vec((some_event(), 0..10 * DAY), 0..20),
    ) {
        let before = delivered(&deliveries);
        let mut with = before.clone();
        for (number, (mut event, seconds)) in later.into_iter().enumerate() {
            event.id = EventId::parse(&format!("later {number}")).unwrap();
            event.time = at(NOW + seconds);
            // It may even be known already: that it is planned is not that it happened.
            with.apply(event, at(NOW + seconds));
        }
        prop_assert_eq!(ranked(&before), ranked(&with));
    }

    #[test]
    fn a_score_is_the_sum_of_its_contributions_and_the_order_is_that_of_the_scores(
        deliveries in some_deliveries(),
    ) {
        let ranking = ranked(&delivered(&deliveries));
        for candidate in &ranking.candidates {
            let sum: f64 = candidate.contributions.iter().map(|one| one.points).sum();
            prop_assert!((candidate.score - sum).abs() < 1e-9);
        }
        prop_assert!(ranking.candidates.is_sorted_by(|a, b| a.score >= b.score));
    }
}
