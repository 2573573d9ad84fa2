//! What a month allows, over restarts and with a damaged file.

use super::*;

const BUDGET: MonthlyBudget = MonthlyBudget::Characters(100);

fn ledger(directory: &tempfile::TempDir) -> Ledger {
    Ledger::open(Arc::new(Files::open(directory.path()).unwrap()))
}

#[test]
fn a_request_beyond_the_budget_is_not_sent_and_not_counted() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let steps = [
        (60, Spending::Allowed),
        (41, Spending::Ended),
        (40, Spending::MostIsUsed),
        (1, Spending::Refused),
    ];
    for (characters, expected) in steps {
        let spending = ledger.spend_in("2026-11", "a", BUDGET, characters);
        assert_eq!(spending, expected, "{characters}");
    }
    let other = ledger.spend_in("2026-11", "b", BUDGET, 79);
    assert_eq!(other, Spending::Allowed, "each has its own");
}

#[test]
fn a_warning_is_given_once_at_eighty_percent() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let spending = [79, 1, 1].map(|characters| ledger.spend_in("2026-11", "a", BUDGET, characters));
    let expected = [Spending::Allowed, Spending::MostIsUsed, Spending::Allowed];
    assert_eq!(spending, expected);
}

#[test]
fn a_new_month_begins_anew_and_a_clock_that_is_set_back_gives_nothing_back() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let steps = [
        ("2026-11", 90, Spending::MostIsUsed),
        ("2026-12", 90, Spending::MostIsUsed),
        ("2026-11", 20, Spending::Ended),
        ("2027-01", 20, Spending::Allowed),
    ];
    for (month, characters, expected) in steps {
        let spending = ledger.spend_in(month, "a", BUDGET, characters);
        assert_eq!(spending, expected, "{month}");
    }
}

#[test]
fn requests_are_counted_too() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let budget = MonthlyBudget::Requests(2);
    let spending = [(); 3].map(|()| ledger.spend_in("2026-11", "a", budget, 1000));
    let expected = [Spending::Allowed, Spending::MostIsUsed, Spending::Ended];
    assert_eq!(spending, expected);
}

#[test]
fn a_restart_forgets_nothing_and_a_new_month_begins_at_nothing() {
    let directory = tempfile::tempdir().unwrap();
    ledger(&directory).spend_in("2026-11", "a", BUDGET, 100);
    let reopened = ledger(&directory);
    assert_eq!(
        reopened.spend_in("2026-11", "a", BUDGET, 1),
        Spending::Ended
    );
    assert_eq!(
        reopened.spend_in("2026-12", "a", BUDGET, 79),
        Spending::Allowed
    );
}

#[test]
fn what_cost_nothing_is_given_back() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    ledger.spend_in("2026-11", "a", BUDGET, 79);
    ledger.give_back("a", 79);
    assert_eq!(
        ledger.spend_in("2026-11", "a", BUDGET, 79),
        Spending::Allowed
    );
}

#[test]
fn a_damaged_file_is_as_none() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join(FILE), b"{\"month\":").unwrap();
    let spending = ledger(&directory).spend_in("2026-11", "a", BUDGET, 79);
    assert_eq!(spending, Spending::Allowed);
}
