//! The next voice when one fails, and what is kept of each.

use super::*;

const FIRST: &str = "exec espeak-ng -v ru -s 250 -b 1 --stdin --stdout";
const SECOND: &str = "exec espeak-ng -v ru -b 1 --stdin --stdout";

/// A studio with two voices: the first does what a script says, the second is always there.
fn two_voices(studio: &Studio, script: &str) -> Speech {
    let mut settings = of_two_voices(studio, script);
    settings.built_in = false;
    Speech::open(settings).unwrap()
}

pub(super) fn of_two_voices(studio: &Studio, script: &str) -> Settings {
    let service = |name: &str, script: &str| {
        let list = vec!["sh".to_owned(), "-c".to_owned(), script.to_owned()];
        let command = CommandSettings {
            russian: list.clone(),
            english: list,
        };
        ServiceSettings::command(name, command)
    };
    let script = format!("printf x >> {}; . {script}", studio.tally().display());
    let mut settings = Settings::new(studio.clips());
    settings.services = vec![service("first", &script), service("second", SECOND)];
    settings.russian = vec!["first".to_owned(), "second".to_owned()];
    settings.english = settings.russian.clone();
    settings
}

/// What the first voice does from now on.
pub(super) fn first_voice_does(studio: &Studio, script: &str) -> String {
    let path = studio.directory.path().join("first.sh");
    fs::write(&path, script).unwrap();
    path.display().to_string()
}

pub(super) fn one(text: &str) -> Prompt {
    prompt(&[(text, 0)])
}

#[tokio::test]
async fn the_next_voice_speaks_when_one_fails_and_is_not_taken_for_it_later() {
    let studio = Studio::new();
    let script = first_voice_does(&studio, "exit 1");
    let speech = two_voices(&studio, &script);
    let by_second = speech
        .prepare(&one("Соединяю."), Haste::Next)
        .await
        .unwrap();
    assert_eq!(studio.syntheses(), 1);

    first_voice_does(&studio, FIRST);
    assert_eq!(
        speech.ready(&one("Соединяю.")),
        None,
        "a better voice may speak again"
    );
    let by_first = speech
        .prepare(&one("Соединяю."), Haste::Next)
        .await
        .unwrap();
    assert_ne!(by_first.media, by_second.media);
    assert!(by_first.length < by_second.length, "it speaks faster");
    assert_eq!(speech.ready(&one("Соединяю.")), Some(by_first));
}

#[tokio::test]
async fn what_the_next_voice_said_is_used_while_the_best_is_left_alone() {
    let studio = Studio::new();
    let script = first_voice_does(&studio, "exit 1");
    let speech = two_voices(&studio, &script);
    for text in ["один", "два", "три"] {
        speech.prepare(&one(text), Haste::Next).await.unwrap();
    }
    assert_eq!(studio.syntheses(), 3);
    assert!(speech.ready(&one("один")).is_some());
    assert_eq!(speech.ready(&one("четыре")), None);
    speech.prepare(&one("четыре"), Haste::Next).await.unwrap();
    assert!(speech.ready(&one("четыре")).is_some());
    assert_eq!(studio.syntheses(), 3, "the first voice was left alone");
}

#[tokio::test]
async fn what_the_best_voice_said_before_is_used_while_it_is_left_alone() {
    let studio = Studio::new();
    let script = first_voice_does(&studio, FIRST);
    let speech = two_voices(&studio, &script);
    let by_first = speech
        .prepare(&one("Соединяю."), Haste::Next)
        .await
        .unwrap();
    first_voice_does(&studio, "exit 1");
    for text in ["один", "два", "три"] {
        speech.prepare(&one(text), Haste::Next).await.unwrap();
    }
    assert_eq!(speech.ready(&one("Соединяю.")), Some(by_first));
}

#[tokio::test]
async fn nothing_bad_enters_the_cache() {
    let studio = Studio::new();
    for bad in [
        "cat > /dev/null; printf RIFFxxxxWAVE",
        "cat > /dev/null; echo '<html>'",
        "cat > /dev/null; exec espeak-ng -a 0 -v ru --stdout а",
    ] {
        let script = first_voice_does(&studio, bad);
        let speech = two_voices(&studio, &script);
        let text = format!("Соединяю {}", bad.len());
        speech.prepare(&one(&text), Haste::Next).await.unwrap();
    }
    assert_eq!(studio.files(".phrase").len(), 3, "the second voice's alone");
}

#[tokio::test]
async fn a_caller_does_not_wait_for_a_slow_voice_and_the_next_caller_hears_it() {
    let studio = Studio::new();
    let script = first_voice_does(&studio, &format!("sleep 2.5; {FIRST}"));
    let speech = two_voices(&studio, &script);
    let started = Instant::now();
    let by_second = speech
        .prepare(&one("Соединяю."), Haste::Next)
        .await
        .unwrap();
    assert!(started.elapsed() < Duration::from_millis(2000));

    while studio.files(".phrase").len() < 2 {
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "waited in vain"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let by_first = speech
        .prepare(&one("Соединяю."), Haste::Next)
        .await
        .unwrap();
    assert_ne!(by_first.media, by_second.media);
    assert_eq!(studio.syntheses(), 1);
}

#[tokio::test]
async fn what_is_made_ahead_waits_for_the_best_voice() {
    let studio = Studio::new();
    let script = first_voice_does(&studio, &format!("sleep 1.2; {FIRST}"));
    let speech = two_voices(&studio, &script);
    let warming = speech.warm([one("Соединяю.")], |_| ()).await;
    assert_eq!(warming.ready, 1);
    assert_eq!(studio.files(".phrase").len(), 1);
    assert!(speech.ready(&one("Соединяю.")).is_some());
}

#[tokio::test]
async fn when_nobody_speaks_everybody_is_told_with_a_reason() {
    let studio = Studio::new();
    let script = first_voice_does(&studio, "cat > /dev/null; echo out of order >&2; exit 1");
    let mut settings = Settings::new(studio.clips());
    let program = |command: &str| CommandSettings {
        russian: vec!["sh".to_owned(), command.to_owned()],
        english: Vec::new(),
    };
    settings.services = vec![
        ServiceSettings::command("first", program(&script)),
        ServiceSettings::command("second", program(&script)),
    ];
    settings.russian = vec!["first".to_owned(), "second".to_owned()];
    settings.english = settings.russian.clone();
    let speech = Speech::open(settings).unwrap();

    let error = speech
        .prepare(&one("Анна"), Haste::Next)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("nothing could speak \"ru\": first: "),
        "{error}"
    );
    assert!(
        error.contains("; second: the speech program sh failed"),
        "{error}"
    );

    let mut english = one("Anna");
    english.phrases[0].language = Language::English;
    let error = speech
        .prepare(&english, Haste::Next)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("no service of the settings has a voice for it"),
        "{error}"
    );
}

#[tokio::test]
async fn a_recording_is_played_before_a_voice_is_asked() {
    let studio = Studio::new();
    let recordings = studio.directory.path().join("recordings");
    fs::create_dir(&recordings).unwrap();
    let recorded = std::process::Command::new("espeak-ng")
        .args(["-v", "en", "-w"])
        .arg(recordings.join("a.wav"))
        .arg("recorded by a person")
        .status();
    assert!(recorded.unwrap().success());
    fs::write(recordings.join("manifest.tsv"), "a.wav\tСоединяю.\n").unwrap();

    let mut settings = Settings::new(studio.clips());
    let mut people = ServiceSettings::command("people", CommandSettings::default());
    people.kind = Kind::Recordings(recordings);
    settings.services.push(people);
    let without = Speech::open(settings.clone()).unwrap();
    settings.russian = vec!["people".to_owned(), COMMAND.to_owned()];
    let with = Speech::open(settings).unwrap();

    let spoken = without
        .prepare(&one("Соединяю."), Haste::Next)
        .await
        .unwrap();
    let recorded = with.prepare(&one("Соединяю."), Haste::Next).await.unwrap();
    assert_ne!(spoken.media, recorded.media);
    let other = without.prepare(&one("Занято."), Haste::Next).await.unwrap();
    assert_eq!(
        with.ready(&one("Занято.")),
        Some(other),
        "there is no recording of it"
    );
}

#[tokio::test]
async fn a_service_that_is_not_in_the_settings_is_named() {
    let studio = Studio::new();
    let mut settings = Settings::new(studio.clips());
    settings.russian = vec!["nobody".to_owned()];
    let Err(error) = Speech::open(settings) else {
        panic!("it was taken");
    };
    let error = error.to_string();
    assert!(
        error.contains("[speech.service.nobody]: there is no such service"),
        "{error}"
    );
}

#[tokio::test]
async fn a_text_that_a_voice_refuses_is_not_asked_of_it_at_every_call() {
    let studio = Studio::new();
    let silence = "exec espeak-ng -a 0 -v ru --stdin --stdout";
    let script = first_voice_does(&studio, silence);
    let speech = two_voices(&studio, &script);
    let clip = speech.prepare(&one("Анна"), Haste::Next).await.unwrap();
    assert_eq!(speech.ready(&one("Анна")), Some(clip.clone()));
    assert_eq!(
        speech.prepare(&one("Анна"), Haste::Next).await.unwrap(),
        clip
    );
    assert_eq!(studio.syntheses(), 1);

    first_voice_does(&studio, FIRST);
    speech.prepare(&one("Олег"), Haste::Next).await.unwrap();
    assert_eq!(studio.syntheses(), 2, "other texts are");
}
