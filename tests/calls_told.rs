//! What came of calls can be asked afterwards: by `vizavi calls`, and in Asterisk's own records.

use std::process::{Command, Output};
use std::time::Duration;

use serde_json::Value;

use crate::support::asterisk::Noted;
use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{AT_ONCE, in_the_menu, quick, wait_until};
use crate::support::phone::Kind;
use crate::support::records::{CLIENT, STRANGER};

#[tokio::test]
async fn after_a_talk_and_a_call_to_the_fallback_both_are_listed_and_told() -> Result<()> {
    let mut company = Company::open_with(quick()).await?;
    let _sales = company.employee("90", AT_ONCE).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let talker = in_the_menu(&company, CLIENT).await?;
    talker.press('1').await?;
    eugenia.wait_for(Kind::Established, SOON).await?;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    talker.hang_up().await?;
    eugenia.wait_for(Kind::Closed, SOON).await?;
    let asker = in_the_menu(&company, STRANGER).await?;
    asker.press('0').await?;
    wait_until("both are kept", SOON, || lines(&company).len() == 3).await?;
    asker.hang_up().await?;

    both_are_listed(&company)?;
    let [id] = &ids(&company, &["--phone", CLIENT])?[..] else {
        return Err("not one call from the client".into());
    };
    the_story_is_told(&company, id)?;
    assert_eq!(ids(&company, &["--outcome", "fallback"])?.len(), 1);
    assert_eq!(ids(&company, &["--until", "2026-01-01"])?.len(), 0);
    let none = calls(&company, &["--outcome", "stuck"])?;
    assert_eq!(none, "No call.\n");
    let unknown = calls(&company, &["1.1"]).unwrap_err().to_string();
    assert!(unknown.contains("no call that is over"), "{unknown}");

    // From the store itself it is the same.
    let story = calls(&company, &[id])?;
    company.application.terminate()?;
    let code = company.application.exit_code(SOON).await?;
    assert_eq!(code, Some(0));
    both_are_listed(&company)?;
    assert_eq!(calls(&company, &[id])?, story);
    Ok(())
}

fn both_are_listed(company: &Company) -> Result<()> {
    let lines = lines(company);
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].starts_with("time  "), "{}", lines[0]);
    let asked = &lines[1];
    assert!(asked.contains(STRANGER), "{asked}");
    let columns = asked.split("  ").map(str::trim);
    let columns: Vec<&str> = columns.filter(|text| !text.is_empty()).collect();
    assert_eq!(columns[3..5], ["Отдел продаж 90", "-"], "{asked}");
    assert_eq!(columns[5], "fallback: asked");
    let talked = &lines[2];
    assert!(talked.contains(CLIENT), "{talked}");
    let people = "Чулкова Евгения 34, Масленников Дмитрий 02  Чулкова Евгения 34  talked  ";
    assert!(talked.contains(people), "{talked}");
    Ok(())
}

fn the_story_is_told(company: &Company, id: &str) -> Result<()> {
    let json: Value = serde_json::from_str(&calls(company, &[id, "--json"])?)?;
    let steps: Vec<&str> = json["steps"]
        .as_array()
        .ok_or("no steps")?
        .iter()
        .filter_map(|step| step["what"].as_str())
        .collect();
    let began = ["came", "offered", "prompt"];
    assert_eq!(steps[..3], began, "{json}");
    let key = steps.iter().position(|what| *what == "key");
    let after_key = &steps[key.ok_or("no key")?..];
    let talked = [
        "key",
        "dialled",
        "rings",
        "answered",
        "talk_began",
        "left",
        "talk_ended",
    ];
    assert_eq!(after_key, talked, "{json}");
    assert_eq!(json["client"], "client-17");
    assert_eq!(json["talked"]["employee"], "chulkova");
    let times = json["steps"].as_array().ok_or("no steps")?.iter();
    let times: Vec<_> = times.filter_map(|step| step["ms"].as_u64()).collect();
    assert!(times.is_sorted(), "{times:?}");
    let seconds = json["talked_seconds"].as_f64().ok_or("no talk")?;
    assert!((1.0..10.0).contains(&seconds), "{seconds}");

    let story = calls(company, &[id])?;
    for line in [
        "0.00 s  the call came",
        "offered: Чулкова Евгения 34, Масленников Дмитрий 02",
        "s  key 1",
        "s  dialled: Чулкова Евгения 34",
        "s  the talk is over",
    ] {
        assert!(story.contains(line), "{line}\n{story}");
    }
    Ok(())
}

#[tokio::test]
async fn asterisks_own_records_tell_what_was_offered_and_chosen() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let _sales = company.employee("90", AT_ONCE).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let talker = in_the_menu(&company, CLIENT).await?;
    talker.press('1').await?;
    eugenia.wait_for(Kind::Established, SOON).await?;
    talker.hang_up().await?;
    eugenia.wait_for(Kind::Closed, SOON).await?;
    let offered = "chulkova,maslennikov";
    let talk = noted(&company, |noted| noted.chosen == "chulkova").await?;
    assert_eq!(talk.offered, offered, "{talk:?}");
    assert!(talk.channel.starts_with("PJSIP/trunk"), "{talk:?}");
    wait_until("the call is in the journal", SOON, || {
        let ids = ids(&company, &["--phone", CLIENT]);
        ids.is_ok_and(|ids| ids == std::slice::from_ref(&talk.call))
    })
    .await?;

    // Who hangs up while the greeting is read out was offered something all the same.
    let caller = company.caller(CLIENT).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    tokio::time::sleep(Duration::from_millis(300)).await;
    caller.hang_up().await?;
    let early = noted(&company, |noted| {
        noted.chosen.is_empty() && noted.offered == offered
    });
    assert_ne!(early.await?.call, talk.call);

    let asker = in_the_menu(&company, STRANGER).await?;
    asker.press('0').await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    asker.hang_up().await?;
    let asked = noted(&company, |noted| noted.offered == "sales").await?;
    assert_eq!(asked.chosen, "");
    assert!(!asked.call.is_empty());
    Ok(())
}

/// The record that is wanted, as soon as it is written.
async fn noted(company: &Company, wanted: impl Fn(&Noted) -> bool) -> Result<Noted> {
    let find = || company.asterisk.noted().into_iter().find(|one| wanted(one));
    let waited = wait_until("the record is written", SOON, || find().is_some()).await;
    waited.map_err(|error| format!("{error}: {:?}", company.asterisk.noted()))?;
    find().ok_or_else(|| "the record is gone".into())
}

fn lines(company: &Company) -> Vec<String> {
    let listed = calls(company, &[]).unwrap_or_default();
    listed.lines().map(str::to_owned).collect()
}

fn ids(company: &Company, filter: &[&str]) -> Result<Vec<String>> {
    let listed = calls(company, &[filter, &["--json"]].concat())?;
    let mut ids = Vec::new();
    for line in listed.lines() {
        let call: Value = serde_json::from_str(line)?;
        ids.push(call["id"].as_str().unwrap_or_default().to_owned());
    }
    Ok(ids)
}

fn calls(company: &Company, arguments: &[&str]) -> Result<String> {
    let settings = company.application.settings_file();
    let output: Output = Command::new(env!("CARGO_BIN_EXE_vizavi"))
        .arg("calls")
        .args(["--config".as_ref(), settings.as_os_str()])
        .args(arguments)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
