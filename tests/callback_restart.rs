//! The application is stopped in the middle of an attempt, and started again: the attempt goes on, or
//! ends with what is true, and nobody is called twice for it.

use std::time::Duration;

use serde_json::Value;

use crate::callback_jobs::{A_WHILE, company, kinds, patient, told, vizavi};
use crate::support::clinic::{PATIENT, they_talk};
use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{AT_ONCE, SECOND, wait_until};
use crate::support::phone::{Answering, Kind, Phone};
use crate::webhooks::Receiver;

/// A job whose operator has picked up.
async fn picked_up(patient: &Phone) -> Result<(Company, Receiver, Phone)> {
    let (company, crm) = company(patient).await?;
    let operator = company.employee("90", AT_ONCE).await?;
    let add = ["callbacks", "add", "crm-17", "--phone", PATIENT, "--name"];
    vizavi(&company, &[&add[..], &["Смирнова Анна Петровна"]].concat())?;
    operator.wait_for(Kind::Established, A_WHILE).await?;
    Ok((company, crm, operator))
}

/// A job whose operator has accepted.
async fn accepted(patient: &Phone) -> Result<(Company, Receiver, Phone)> {
    let (company, crm, operator) = picked_up(patient).await?;
    tokio::time::sleep(SECOND * 3).await;
    operator.press('1').await?;
    patient.wait_for(Kind::Incoming, A_WHILE).await?;
    Ok((company, crm, operator))
}

/// A job whose two talk, which is on disk.
async fn talking() -> Result<(Company, Receiver, Phone, Phone)> {
    let patient = patient(AT_ONCE).await?;
    let (company, crm, operator) = accepted(&patient).await?;
    patient.wait_for(Kind::Established, A_WHILE).await?;
    they_talk(&operator, &patient).await?;
    let connected = || kinds(&crm).iter().any(|kind| kind == "callback.connected");
    wait_until("the CRM knows that they talk", SOON, connected).await?;
    tokio::time::sleep(SECOND * 4).await;
    Ok((company, crm, operator, patient))
}

fn job(company: &Company) -> Result<Value> {
    let shown = vizavi(company, &["callbacks", "show", "crm-17", "--json"])?;
    Ok(serde_json::from_str(&shown)?)
}

/// What the CRM is told in the end, once.
async fn attempt_ended(crm: &Receiver) -> Result<Value> {
    let ended = |kind: &String| kind == "callback.attempt_ended";
    wait_until("the CRM knows the end", A_WHILE, || {
        kinds(crm).iter().any(ended)
    })
    .await?;
    tokio::time::sleep(SECOND).await;
    assert_eq!(kinds(crm).iter().filter(|kind| ended(kind)).count(), 1);
    let mut told = told(crm).into_iter();
    let (_, data) = told
        .find(|(kind, _)| ended(kind))
        .ok_or("it was told just now")?;
    Ok(data)
}

fn times_rung(phone: &Phone) -> usize {
    let events = phone.events();
    let rung = events
        .iter()
        .filter(|one| one.event.kind() == Kind::Incoming);
    rung.count()
}

/// The talk that goes on is watched over again, and ends as any talk does.
async fn the_talk_ends_as_any(
    (mut company, crm, operator, patient): (Company, Receiver, Phone, Phone),
) -> Result<()> {
    company.application.restart()?;
    company.application.wait_for("a talk is taken over").await?;
    they_talk(&operator, &patient).await?;
    tokio::time::sleep(SECOND * 2).await;
    assert_eq!(job(&company)?["state"], "running");
    operator.hang_up().await?;
    patient.wait_for(Kind::Closed, SOON).await?;
    let attempt = attempt_ended(&crm).await?;
    assert_eq!(attempt["outcome"], "connected");
    assert_eq!(attempt["operator"], "90");
    let since_it_began = attempt["seconds"].as_u64() >= Some(6);
    assert!(since_it_began, "{attempt}");
    let job = job(&company)?;
    assert_eq!(
        (&job["state"], &job["ending"]),
        (&"ended".into(), &"connected".into())
    );
    assert_eq!(
        kinds(&crm).last().map(String::as_str),
        Some("callback.ended")
    );
    assert_eq!(times_rung(&patient), 1);
    company.wait_until_nothing_is_left().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_a_talk_and_started_again_it_watches_over_the_talk() -> Result<()> {
    let mut talk = talking().await?;
    talk.0.application.kill();
    the_talk_ends_as_any(talk).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopped_in_a_talk_and_started_again_it_watches_over_the_talk() -> Result<()> {
    let mut talk = talking().await?;
    talk.0.application.terminate()?;
    assert_eq!(talk.0.application.exit_code(SOON * 2).await?, Some(0));
    assert!(!kinds(&talk.1).contains(&"callback.attempt_ended".to_owned()));
    the_talk_ends_as_any(talk).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_talk_that_ended_while_it_was_dead_was_a_talk() -> Result<()> {
    let (mut company, crm, operator, patient) = talking().await?;
    company.application.kill();
    patient.hang_up().await?;
    operator.wait_for(Kind::Closed, SOON).await?;
    company.application.restart()?;
    let attempt = attempt_ended(&crm).await?;
    assert_eq!(attempt["outcome"], "connected");
    assert_eq!(attempt["seconds"], Value::Null, "nobody knows");
    assert_eq!(job(&company)?["ending"], "connected");
    assert_eq!(times_rung(&patient), 1);
    company.wait_until_nothing_is_left().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_the_briefing_the_job_comes_again_soon_and_has_used_up_nothing() -> Result<()> {
    let patient = patient(AT_ONCE).await?;
    let (mut company, crm, operator) = picked_up(&patient).await?;
    tokio::time::sleep(SECOND * 2).await;
    company.application.kill();
    company.application.restart()?;
    operator.wait_for(Kind::Closed, A_WHILE).await?;
    let attempt = attempt_ended(&crm).await?;
    assert_eq!(attempt["outcome"], "interrupted");
    let job = job(&company)?;
    assert_eq!(
        (&job["state"], &job["attempts_used"]),
        (&"waiting".into(), &0.into())
    );
    assert_eq!(times_rung(&patient), 0);
    company.wait_until_nothing_is_left().await?;
    // In a minute.
    operator
        .wait_for(Kind::Established, Duration::from_secs(80))
        .await?;
    assert_eq!(times_rung(&patient), 0, "not before it is accepted");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_the_patient_rings_both_are_released_and_it_counts_as_no_answer() -> Result<()>
{
    let patient = patient(Answering::ByHand).await?;
    let (mut company, crm, operator) = accepted(&patient).await?;
    tokio::time::sleep(SECOND).await;
    company.application.kill();
    company.application.restart()?;
    patient.wait_for(Kind::Closed, A_WHILE).await?;
    operator.wait_for(Kind::Closed, A_WHILE).await?;
    let attempt = attempt_ended(&crm).await?;
    assert_eq!(attempt["outcome"], "interrupted");
    let job = job(&company)?;
    assert_eq!(
        (&job["state"], &job["attempts_used"]),
        (&"waiting".into(), &1.into())
    );
    tokio::time::sleep(SECOND * 5).await;
    assert_eq!(times_rung(&patient), 1);
    company.wait_until_nothing_is_left().await
}
