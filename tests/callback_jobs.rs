//! A job of the CRM, from `vizavi callbacks add` to what the CRM is told of it, on a real Asterisk.

use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::support::clinic::{PATIENT, by_trunk, they_talk};
use crate::support::company::{CALLER_TONE, Company, Result, SOON};
use crate::support::fault::{AT_ONCE, wait_until};
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
    let mut crm = Receiver::that_answers(200).await?;
    let trunk = by_trunk(&patient.uri().replace(PATIENT, "{number}"));
    crm.settings.more = format!(
        "{}\n[callbacks]\nqueue = \"operators\"\nhours = \"daily 00:00-24:00\"\nreserve = 0\n\
         briefing_seconds = 1\nkey_seconds = 5\ntrunk = {trunk:?}\n",
        crm.settings.more
    );
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
