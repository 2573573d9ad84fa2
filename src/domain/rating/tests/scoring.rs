//! What events are worth.

use std::time::Duration;

use super::*;

fn scores_of(events: &[Event], rules: &Rules) -> Vec<(String, f64)> {
    scores(&ranking(&record(events), rules, &staff()))
}

#[test]
fn what_an_event_is_worth_halves_with_its_half_life_and_adds_up() {
    let events = [
        event("1", "mail", "anna", DAY),
        event("2", "mail", "anna", 2 * DAY),
        event("3", "mail", "boris", DAY / 2),
    ];
    let anna_then_boris = expected(&[("anna", 75.0), ("boris", 70.71)]);
    assert_eq!(scores_of(&events, &rules(&[])), anna_then_boris);
}

#[test]
fn an_event_expires_at_exactly_the_age_it_is_valid_for() {
    let offer = Kind {
        half_lives: HalfLives::forever(),
        valid_for: Some(Duration::from_secs(60)),
        ..Kind::default()
    };
    let rules = rules(&[("offer", offer)]);
    let aged = |seconds| scores_of(&[event("1", "offer", "anna", seconds)], &rules);
    assert_eq!(aged(59), expected(&[("anna", 100.0)]));
    assert_eq!(aged(60), []);
}

#[test]
fn an_event_at_the_moment_of_the_question_is_not_known_yet() {
    let aged = |seconds| scores_of(&[event("1", "mail", "anna", seconds)], &rules(&[]));
    assert_eq!(aged(0), []);
    assert_eq!(aged(-HOUR), []);
    assert_eq!(aged(1).len(), 1);
}

#[test]
fn a_type_without_rules_counts_for_nothing_unless_there_are_rules_for_all_others() {
    let events = [event("1", "unheard-of", "anna", DAY)];
    assert_eq!(scores_of(&events, &rules(&[])), []);
    let rules = Rules {
        others: Some(halving()),
        ..rules(&[])
    };
    assert_eq!(scores_of(&events, &rules), expected(&[("anna", 50.0)]));
}

#[test]
fn a_mass_mailing_counts_as_often_a_day_as_its_cap_allows() {
    let mailing = Kind {
        half_lives: HalfLives::forever(),
        cap_a_day: Some(2),
        ..Kind::default()
    };
    let rules = rules(&[("mailing", mailing)]);
    // Midnight in Moscow is twelve hours before NOW.
    let events = [
        event("1", "mailing", "anna", HOUR),
        event("2", "mailing", "anna", 2 * HOUR),
        event("3", "mailing", "anna", 12 * HOUR),
        event("4", "mailing", "anna", 12 * HOUR + 1),
        event("5", "mailing", "boris", HOUR),
    ];
    let yesterday_counts_alone = expected(&[("anna", 300.0), ("boris", 100.0)]);
    assert_eq!(scores_of(&events, &rules), yesterday_counts_alone);
}

#[test]
fn of_equal_scores_the_one_with_the_more_recent_event_is_first() {
    let flat = Kind {
        half_lives: HalfLives::forever(),
        ..Kind::default()
    };
    let rules = rules(&[("flat", flat)]);
    let events = [
        event("1", "flat", "vera", 3 * DAY),
        event("2", "flat", "boris", DAY),
        event("3", "flat", "anna", 2 * DAY),
        event("4", "flat", "vera", DAY + 1),
        event("5", "flat", "anna", DAY),
        event("6", "flat", "boris", 4 * DAY),
    ];
    let order: Vec<String> = scores_of(&events, &rules)
        .into_iter()
        .map(|(who, _)| who)
        .collect();
    // At one moment the greater id is the later event: 5 comes after 2.
    assert_eq!(order, ["anna", "boris", "vera"]);
}

fn invoice_rules() -> Rules {
    let kind = |case| Kind {
        half_lives: HalfLives::forever(),
        case,
        ..Kind::default()
    };
    rules(&[
        ("issued", kind(CaseStep::Opens)),
        ("called", kind(CaseStep::Leaves)),
        ("settled", kind(CaseStep::Resolves)),
        ("paid", kind(CaseStep::Closes)),
    ])
}

fn invoice(id: &str, kind: &str, who: &str, ago: i64) -> Event {
    in_case("invoice 7", event(id, kind, who, ago))
}

#[test]
fn a_closed_case_leaves_a_hundredth_and_a_resolved_one_a_tenth() {
    let issued = invoice("1", "issued", "anna", 3 * DAY);
    let settled = invoice("2", "settled", "anna", 2 * DAY);
    let paid = invoice("3", "paid", "anna", DAY);
    let rules = invoice_rules();
    let mut events = vec![issued];
    assert_eq!(scores_of(&events, &rules), expected(&[("anna", 100.0)]));
    events.push(settled);
    assert_eq!(scores_of(&events, &rules), expected(&[("anna", 20.0)]));
    events.push(paid);
    assert_eq!(scores_of(&events, &rules), expected(&[("anna", 3.0)]));
}

#[test]
fn a_case_that_is_opened_once_more_counts_in_full() {
    let events = [
        invoice("1", "issued", "anna", 3 * DAY),
        invoice("2", "paid", "anna", 2 * DAY),
        invoice("3", "issued", "anna", DAY),
    ];
    let all_three = expected(&[("anna", 300.0)]);
    assert_eq!(scores_of(&events, &invoice_rules()), all_three);
}

#[test]
fn one_case_says_nothing_about_another() {
    let events = [
        invoice("1", "issued", "anna", 3 * DAY),
        in_case("invoice 8", event("2", "paid", "boris", DAY)),
    ];
    let anna_is_open = expected(&[("anna", 100.0), ("boris", 1.0)]);
    assert_eq!(scores_of(&events, &invoice_rules()), anna_is_open);
}

#[test]
fn whoever_has_passed_a_case_on_counts_less_than_who_has_it_now() {
    let events = [
        invoice("1", "issued", "anna", 3 * DAY),
        invoice("2", "called", "boris", DAY),
    ];
    let boris_has_it = expected(&[("boris", 100.0), ("anna", 30.0)]);
    assert_eq!(scores_of(&events, &invoice_rules()), boris_has_it);
}

#[test]
fn a_case_stays_closed_when_its_closing_event_has_expired() {
    let mut rules = invoice_rules();
    if let Some(paid) = rules.kinds.get_mut(&kind_name("paid")) {
        paid.valid_for = Some(Duration::from_secs(60));
    }
    let events = [
        invoice("1", "issued", "anna", 3 * DAY),
        invoice("2", "paid", "anna", DAY),
    ];
    assert_eq!(scores_of(&events, &rules), expected(&[("anna", 1.0)]));
}

#[test]
fn a_factor_of_nothing_leaves_nobody_who_could_be_offered() {
    let mut rules = invoice_rules();
    rules.cases.closed = Factor::new(0.0).unwrap();
    let events = [
        invoice("1", "issued", "anna", 3 * DAY),
        invoice("2", "paid", "anna", DAY),
    ];
    assert_eq!(scores_of(&events, &rules), []);
}

#[test]
fn clients_who_share_a_telephone_add_up_and_none_is_named() {
    let (first, second) = (
        ClientId::parse("husband").unwrap(),
        ClientId::parse("wife").unwrap(),
    );
    let his = record(&[
        event("1", "mail", "anna", DAY),
        event("2", "mail", "boris", DAY),
    ]);
    let hers = record(&[event("3", "mail", "boris", 2 * DAY)]);
    let (rules, staff) = (rules(&[]), staff());
    let ranked = |clients: &[(&ClientId, &ClientRecord)]| rank(clients, &rules, &staff, at(NOW));

    let shared = ranked(&[(&first, &his), (&second, &hers)]);
    assert_eq!(
        scores(&shared),
        expected(&[("boris", 75.0), ("anna", 50.0)])
    );
    assert_eq!(shared.client, None);
    assert_eq!(shared, ranked(&[(&second, &hers), (&first, &his)]));
    assert_eq!(ranked(&[(&first, &his)]).client, Some(first));
    assert_eq!(ranked(&[]).client, None);
    assert_eq!(ranked(&[]).candidates, []);
}
