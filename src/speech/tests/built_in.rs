//! When nobody else speaks, or not soon enough: the built-in prompts.

use jiff::civil::date;

use super::chained::{first_voice_does, of_two_voices, one};
use super::*;
use crate::domain::callback::briefing::{BriefingWording, Subject};
use crate::domain::menu::template::Named;
use crate::domain::person::PersonName;

#[tokio::test]
async fn the_built_in_prompts_speak_when_nobody_else_does() {
    let studio = Studio::new();
    let script = first_voice_does(&studio, "exit 1");
    let mut settings = of_two_voices(&studio, &script);
    settings.services.truncate(1);
    settings.russian.truncate(1);
    settings.english.truncate(1);
    let speech = Speech::open(settings).unwrap();
    for phrase in FixedPhrase::ALL {
        let text = fixed_phrase(phrase, Language::Russian);
        let clip = speech.prepare(&one(text), Haste::Now).await.unwrap();
        assert!(clip.length > Duration::from_millis(800), "{text}");
    }
    let error = speech.prepare(&one("Анна"), Haste::Now).await;
    assert!(error.is_err(), "there is no sound of it");
}

#[tokio::test]
async fn an_operator_is_told_without_names_when_nobody_else_speaks() {
    let studio = Studio::new();
    let script = first_voice_does(&studio, "exit 1");
    let mut settings = of_two_voices(&studio, &script);
    settings.services.truncate(1);
    settings.russian.truncate(1);
    settings.english.truncate(1);
    let speech = Speech::open(settings).unwrap();
    let patient = PersonName::new("Смирнова", "Анна", "Петровна").unwrap();
    let prompts = BriefingWording::new(Language::Russian).prompts(&Subject {
        patient: Some(Named {
            name: &patient,
            gender: None,
        }),
        appointment: Some(date(2026, 3, 12).at(14, 30, 0, 0)),
        profession: Some("терапевт"),
        specialist: None,
        reason: None,
        attempt: 2,
    });
    let whole = speech.prepare(&prompts.briefing, Haste::Next).await;
    assert!(whole.is_err(), "there is no sound of the name");
    let plain = speech.prepare(&prompts.plain, Haste::Next).await.unwrap();
    assert!(plain.length > Duration::from_secs(15), "{:?}", plain.length);
}

#[tokio::test]
async fn a_caller_in_silence_hears_at_once_whoever_is_there() {
    let studio = Studio::new();
    let mut settings = of_two_voices(&studio, "");
    // It takes connections, and never answers.
    let service = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    settings.services[0].kind = Kind::OpenAi(OpenAiSettings {
        online: Online {
            base_url: format!("http://{}", service.local_addr().unwrap()),
            voices: Voices {
                russian: "somebody".to_owned(),
                english: "somebody".to_owned(),
            },
            ..Online::default()
        },
        key: None,
        model: "some".to_owned(),
    });
    let speech = Speech::open(settings).unwrap();
    let greeting = fixed_phrase(FixedPhrase::Greeting, Language::Russian);
    let started = Instant::now();
    speech.prepare(&one(greeting), Haste::Now).await.unwrap();
    let took = started.elapsed();
    assert!(took < Duration::from_secs(1), "{took:?}");
}
