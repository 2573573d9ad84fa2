//! `vizavi import`, `rank` and `token`, as a new user calls them: alone, and beside the one that runs.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::application::Application;
use crate::support::asterisk::Asterisk;
use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{AT_ONCE, in_the_menu, quick};
use crate::support::phone::Kind;
use crate::support::records::STRANGER;

fn vizavi(settings: &Path, arguments: &[&str]) -> Result<Output> {
    let output = Command::new(env!("CARGO_BIN_EXE_vizavi"))
        .args(arguments)
        .env("VIZAVI_CONFIG", settings)
        .output()?;
    Ok(output)
}

fn said(output: &Output) -> String {
    let (told, noted) = (&output.stdout, &output.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(told),
        String::from_utf8_lossy(noted)
    )
}

/// A directory with settings, and nothing else yet.
fn company_on_paper() -> Result<(TempDir, PathBuf)> {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("vizavi.toml");
    let settings = "[company]\ntime_zone = \"Europe/Moscow\"\n[store]\ndirectory = \"store\"\n";
    std::fs::write(&file, settings)?;
    Ok((directory, file))
}

fn example(name: &str) -> String {
    format!("{}/examples/import/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn import_examples(settings: &Path) -> Result<Output> {
    let files = ["employees.csv", "clients.csv", "events.csv"].map(example);
    let mut arguments = vec!["import"];
    arguments.extend(files.iter().map(String::as_str));
    vizavi(settings, &arguments)
}

#[test]
fn the_examples_are_imported_and_the_ranking_tells_why() -> Result<()> {
    let (_directory, settings) = company_on_paper()?;
    let imported = import_examples(&settings)?;
    assert!(imported.status.success(), "{}", said(&imported));
    assert!(said(&imported).contains("employees: 6 accepted, 0 repeated, 0 outdated, 0 refused"));

    let at = ["--at", "2026-11-23T10:30:00"];
    let spellings = ["8 (495) 926-26-44", "+74959262644", "7 495 926 26 44"];
    for phone in spellings {
        let ranked = vizavi(&settings, &["rank", phone, at[0], at[1]])?;
        let told = said(&ranked);
        assert!(
            told.starts_with("+74959262644, 2026-11-23T10:30:00+03:00: client-17 Петров Иван"),
            "{told}"
        );
        assert!(told.contains("1. Масленников Дмитрий: "), "{told}");
        assert!(
            told.contains("счёт выставлен 2 дня назад, дело закрыто"),
            "{told}"
        );
    }
    let ranked = vizavi(
        &settings,
        &["rank", spellings[0], at[0], at[1], "--json", "--lang", "en"],
    )?;
    let json: Value = serde_json::from_slice(&ranked.stdout)?;
    assert_eq!(json["candidates"][0]["employee"], "maslennikov");
    assert_eq!(json["candidates"][1]["offered"], true);

    let again = import_examples(&settings)?;
    assert!(
        said(&again).contains("events: 0 accepted, 5 repeated"),
        "{}",
        said(&again)
    );
    Ok(())
}

#[test]
fn refused_lines_are_listed_with_their_numbers_and_the_others_are_taken() -> Result<()> {
    let (directory, settings) = company_on_paper()?;
    let file = directory.path().join("events.csv");
    std::fs::write(
        &file,
        "id,type,time,client,employee,version\n\
         a,visit,2026-11-20T10:00:00,c,anna,\n\
         b,visit,yesterday,c,anna,\n\
         ,visit,2026-11-20T10:00:00,c,anna,\n\
         c,visit,2026-11-20T10:00:00,c,anna,first\n\
         d,visit,2026-11-20T10:00:00,c,anna,2\n",
    )?;
    let imported = vizavi(&settings, &["import", &file.display().to_string()])?;
    assert_eq!(imported.status.code(), Some(1));
    let told = said(&imported);
    assert!(
        told.contains("events: 2 accepted, 0 repeated, 0 outdated, 3 refused"),
        "{told}"
    );
    for line in [
        "line 3: refused: time",
        "line 4: refused: ",
        "line 5: refused: version: \"first\" is no whole number",
    ] {
        assert!(told.contains(line), "no {line:?} in {told}");
    }
    assert!(
        told.ends_with("vizavi: 3 lines were refused; all others are on disk\n"),
        "{told}"
    );

    let json = vizavi(
        &settings,
        &["import", "--json", &file.display().to_string()],
    )?;
    let summary: Value = serde_json::from_slice(&json.stdout)?;
    assert_eq!(summary[0]["repeated"], 2);
    assert_eq!(summary[0]["refusals"][0]["line"], 3);
    Ok(())
}

#[test]
fn a_token_is_shown_once_listed_without_its_secret_and_revoked() -> Result<()> {
    let (_directory, settings) = company_on_paper()?;
    let made = vizavi(&settings, &["token", "make", "1C", "--scopes", "write"])?;
    let secret = String::from_utf8(made.stdout)?;
    assert!(
        secret.starts_with("vzv_") && secret.trim().len() > 40,
        "{secret}"
    );
    let listed = said(&vizavi(&settings, &["token", "list"])?);
    assert!(
        listed.contains("write  1C") && !listed.contains("vzv_"),
        "{listed}"
    );
    let id = listed.split_whitespace().next().unwrap_or_default();
    assert!(
        vizavi(&settings, &["token", "revoke", id])?
            .status
            .success()
    );
    let gone = vizavi(&settings, &["token", "revoke", id])?;
    assert_eq!(gone.status.code(), Some(1));
    assert!(said(&gone).contains("vizavi token list shows them"));
    assert!(said(&vizavi(&settings, &["token", "list"])?).contains("There are no tokens."));
    Ok(())
}

#[tokio::test]
async fn beside_the_one_that_runs_the_commands_ask_it_and_the_next_caller_hears_the_change()
-> Result<()> {
    let company = Company::open_with(quick()).await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    let settings = company.application.settings_file();
    let file = settings.with_file_name("more.ndjson");
    let now = jiff::Timestamp::now();
    std::fs::write(
        &file,
        format!(
            "{{\"id\": \"v1\", \"type\": \"visit\", \"time\": \"{now}\", \"phones\": [\"{STRANGER}\"], \
             \"employee\": \"maslennikov\"}}\n"
        ),
    )?;
    let imported = vizavi(&settings, &["import", &file.display().to_string()])?;
    assert!(imported.status.success(), "{}", said(&imported));
    let ranked = said(&vizavi(&settings, &["rank", STRANGER])?);
    assert!(ranked.contains("1. Масленников Дмитрий: "), "{ranked}");

    let caller = in_the_menu(&company, STRANGER).await?;
    caller.press('1').await?;
    dmitry.wait_for(Kind::Established, SOON).await?;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_second_one_on_the_same_store_says_who_has_it() -> Result<()> {
    let asterisk = Asterisk::start().await?;
    let application = Application::ready(&asterisk, &quick()).await?;
    let second = vizavi(&application.settings_file(), &["run"])?;
    assert_eq!(second.status.code(), Some(1));
    let told = said(&second);
    let holder = format!("process {}", application.process_id());
    assert!(
        told.contains("already open") && told.contains(&holder),
        "{told}"
    );
    Ok(())
}

#[test]
fn what_callers_will_hear_is_spoken_ahead_listed_and_counted() -> Result<()> {
    let (_directory, settings) = company_on_paper()?;
    let mut text = std::fs::read_to_string(&settings)?;
    text.push_str("[speech]\ndirectory = \"phrases\"\n[menu]\nlongest = 1\n");
    std::fs::write(&settings, text)?;
    import_examples(&settings)?;

    let listed = said(&vizavi(&settings, &["phrases", "list"])?);
    let line = "missing  Чулкова Евгения, добавочный тридцать четыре: нажмите один.";
    assert!(listed.contains(line), "{listed}");
    let warmed = vizavi(&settings, &["phrases", "warm"])?;
    assert!(warmed.status.success(), "{}", said(&warmed));
    let listed = said(&vizavi(&settings, &["phrases", "list"])?);
    assert!(!listed.contains("missing"), "{listed}");

    let stats = vizavi(&settings, &["phrases", "stats", "--json"])?;
    let stats: Value = serde_json::from_slice(&stats.stdout)?;
    assert_eq!(stats["phrases"], stats["quality"]["phrases"]);
    let characters = |mode: &str| stats[mode]["characters"].as_u64();
    assert!(characters("quality") > characters("economy"), "{stats}");
    let pruned = said(&vizavi(&settings, &["phrases", "prune"])?);
    assert!(
        pruned.contains("0 phrases and clips are deleted"),
        "{pruned}"
    );
    Ok(())
}
