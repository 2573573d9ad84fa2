//! A job of the CRM, from `vizavi callbacks add` to what the CRM is told of it, on a real Asterisk.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::clinic::{PATIENT, by_trunk, they_talk};
use crate::support::company::{CALLER_TONE, Company, Result, SOON};
use crate::support::fault::{AT_ONCE, quick, wait_until};
use crate::support::phone::{Answering, Kind, Phone, PhoneSettings, Speech};
use crate::webhooks::Receiver;

/// As long as an operator is looked for, rung, and told.
pub(crate) const A_WHILE: Duration = Duration::from_secs(30);

pub(crate) async fn patient(answering: Answering) -> Result<Phone> {
    let settings = PhoneSettings::caller(PATIENT).saying(Speech::Tone(CALLER_TONE));
    Ok(Phone::start(settings.answering(answering)).await?)
}

/// A company that calls this telephone back, and tells a CRM.
pub(crate) async fn company(patient: &Phone) -> Result<(Company, Receiver)> {
    company_of_voice(patient, "espeak-ng").await
}

/// The same with another program as its voice.
async fn company_of_voice(patient: &Phone, program: &str) -> Result<(Company, Receiver)> {
    let mut crm = Receiver::that_answers(200).await?;
    let trunk = by_trunk(&patient.uri().replace(PATIENT, "{number}"));
    crm.settings.more = format!(
        "{}\n[callbacks]\nqueue = \"operators\"\nhours = \"daily 00:00-24:00\"\nreserve = 0\n\
         briefing_seconds = 1\nkey_seconds = 5\ntrunk = {trunk:?}\n",
        crm.settings.more
    );
    crm.settings.more = crm.settings.more.replace("espeak-ng", program);
    let company = Company::open_with(crm.settings.clone()).await?;
    Ok((company, crm))
}

pub(crate) fn vizavi(company: &Company, arguments: &[&str]) -> Result<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_vizavi"))
        .args(arguments)
        .env("VIZAVI_CONFIG", company.application.settings_file())
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// What the CRM was told of the job, up to now.
pub(crate) fn told(crm: &Receiver) -> Vec<(String, Value)> {
    let documents = crm.documents().into_iter();
    let of_job = documents.filter(|document| document["subject"] == "crm-17");
    of_job
        .map(|document| {
            let kind = document["type"].as_str().unwrap_or_default().to_owned();
            (kind, document["data"].clone())
        })
        .collect()
}

pub(crate) fn kinds(crm: &Receiver) -> Vec<String> {
    told(crm).into_iter().map(|(kind, _)| kind).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_is_called_by_an_operator_and_the_crm_hears_every_step() -> Result<()> {
    let patient = patient(AT_ONCE).await?;
    let (company, crm) = company(&patient).await?;
    let operator = company.employee("90", AT_ONCE).await?;
    let add = ["callbacks", "add", "crm-17", "--phone", PATIENT, "--name"];
    vizavi(&company, &[&add[..], &["Смирнова Анна Петровна"]].concat())?;
    operator.wait_for(Kind::Established, A_WHILE).await?;
    assert!(patient.events().is_empty(), "not before it is accepted");
    tokio::time::sleep(Duration::from_secs(3)).await;
    operator.press('1').await?;
    patient.wait_for(Kind::Established, A_WHILE).await?;
    they_talk(&operator, &patient).await?;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    operator.hang_up().await?;
    patient.wait_for(Kind::Closed, SOON).await?;
    let steps = [
        "callback.operator_answered",
        "callback.person_dialled",
        "callback.connected",
        "callback.attempt_ended",
        "callback.ended",
    ];
    wait_until("the CRM knows", SOON, || kinds(&crm).len() == steps.len()).await?;
    assert_eq!(kinds(&crm), steps);
    let told = told(&crm);
    let (_, attempt) = &told[3];
    assert_eq!(attempt["outcome"], "connected");
    assert_eq!(attempt["attempt"], 1);
    assert_eq!(attempt["operator"], "90");
    assert!(attempt["seconds"].as_u64() > Some(0), "{attempt}");
    assert_eq!(told[4].1["ending"], "connected");
    let shown = vizavi(&company, &["callbacks", "show", "crm-17"])?;
    assert!(shown.starts_with("crm-17: connected"), "{shown}");
    company.wait_until_nothing_is_left().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_operator_nobody_is_called() -> Result<()> {
    let patient = patient(AT_ONCE).await?;
    let (company, crm) = company(&patient).await?;
    let add = ["callbacks", "add", "crm-17", "--phone", PATIENT];
    vizavi(&company, &add)?;
    tokio::time::sleep(Duration::from_secs(8)).await;
    assert!(patient.events().is_empty());
    assert_eq!(kinds(&crm), Vec::<String>::new());
    let shown = vizavi(&company, &["callbacks", "show", "crm-17", "--json"])?;
    let shown: Value = serde_json::from_str(&shown)?;
    assert_eq!(shown["state"], "waiting");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_is_told_without_names_when_every_voice_is_dead() -> Result<()> {
    let patient = patient(AT_ONCE).await?;
    let (company, _crm) = company_of_voice(&patient, "false").await?;
    let operator = company.employee("90", AT_ONCE).await?;
    let add = ["callbacks", "add", "crm-17", "--phone", PATIENT, "--name"];
    vizavi(&company, &[&add[..], &["Смирнова Анна Петровна"]].concat())?;
    operator.wait_for(Kind::Established, A_WHILE).await?;
    let begun = Instant::now();
    tokio::time::sleep(Duration::from_secs(6)).await;
    let heard = operator.heard_since(begun);
    let loudest = heard.iter().map(|sample| sample.unsigned_abs()).max();
    assert!(loudest > Some(3000), "the operator heard {loudest:?}");
    operator.press('1').await?;
    patient.wait_for(Kind::Established, A_WHILE).await?;
    they_talk(&operator, &patient).await?;
    operator.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

/// What README.md says of the first callback, its settings with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_callback_of_the_readme_connects_two_telephones_of_the_pbx() -> Result<()> {
    let readme = include_str!("../README.md");
    let (_, from) = readme.split_once("   [callbacks]\n").ok_or("no settings")?;
    let (lines, _) = from.split_once("   ```").ok_or("no end of the settings")?;
    let mut settings = quick();
    settings.more = format!("{}\n[callbacks]\n{lines}\n", settings.more);
    let company = Company::open_with(settings).await?;
    let operator = company.employee("90", AT_ONCE).await?;
    let checked = Command::new(env!("CARGO_BIN_EXE_vizavi"))
        .arg("check")
        .env("VIZAVI_CONFIG", company.application.settings_file())
        .env("VIZAVI_ARI_PASSWORD", company.asterisk.ari_password())
        .output()?;
    let checked = String::from_utf8(checked.stdout)?;
    let ready = "The queue operators has members: 1, logged in 1, free 1.";
    assert!(checked.contains(ready), "{checked}");
    assert!(checked.contains("mon-sun 00:00-24:00"), "{checked}");
    let person = PhoneSettings::employee("34", "demo-34", company.asterisk.sip_address());
    let person = Phone::start(person.saying(Speech::Tone(CALLER_TONE)).answering(AT_ONCE)).await?;
    person.wait_for(Kind::Registered, SOON).await?;
    let (_, command) = readme
        .split_once("vizavi callbacks add try-1 ")
        .ok_or("no command")?;
    assert!(command.starts_with("--extension 34 --name \"Петров Иван\" --reason \"проба\"\n"));
    let add = ["callbacks", "add", "try-1", "--extension", "34", "--name"];
    let begun = Instant::now();
    vizavi(
        &company,
        &[&add[..], &["Петров Иван", "--reason", "проба"]].concat(),
    )?;
    let rung = operator.wait_for(Kind::Incoming, A_WHILE).await?.at - begun;
    assert!(rung < Duration::from_secs(10), "{rung:?}");
    operator.wait_for(Kind::Established, SOON).await?;
    // Any key begins the briefing, another one connects.
    tokio::time::sleep(Duration::from_secs(1)).await;
    operator.press('#').await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    operator.press('1').await?;
    person.wait_for(Kind::Established, A_WHILE).await?;
    they_talk(&operator, &person).await?;
    operator.hang_up().await?;
    wait_until("it is told", SOON, || {
        let shown = vizavi(&company, &["callbacks", "show", "try-1"]);
        shown.is_ok_and(|shown| shown.starts_with("try-1: connected"))
    })
    .await?;
    company.wait_until_nothing_is_left().await
}
