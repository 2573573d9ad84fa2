use jiff::Timestamp;

use super::*;
use crate::config::raw::Raw;
use crate::config::{Secrets, Settings};
use crate::domain::call::FallbackReason;
use crate::domain::language::{FixedPhrase, fixed_phrase};
use crate::domain::phone::PhoneNumber;
use crate::toml_file::TomlFile;

const COMPANY: &str = r#"
[company]
time_zone = "Europe/Moscow"
[menu]
greeting = "Компания."
direct = ["8 (495) 926-26-44"]
[hours]
open = "mon-fri 09:00-18:00"
[[department]]
id = "sales"
name = "Отдел продаж"
extension = "90"
[[department]]
id = "service"
name = "Сервис"
extension = "91"
[[number]]
called = ["84951234567", "100"]
greeting = "Сервис."
departments = ["91"]
fallback = { extension = "service" }
hours = { open = "daily 00:00-24:00", holidays = ["2026-11-20"], closed = "menu", closed_greeting = "Закрыто." }
[[number]]
called = ["200"]
language = "en"
"#;

/// A Friday, at noon in Moscow, and at night.
const NOON: &str = "2026-11-20T09:00:00Z";
const NIGHT: &str = "2026-11-19T22:00:00Z";
/// The Thursday before.
const DAY_BEFORE: &str = "2026-11-19T09:00:00Z";

fn profiles() -> Profiles {
    let file = TomlFile::of("vizavi.toml", COMPANY);
    let raw = file.parse::<Raw>().unwrap();
    let settings: Settings = raw.check(&file, &Secrets::default()).unwrap();
    settings.profiles()
}

fn at(moment: &str) -> Timestamp {
    moment.parse().unwrap()
}

fn of(called: &str) -> Arc<Profile> {
    let profiles = profiles();
    let own = profiles.numbers.get(&Called::parse(called).unwrap());
    Arc::clone(own.unwrap_or(&profiles.general))
}

fn greeting(called: &str, client: Option<Language>, moment: &str) -> String {
    let profile = of(called);
    profile.wording(client, at(moment)).greeting.clone()
}

fn extensions(profile: &Profile) -> Vec<&str> {
    let departments = profile.departments.iter();
    departments.map(|entry| entry.extension.digits()).collect()
}

#[test]
fn a_called_number_has_its_own_settings_under_each_of_its_spellings() {
    for called in ["+74951234567", "8 495 123-45-67", "100"] {
        assert_eq!(greeting(called, None, DAY_BEFORE), "Сервис.", "{called}");
        assert_eq!(extensions(&of(called)), ["91"]);
        let own = of(called).own_fallback.clone().unwrap();
        assert_eq!(
            (&*own.context, &*own.extension),
            ("vizavi-fallback", "service")
        );
        assert_eq!(of(called).fallback, of("300").fallback);
    }
}

#[test]
fn a_called_number_that_nobody_configured_gets_the_general_settings() {
    let general = of("300");
    assert_eq!(greeting("300", None, NOON), "Компания.");
    assert_eq!(extensions(&general), ["90", "91"]);
    assert_eq!(general.own_fallback, None);
}

#[test]
fn what_a_number_leaves_out_is_as_it_is_in_general() {
    let number = of("200");
    assert_eq!(extensions(&number), ["90", "91"]);
    let hours = number.hours.as_ref().unwrap();
    assert!(hours.opening.is_open(at(NOON)));
    assert!(!hours.opening.is_open(at(NIGHT)));
}

#[test]
fn a_client_hears_their_own_language_unless_the_number_has_one() {
    let english = fixed_phrase(FixedPhrase::Greeting, Language::English);
    let of_english = |called| greeting(called, Some(Language::English), DAY_BEFORE);
    assert_eq!(of_english("300"), english);
    assert_eq!(of_english("100"), english);
    let of_russian = |called| greeting(called, Some(Language::Russian), DAY_BEFORE);
    assert_eq!(of_russian("300"), "Компания.");
    assert_eq!(of_russian("200"), english);
}

#[test]
fn when_the_company_is_closed_callers_are_sent_on_or_hear_so() {
    let profiles = profiles();
    let reason = |called, moment| profiles.why_sent_on(&of(called), None, at(moment));
    assert_eq!(reason("300", NOON), None);
    assert_eq!(reason("300", NIGHT), Some(FallbackReason::Closed));
    assert_eq!(reason("100", NIGHT), None);
    assert_eq!(greeting("100", None, DAY_BEFORE), "Сервис.");
    assert_eq!(reason("100", NOON), None);
    assert_eq!(greeting("100", None, NOON), "Закрыто.");
}

#[test]
fn a_caller_on_the_direct_list_is_sent_on_whatever_the_hour() {
    let profiles = profiles();
    let caller = PhoneNumber::parse("+74959262644").unwrap();
    for moment in [NOON, NIGHT] {
        let reason = profiles.why_sent_on(&of("100"), Some(&caller), at(moment));
        assert_eq!(reason, Some(FallbackReason::Direct));
    }
}

#[test]
fn a_closed_greeting_and_every_numbers_own_are_said_ahead() {
    let greetings = |called, language| -> Vec<String> {
        let profile = of(called);
        let wordings = profile.wordings_in(language);
        wordings.iter().map(|w| w.greeting.clone()).collect()
    };
    assert_eq!(greetings("100", Language::Russian), ["Сервис.", "Закрыто."]);
    assert!(greetings("200", Language::Russian).is_empty());
}
