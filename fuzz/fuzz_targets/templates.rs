//! Whatever a template and a name are, in both languages: it is refused with a reason, or can be said.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vizavi::domain::directory::Extension;
use vizavi::domain::language::Language;
use vizavi::domain::language::names::NameDictionary;
use vizavi::domain::menu::Key;
use vizavi::domain::menu::template::{Named, Place, Template, Values};
use vizavi::domain::person::PersonName;

const PLACES: [Place; 6] = [
    Place::Choice,
    Place::Department,
    Place::Ending,
    Place::Remark,
    Place::Promise,
    Place::Briefing,
];

fuzz_target!(|data: (&str, [&str; 3], u32)| {
    let (text, [last, first, middle], attempt) = data;
    let name = PersonName::new(last, first, middle).ok();
    let person = name.as_ref().map(|name| Named { name, gender: None });
    let extension = Extension::parse(&(attempt % 1_000_000).to_string()).ok();
    let values = Values {
        employee: person,
        department: Some(first),
        extension: extension.as_ref(),
        key: Key::digit(attempt % 10),
        patient: person,
        specialist: person,
        attempt: Some(attempt),
        ..Values::default()
    };
    let dictionary = NameDictionary::default();
    for place in PLACES {
        match Template::parse(text, place) {
            Ok(template) => Language::ALL.into_iter().for_each(|language| {
                let _ = template.say(&values, language, &dictionary);
                let _ = template.pieces(&values, language, &dictionary);
            }),
            Err(reason) => assert!(reason.to_string().starts_with("character ")),
        }
    }
});
