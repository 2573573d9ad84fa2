use jiff::civil::{date, time};

use super::*;
use crate::domain::directory::Extension;
use crate::domain::language::names::NameDictionary;
use crate::domain::menu::{Key, SummonsTemplates};
use crate::domain::person::PersonName;
use crate::domain::phone::PhoneNumber;

fn say(template: &str, language: Language) -> String {
    let name = PersonName::new("Чулкова", "Евгения", "Петровна").unwrap();
    let extension = Extension::parse("034").unwrap();
    let phone = PhoneNumber::parse("+74959262644").unwrap();
    let person = Some(Named {
        name: &name,
        gender: None,
    });
    let values = Values {
        employee: person,
        department: Some("Отдел продаж"),
        extension: Some(&extension),
        key: Key::digit(1),
        patient: person,
        specialist: person,
        time: Some(time(14, 30, 0, 0)),
        date: Some(date(2026, 3, 12)),
        attempt: Some(3),
        phone: Some(&phone),
        profession: Some("терапевт"),
        caller: Some("Петрова Анна"),
    };
    let template = Template::parse(template, Place::Example).unwrap();
    template.say(&values, language, &NameDictionary::new())
}

#[test]
fn a_slot_is_said_in_its_case_and_way() {
    let table = [
        (
            "Чтобы поговорить с {employee|instrumental}, {employee.extension|extension}, нажмите {key|number}",
            "Чтобы поговорить с Чулковой Евгенией, ноль тридцать четыре, нажмите один",
        ),
        ("{employee}", "Чулкова Евгения"),
        ("{employee.first|dative}", "Евгении"),
        ("{employee.last|accusative}", "Чулкову"),
        ("{employee.middle|genitive}", "Петровны"),
        ("{employee.extension|digits}", "ноль три четыре"),
        ("{employee.extension|number}", "ноль тридцать четыре"),
        ("{department}", "Отдел продаж"),
        ("{caller}", "Петрова Анна"),
        ("на {time}", "на четырнадцать тридцать"),
        ("к {time|dative}", "к четырнадцати тридцати"),
        ("{date}", "двенадцатого марта"),
        ("на {date|date|accusative}", "на двенадцатое марта"),
        ("{attempt} попытки", "три попытки"),
        ("{attempt|ordinal} попытка", "третья попытка"),
        ("после {attempt|ordinal|genitive}", "после третьей"),
        ("{patient|genitive}", "Чулковой Евгении"),
        ("{specialist|dative}", "Чулковой Евгении"),
        ("{{{key}}}", "{один}"),
        (
            "{phone|digits}",
            "семь четыре девять пять девять два шесть два шесть четыре четыре",
        ),
    ];
    for (template, words) in table {
        assert_eq!(say(template, Language::Russian), words);
    }
}

#[test]
fn english_has_no_cases() {
    let words = say(
        "Ask {employee|instrumental} on {date} at {time}, {attempt|ordinal} time",
        Language::English,
    );
    assert_eq!(
        words,
        "Ask Evgeniya Chulkova on March the twelfth at two thirty p.m., third time"
    );
}

#[test]
fn what_is_missing_leaves_no_gap() {
    let template = Template::parse("a {employee.middle} b", Place::Choice).unwrap();
    let words = template.say(
        &Values::default(),
        Language::Russian,
        &NameDictionary::new(),
    );
    assert_eq!(words, "a b");
}

fn refusal(template: &str, place: Place) -> String {
    Template::parse(template, place).unwrap_err().to_string()
}

#[test]
fn a_mistake_is_named_with_its_place_and_what_was_expected() {
    let table = [
        (
            "Нажмите {key",
            "character 9: the brace is not closed; write {slot}, or {{ for the sign itself",
        ),
        (
            "{employee {key}",
            "character 1: the brace is not closed; write {slot}, or {{ for the sign itself",
        ),
        (
            "Нажмите key}",
            "character 12: no brace was opened; write }} for the sign itself",
        ),
        (
            "Нажмите {button}",
            "character 10: {button} can't be said here; expected one of {key}",
        ),
        (
            "Нажмите { employee }",
            "character 11: {employee} can't be said here; expected one of {key}",
        ),
        (
            "Нажмите {key|instrumental}",
            "character 14: {key} can't be said with \"instrumental\"; expected number, digits",
        ),
        (
            "{key|digits|number}",
            "character 13: {key} can't be said with \"number\"; expected number, digits",
        ),
        (
            "{}",
            "character 2: {} can't be said here; expected one of {key}",
        ),
    ];
    for (template, message) in table {
        assert_eq!(refusal(template, Place::Ending), message);
    }
}

#[test]
fn a_department_has_no_cases() {
    assert_eq!(
        refusal("Звоним в {department|accusative}", Place::Department),
        "character 22: {department} can't be said with \"accusative\"; expected no filter"
    );
}

#[test]
fn a_case_comes_after_the_way() {
    assert!(Template::parse("{attempt|ordinal|genitive}", Place::Example).is_ok());
    assert!(Template::parse("{attempt|genitive|ordinal}", Place::Example).is_err());
    assert!(Template::parse("{attempt|digits|genitive}", Place::Example).is_err());
}

#[test]
fn every_slot_can_be_written_in_an_example() {
    for slot in Slot::ALL {
        assert!(
            Template::parse(&slot.to_string(), Place::Example).is_ok(),
            "{slot}"
        );
    }
}

#[test]
fn the_usual_sentences_can_be_read() {
    for language in Language::ALL {
        let usual = Templates::usual(language);
        let summons = SummonsTemplates::usual(language);
        let summons = [summons.named, summons.unnamed, summons.keys];
        let usual = [usual.choice, usual.department, usual.ending];
        for template in usual.into_iter().chain(summons) {
            assert!(!template.pieces.is_empty());
        }
    }
}

proptest::proptest! {
    #[test]
    fn whatever_is_written_is_read_or_refused(text in "[a-z{}|. ]{0,30}") {
        let _ = Template::parse(&text, Place::Example);
    }
}
