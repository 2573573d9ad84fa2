//! What is kept of a caller's wish.

use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::*;
use crate::callers;
use crate::domain::call::CallbackWish;
use crate::domain::callback::{State, test_rules::open_daily};
use crate::domain::directory::ClientCard;
use crate::domain::rating::{self, ClientId, EmployeeId};
use crate::store;

const CALLER: &str = "+79161112233";

/// From nine to five, every day.
fn rules() -> Rules {
    open_daily(time(9, 0, 0, 0), time(17, 0, 0, 0))
}

fn open(directory: &TempDir) -> LeftCallbacks {
    let place = store::Settings::new(directory.path().join("store"), TimeZone::UTC);
    let store = Store::open(&place).unwrap().store;
    let settings = callers::Settings {
        rules: rating::Rules::default(),
        departments: Vec::new(),
        longest_menu: 3,
    };
    LeftCallbacks {
        callers: Arc::new(Callers::new(store.clone(), settings)),
        store,
        rules: Arc::new(rules()),
        owner_time: Duration::from_secs(7200),
    }
}

fn phone() -> PhoneNumber {
    PhoneNumber::parse(CALLER).unwrap()
}

fn wish() -> LeftCallback {
    LeftCallback {
        call: "19a.7".to_owned(),
        caller: phone(),
        wish: CallbackWish {
            person: EmployeeId::parse("eugenia").unwrap(),
            about: About::new("invoice 1042"),
        },
    }
}

#[tokio::test]
async fn a_wish_is_a_job_of_the_person_and_twice_the_same_is_one() {
    let directory = TempDir::new().unwrap();
    let callbacks = open(&directory);
    let client = Change::PutClient {
        id: ClientId::parse("c-7").unwrap(),
        card: Box::new(ClientCard {
            person: Some(PersonName::new("Petrov", "Ivan", "").unwrap()),
            phones: vec![phone()],
            ..ClientCard::default()
        }),
        version: 1,
    };
    callbacks.store.write(vec![client]).await.unwrap();
    assert!(callbacks.may(&phone()));
    assert!(callbacks.clone().keep(wish()).await);
    let id = JobId::parse("call-19a.7").unwrap();
    let job = callbacks.store.callback(&id).unwrap().unwrap();
    let wanted = &job.wanted;
    assert_eq!(wanted.destination, Destination::Phone(phone()));
    assert_eq!(wanted.reason.as_deref(), Some("invoice 1042"));
    assert_eq!(wanted.person.as_ref().unwrap().last_first(), "Petrov Ivan");
    assert_eq!(wanted.language, None, "that of who calls back");
    let owner = wanted.owner.as_ref().unwrap();
    assert_eq!(owner.employee.as_str(), "eugenia");
    assert!(owner.released.is_some());
    assert!(matches!(job.state, State::Waiting { .. }));
    assert!(callbacks.clone().keep(wish()).await);
    assert_eq!(callbacks.store.callback_counts().waiting, 1);
}

#[tokio::test]
async fn who_calls_again_and_asks_again_is_called_back_once() {
    let directory = TempDir::new().unwrap();
    let callbacks = open(&directory);
    assert!(callbacks.clone().keep(wish()).await);
    let again = LeftCallback {
        call: "19a.8".to_owned(),
        ..wish()
    };
    assert!(callbacks.clone().keep(again).await);
    let of_another = LeftCallback {
        call: "19a.9".to_owned(),
        wish: CallbackWish {
            person: EmployeeId::parse("dmitry").unwrap(),
            about: None,
        },
        ..wish()
    };
    assert!(callbacks.clone().keep(of_another).await);
    assert_eq!(callbacks.store.callback_counts().waiting, 2);
}

#[test]
fn the_owners_time_begins_when_somebody_may_be_called() {
    let directory = TempDir::new().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _entered = runtime.enter();
    let callbacks = open(&directory);
    let moment = |day: i8, hour: i8| {
        let local = date(2026, 11, day).at(hour, 0, 0, 0);
        local.to_zoned(TimeZone::UTC).unwrap().timestamp()
    };
    assert_eq!(callbacks.released(moment(23, 12)), Some(moment(23, 14)));
    assert_eq!(callbacks.released(moment(23, 20)), Some(moment(24, 11)));
}

#[tokio::test]
async fn whom_nobody_dials_is_not_offered_it() {
    let directory = TempDir::new().unwrap();
    let callbacks = open(&directory);
    for number in ["+78091234567", "+442079460000"] {
        let phone = PhoneNumber::parse(number).unwrap();
        assert!(!callbacks.may(&phone), "{number}");
    }
}

#[tokio::test]
async fn what_the_store_can_not_take_is_not_promised() {
    let directory = TempDir::new().unwrap();
    let callbacks = open(&directory);
    let mut wish = wish();
    wish.call = "x".repeat(300);
    assert!(!callbacks.keep(wish).await, "no id");
}
