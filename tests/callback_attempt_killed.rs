//! The application is killed in the middle of a callback: nobody is left hanging.
//!
//! It has no other process than the tests', so this test program itself is one: started once more,
//! with nothing to do but [`the_application`].

use std::env;
use std::fs::File;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use vizavi::ari::Socket;
use vizavi::switchboard::Switchboard;

use crate::support::clinic::{
    Clinic, PATIENT, RING_TIME, Told, by_trunk, desk, order, requests, speaker, they_talk,
    told_by_environment,
};
use crate::support::company::{CALLER_TONE, Result, SOON};
use crate::support::fault::{AT_ONCE, SECOND, SLACK, released, wait_until};
use crate::support::phone::{Answering, Kind, Phone, PhoneSettings, Speech};
use crate::support::process::Process;

const BASE: &str = "VIZAVI_TEST_ARI";
const PASSWORD: &str = "VIZAVI_TEST_PASSWORD";
const PHRASES: &str = "VIZAVI_TEST_PHRASES";
const ENDPOINT: &str = "VIZAVI_TEST_ENDPOINT";

/// How long a lease is longer than what it covers, and AMD does not listen.
const LEASE_MARGIN: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the process that the other tests here start and kill"]
async fn the_application() -> Result<()> {
    let requests = requests(&told_by_environment(BASE)?, &told_by_environment(PASSWORD)?)?;
    let speech = speaker(told_by_environment(PHRASES)?.as_ref())?;
    let mut switchboard = Switchboard::new(desk(requests.clone(), speech));
    let callbacks = switchboard.callbacks(Arc::<Told>::default());
    let socket = Socket::open(&requests);
    let order = order(&told_by_environment(ENDPOINT)?)?;
    tokio::spawn(async move {
        while requests.application().await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let _ = callbacks.start_attempt(order);
        std::future::pending::<()>().await;
    });
    switchboard.run(socket, std::future::pending()).await;
    Ok(())
}

/// A clinic whose application is a process of its own, and has begun one attempt.
async fn calling_back(patient: &Phone) -> Result<(Clinic, Process, Phone)> {
    let clinic = Clinic::without_callbacks().await?;
    let operator = clinic.operator(AT_ONCE).await?;
    let log = File::create(clinic.phrases().join("log"))?;
    let base = format!("{}/ari", clinic.asterisk.http_base());
    let application = Process::start(env::current_exe()?, |command| {
        command
            .args(["callback_attempt_killed::the_application", "--exact"])
            .args(["--ignored", "--nocapture"])
            .env(BASE, base)
            .env(PASSWORD, clinic.asterisk.ari_password())
            .env(PHRASES, clinic.phrases())
            .env(ENDPOINT, by_trunk(&patient.uri()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
    })?;
    operator.wait_for(Kind::Established, SOON * 3).await?;
    Ok((clinic, application, operator))
}

async fn patient(answering: Answering) -> Result<Phone> {
    let settings = PhoneSettings::caller(PATIENT).saying(Speech::Tone(CALLER_TONE));
    Ok(Phone::start(settings.answering(answering)).await?)
}

async fn accept(operator: &Phone) -> Result<()> {
    operator.press('#').await?;
    operator.press('1').await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_the_briefing_the_operator_hears_a_word_and_is_released() -> Result<()> {
    let patient = patient(AT_ONCE).await?;
    let (clinic, application, operator) = calling_back(&patient).await?;
    operator.press('#').await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let killed = Instant::now();
    drop(application);
    let sorry = order("PJSIP/x")?.prompts.sorry;
    clinic.hears(&operator, killed, &sorry).await?;
    let after = operator.wait_for(Kind::Closed, SOON).await?.at - killed;
    println!("killed at the briefing: the operator is released after {after:?}");
    assert!(after < Duration::from_secs(14));
    assert!(patient.events().is_empty());
    clinic.wait_until_nothing_is_left().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_the_patient_rings_the_operator_can_still_stop_it() -> Result<()> {
    let patient = patient(Answering::ByHand).await?;
    let (clinic, application, operator) = calling_back(&patient).await?;
    accept(&operator).await?;
    patient.wait_for(Kind::Incoming, SOON).await?;
    tokio::time::sleep(SECOND * 2).await;
    drop(application);
    let since = Instant::now();
    operator.hang_up().await?;
    let after = patient.wait_for(Kind::Closed, SOON).await?.at - since;
    println!("killed while it rings: it stops {after:?} after the operator hung up");
    assert!(after < SECOND + SLACK);
    nobody_is_left(clinic).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_the_patient_rings_the_lease_releases_both() -> Result<()> {
    let patient = patient(Answering::ByHand).await?;
    let (clinic, application, operator) = calling_back(&patient).await?;
    accept(&operator).await?;
    patient.wait_for(Kind::Incoming, SOON).await?;
    tokio::time::sleep(SECOND * 2).await;
    drop(application);
    let killed = Instant::now();
    let stopped = patient.wait_for(Kind::Closed, RING_TIME + SOON).await?.at;
    let sorry = order("PJSIP/x")?.prompts.sorry;
    clinic.hears(&operator, killed, &sorry).await?;
    let released = operator.wait_for(Kind::Closed, SOON).await?.at;
    println!(
        "killed while it rings: it stops after {:?}, the operator is released after {:?}",
        stopped - killed,
        released - killed
    );
    assert!(released - killed < RING_TIME + LEASE_MARGIN + SOON * 2);
    nobody_is_left(clinic).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_before_the_patient_picks_up_the_dialplan_brings_the_two_together() -> Result<()> {
    let patient = patient(Answering::ByHand).await?;
    let (clinic, application, operator) = calling_back(&patient).await?;
    accept(&operator).await?;
    patient.wait_for(Kind::Incoming, SOON).await?;
    tokio::time::sleep(SECOND).await;
    drop(application);
    let picked_up = Instant::now();
    patient.answer().await?;
    patient.wait_for(Kind::Established, SOON).await?;
    they_talk(&operator, &patient).await?;
    println!("they talk {:?} after the pick-up", picked_up.elapsed());
    // Longer than any lease that could have been left.
    tokio::time::sleep(Duration::from_secs(15)).await;
    they_talk(&operator, &patient).await?;
    patient.hang_up().await?;
    operator.wait_for(Kind::Closed, SOON).await?;
    nobody_is_left(clinic).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_they_talk_the_talk_goes_on_and_either_ends_it() -> Result<()> {
    for patient_ends_it in [true, false] {
        let patient = patient(AT_ONCE).await?;
        let (clinic, application, operator) = calling_back(&patient).await?;
        accept(&operator).await?;
        patient.wait_for(Kind::Established, SOON).await?;
        they_talk(&operator, &patient).await?;
        drop(application);
        // Longer than any lease that could have been left.
        tokio::time::sleep(Duration::from_secs(15)).await;
        they_talk(&operator, &patient).await?;
        let since = Instant::now();
        if patient_ends_it {
            patient.hang_up().await?;
            released(&operator, since, "the operator").await?;
        } else {
            operator.hang_up().await?;
            released(&patient, since, "the patient").await?;
        }
        nobody_is_left(clinic).await?;
    }
    Ok(())
}

/// Without the application nobody takes an empty bridge down; the next one does.
async fn nobody_is_left(mut clinic: Clinic) -> Result<()> {
    wait_until("all channels are gone", SOON, || {
        clinic.asterisk.channels().is_ok_and(|left| left.is_empty())
    })
    .await?;
    clinic.serve().await?;
    clinic.wait_until_nothing_is_left().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn started_again_it_does_not_keep_the_operator_waiting_for_the_lease() -> Result<()> {
    let patient = patient(Answering::ByHand).await?;
    let (mut clinic, application, operator) = calling_back(&patient).await?;
    accept(&operator).await?;
    patient.wait_for(Kind::Incoming, SOON).await?;
    tokio::time::sleep(SECOND * 2).await;
    drop(application);
    let started = Instant::now();
    clinic.serve().await?;
    patient.wait_for(Kind::Closed, SOON).await?;
    let after = operator.wait_for(Kind::Closed, SOON).await?.at - started;
    println!("started again while it rings: the operator is released after {after:?}");
    clinic.wait_until_nothing_is_left().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn started_again_it_leaves_a_talk_alone() -> Result<()> {
    let patient = patient(AT_ONCE).await?;
    let (mut clinic, application, operator) = calling_back(&patient).await?;
    accept(&operator).await?;
    patient.wait_for(Kind::Established, SOON).await?;
    they_talk(&operator, &patient).await?;
    drop(application);
    clinic.serve().await?;
    tokio::time::sleep(SECOND * 2).await;
    they_talk(&operator, &patient).await?;
    patient.hang_up().await?;
    operator.wait_for(Kind::Closed, SOON).await?;
    nobody_is_left(clinic).await
}
