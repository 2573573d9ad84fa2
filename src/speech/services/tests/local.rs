//! Recordings, and settings that can't be used.

use std::fs;
use std::path::Path;

use super::*;

fn recorded(directory: &Path, manifest: &str) -> Result<Box<dyn AnyService>, UnusableService> {
    fs::write(directory.join("one.wav"), wav(RATE, &tone(RATE))).unwrap();
    fs::write(directory.join("two.wav"), wav(8000, &tone(8000))).unwrap();
    fs::write(directory.join("manifest.tsv"), manifest).unwrap();
    let mut settings = ServiceSettings::command("people", CommandSettings::default());
    settings.kind = Kind::Recordings(directory.to_owned());
    open(&settings)
}

fn refused(directory: &Path, manifest: &str) -> String {
    match recorded(directory, manifest) {
        Ok(_) => panic!("{manifest:?} was taken"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn a_recording_is_played_where_its_text_is_what_is_to_be_said() {
    let directory = tempfile::tempdir().unwrap();
    let manifest = "# the voice of the house\none.wav\tСоедин+яю.\n\ntwo.wav\tДобрый  день!\n";
    let service = recorded(directory.path(), manifest).unwrap();
    for (text, rate) in [("Соединяю.", 16_000), ("Добрый день!", 8000)] {
        assert!(service.can_say(text, Language::Russian));
        let decoded = service.speak(text, Language::Russian).await.unwrap();
        assert_eq!(decoded.rate, rate, "{text}");
    }
    for text in ["Соединяю", "соединяю.", "Соединяю. Добрый день!"]
    {
        assert!(!service.can_say(text, Language::Russian), "{text}");
        let error = service.speak(text, Language::Russian).await.unwrap_err();
        assert!(matches!(error, ServiceError::NotRecorded), "{error}");
    }
}

#[test]
fn a_changed_recording_is_another_voice() {
    let directory = tempfile::tempdir().unwrap();
    let voice = |manifest| {
        let service = recorded(directory.path(), manifest).unwrap();
        service.voice(Language::Russian)
    };
    assert_ne!(voice("one.wav\tа\n"), voice("two.wav\tа\n"));
}

#[test]
fn a_manifest_that_can_not_be_meant_is_refused_with_its_line() {
    let directory = tempfile::tempdir().unwrap();
    let table = [
        ("one.wav Соединяю.\n", "line 1: a line is a file's name"),
        (
            "\n../one.wav\tа\n",
            "line 2: \"../one.wav\" must be a file of this directory",
        ),
        ("/etc/passwd\tа\n", "line 1: \"/etc/passwd\" must be a file"),
        ("three.wav\tа\n", "line 1: \"three.wav\" can't be read"),
        ("one.wav\t...\n", "line 1: there is nothing to say"),
        (
            "one.wav\tа\ntwo.wav\tа\n",
            "line 2: \"two.wav\" and \"one.wav\" say the same",
        ),
    ];
    for (manifest, expected) in table {
        let told = refused(directory.path(), manifest);
        assert!(told.contains(expected), "{told}");
        assert!(told.contains("manifest.tsv"), "{told}");
    }
}

#[test]
fn a_manifest_that_is_not_there_is_named() {
    let mut settings = ServiceSettings::command("people", CommandSettings::default());
    settings.kind = Kind::Recordings("/nowhere".into());
    let Err(error) = open(&settings) else {
        panic!("it was taken");
    };
    let told = error.to_string();
    let expected = "[speech.service.people]: /nowhere/manifest.tsv can't be read";
    assert!(told.starts_with(expected), "{told}");
}

#[tokio::test]
async fn a_ca_file_that_is_not_there_is_named() {
    let server = StandIn::start().await;
    let mut settings = ServiceSettings::command("a", CommandSettings::default());
    let mut online = online(&server);
    online.ca_file = Some("/nowhere/ca.pem".into());
    settings.kind = Kind::VoiceFabric(online, key());
    let Err(error) = open(&settings) else {
        panic!("it was taken");
    };
    assert!(error.to_string().contains("/nowhere/ca.pem"), "{error}");
}
