//! What is kept of a caller's wish.

use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::*;
use crate::TestResult;
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

fn open(directory: &TempDir) -> TestResult<LeftCallbacks> {
    let place = store::Settings::new(directory.path().join("store"), TimeZone::UTC);
    let store = Store::open(&place)?.store;
    let settings = callers::Settings {
        rules: rating::Rules::default(),
        departments: Vec::new(),
        longest_menu: 3,
    };
    Ok(LeftCallbacks {
        callers: Arc::new(Callers::new(store.clone(), settings)),
        store,
        rules: Arc::new(rules()),
        owner_time: Duration::from_secs(7200),
    })
}

fn phone() -> TestResult<PhoneNumber> {
    Ok(PhoneNumber::parse(CALLER)?)
}

fn wish() -> TestResult<LeftCallback> {
    Ok(LeftCallback {
        call: "19a.7".to_owned(),
        caller: phone()?,
        wish: CallbackWish {
            person: EmployeeId::parse("eugenia")?,
            about: About::new("invoice 1042"),
        },
    })
}

#[tokio::test]
async fn a_wish_is_a_job_of_the_person_and_twice_the_same_is_one() -> TestResult {
    let directory = TempDir::new()?;
    let callbacks = open(&directory)?;
    let client = Change::PutClient {
        id: ClientId::parse("c-7")?,
        card: Box::new(ClientCard {
            person: Some(PersonName::new("Petrov", "Ivan", "")?),
            phones: vec![phone()?],
            ..ClientCard::default()
        }),
        version: 1,
    };
    callbacks.store.write(vec![client]).await?;
    assert!(callbacks.may(&phone()?));
    assert!(callbacks.clone().keep(wish()?).await);
    let id = JobId::parse("call-19a.7")?;
    let job = callbacks.store.callback(&id)?.ok_or("it is not kept")?;
    let wanted = &job.wanted;
    assert_eq!(wanted.destination, Destination::Phone(phone()?));
    assert_eq!(wanted.reason.as_deref(), Some("invoice 1042"));
    let person = wanted.person.as_ref().ok_or("nobody is named")?;
    assert_eq!(person.last_first(), "Petrov Ivan");
    assert_eq!(wanted.language, None, "that of who calls back");
    let owner = wanted.owner.as_ref().ok_or("it is nobody's")?;
    assert_eq!(owner.employee.as_str(), "eugenia");
    assert!(owner.released.is_some());
    assert!(matches!(job.state, State::Waiting { .. }));
    assert!(callbacks.clone().keep(wish()?).await);
    assert_eq!(callbacks.store.callback_counts().waiting, 1);
    Ok(())
}

#[tokio::test]
async fn who_calls_again_and_asks_again_is_called_back_once() -> TestResult {
    let directory = TempDir::new()?;
    let callbacks = open(&directory)?;
    assert!(callbacks.clone().keep(wish()?).await);
    let again = LeftCallback {
        call: "19a.8".to_owned(),
        ..wish()?
    };
    assert!(callbacks.clone().keep(again).await);
    let of_another = LeftCallback {
        call: "19a.9".to_owned(),
        wish: CallbackWish {
            person: EmployeeId::parse("dmitry")?,
            about: None,
        },
        ..wish()?
    };
    assert!(callbacks.clone().keep(of_another).await);
    assert_eq!(callbacks.store.callback_counts().waiting, 2);
    Ok(())
}

#[test]
fn the_owners_time_begins_when_somebody_may_be_called() -> TestResult {
    let directory = TempDir::new()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let _entered = runtime.enter();
    let callbacks = open(&directory)?;
    let moment = |day: i8, hour: i8| {
        let local = date(2026, 11, day).at(hour, 0, 0, 0);
        TestResult::Ok(local.to_zoned(TimeZone::UTC)?.timestamp())
    };
    let released = |day, hour| TestResult::Ok(callbacks.released(moment(day, hour)?));
    assert_eq!(released(23, 12)?, Some(moment(23, 14)?));
    assert_eq!(released(23, 20)?, Some(moment(24, 11)?));
    Ok(())
}

#[tokio::test]
async fn whom_nobody_dials_is_not_offered_it() -> TestResult {
    let directory = TempDir::new()?;
    let callbacks = open(&directory)?;
    for number in ["+78091234567", "+442079460000"] {
        let phone = PhoneNumber::parse(number)?;
        assert!(!callbacks.may(&phone), "{number}");
    }
    Ok(())
}

#[tokio::test]
async fn what_the_store_can_not_take_is_not_promised() -> TestResult {
    let directory = TempDir::new()?;
    let callbacks = open(&directory)?;
    let mut wish = wish()?;
    wish.call = "x".repeat(300);
    assert!(!callbacks.keep(wish).await, "no id");
    Ok(())
}
