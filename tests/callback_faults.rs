//! What breaks in the middle of a callback: the line to Asterisk, or the attempt itself. Nobody is left
//! in silence, nothing is left over, and what is told is true.

use std::time::{Duration, Instant};

use vizavi::domain::callback::Outcome;
use vizavi::domain::callback::attempt::News;

use crate::support::clinic::{Clinic, by_trunk, order, they_talk};
use crate::support::company::{Result, SOON};
use crate::support::fault::{AT_ONCE, Line, Relay, SECOND, SLACK, released, wait_until};
use crate::support::phone::{Answering, Kind, Phone};

async fn accept(operator: &Phone) -> Result<()> {
    operator.wait_for(Kind::Established, SOON * 3).await?;
    operator.press('#').await?;
    operator.press('1').await?;
    Ok(())
}

/// No events for a moment, and Asterisk takes nobody in for us.
async fn gap(relay: &Relay) {
    relay.becomes(Line::WithoutEvents);
    tokio::time::sleep(Duration::from_millis(700)).await;
}

/// It is over, and everything is known again.
async fn is_back(clinic: &Clinic, relay: &Relay) -> Result<()> {
    relay.becomes(Line::Whole);
    clinic.wait_until_connected().await?;
    tokio::time::sleep(SECOND).await;
    Ok(())
}

fn was_rung(phone: &Phone) -> bool {
    let events = phone.events();
    events.iter().any(|one| one.event.kind() == Kind::Incoming)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_at_the_briefing_the_operator_hears_it_and_can_accept_afterwards() -> Result<()> {
    let (clinic, relay) = Clinic::behind_a_relay().await?;
    let operator = clinic.operator(AT_ONCE).await?;
    let patient = clinic.patient(AT_ONCE).await?;
    let mut order = order(&by_trunk(&patient.uri()))?;
    order.policy.key_time = SOON * 3;
    let briefing = order.prompts.briefing.clone();
    clinic.call_back(order)?;
    operator.wait_for(Kind::Established, SOON * 3).await?;
    let begins = Instant::now();
    operator.press('#').await?;
    tokio::time::sleep(Duration::from_millis(300)).await;
    gap(&relay).await;
    clinic.hears(&operator, begins, &briefing).await?;
    is_back(&clinic, &relay).await?;
    operator.press('1').await?;
    patient.wait_for(Kind::Established, SOON).await?;
    they_talk(&operator, &patient).await?;
    patient.hang_up().await?;
    operator.wait_for(Kind::Closed, SOON).await?;
    clinic.ended(Outcome::Connected).await.map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_while_the_patient_rings_the_two_talk_when_it_is_back() -> Result<()> {
    let (clinic, relay) = Clinic::behind_a_relay().await?;
    let operator = clinic.operator(AT_ONCE).await?;
    let patient = clinic.patient(Answering::ByHand).await?;
    let mut order = order(&by_trunk(&patient.uri()))?;
    order.policy.ring_time = SOON * 2;
    clinic.call_back(order)?;
    accept(&operator).await?;
    patient.wait_for(Kind::Incoming, SOON).await?;
    tokio::time::sleep(SECOND).await;
    gap(&relay).await;
    is_back(&clinic, &relay).await?;
    patient.answer().await?;
    they_talk(&operator, &patient).await?;
    operator.hang_up().await?;
    patient.wait_for(Kind::Closed, SOON).await?;
    clinic.ended(Outcome::Connected).await.map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_picks_up_in_a_gap_talks_to_the_operator_who_waits_and_is_not_called_again()
-> Result<()> {
    let (clinic, relay) = Clinic::behind_a_relay().await?;
    let operator = clinic.operator(AT_ONCE).await?;
    let patient = clinic.patient(Answering::ByHand).await?;
    let mut order = order(&by_trunk(&patient.uri()))?;
    order.policy.ring_time = SOON * 2;
    clinic.call_back(order)?;
    accept(&operator).await?;
    patient.wait_for(Kind::Incoming, SOON).await?;
    tokio::time::sleep(SECOND).await;
    gap(&relay).await;
    let picked_up = Instant::now();
    patient.answer().await?;
    they_talk(&operator, &patient).await?;
    println!(
        "a gap at the pick-up: they talk after {:?}",
        picked_up.elapsed()
    );
    relay.becomes(Line::Whole);
    tokio::time::sleep(SECOND * 3).await;
    they_talk(&operator, &patient).await?;
    patient.hang_up().await?;
    operator.wait_for(Kind::Closed, SOON).await?;
    clinic.ended(Outcome::Connected).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_talk_does_not_notice_a_gap_and_its_end_in_it_is_learnt() -> Result<()> {
    let (clinic, relay) = Clinic::behind_a_relay().await?;
    let operator = clinic.operator(AT_ONCE).await?;
    let patient = clinic.patient(AT_ONCE).await?;
    clinic.call_back(order(&by_trunk(&patient.uri()))?)?;
    accept(&operator).await?;
    they_talk(&operator, &patient).await?;
    gap(&relay).await;
    they_talk(&operator, &patient).await?;
    let over = Instant::now();
    patient.hang_up().await?;
    released(&operator, over, "the operator").await?;
    is_back(&clinic, &relay).await?;
    let story = clinic.ended(Outcome::Connected).await?.story;
    let (began, ended) = (story.connected, story.talk_ended);
    assert!(began.is_some() && began < ended, "{story:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_that_breaks_before_the_call_releases_the_operator_and_calls_nobody()
-> Result<()> {
    let clinic = Clinic::open().await?;
    clinic.told.breaks_at(News::OperatorAnswered);
    let operator = clinic.operator(AT_ONCE).await?;
    let patient = clinic.patient(AT_ONCE).await?;
    let order = order(&by_trunk(&patient.uri()))?;
    let sorry = order.prompts.sorry.clone();
    clinic.call_back(order)?;
    let picked_up = operator.wait_for(Kind::Established, SOON * 3).await?.at;
    clinic.hears(&operator, picked_up, &sorry).await?;
    let after = operator.wait_for(Kind::Closed, SOON).await?.at - picked_up;
    println!("broken at the pick-up: the operator is released after {after:?}");
    let story = clinic.ended_as(None).await?.story;
    assert_eq!(story.patient_dialled, None);
    assert!(!was_rung(&patient));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_that_breaks_as_it_dials_leaves_nobody_ringing_and_says_that_it_dialled()
-> Result<()> {
    let clinic = Clinic::open().await?;
    clinic.told.breaks_at(News::PatientDialled);
    let operator = clinic.operator(AT_ONCE).await?;
    let patient = clinic.patient(Answering::ByHand).await?;
    let order = order(&by_trunk(&patient.uri()))?;
    let sorry = order.prompts.sorry.clone();
    clinic.call_back(order)?;
    accept(&operator).await?;
    let dialled = || clinic.told.news().contains(&News::PatientDialled);
    wait_until("it is dialled", SOON, dialled).await?;
    let broken = Instant::now();
    clinic.hears(&operator, broken, &sorry).await?;
    operator.wait_for(Kind::Closed, SOON).await?;
    let story = clinic.ended_as(None).await?.story;
    assert!(story.patient_dialled.is_some());
    if was_rung(&patient) {
        let after = patient.wait_for(Kind::Closed, SOON).await?.at - broken;
        println!("broken as it dials: the ringing stops after {after:?}");
        assert!(after < SECOND + SLACK);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_that_breaks_in_a_talk_leaves_it_alone_and_tells_its_end() -> Result<()> {
    let clinic = Clinic::open().await?;
    clinic.told.breaks_at(News::Connected);
    let operator = clinic.operator(AT_ONCE).await?;
    let patient = clinic.patient(AT_ONCE).await?;
    clinic.call_back(order(&by_trunk(&patient.uri()))?)?;
    accept(&operator).await?;
    they_talk(&operator, &patient).await?;
    // Longer than any lease that could have been left.
    tokio::time::sleep(SECOND * 12).await;
    they_talk(&operator, &patient).await?;
    let over = Instant::now();
    operator.hang_up().await?;
    released(&patient, over, "the patient").await?;
    let story = clinic.ended(Outcome::Connected).await?.story;
    let (began, ended) = (story.connected, story.talk_ended);
    assert!(began.is_some() && began < ended, "{story:?}");
    assert_eq!(story.operator.0, "90");
    Ok(())
}
