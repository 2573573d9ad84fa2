//! Mistakes of who sets it up: one message that says what is wrong, where, and what to do; and an exit code.

use std::fs;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::Command;
use vizavi::domain::language::Language;

use crate::support::application::{Application, ApplicationSettings};
use crate::support::asterisk::Asterisk;
use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{AT_ONCE, quick, talking, they_hear_each_other};
use crate::support::records::{CLIENT, departments};

/// How a run of the program ended.
struct Ended {
    code: Option<i32>,
    output: String,
}

/// Runs it on these files until it ends by itself.
async fn ended(command: &str, settings: &str) -> Result<Ended> {
    let directory = TempDir::new()?;
    fs::write(directory.path().join("vizavi.toml"), settings)?;
    ended_with(command, &directory.path().join("vizavi.toml")).await
}

async fn ended_with(command: &str, settings: &Path) -> Result<Ended> {
    let run = Command::new(env!("CARGO_BIN_EXE_vizavi"))
        .args([command, "--config"])
        .arg(settings)
        .env_remove("VIZAVI_ARI_PASSWORD")
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(SOON * 2, run).await??;
    Ok(Ended {
        code: output.status.code(),
        output: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// `run` and `check` say the same about a file, and both fail.
async fn refused(settings: &str, words: &[&str]) -> Result<()> {
    for command in ["check", "run"] {
        let ended = ended(command, settings).await?;
        assert_eq!(ended.code, Some(1), "{command}: {}", ended.output);
        let last = ended.output.lines().last().unwrap_or_default();
        for word in words {
            assert!(last.contains(word), "{command}: no {word:?} in {last:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_file_of_settings_that_is_not_there_is_named() -> Result<()> {
    for command in ["check", "run"] {
        let ended = ended_with(command, Path::new("/nowhere/vizavi.toml")).await?;
        assert_eq!(ended.code, Some(1));
        let expected = "vizavi: /nowhere/vizavi.toml can't be read (No such file";
        assert!(ended.output.starts_with(expected), "{}", ended.output);
    }
    Ok(())
}

#[tokio::test]
async fn an_unknown_setting_is_named_with_its_file_and_line() -> Result<()> {
    let words = [
        "vizavi.toml, line 2",
        "unknown field `ring_second`",
        "`ring_seconds`",
    ];
    refused("[menu]\nring_second = 5\n", &words).await
}

#[tokio::test]
async fn broken_toml_is_named_with_its_file_and_line() -> Result<()> {
    refused("\n[menu\n", &["vizavi.toml, line 2"]).await
}

#[tokio::test]
async fn an_extension_given_twice_is_named_with_its_file_and_line() -> Result<()> {
    let twice = departments(Language::Russian)
        .repeat(2)
        .replacen("sales", "support", 1);
    let words = [
        "vizavi.toml, line 8",
        "extension 90 is given twice",
        "support",
    ];
    refused(&twice, &words).await
}

#[tokio::test]
async fn a_wrong_password_ends_it_with_one_message_that_says_where_to_look() -> Result<()> {
    let asterisk = Asterisk::start().await?;
    let settings = format!(
        "[ari]\nurl = \"{}/ari\"\npassword = \"wrong-one\"\n[speech]\ndirectory = \"phrases\"\n\
         [store]\ndirectory = \"store\"\n[contract]\nlisten = \"127.0.0.1:0\"\n",
        asterisk.http_base()
    );
    let ended = ended("run", &settings).await?;
    assert_eq!(ended.code, Some(1));
    let told = ended.output.matches("refuses the ARI user").count();
    assert_eq!(told, 1, "{}", ended.output);
    assert!(ended.output.contains("VIZAVI_ARI_PASSWORD"));
    assert!(!ended.output.contains("wrong-one"), "a password in the log");
    Ok(())
}

#[tokio::test]
async fn an_address_that_is_not_ari_ends_it_with_a_message_that_says_so() -> Result<()> {
    let asterisk = Asterisk::start().await?;
    for path in ["", "/arri", "/ari/asterisk"] {
        let settings = format!(
            "[ari]\nurl = \"{}{path}\"\npassword = \"{}\"\n[speech]\ndirectory = \"phrases\"\n\
         [store]\ndirectory = \"store\"\n[contract]\nlisten = \"127.0.0.1:0\"\n",
            asterisk.http_base(),
            asterisk.ari_password(),
        );
        let ended = ended("run", &settings).await?;
        assert_eq!(ended.code, Some(1), "{path:?}: {}", ended.output);
        let said = ended.output.contains("is not ARI") && ended.output.contains("`url`");
        assert!(said, "{path:?}: {}", ended.output);
    }
    Ok(())
}

#[tokio::test]
async fn without_asterisk_it_waits_and_says_so_and_serves_once_there_is_one() -> Result<()> {
    let mut asterisk = Asterisk::start().await?;
    asterisk.kill();
    let application = Application::start(&asterisk, &quick())?;
    application
        .wait_for("Asterisk does not answer; waiting for it")
        .await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    asterisk.restart().await?;
    application.wait_for("calls are served").await?;
    application.wait_for("spoken").await?;
    let company = Company {
        asterisk,
        application,
    };
    let told = company.application.entries("waiting for it").len();
    assert_eq!(told, 1, "once is enough");
    let eugenia = company.employee("34", AT_ONCE).await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_voice_that_can_not_be_run_is_told_and_callers_go_to_the_fallback() -> Result<()> {
    let settings = ApplicationSettings {
        more: "[speech.command]\nru = [\"/nowhere/voice\"]\n".to_owned(),
        ..quick()
    };
    let asterisk = Asterisk::start().await?;
    let application = Application::start(&asterisk, &settings)?;
    application.wait_for("prompts can't be spoken").await?;
    application.wait_for("calls are served").await?;
    let company = Company {
        asterisk,
        application,
    };
    let sales = company.employee("90", AT_ONCE).await?;
    let dialled = std::time::Instant::now();
    let caller = company.caller(CLIENT).await?;
    let reached = crate::support::fault::reaches_sales(&caller, &sales, SOON).await?;
    println!("no voice: at the fallback after {:?}", reached - dialled);
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}
