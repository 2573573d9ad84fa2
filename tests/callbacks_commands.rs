//! `vizavi callbacks` and `vizavi report callbacks`, as they are called where nothing runs.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::company::Result;

/// A directory with settings.
struct Place {
    _directory: TempDir,
    settings: PathBuf,
}

impl Place {
    fn new(callbacks: &str) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let settings = directory.path().join("vizavi.toml");
        let text = format!(
            "[company]\ntime_zone = \"Europe/Moscow\"\n[store]\ndirectory = \"store\"\n{callbacks}"
        );
        std::fs::write(&settings, text)?;
        Ok(Self {
            _directory: directory,
            settings,
        })
    }

    fn vizavi(&self, arguments: &[&str]) -> Result<Output> {
        let output = Command::new(env!("CARGO_BIN_EXE_vizavi"))
            .args(arguments)
            .env("VIZAVI_CONFIG", &self.settings)
            .output()?;
        Ok(output)
    }

    fn told(&self, arguments: &[&str]) -> Result<String> {
        let output = self.vizavi(arguments)?;
        let wrong = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {wrong}");
        Ok(String::from_utf8(output.stdout)?)
    }

    /// What is said to be wrong.
    fn wrong(&self, arguments: &[&str]) -> Result<String> {
        let output = self.vizavi(arguments)?;
        assert!(!output.status.success(), "{arguments:?}");
        Ok(String::from_utf8(output.stderr)?)
    }
}

const ON: &str = "[callbacks]\nqueue = \"operators\"\n";

const ADD: [&str; 7] = [
    "callbacks",
    "add",
    "crm-17",
    "--phone",
    "8 916 123-45-67",
    "--name",
    "Петров Иван",
];

#[test]
fn a_callback_is_added_listed_shown_cancelled_and_tried_again() -> Result<()> {
    let place = Place::new(ON)?;
    assert_eq!(place.told(&ADD)?, "The callback crm-17 waits.\n");
    assert_eq!(place.told(&ADD)?, "The callback crm-17 is there already.\n");
    let listed = place.told(&["callbacks", "list", "--state", "waiting"])?;
    assert!(
        listed.starts_with("crm-17  +79161234567  Петров Иван  priority 5"),
        "{listed}"
    );
    let shown = place.told(&["callbacks", "show", "crm-17", "--json"])?;
    let shown: Value = serde_json::from_str(&shown)?;
    assert_eq!(shown["state"], "waiting");
    let cancel = ["callbacks", "cancel", "crm-17"];
    assert_eq!(place.told(&cancel)?, "The callback crm-17 is cancelled.\n");
    assert!(place.wrong(&cancel)?.contains("it is over already"));
    assert!(
        place
            .told(&["callbacks", "show", "crm-17"])?
            .starts_with("crm-17: cancelled ")
    );
    let mut changed = ADD.to_vec();
    changed.extend(["--priority", "9"]);
    assert!(
        place
            .wrong(&changed)?
            .contains("vizavi callbacks retry crm-17")
    );
    let retry = place.told(&["callbacks", "retry", "crm-17"])?;
    assert_eq!(retry, "The callback crm-17 waits to be tried now.\n");
    let table = place.told(&["callbacks", "list", "--csv"])?;
    assert_eq!(table.lines().count(), 2, "{table}");
    assert!(
        place
            .wrong(&["callbacks", "show", "x"])?
            .contains("there is no callback x")
    );
    Ok(())
}

#[test]
fn what_is_wrong_with_a_callback_is_said() -> Result<()> {
    let place = Place::new(ON)?;
    let wrong = place.wrong(&["callbacks", "add", "1", "--phone", "112"])?;
    assert_eq!(
        wrong,
        "vizavi: phone: an emergency number is never dialled\n"
    );
    let over = [
        "callbacks",
        "add",
        "1",
        "--phone",
        "+79161234567",
        "--appointment",
        "2020-01-01T10:00",
    ];
    assert!(
        place
            .wrong(&over)?
            .contains("the appointment has been already")
    );
    assert!(place.wrong(&["callbacks", "add", "1"])?.contains("--phone"));
    let off = Place::new("")?;
    assert!(off.wrong(&ADD)?.contains("[callbacks] queue"));
    Ok(())
}

#[test]
fn what_came_of_callbacks_is_told_in_three_forms() -> Result<()> {
    let place = Place::new(ON)?;
    place.told(&ADD)?;
    place.told(&["callbacks", "cancel", "crm-17"])?;
    let report = [
        "report",
        "callbacks",
        "--from",
        "2020-01-01",
        "--to",
        "2099-12-31",
    ];
    let told = place.told(&report)?;
    assert!(
        told.contains("Jobs that are over: 1\n       1  cancelled\n"),
        "{told}"
    );
    let as_table: Vec<&str> = report.into_iter().chain(["--csv"]).collect();
    assert!(place.told(&as_table)?.contains("ending,cancelled,1,,\n"));
    let as_json: Vec<&str> = report.into_iter().chain(["--json"]).collect();
    let json: Value = serde_json::from_str(&place.told(&as_json)?)?;
    assert_eq!(json["ended"], 1);
    Ok(())
}
