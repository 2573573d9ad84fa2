//! When a line of a large company is spoken.

use std::collections::HashMap;
use std::time::Instant;

use jiff::tz::TimeZone;

use super::*;
use crate::TestResult;
use crate::callers;
use crate::domain::directory::{EmployeeCard, Extension, Name};
use crate::domain::language::Language;
use crate::domain::menu::Wording;
use crate::domain::person::PersonName;
use crate::domain::rating::{
    Body, Employee, EmployeeId, Event, EventId, Happening, Kind, KindName, Rules, Weight,
};
use crate::speech;
use crate::store::{self, Change, Store};
use crate::switchboard::{Fallback, Wordings};

fn employee(id: &str, extension: &str) -> TestResult<Change> {
    let name = PersonName::new("Белых", "Анна", "")?;
    Ok(Change::PutEmployee {
        id: EmployeeId::parse(id)?,
        card: Box::new(EmployeeCard {
            name: Name::Person(name),
            gender: None,
            extension: Some(Extension::parse(extension)?),
            endpoints: Vec::new(),
            language: None,
            duty: Employee::default(),
        }),
        version: 1,
    })
}

fn paid(employee: &str) -> TestResult<Change> {
    let now = Timestamp::now();
    Ok(Change::Event {
        client: ClientId::parse("client-17")?,
        event: Event {
            id: EventId::parse("e1")?,
            version: 1,
            body: Body::Happened(Happening {
                kind: KindName::parse("invoice.paid")?,
                employee: EmployeeId::parse(employee)?,
                case: None,
                phones: Vec::new(),
                about: None,
            }),
            time: now,
        },
        arrived: now,
    })
}

fn rules() -> TestResult<Rules> {
    let kind = Kind {
        weight: Weight::new(100.0)?,
        ..Kind::default()
    };
    let name = KindName::parse("invoice.paid")?;
    Ok(Rules {
        kinds: [(name, kind)].into(),
        ..Rules::default()
    })
}

fn profiles() -> Profiles {
    let general = Profile {
        language: Language::Russian,
        follows_clients: true,
        language_key: None,
        wordings: Wordings::of(|language| Wording::new(language, None)),
        hours: None,
        departments: Arc::default(),
        fallback: Fallback {
            context: "vizavi".to_owned(),
            extension: "fallback".to_owned(),
        },
        own_fallback: None,
    };
    Profiles {
        general: Arc::new(general),
        numbers: HashMap::new(),
        direct: HashSet::new(),
    }
}

#[test]
fn everybodys_texts_are_spoken_ahead_in_each_language_in_use_and_only_there() {
    let said = Said {
        profiles: profiles(),
        longest_menu: 3,
        says_busy: false,
        callback_key: None,
        most_lines: 0,
    };
    let own = said.languages();
    assert_eq!(own, [Language::Russian].into());
    let both = [Language::Russian, Language::English].into();
    let [russian, all] = [said.to_everybody(&own), said.to_everybody(&both)];
    let english = Wording::new(Language::English, None).said_to_everybody();
    assert!(english.iter().all(|prompt| !russian.contains(prompt)));
    assert_eq!(all[..russian.len()], russian);
    assert_eq!(all[russian.len()..], english);
}

#[test]
fn that_somebody_is_talking_is_spoken_ahead_if_it_is_said() {
    let said = |says_busy| Said {
        profiles: profiles(),
        longest_menu: 3,
        says_busy,
        callback_key: None,
        most_lines: 100,
    };
    let anna = || [crate::domain::menu::tests::employee("anna", "35")];
    let lines = |says_busy| said(says_busy).lines(anna(), Language::Russian);
    assert_eq!(lines(false).len(), 3);
    let talking = |line: &Prompt| line.phrases[0].text.contains("разговаривает");
    let both = lines(true);
    assert_eq!(both.len(), 6);
    assert_eq!(both.iter().filter(|line| talking(line)).count(), 3);
}

#[tokio::test]
async fn in_a_large_company_a_line_is_spoken_when_something_makes_it_likely() -> TestResult {
    let directory = tempfile::tempdir()?;
    let place = store::Settings::new(directory.path().join("store"), TimeZone::UTC);
    let store = Store::open(&place)?.store;
    let staff = vec![employee("anna", "35")?, employee("other", "36")?];
    store.write(staff).await?;
    let settings = callers::Settings {
        rules: rules()?,
        departments: Vec::new(),
        longest_menu: 3,
    };
    let callers = Arc::new(Callers::new(store.clone(), settings));
    let phrases = speech::Settings::new(directory.path().join("phrases"));
    let speech = Speech::open(phrases)?;
    let said = || Said {
        profiles: profiles(),
        longest_menu: 3,
        says_busy: false,
        callback_key: None,
        most_lines: 0,
    };
    let warming = tokio::spawn(warm(speech.clone(), said(), Some(Arc::clone(&callers))));

    let entry = |extension: &str| {
        let company = callers.company();
        let mut entries = company.cards().filter_map(|(id, card)| card.entry(id));
        entries.find(|entry| entry.extension.digits() == extension)
    };
    let line = |extension| {
        let choice = Choice {
            key: Key::CHOICES[0],
            entry: entry(extension).ok_or("nobody has this extension")?,
            busy: false,
        };
        TestResult::Ok(said().line(choice, Language::Russian))
    };
    let started = Instant::now();
    let mut number = 0;
    while speech.ready(&line("35")?).is_none() {
        assert!(started.elapsed() < Duration::from_secs(30), "in vain");
        // Until somebody watches, and not so often that nobody hears of it.
        if number % 20 == 0 {
            store.write(vec![paid("anna")?]).await?;
        }
        number += 1;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(speech.ready(&line("36")?), None, "nobody wants them");
    warming.abort();
    Ok(())
}
