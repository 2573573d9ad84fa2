use std::time::Duration;

use super::*;

/// A synthesiser whose program is this shell script.
fn script(script: &str) -> CommandSynthesiser {
    let list = vec!["sh".to_owned(), "-c".to_owned(), script.to_owned()];
    CommandSynthesiser::new(CommandSettings {
        russian: list.clone(),
        english: list,
    })
}

async fn failure(synthesiser: &CommandSynthesiser, text: &str) -> ServiceError {
    synthesiser.run(text, Language::Russian).await.unwrap_err()
}

#[tokio::test]
async fn espeak_speaks_both_languages() {
    let synthesiser = CommandSynthesiser::new(CommandSettings::default());
    for (text, language) in [
        ("Соединяю.", Language::Russian),
        ("Hello.", Language::English),
    ] {
        let sound = synthesiser.run(text, language).await.unwrap();
        assert!(sound.starts_with(b"RIFF"), "{language:?}");
        assert!(sound.len() > 20_000, "{language:?}: {} bytes", sound.len());
    }
}

#[tokio::test]
async fn the_text_is_on_standard_input_and_nowhere_else() {
    let synthesiser = script(r#"printf '%s|' "$#" "$0" && cat"#);
    let sound = synthesiser
        .run("-h; echo x", Language::Russian)
        .await
        .unwrap();
    assert_eq!(String::from_utf8(sound).unwrap(), "0|sh|-h; echo x\n");
}

#[tokio::test]
async fn the_language_is_put_into_the_arguments() {
    let synthesiser = script("cat >&2; printf '%s' {language}");
    assert_eq!(
        synthesiser.run("а", Language::Russian).await.unwrap(),
        b"ru"
    );
    assert_eq!(
        synthesiser.run("a", Language::English).await.unwrap(),
        b"en"
    );
}

#[tokio::test]
async fn a_missing_program_names_the_package_to_install() {
    let list = vec!["/nowhere/espeak-ng".to_owned()];
    let synthesiser = CommandSynthesiser::new(CommandSettings {
        russian: list,
        ..CommandSettings::default()
    });
    assert_eq!(
        failure(&synthesiser, "Анна").await.to_string(),
        "the speech program /nowhere/espeak-ng is not installed; \
         install the package espeak-ng, or correct the path in the settings"
    );
}

#[tokio::test]
async fn an_empty_argument_list_is_an_error() {
    let synthesiser = CommandSynthesiser::new(CommandSettings {
        russian: Vec::new(),
        ..CommandSettings::default()
    });
    let error = failure(&synthesiser, "Анна").await;
    assert!(
        matches!(error, ServiceError::NoProgram { language: "ru" }),
        "{error}"
    );
}

#[tokio::test]
async fn a_failing_program_is_quoted_with_its_first_line() {
    let synthesiser = script("cat >/dev/null; printf 'no such voice\\nmore\\n' >&2; exit 3");
    assert_eq!(
        failure(&synthesiser, "Анна Петрова").await.to_string(),
        "the speech program sh failed (exit status: 3): no such voice; \
         run it by hand to see more"
    );
}

#[tokio::test]
async fn a_complaint_that_repeats_the_text_is_not_shown() {
    let synthesiser = script("printf 'bad text: ' >&2; cat >&2; exit 1");
    let error = failure(&synthesiser, "Анна Петрова").await;
    assert!(
        !format!("{error} {error:?}").contains("Петрова"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_program_that_says_nothing_has_failed() {
    let synthesiser = script("cat >/dev/null");
    let error = failure(&synthesiser, "Анна").await;
    assert!(error.to_string().contains("wrote no sound"), "{error}");
}

#[tokio::test]
async fn a_program_that_never_reads_is_judged_by_its_output() {
    let synthesiser = script("printf sound");
    assert_eq!(
        synthesiser.run("Анна", Language::Russian).await.unwrap(),
        b"sound"
    );
}

#[tokio::test]
async fn a_program_that_complains_at_length_is_not_blocked() {
    let synthesiser = script("cat >/dev/null; head -c 1000000 /dev/zero >&2; printf sound");
    assert_eq!(
        synthesiser.run("Анна", Language::Russian).await.unwrap(),
        b"sound"
    );
}

#[tokio::test]
async fn endless_output_is_cut_off() {
    let synthesiser = script("exec cat /dev/zero");
    let error = failure(&synthesiser, "Анна").await;
    assert!(
        matches!(error, ServiceError::TooMuchSound { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn a_program_that_nobody_waits_for_is_ended() {
    let directory = tempfile::tempdir().unwrap();
    let mark = directory.path().join("pid");
    let synthesiser = script(&format!("echo $$ > {}; exec sleep 600", mark.display()));

    let limit = Duration::from_millis(300);
    let spoken = tokio::time::timeout(limit, synthesiser.run("Анна", Language::Russian)).await;

    assert!(spoken.is_err(), "it was to hang");
    let process = format!("/proc/{}", std::fs::read_to_string(mark).unwrap().trim());
    wait_until_ended(&process).await;
}

/// The process is gone, or a zombie that the runtime has yet to reap.
async fn wait_until_ended(process: &str) {
    for _ in 0..100 {
        let status = std::fs::read_to_string(format!("{process}/status")).unwrap_or_default();
        if status.is_empty() || status.contains("State:\tZ") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{process} still runs");
}
