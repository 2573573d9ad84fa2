//! Reasons in words.

use super::*;
use crate::domain::language::Language;

fn title(russian: &str, english: &str) -> Option<Title> {
    Some(Title {
        russian: russian.to_owned(),
        english: english.to_owned(),
    })
}

fn titled() -> Rules {
    let invoice = Kind {
        title: title("счёт выставлен", "invoice issued"),
        case: CaseStep::Opens,
        ..halving()
    };
    let paid = Kind {
        title: title("счёт оплачен", "invoice paid"),
        case: CaseStep::Closes,
        ..halving()
    };
    let mail = Kind {
        title: title("письмо", "e-mail"),
        ..halving()
    };
    rules(&[("invoice", invoice), ("paid", paid), ("mail", mail)])
}

fn reasons(events: &[Event], staff: &Staff) -> [String; 2] {
    let rules = titled();
    let ranking = ranking(&record(events), &rules, staff);
    [Language::Russian, Language::English].map(|language| {
        let explainer = Explainer {
            rules: &rules,
            staff,
            language,
        };
        explainer.explain(&ranking, &ranking.candidates[0])
    })
}

#[test]
fn a_rank_is_explained_by_what_adds_up_to_it() {
    let events = [
        event("1", "invoice", "anna", 2 * HOUR),
        event("2", "mail", "anna", 3 * DAY),
    ];
    assert_eq!(
        reasons(&events, &staff()),
        [
            "счёт выставлен 2 часа назад: 94; письмо 3 дня назад: 13",
            "invoice issued 2 hours ago: 94; e-mail 3 days ago: 13",
        ]
    );
}

#[test]
fn ages_and_points_are_in_words_that_fit_them() {
    let table = [
        (30, "письмо только что: 100", "e-mail just now: 100"),
        (60, "письмо 1 минуту назад: 100", "e-mail 1 minute ago: 100"),
        (
            5 * HOUR,
            "письмо 5 часов назад: 87",
            "e-mail 5 hours ago: 87",
        ),
        (4 * DAY, "письмо 4 дня назад: 6,3", "e-mail 4 days ago: 6.3"),
        (
            11 * DAY,
            "письмо 11 дней назад: 0,05",
            "e-mail 11 days ago: 0.05",
        ),
        (
            21 * DAY,
            "письмо 21 день назад: <0,01",
            "e-mail 21 days ago: <0.01",
        ),
    ];
    for (age, russian, english) in table {
        let events = [event("1", "mail", "anna", age)];
        assert_eq!(reasons(&events, &staff()), [russian, english]);
    }
}

#[test]
fn the_state_of_a_case_is_a_reason() {
    let events = [
        in_case("7", event("1", "invoice", "anna", 2 * HOUR)),
        in_case("7", event("2", "paid", "anna", HOUR)),
    ];
    let [russian, english] = reasons(&events, &staff());
    assert_eq!(
        russian,
        "счёт оплачен 1 час назад, дело закрыто: 1,0; счёт выставлен 2 часа назад, дело закрыто: 0,9"
    );
    assert_eq!(
        english,
        "invoice paid 1 hour ago, case closed: 1.0; invoice issued 2 hours ago, case closed: 0.9"
    );
}

#[test]
fn who_passed_a_case_on_is_told_so() {
    let events = [
        in_case("7", event("1", "invoice", "anna", 2 * HOUR)),
        in_case("7", event("2", "mail", "boris", 9 * DAY)),
        in_case("7", event("3", "mail", "boris", HOUR)),
        event("4", "mail", "anna", HOUR),
    ];
    let [russian, english] = reasons(&events, &staff());
    assert_eq!(
        russian,
        "письмо 1 час назад: 97; счёт выставлен 2 часа назад, передано другому: 28"
    );
    assert!(english.ends_with("invoice issued 2 hours ago, passed on: 28"));
}

#[test]
fn many_contributions_are_told_as_five_and_a_sum() {
    let events: Vec<Event> = (1..=8)
        .map(|number| event(&number.to_string(), "mail", "anna", number * DAY))
        .collect();
    let [russian, english] = reasons(&events, &staff());
    assert!(
        russian.ends_with("письмо 5 дней назад: 3,1; и ещё 3: 2,7"),
        "{russian}"
    );
    assert!(
        english.ends_with("e-mail 5 days ago: 3.1; 3 more: 2.7"),
        "{english}"
    );
}

#[test]
fn whoever_is_not_offered_has_a_reason_and_a_successor_says_for_whom() {
    let events = [event("1", "mail", "anna", DAY)];
    let mut staff = staff();
    let leave = Leave {
        from: at(NOW),
        until: at(NOW + DAY),
    };
    let away = Employee {
        leave: vec![leave],
        ..Employee::default()
    };
    staff.put(employee("anna"), away);
    assert_eq!(
        reasons(&events, &staff),
        [
            "письмо 1 день назад: 50; не предлагается: отсутствует до 21.11.2026 12:00",
            "e-mail 1 day ago: 50; not offered: away until 2026-11-21 12:00",
        ]
    );

    let left = Employee {
        until: Some(at(NOW)),
        successor: Some(employee("boris")),
        ..Employee::default()
    };
    staff.put(employee("anna"), left);
    assert_eq!(
        reasons(&events, &staff),
        [
            "письмо 1 день назад, вместо anna: 50",
            "e-mail 1 day ago, in place of anna: 50",
        ]
    );
}
