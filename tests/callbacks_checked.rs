//! `vizavi check` says whether Asterisk is ready for callbacks.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::support::asterisk::Asterisk;
use crate::support::company::Result;

/// What `vizavi check` says of these settings, with this address of Asterisk.
fn checked(base: &str, password: &str, callbacks: &str) -> Result<String> {
    let directory = TempDir::new()?;
    let settings = directory.path().join("vizavi.toml");
    fs::write(
        &settings,
        format!("[ari]\nurl = \"{base}/ari\"\npassword = \"{password}\"\n{callbacks}"),
    )?;
    let output = Command::new(env!("CARGO_BIN_EXE_vizavi"))
        .args(["check", "--config"])
        .arg(&settings)
        .env_remove("VIZAVI_ARI_PASSWORD")
        .output()?;
    assert!(output.status.success(), "{output:?}");
    Ok(String::from_utf8(output.stdout)?)
}

fn assert_said(told: &str, expected: &[&str]) {
    for words in expected {
        assert!(told.contains(words), "no {words:?} in {told}");
    }
}

#[tokio::test]
async fn the_queue_and_the_dialplan_are_looked_at_in_asterisk() -> Result<()> {
    let asterisk = Asterisk::start().await?;
    let check = |callbacks: &str| {
        checked(
            &asterisk.http_base(),
            asterisk.ari_password(),
            &format!("[callbacks]\n{callbacks}"),
        )
    };
    let told = check("queue = \"operators\"\nreserve = 0\nallowed = []\n")?;
    let expected = [
        "Callbacks: by the operators of the queue operators; people are called ",
        "dialled as PJSIP/{number}@trunk.",
        "allowed is empty: only extensions of this PBX are called back",
        "No [[webhook]] is told of callbacks",
        "The queue operators has members: ",
    ];
    assert_said(&told, &expected);
    assert!(!told.contains("dialplan"), "{told}");
    let told = check("queue = \"operators\"\n")?;
    assert_said(
        &told,
        &["reserve = 1 keeps", "So nobody is ever called back."],
    );
    let told = checked(
        &asterisk.http_base(),
        "wrong",
        "[callbacks]\nqueue = \"operators\"\n",
    )?;
    assert_said(&told, &["it refuses the ARI user", "VIZAVI_ARI_PASSWORD"]);
    let told = check("queue = \"operator\"\n")?;
    assert_said(&told, &["Asterisk has no queue operator: "]);

    asterisk.command("dialplan remove context vizavi-callback-patient")?;
    let told = check("queue = \"operators\"\n")?;
    assert_said(&told, &["lacks vizavi-callback-patient,s,1: take"]);
    asterisk.command("dialplan remove context vizavi-callback")?;
    let told = check("queue = \"operators\"\n")?;
    assert_said(
        &told,
        &["has no vizavi-callback: include extensions_vizavi_callback.conf"],
    );
    assert_eq!(asterisk.channels()?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn an_asterisk_that_can_not_be_asked_is_said_and_without_callbacks_it_is_not_asked()
-> Result<()> {
    let nowhere = "http://127.0.0.1:9";
    let told = checked(
        nowhere,
        "x",
        "[callbacks]\nqueue = \"operators\"\n[contract]\nlisten = \"\"\n",
    )?;
    let expected = [
        "Asterisk could not be asked about the queue and the dialplan of callbacks: ",
        "[contract] listen is empty: the CRM can't send callbacks",
    ];
    assert_said(&told, &expected);
    let told = checked(nowhere, "x", "")?;
    assert!(!told.contains("allbacks"), "{told}");
    Ok(())
}
