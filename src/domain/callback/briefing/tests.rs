//! What an operator and a patient hear, in both languages.

use jiff::civil::date;

use super::super::super::person::PersonName;
use super::*;

fn name(last: &str, first: &str, middle: &str) -> PersonName {
    PersonName::new(last, first, middle).unwrap()
}

fn named(name: &PersonName) -> Named<'_> {
    Named { name, gender: None }
}

fn bare(patient: &PersonName) -> Subject<'_> {
    Subject {
        patient: Some(named(patient)),
        appointment: None,
        profession: None,
        specialist: None,
        reason: None,
        attempt: 1,
    }
}

fn briefing(wording: &BriefingWording, subject: &Subject<'_>) -> Vec<String> {
    let phrases = wording.prompts(subject).briefing.phrases;
    phrases.into_iter().map(|phrase| phrase.text).collect()
}

#[test]
fn an_operator_hears_whom_it_is_about_in_russian() {
    let (patient, doctor) = (
        name("Смирнова", "Анна", "Петровна"),
        name("Чулкова", "Евгения", ""),
    );
    let subject = Subject {
        appointment: Some(date(2026, 3, 12).at(14, 30, 0, 0)),
        profession: Some("терапевт"),
        specialist: Some(named(&doctor)),
        reason: Some(&Reason::NotReached),
        attempt: 2,
        ..bare(&patient)
    };
    assert_eq!(
        briefing(&BriefingWording::new(Language::Russian), &subject),
        [
            "Обратный звонок, попытка вторая.",
            "Пациент: Анна Петровна.",
            "Запись на двенадцатое марта, в четырнадцать тридцать.",
            "Специалист: терапевт, Чулкова Евгения.",
            "Причина: робот не дозвонился.",
            "Соединить: нажмите один.",
            "Отложить: нажмите два.",
            "Не тот человек или вопрос решён: нажмите три.",
            "Повторить: нажмите звёздочку.",
        ]
    );
}

#[test]
fn an_operator_hears_whom_it_is_about_in_english() {
    let (patient, doctor) = (name("Smith", "Anna", ""), name("Brown", "John", ""));
    let subject = Subject {
        appointment: Some(date(2026, 3, 12).at(9, 0, 0, 0)),
        specialist: Some(named(&doctor)),
        reason: Some(&Reason::Other("wants another day.".to_owned())),
        ..bare(&patient)
    };
    assert_eq!(
        briefing(&BriefingWording::new(Language::English), &subject)[..5],
        [
            "Callback, first attempt.",
            "Patient: Anna.",
            "Appointment on March the twelfth, at nine a.m.",
            "Specialist: John Brown.",
            "Reason: wants another day.",
        ]
    );
}

#[test]
fn what_is_not_known_is_not_said() {
    let patient = name("Смирнов", "", "");
    let said = briefing(&BriefingWording::new(Language::Russian), &bare(&patient));
    assert_eq!(
        said[..3],
        [
            "Обратный звонок, попытка первая.",
            "Пациент: Смирнов.",
            "Соединить: нажмите один.",
        ]
    );
}

#[test]
fn a_company_can_word_it() {
    let patient = name("Смирнова", "Анна", "Петровна");
    let subject = Subject {
        appointment: Some(date(2026, 3, 12).at(9, 0, 0, 0)),
        reason: Some(&Reason::TransferFailed),
        ..bare(&patient)
    };
    let own = "Звонок {patient.first|dative} {patient.middle|dative}, приём в {time}.";
    let wording = own_words(&[own]);
    assert_eq!(
        briefing(&wording, &subject)[..3],
        [
            "Звонок Анне Петровне, приём в девять часов.",
            "Причина: робот не смог перевести на оператора.",
            "Соединить: нажмите один.",
        ]
    );
}

fn own_words(briefing: &[&str]) -> BriefingWording {
    let read = |text: &&str| Template::parse(text, Place::Briefing).unwrap();
    let remark = |text| Some(Template::parse(text, Place::Remark).unwrap());
    BriefingWording::new(Language::Russian).with_texts(BriefingTexts {
        briefing: briefing.iter().map(read).collect(),
        sorry: remark("Не вышло."),
        ..BriefingTexts::default()
    })
}

#[test]
fn a_sentence_of_which_nothing_is_known_is_left_out() {
    let patient = name("Смирнова", "Анна", "");
    let wording = own_words(&[
        "Перезвоните.",
        "Это {patient.first} {patient.middle}.",
        "Приём {date}, в {time}.",
        "Врач: {specialist}.",
    ]);
    let keys = "Соединить: нажмите один.";
    let subject = bare(&patient);
    assert_eq!(
        briefing(&wording, &subject)[..3],
        ["Перезвоните.", "Это Анна.", keys]
    );
    let subject = Subject {
        patient: None,
        profession: Some("терапевт"),
        ..subject
    };
    assert_eq!(
        briefing(&wording, &subject)[..3],
        ["Перезвоните.", "Врач: терапевт.", keys]
    );
}

#[test]
fn what_is_the_same_in_every_attempt_can_be_said_otherwise_too() {
    let patient = name("Смирнова", "Анна", "");
    let said = |prompt: Prompt| {
        let texts = prompt.phrases.into_iter().map(|phrase| phrase.text);
        texts.collect::<Vec<_>>().join(" ")
    };
    let prompts = own_words(&[]).prompts(&bare(&patient));
    assert_eq!(said(prompts.sorry), "Не вышло.");
    assert_eq!(said(prompts.connecting), "Соединяю.");
    // Of the usual words there are recordings.
    let words = BriefingTexts {
        keys: Some(Template::parse("Жмите.", Place::Remark).unwrap()),
        ..BriefingTexts::default()
    };
    let prompts = BriefingWording::new(Language::Russian)
        .with_texts(words)
        .prompts(&bare(&patient));
    assert!(said(prompts.briefing).ends_with("Пациент: Анна. Жмите."));
    assert!(said(prompts.plain).ends_with("нажмите звёздочку."));
}

#[test]
fn what_everybody_hears_is_spoken_ahead() {
    for language in Language::ALL {
        let wording = BriefingWording::new(language);
        let patient = name("Смирнова", "Анна", "");
        let prompts = wording.prompts(&bare(&patient));
        let ahead = wording.said_to_everybody();
        for prompt in [
            &prompts.connecting,
            &prompts.busy,
            &prompts.no_answer,
            &prompts.sorry,
            &prompts.apology,
        ] {
            assert!(ahead.contains(prompt), "{prompt:?}");
        }
        let phrases: Vec<_> = ahead.into_iter().flat_map(|p| p.phrases).collect();
        for phrase in prompts.briefing.phrases.iter().skip(2) {
            assert!(phrases.contains(phrase), "{}", phrase.text);
        }
    }
}

#[test]
fn a_reason_in_a_log_names_nobody() {
    let reason = Reason::Other("Anna wants another day".to_owned());
    assert_eq!(format!("{reason:?}"), "Other(…)");
}
