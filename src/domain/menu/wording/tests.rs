//! Menus and remarks as callers hear them, in both languages.

use std::collections::HashSet;

use super::*;
use crate::domain::callback::briefing::BriefingWording;
use crate::domain::directory::{Endpoint, Entry, Extension};
use crate::domain::language::names::Forms;
use crate::domain::menu::MenuKind;
use crate::domain::menu::template::Place;
use crate::domain::person::PersonName;
use crate::domain::rating::EmployeeId;

fn menu(names: [(Name, &str); 3]) -> Menu {
    let choices = names
        .into_iter()
        .zip(Key::CHOICES)
        .map(|((name, extension), key)| Choice {
            key,
            entry: Entry {
                id: EmployeeId::parse(extension).unwrap(),
                name,
                gender: None,
                extension: Extension::parse(extension).unwrap(),
                endpoint: Endpoint::parse("PJSIP/x").unwrap(),
                more_endpoints: Vec::new(),
            },
            busy: false,
        });
    Menu {
        kind: MenuKind::Personal,
        choices: choices.collect(),
        language_key: None,
        callback_key: None,
    }
}

fn person(last: &str, first: &str) -> Name {
    Name::Person(PersonName::new(last, first, "").unwrap())
}

fn sentences(prompt: Prompt) -> Vec<String> {
    prompt
        .phrases
        .into_iter()
        .map(|phrase| phrase.text)
        .collect()
}

#[test]
fn a_menu_is_read_out_in_russian_as_the_company_would_say_it() {
    let menu = menu([
        (person("Чулкова", "Евгения"), "34"),
        (person("Масленников", "Дмитрий"), "02"),
        (Name::Department("Отдел продаж".to_owned()), "90"),
    ]);
    let wording = Wording::new(Language::Russian, None);
    assert_eq!(
        sentences(wording.menu(&menu)),
        [
            "Чулкова Евгения, добавочный тридцать четыре: нажмите один.",
            "Масленников Дмитрий, добавочный ноль два: нажмите два.",
            "Отдел продаж, добавочный девяносто: нажмите три.",
            "Чтобы поговорить с оператором, нажмите ноль.",
        ]
    );
}

#[test]
fn a_menu_is_read_out_in_english_with_the_first_name_first() {
    let menu = menu([
        (person("Chulkova", "Eugenia"), "34"),
        (person("Maslennikov", "Dmitry"), "02"),
        (Name::Department("Sales".to_owned()), "90"),
    ]);
    let wording = Wording::new(Language::English, None);
    assert_eq!(
        sentences(wording.menu(&menu)),
        [
            "Eugenia Chulkova, extension thirty-four: press one.",
            "Dmitry Maslennikov, extension zero two: press two.",
            "Sales, extension ninety: press three.",
            "To speak with an operator, press zero.",
        ]
    );
}

#[test]
fn of_who_is_talking_that_is_said_and_how_to_wait() {
    let people = || {
        [
            (person("Чулкова", "Евгения"), "34"),
            (person("Масленников", "Дмитрий"), "02"),
            (Name::Department("Отдел продаж".to_owned()), "90"),
        ]
    };
    let busy = ["34", "90"].map(|id| EmployeeId::parse(id).unwrap());
    let menu = menu(people()).saying_busy(&busy);
    let wording = Wording::new(Language::Russian, None);
    assert_eq!(
        sentences(wording.menu(&menu))[..3],
        [
            "Чулкова Евгения сейчас разговаривает; чтобы подождать, нажмите один.",
            "Масленников Дмитрий, добавочный ноль два: нажмите два.",
            "Отдел продаж, линия занята; чтобы подождать, нажмите три.",
        ]
    );
    let usual = Templates::usual(Language::Russian);
    let busy_choice = "{employee|instrumental} займётесь через {key}.";
    let busy_choice = Template::parse(busy_choice, Place::Choice).unwrap();
    let own = wording.with_templates(Templates {
        busy_choice,
        ..usual
    });
    let first = sentences(own.menu(&menu)).remove(0);
    assert_eq!(first, "Чулковой Евгенией займётесь через один.");
}

#[test]
fn each_language_says_itself_how_it_is_chosen() {
    let offer = |language| {
        let wording = Wording::new(language, None);
        let offer = wording.language_offer(Key::digit(9).unwrap());
        assert_eq!(offer.phrases[0].language, language);
        sentences(offer)
    };
    assert_eq!(offer(Language::English), ["For English, press nine."]);
    let russian = ["Для обслуживания на русском языке нажмите девять."];
    assert_eq!(offer(Language::Russian), russian);
}

#[test]
fn in_economy_every_fragment_is_the_same_for_whoever_is_said() {
    let line = |last: &str, extension: &str| {
        let wording = Wording::new(Language::Russian, None).with_mode(Mode::Economy);
        let sales = Name::Department("Отдел продаж".to_owned());
        let menu = menu([
            (person(last, "Анна"), extension),
            (sales.clone(), "90"),
            (sales, "91"),
        ]);
        sentences(wording.menu(&menu))
    };
    let (one, other) = (line("Чулкова", "34"), line("Белых", "35"));
    assert_eq!(
        one[..5],
        [
            "Чулкова Анна",
            "добавочный",
            "тридцать четыре",
            "нажмите",
            "один"
        ]
    );
    let new: Vec<&String> = other.iter().filter(|text| !one.contains(text)).collect();
    assert_eq!(new, ["Белых Анна", "тридцать пять"]);
}

#[test]
fn the_companys_own_greeting_comes_first_in_the_call() {
    let wording = Wording::new(Language::English, Some("Clinic Nord.".to_owned()));
    assert_eq!(sentences(wording.greeting()), ["Clinic Nord."]);
}

fn with_choice(choice: &str) -> Wording {
    let usual = Templates::usual(Language::Russian);
    let choice = Template::parse(choice, Place::Choice).unwrap();
    Wording::new(Language::Russian, None).with_templates(Templates { choice, ..usual })
}

#[test]
fn a_company_can_word_its_choices() {
    let menu = menu([
        (person("Чулкова", "Евгения"), "34"),
        (person("Шевчук", "Саша"), "02"),
        (Name::Department("Отдел продаж".to_owned()), "90"),
    ]);
    let wording = with_choice("Чтобы поговорить с {employee|instrumental}, нажмите {key|number}.");
    assert_eq!(
        sentences(wording.menu(&menu))[..3],
        [
            "Чтобы поговорить с Чулковой Евгенией, нажмите один.",
            "Шевчук Саша, добавочный ноль два: нажмите два.",
            "Отдел продаж, добавочный девяносто: нажмите три.",
        ]
    );
}

#[test]
fn a_company_can_word_what_is_said_when_a_call_comes_to_nothing() {
    let usual = Templates::usual(Language::Russian);
    let busy = Template::parse("Говорит по другой линии.", Place::Remark).unwrap();
    let wording = Wording::new(Language::Russian, None).with_templates(Templates { busy, ..usual });
    assert_eq!(sentences(wording.busy()), ["Говорит по другой линии."]);
    let no_answer = fixed_phrase(FixedPhrase::NoAnswer, Language::Russian);
    assert_eq!(sentences(wording.no_answer()), [no_answer]);
}

#[test]
fn the_companys_own_forms_of_a_name_are_said() {
    let forms = |word: &str| Forms::new([word; 6].map(str::to_owned));
    let mut dictionary = NameDictionary::new();
    dictionary.insert(NamePart::Last, None, forms("Шевчук"));
    dictionary.insert(NamePart::First, None, forms("Саша"));
    let wording = with_choice("С {employee|instrumental}: {key}").with_dictionary(dictionary);
    let person = || (person("Шевчук", "Саша"), "34");
    let menu = menu([person(), person(), person()]);
    assert_eq!(sentences(wording.menu(&menu))[0], "С Шевчук Саша: один");
}

#[test]
fn that_the_talk_may_be_recorded_is_said_after_the_greeting() {
    let wording = Wording::new(Language::English, Some("Welcome.".to_owned()))
        .with_announcement(Some("This call may be recorded.".to_owned()));
    let said = sentences(wording.greeting());
    assert_eq!(said, ["Welcome.", "This call may be recorded."]);
}

#[test]
fn every_fixed_text_of_a_call_is_spoken_before_the_first() {
    let recorded = fixed_phrase(FixedPhrase::Recorded, Language::Russian);
    let wording =
        Wording::new(Language::Russian, None).with_announcement(Some(recorded.to_owned()));
    let callback = BriefingWording::new(Language::Russian).said_to_everybody();
    let ahead = wording.said_to_everybody().into_iter().chain(callback);
    let ahead: HashSet<String> = ahead.flat_map(sentences).collect();
    for phrase in FixedPhrase::ALL {
        let text = fixed_phrase(phrase, Language::Russian);
        assert!(ahead.contains(text), "{phrase:?} is made too late");
    }
}
