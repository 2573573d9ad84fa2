//! What is known of callers, from a store with a few clients: their language, why they call, who
//! does somebody's work.

use jiff::tz::TimeZone;

use super::*;
use crate::domain::directory::{EmployeeCard, Extension, Name};
use crate::domain::rating::{
    About, Body, Employee, Event, EventId, Happening, Kind, KindName, Leave, Weight,
};
use crate::store::{self, Change};

const PHONE: &str = "+74959262644";

async fn callers_with(clients: &[(&str, Option<Language>)]) -> (Callers, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let place = store::Settings::new(directory.path().join("store"), TimeZone::UTC);
    let store = Store::open(&place).unwrap().store;
    let changes = clients.iter().map(|(id, language)| Change::PutClient {
        id: ClientId::parse(id).unwrap(),
        card: Box::new(ClientCard {
            phones: vec![PhoneNumber::parse(PHONE).unwrap()],
            language: *language,
            ..ClientCard::default()
        }),
        version: 1,
    });
    store.write(changes.collect()).await.unwrap();
    let settings = Settings {
        rules: Rules {
            kinds: [(
                KindName::parse("invoice.issued").unwrap(),
                Kind {
                    weight: Weight::new(1.0).unwrap(),
                    ..Kind::default()
                },
            )]
            .into(),
            ..Rules::default()
        },
        departments: Vec::new(),
        longest_menu: 3,
    };
    (Callers::new(store, settings), directory)
}

async fn language(clients: &[(&str, Option<Language>)]) -> Option<Language> {
    let (callers, _directory) = callers_with(clients).await;
    let phone = PhoneNumber::parse(PHONE).unwrap();
    let caller = callers.caller(Some(&phone), &[], Timestamp::now());
    let caller = caller.unwrap();
    caller.language
}

#[tokio::test]
async fn a_caller_speaks_the_language_of_their_card() {
    let english = Some(Language::English);
    assert_eq!(language(&[("a", english)]).await, english);
    assert_eq!(language(&[("a", None)]).await, None);
}

#[tokio::test]
async fn a_shared_number_shows_a_language_only_if_it_is_that_of_all() {
    let (english, russian) = (Some(Language::English), Some(Language::Russian));
    assert_eq!(language(&[("a", english), ("b", english)]).await, english);
    assert_eq!(language(&[("a", english), ("b", russian)]).await, None);
    assert_eq!(language(&[("a", english), ("b", None)]).await, None);
    assert_eq!(language(&[("a", None), ("b", english)]).await, None);
}

#[tokio::test]
async fn the_languages_of_clients_are_found_before_they_call() {
    let clients = [("a", None), ("b", Some(Language::English))];
    let (callers, _directory) = callers_with(&clients).await;
    assert!(callers.languages().is_empty());
    let known = [Language::Russian].into();
    callers.look_for_languages(&known).unwrap();
    assert_eq!(callers.languages(), [Language::English].into());
}

/// What whose telephone would show, when an event of the first client is about something.
async fn shown(clients: &[(&str, Option<Language>)]) -> Option<String> {
    let (callers, _directory) = callers_with(clients).await;
    let anna = EmployeeId::parse("anna").unwrap();
    let at = Timestamp::now();
    let event = |id: &str, about: Option<&str>| Change::Event {
        client: ClientId::parse(clients[0].0).unwrap(),
        event: Event {
            id: EventId::parse(id).unwrap(),
            version: 1,
            body: Body::Happened(Happening {
                kind: KindName::parse("invoice.issued").unwrap(),
                employee: anna.clone(),
                case: None,
                phones: Vec::new(),
                about: about.and_then(About::new),
            }),
            time: at - jiff::SignedDuration::from_hours(1),
        },
        arrived: at,
    };
    let employee = Change::PutEmployee {
        id: anna.clone(),
        card: Box::new(EmployeeCard {
            name: Name::Department("Anna".to_owned()),
            gender: None,
            extension: Some(Extension::parse("35").unwrap()),
            endpoints: Vec::new(),
            language: None,
            duty: Employee::default(),
        }),
        version: 1,
    };
    let changes = vec![employee, event("1", None), event("2", Some("счёт 1042"))];
    callers.store.write(changes).await.unwrap();
    let phone = PhoneNumber::parse(PHONE).unwrap();
    let caller = callers.caller(Some(&phone), &[], Timestamp::now()).unwrap();
    assert_eq!(caller.wanted.len(), 1, "she is offered");
    let about = caller.known.reasons.to_call(&anna);
    about.map(|about| about.as_str().to_owned())
}

#[tokio::test]
async fn somebodys_work_is_theirs_while_they_are_at_work_and_then_their_successors() {
    let (callers, _directory) = callers_with(&[]).await;
    let id = |text: &str| EmployeeId::parse(text).unwrap();
    let now = Timestamp::now();
    let put = |employee: &str, extension: &str, duty: Employee| Change::PutEmployee {
        id: id(employee),
        card: Box::new(EmployeeCard {
            name: Name::Department(employee.to_owned()),
            gender: None,
            extension: Some(Extension::parse(extension).unwrap()),
            endpoints: Vec::new(),
            language: None,
            duty,
        }),
        version: 1,
    };
    let away = Employee {
        leave: vec![Leave {
            from: now - jiff::SignedDuration::from_hours(1),
            until: now + jiff::SignedDuration::from_hours(1),
        }],
        ..Employee::default()
    };
    let left = Employee {
        until: Some(now),
        successor: Some(id("anna")),
        ..Employee::default()
    };
    let changes = vec![
        put("anna", "35", Employee::default()),
        put("away", "36", away),
        put("left", "37", left),
    ];
    callers.store.write(changes).await.unwrap();
    let at_work = |who: &str| callers.at_work(&id(who), now).map(|entry| entry.id);
    assert_eq!(at_work("anna"), Some(id("anna")));
    assert_eq!(at_work("left"), Some(id("anna")));
    assert_eq!(at_work("away"), None);
    assert_eq!(at_work("nobody"), None);
}

#[tokio::test]
async fn why_they_call_is_told_unless_several_clients_share_the_number() {
    assert_eq!(shown(&[("a", None)]).await.as_deref(), Some("счёт 1042"));
    assert_eq!(shown(&[("a", None), ("b", None)]).await, None);
}
