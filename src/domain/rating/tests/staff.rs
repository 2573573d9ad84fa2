//! Who may be offered.

use jiff::civil::{Weekday, time};

use super::*;

fn offers(ranking: &Ranking) -> Vec<&str> {
    let offered = ranking.offered();
    offered
        .map(|candidate| candidate.employee.as_str())
        .collect()
}

fn two_mails() -> ClientRecord {
    record(&[
        event("1", "mail", "anna", HOUR),
        event("2", "mail", "boris", DAY),
    ])
}

/// The reason why Anna is not offered, and who is.
fn with_anna(anna: Employee) -> (Result<(), Withheld>, Vec<String>) {
    let mut staff = staff();
    staff.put(employee("anna"), anna);
    let ranking = ranking(&two_mails(), &rules(&[]), &staff);
    let offered = offers(&ranking).into_iter().map(str::to_owned).collect();
    (ranking.candidates[0].offer.clone(), offered)
}

#[test]
fn whoever_works_here_is_offered() {
    let (offer, offered) = with_anna(Employee {
        until: Some(at(NOW + 1)),
        ..Employee::default()
    });
    assert_eq!((offer, offered.len()), (Ok(()), 2));
}

#[test]
fn whoever_has_left_is_not_offered_from_that_moment() {
    let since = at(NOW);
    let (offer, offered) = with_anna(Employee {
        until: Some(since),
        ..Employee::default()
    });
    assert_eq!(offer, Err(Withheld::Left { since }));
    assert_eq!(offered, ["boris"]);
}

#[test]
fn a_technical_account_is_not_offered() {
    let (offer, offered) = with_anna(Employee {
        technical: true,
        ..Employee::default()
    });
    assert_eq!(offer, Err(Withheld::Technical));
    assert_eq!(offered, ["boris"]);
}

#[test]
fn leave_lasts_from_its_first_moment_to_just_before_its_end() {
    let away = |from: i64, until: i64| {
        let leave = Leave {
            from: at(NOW + from),
            until: at(NOW + until),
        };
        with_anna(Employee {
            leave: vec![leave],
            ..Employee::default()
        })
        .0
    };
    let until = at(NOW + DAY);
    assert_eq!(away(0, DAY), Err(Withheld::OnLeave { until }));
    assert_eq!(away(-DAY, 0), Ok(()));
    assert_eq!(away(1, DAY), Ok(()));
}

#[test]
fn working_hours_are_in_the_companys_local_time() {
    // NOW is Friday 12:00 in Moscow, and 09:00 in Greenwich.
    let works = |from: i8, until: i8| {
        let shift = Shift {
            weekday: Weekday::Friday,
            from: time(from, 0, 0, 0),
            until: time(until, 0, 0, 0),
        };
        with_anna(Employee {
            hours: Some(WorkingHours(vec![shift])),
            ..Employee::default()
        })
        .0
    };
    assert_eq!(works(12, 18), Ok(()));
    assert_eq!(works(9, 12), Err(Withheld::OutOfHours));
}

#[test]
fn an_employee_nobody_knows_is_offered_once_they_are_known() {
    let record = record(&[event("1", "mail", "galina", HOUR)]);
    let mut staff = staff();
    let before = ranking(&record, &rules(&[]), &staff);
    assert_eq!(before.candidates[0].offer, Err(Withheld::Unknown));
    staff.put(employee("galina"), Employee::default());
    let after = ranking(&record, &rules(&[]), &staff);
    assert_eq!(offers(&after), ["galina"]);
}

#[test]
fn a_second_account_counts_for_its_person() {
    let mut staff = staff();
    let alias = Employee {
        alias_of: Some(employee("boris")),
        ..Employee::default()
    };
    staff.put(employee("anna"), alias);
    let ranking = ranking(&two_mails(), &rules(&[]), &staff);
    assert_eq!(scores(&ranking), expected(&[("boris", 147.15)]));
}

fn left_to(successor: &str) -> Employee {
    Employee {
        until: Some(at(NOW - HOUR)),
        successor: Some(employee(successor)),
        ..Employee::default()
    }
}

#[test]
fn a_successor_inherits_the_clients_of_whoever_has_left() {
    let mut staff = staff();
    staff.put(employee("anna"), left_to("vera"));
    staff.put(employee("vera"), left_to("boris"));
    let ranking = ranking(&two_mails(), &rules(&[]), &staff);
    assert_eq!(scores(&ranking), expected(&[("boris", 147.15)]));
}

#[test]
fn before_somebody_leaves_their_successor_inherits_nothing() {
    let mut staff = staff();
    let leaving = Employee {
        until: Some(at(NOW + 1)),
        ..left_to("vera")
    };
    staff.put(employee("anna"), leaving);
    let ranking = ranking(&two_mails(), &rules(&[]), &staff);
    assert_eq!(offers(&ranking), ["anna", "boris"]);
}

#[test]
fn a_circle_of_successors_or_aliases_ends() {
    let mut staff = staff();
    staff.put(employee("anna"), left_to("boris"));
    staff.put(employee("boris"), left_to("anna"));
    let alias = Employee {
        alias_of: Some(employee("vera")),
        ..Employee::default()
    };
    staff.put(employee("vera"), alias);
    let record = record(&[
        event("1", "mail", "anna", HOUR),
        event("2", "mail", "vera", HOUR),
    ]);
    let ranking = ranking(&record, &rules(&[]), &staff);
    assert_eq!(ranking.candidates.len(), 2);
    assert_eq!(offers(&ranking), ["vera"]);
}

#[test]
fn a_short_list_is_topped_up_with_others_who_may_be_offered() {
    let mut staff = staff();
    staff.put(employee("vera"), left_to("galina"));
    staff.put(employee("galina"), Employee::default());
    let ranking = ranking(&two_mails(), &rules(&[]), &staff);
    let others = ["nobody", "boris", "vera", "galina"].map(employee);
    let choices = |longest| -> Vec<&str> {
        let choices = ranking.choices(longest, &others, &staff);
        choices.into_iter().map(EmployeeId::as_str).collect()
    };
    assert_eq!(choices(1), ["anna"]);
    assert_eq!(choices(9), ["anna", "boris", "galina"]);
}
