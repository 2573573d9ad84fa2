//! A job that belongs to one employee: their own telephone rings, and nobody else's.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use vizavi::domain::callback::briefing::{BriefingWording, Subject};
use vizavi::domain::language::Language;
use vizavi::domain::menu::template::Named;
use vizavi::domain::person::PersonName;
use vizavi::domain::prompt::Prompt;

use crate::support::clinic::{PATIENT, by_trunk};
use crate::support::company::{CALLER_TONE, Result, SOON, employee_tone};
use crate::support::ear::{Talker, is_tone};
use crate::support::fault::{AT_ONCE, wait_until};
use crate::support::phone::{Answering, Event, Happened, Kind, Phone, PhoneSettings, Speech};
use crate::webhooks::Receiver;

/// As long as somebody is looked for, rung, and told.
pub(crate) const A_WHILE: Duration = Duration::from_secs(30);

const JOB: &str = "crm-17";

async fn patient() -> Result<Phone> {
    let settings = PhoneSettings::caller(PATIENT).saying(Speech::Tone(CALLER_TONE));
    Ok(Phone::start(settings.answering(AT_ONCE)).await?)
}

/// A company that calls this telephone back, and tells a CRM.
async fn company(patient: &Phone) -> Result<(Talker, Receiver)> {
    company_calling(patient, PATIENT).await
}

/// The same, of a telephone with this number.
pub(crate) async fn company_calling(phone: &Phone, number: &str) -> Result<(Talker, Receiver)> {
    let mut crm = Receiver::that_answers(200).await?;
    let trunk = by_trunk(&phone.uri().replace(number, "{number}"));
    crm.settings.more = format!(
        "{}\n[callbacks]\nqueue = \"operators\"\nhours = \"daily 00:00-24:00\"\nreserve = 0\n\
         briefing_seconds = 1\nkey_seconds = 5\ntrunk = {trunk:?}\n",
        crm.settings.more
    );
    let talker = Talker::open_quick(crm.settings.clone()).await?;
    Ok((talker, crm))
}

pub(crate) fn vizavi(talker: &Talker, arguments: &[&str]) -> Result<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_vizavi"))
        .args(arguments)
        .env("VIZAVI_CONFIG", talker.company.application.settings_file())
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn add(talker: &Talker, more: &[&str]) -> Result<()> {
    let name = "Смирнова Анна Петровна";
    let job = ["callbacks", "add", "crm-17", "--phone", PATIENT];
    let owner = ["--name", name, "--owner", "chulkova"];
    vizavi(talker, &[&job[..], &owner, more].concat())?;
    Ok(())
}

fn shown(talker: &Talker) -> Result<Value> {
    let shown = vizavi(talker, &["callbacks", "show", "crm-17", "--json"])?;
    Ok(serde_json::from_str(&shown)?)
}

/// What the CRM was told of the job, up to now.
pub(crate) fn told(crm: &Receiver, job: &str) -> Vec<(String, Value)> {
    let documents = crm.documents().into_iter();
    let of_job = documents.filter(|document| document["subject"] == job);
    of_job
        .map(|document| {
            let kind = document["type"].as_str().unwrap_or_default().to_owned();
            (kind, document["data"].clone())
        })
        .collect()
}

/// What is said of this person at the first attempt.
pub(crate) fn briefing(name: Option<&PersonName>) -> Prompt {
    let prompts = BriefingWording::new(Language::Russian).prompts(&Subject {
        patient: name.map(|name| Named { name, gender: None }),
        appointment: None,
        profession: None,
        specialist: None,
        reason: None,
        attempt: 1,
    });
    prompts.briefing
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_of_an_employee_rings_their_own_telephone_and_no_operators() -> Result<()> {
    let patient = patient().await?;
    let (talker, crm) = company(&patient).await?;
    let operator = talker.company.employee("90", AT_ONCE).await?;
    let eugenia = talker.company.employee("34", AT_ONCE).await?;
    add(&talker, &[])?;
    let rung = eugenia.wait_for(Kind::Established, A_WHILE).await?.at;
    let anna = PersonName::new("Смирнова", "Анна", "Петровна")?;
    let briefing = briefing(Some(&anna));
    talker.hears_prompt(&eugenia, rung, &briefing).await?;
    assert!(patient.events().is_empty(), "not before it is accepted");
    eugenia.press('1').await?;
    patient.wait_for(Kind::Established, A_WHILE).await?;
    assert_they_talk_now(&patient, &eugenia).await?;
    eugenia.hang_up().await?;
    patient.wait_for(Kind::Closed, SOON).await?;
    let steps = [
        "callback.operator_answered",
        "callback.person_dialled",
        "callback.connected",
        "callback.attempt_ended",
        "callback.ended",
    ];
    let kinds = || -> Vec<String> { told(&crm, JOB).into_iter().map(|(kind, _)| kind).collect() };
    wait_until("the CRM knows", SOON, || kinds().len() == steps.len()).await?;
    assert_eq!(kinds(), steps);
    let (_, attempt) = &told(&crm, JOB)[3];
    assert_eq!(attempt["outcome"], "connected");
    assert_eq!(attempt["operator"], "34");
    assert_eq!(shown(&talker)?["state"], "ended");
    assert!(!operator.events().iter().any(is_a_call), "only the owner");
    talker.close().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_who_refuses_is_called_later_and_nobody_else_is_bothered() -> Result<()> {
    let patient = patient().await?;
    let (talker, crm) = company(&patient).await?;
    let operator = talker.company.employee("90", AT_ONCE).await?;
    let _eugenia = talker.company.employee("34", Answering::Busy).await?;
    add(&talker, &[])?;
    wait_until("the CRM knows", A_WHILE, || !told(&crm, JOB).is_empty()).await?;
    let (kind, attempt) = &told(&crm, JOB)[0];
    assert_eq!(kind, "callback.attempt_ended");
    assert_eq!(attempt["outcome"], "operator-missing");
    assert_eq!(shown(&talker)?["state"], "waiting");
    assert!(patient.events().is_empty());
    assert!(!operator.events().iter().any(is_a_call));
    talker.close().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_the_owners_any_more_is_anybodys() -> Result<()> {
    let patient = patient().await?;
    let (talker, _crm) = company(&patient).await?;
    let operator = talker.company.employee("90", AT_ONCE).await?;
    // Her telephone is not there.
    let released = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(8);
    let asked = Instant::now();
    add(&talker, &["--released", &released.to_string()])?;
    let rung = operator.wait_for(Kind::Established, A_WHILE).await?.at;
    let waited = rung - asked;
    println!("the operator's telephone rings after {waited:?}");
    assert!(waited > Duration::from_secs(6), "{waited:?}");
    operator.hang_up().await?;
    talker.close().await
}

fn is_a_call(happened: &Happened) -> bool {
    matches!(happened.event, Event::Incoming { .. })
}

/// They hear each other now, however long ago the employee picked up.
pub(crate) async fn assert_they_talk_now(patient: &Phone, eugenia: &Phone) -> Result<()> {
    let lately = |phone: &Phone| phone.heard_since(Instant::now() - Duration::from_millis(500));
    let talk =
        || is_tone(&lately(patient), employee_tone("34")) && is_tone(&lately(eugenia), CALLER_TONE);
    wait_until("they hear each other", 2 * SOON, talk).await?;
    Ok(())
}
