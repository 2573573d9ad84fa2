//! Each way in which an attempt can end without a talk, made by real telephones and told right.

use std::time::{Duration, Instant};

use vizavi::ari::{Answered, ChannelId, Originate};
use vizavi::domain::callback::attempt::{Cause, Detection, News, Order};
use vizavi::domain::callback::{Decline, Outcome};
use vizavi::domain::prompt::Haste;

use crate::support::clinic::{Clinic, PATIENT, by_trunk, order, they_talk};
use crate::support::company::{Result, SOON};
use crate::support::ear::is_tone;
use crate::support::fault::{
    AT_ONCE, AnnouncingTelephone, RefusingTelephone, SECOND, SLACK, wait_until,
};
use crate::support::phone::{Answering, Kind, Phone};
use crate::support::sound::samples_in;

/// What the network says, in hertz.
const SAID: f64 = 1400.0;

/// An operator who accepts this at once.
async fn accepted(order: Order) -> Result<(Clinic, Phone)> {
    let clinic = Clinic::open().await?;
    let operator = clinic.operator(AT_ONCE).await?;
    clinic.call_back(order)?;
    accepts(&operator).await?;
    Ok((clinic, operator))
}

/// An operator who picks up at once, a patient, and what is to be done for them.
async fn with_patient(answering: Answering) -> Result<(Clinic, Phone, Phone, Order)> {
    let clinic = Clinic::open().await?;
    let operator = clinic.operator(AT_ONCE).await?;
    let patient = clinic.patient(answering).await?;
    let order = order(&by_trunk(&patient.uri()))?;
    Ok((clinic, operator, patient, order))
}

async fn accepts(operator: &Phone) -> Result<()> {
    operator.wait_for(Kind::Established, SOON * 3).await?;
    operator.press('#').await?;
    operator.press('1').await?;
    Ok(())
}

fn was_rung(phone: &Phone) -> bool {
    let events = phone.events();
    events.iter().any(|h| h.event.kind() == Kind::Incoming)
}

/// What the operator hears and the desk is told when the carrier refuses with a SIP status.
async fn refused(status: &'static str, outcome: Outcome) -> Result<Cause> {
    let telephone = RefusingTelephone::start(status).await?;
    let order = order(&by_trunk(&telephone.uri(PATIENT)))?;
    let words = order.prompts.no_answer.clone();
    let (clinic, operator) = accepted(order).await?;
    clinic.hears(&operator, Instant::now(), &words).await?;
    operator.wait_for(Kind::Closed, SOON).await?;
    let story = clinic.ended(outcome).await?.story;
    let news = [News::OperatorAnswered, News::PatientDialled];
    assert_eq!(clinic.told.news(), news);
    println!("{status}: {outcome} by {:?}", story.cause);
    Ok(story.cause.ok_or("no cause")?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patient_who_talks_is_busy() -> Result<()> {
    let (clinic, operator, patient, order) = with_patient(Answering::Busy).await?;
    let words = order.prompts.busy.clone();
    let attempt = clinic.call_back(order)?;
    accepts(&operator).await?;
    patient.wait_for(Kind::Closed, SOON).await?;
    let refused = Instant::now();
    tokio::time::sleep(Duration::from_millis(100)).await;
    // For us, should we have listened too late.
    let leg = ChannelId::new(format!("vizavi-callback-{attempt}-operator"));
    let noted = clinic.requests.variable(&leg, "VIZAVI_PATIENT_CAUSE");
    assert_eq!(noted.await?.as_deref(), Some("17"));
    clinic.hears(&operator, refused, &words).await?;
    operator.wait_for(Kind::Closed, SOON).await?;
    let story = clinic.ended(Outcome::Busy).await?.story;
    let cause = story.cause.ok_or("no cause")?;
    assert_eq!((cause.q850, cause.sip), (Some(17), Some(486)));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patient_who_rejects_the_call_has_rejected_it() -> Result<()> {
    refused("603 Decline", Outcome::Rejected).await.map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_does_not_exist_is_invalid() -> Result<()> {
    refused("404 Not Found", Outcome::InvalidNumber).await?;
    refused("484 Address Incomplete", Outcome::InvalidNumber).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_network_says_before_anybody_answers_the_operator_hears() -> Result<()> {
    let said = Duration::from_secs(5);
    let telephone = AnnouncingTelephone::start("480 Temporarily Unavailable", SAID, said).await?;
    let mut order = order(&by_trunk(&telephone.uri(PATIENT)))?;
    order.policy.ring_time = SOON * 2;
    let words = order.prompts.no_answer.clone();
    let (clinic, operator) = accepted(order).await?;
    hears_the_network(&clinic, &operator, Instant::now()).await?;
    assert!(!clinic.told.news().contains(&News::Connected));
    clinic.hears(&operator, Instant::now(), &words).await?;
    operator.wait_for(Kind::Closed, SOON).await?;
    clinic.ended(Outcome::Unreachable).await.map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_picks_up_after_the_network_has_spoken_is_bridged_as_anybody() -> Result<()> {
    let telephone = AnnouncingTelephone::start("200 OK", SAID, SECOND * 3).await?;
    let mut order = order(&by_trunk(&telephone.uri(PATIENT)))?;
    order.policy.ring_time = SOON * 2;
    let (clinic, operator) = accepted(order).await?;
    hears_the_network(&clinic, &operator, Instant::now()).await?;
    let connected = || clinic.told.news().contains(&News::Connected);
    wait_until("they are connected", SOON * 3, connected).await?;
    tokio::time::sleep(SECOND * 2).await;
    hears_the_network(&clinic, &operator, Instant::now() - SECOND).await?;
    let bridges = clinic.requests.bridges().await?.into_iter();
    let ours: Vec<_> = bridges.filter(|one| one.name == "vizavi").collect();
    assert_eq!(ours.len(), 1, "{ours:?}");
    assert_eq!(ours[0].channels.len(), 2, "{ours:?}");
    operator.hang_up().await?;
    clinic.ended(Outcome::Connected).await.map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_who_hangs_up_on_the_network_leaves_nothing_behind() -> Result<()> {
    let said = SECOND * 20;
    let telephone = AnnouncingTelephone::start("480 Temporarily Unavailable", SAID, said).await?;
    let mut order = order(&by_trunk(&telephone.uri(PATIENT)))?;
    order.policy.ring_time = said;
    let (clinic, operator) = accepted(order).await?;
    hears_the_network(&clinic, &operator, Instant::now()).await?;
    operator.hang_up().await?;
    let declined = Outcome::OperatorDeclined(Decline::HungUp);
    clinic.ended(declined).await.map(drop)
}

/// The operator hears half a second of nothing else.
async fn hears_the_network(clinic: &Clinic, operator: &Phone, since: Instant) -> Result<()> {
    let hears_it = || {
        let mut heard = operator.heard_since(since);
        let half = samples_in(SECOND / 2);
        let before = heard.len().saturating_sub(half);
        heard.len() >= half && is_tone(&heard.split_off(before), SAID)
    };
    let after = wait_until("the operator hears the network", SOON * 2, hears_it).await;
    println!("the operator hears the network: {after:?}");
    after
        .map(drop)
        .map_err(|error| format!("{error}\n{}", clinic.asterisk.log()).into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_telephone_that_is_switched_off_is_unreachable() -> Result<()> {
    refused("480 Temporarily Unavailable", Outcome::Unreachable)
        .await
        .map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_carrier_that_is_out_of_lines_is_a_network_failure() -> Result<()> {
    refused("503 Service Unavailable", Outcome::NetworkFailure)
        .await
        .map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_telephone_that_nobody_has_registered_is_unreachable() -> Result<()> {
    let (clinic, operator) = accepted(order("PJSIP/02")?).await?;
    operator.wait_for(Kind::Closed, SOON * 2).await?;
    clinic.ended(Outcome::Unreachable).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patient_who_does_not_pick_up_does_not_answer_and_the_ringing_stops() -> Result<()> {
    let (clinic, operator, patient, order) = with_patient(Answering::ByHand).await?;
    clinic.call_back(order)?;
    accepts(&operator).await?;
    let rung = patient.wait_for(Kind::Incoming, SOON).await?.at;
    let stopped = patient.wait_for(Kind::Closed, SOON * 2).await?.at;
    println!("the patient's telephone rings for {:?}", stopped - rung);
    operator.wait_for(Kind::Closed, SOON * 2).await?;
    let story = clinic.ended(Outcome::NoAnswer).await?.story;
    assert!(story.patient_rang.is_some());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_presses_no_key_is_a_machine_and_the_patient_is_not_rung() -> Result<()> {
    let (clinic, operator, patient, order) = with_patient(AT_ONCE).await?;
    clinic.call_back(order)?;
    operator.wait_for(Kind::Established, SOON * 3).await?;
    operator.wait_for(Kind::Closed, SOON * 3).await?;
    clinic.ended(Outcome::Machine).await?;
    assert!(!was_rung(&patient));
    assert_eq!(clinic.told.news(), [News::OperatorAnswered]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_talks_on_and_on_is_a_machine_to_asterisk_too() -> Result<()> {
    let (clinic, operator, patient, mut order) = with_patient(AT_ONCE).await?;
    order.policy.detection = Detection::Amd;
    clinic.call_back(order)?;
    operator.wait_for(Kind::Established, SOON * 3).await?;
    operator.wait_for(Kind::Closed, SOON * 3).await?;
    clinic.ended(Outcome::Machine).await?;
    assert!(!was_rung(&patient));
    assert_eq!(clinic.told.news(), [], "nobody has answered");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_operator_the_patient_is_not_rung() -> Result<()> {
    for registered in [false, true] {
        let clinic = Clinic::open().await?;
        let _operator = match registered {
            true => Some(clinic.operator(Answering::ByHand).await?),
            false => None,
        };
        let patient = clinic.patient(AT_ONCE).await?;
        let mut order = order(&by_trunk(&patient.uri()))?;
        order.policy.queue_time = SECOND * 2;
        clinic.call_back(order)?;
        clinic.ended(Outcome::OperatorMissing).await?;
        assert!(!was_rung(&patient));
        assert_eq!(clinic.told.news(), []);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_declines_by_a_key_and_the_patient_is_not_rung() -> Result<()> {
    let keys = [('2', Decline::Postponed), ('3', Decline::WrongOrDone)];
    for (key, decline) in keys {
        let (clinic, operator, patient, order) = with_patient(AT_ONCE).await?;
        clinic.call_back(order)?;
        operator.wait_for(Kind::Established, SOON * 3).await?;
        operator.press('#').await?;
        operator.press(key).await?;
        operator.wait_for(Kind::Closed, SOON).await?;
        clinic.ended(Outcome::OperatorDeclined(decline)).await?;
        assert!(!was_rung(&patient));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_who_hangs_up_during_the_briefing_has_declined() -> Result<()> {
    let (clinic, operator, patient, order) = with_patient(AT_ONCE).await?;
    clinic.call_back(order)?;
    operator.wait_for(Kind::Established, SOON * 3).await?;
    operator.press('#').await?;
    operator.hang_up().await?;
    let declined = Outcome::OperatorDeclined(Decline::HungUp);
    clinic.ended(declined).await?;
    assert!(!was_rung(&patient));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_who_hangs_up_while_it_rings_stops_the_ringing_at_once() -> Result<()> {
    let (clinic, operator, patient, order) = with_patient(Answering::ByHand).await?;
    clinic.call_back(order)?;
    accepts(&operator).await?;
    patient.wait_for(Kind::Incoming, SOON).await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let hung_up = Instant::now();
    operator.hang_up().await?;
    let after = patient.wait_for(Kind::Closed, SOON).await?.at - hung_up;
    println!("the ringing stops {after:?} after the operator hung up");
    assert!(after < SECOND + SLACK);
    let declined = Outcome::OperatorDeclined(Decline::HungUp);
    let story = clinic.ended(declined).await?.story;
    assert!(!story.sent_to_queue);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patient_who_picks_up_as_the_operator_hangs_up_is_not_left_in_silence() -> Result<()> {
    let (clinic, operator, patient, order) = with_patient(Answering::ByHand).await?;
    let apology = order.prompts.apology.clone();
    clinic.call_back(order)?;
    accepts(&operator).await?;
    patient.wait_for(Kind::Incoming, SOON).await?;
    operator.set_answering(Answering::ByHand);
    let (hung_up, picked_up) = tokio::join!(operator.hang_up(), patient.answer());
    hung_up?;
    picked_up?;
    let Ok(established) = patient.wait_for(Kind::Established, SECOND).await else {
        patient.wait_for(Kind::Closed, SOON).await?;
        println!("the operator was quicker");
        return clinic.wait_until_nothing_is_left().await;
    };
    if patient.wait_for(Kind::Closed, SECOND * 2).await.is_ok() {
        println!("the patient was released at once");
        return clinic.wait_until_nothing_is_left().await;
    }
    println!("the patient was quicker");
    clinic.hears(&patient, established.at, &apology).await?;
    operator.wait_for(Kind::Incoming, SOON * 2).await?;
    patient.hang_up().await?;
    clinic.wait_until_nothing_is_left().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_is_cancelled_releases_the_operator_and_stops_the_ringing() -> Result<()> {
    let (clinic, operator, patient, order) = with_patient(Answering::ByHand).await?;
    let words = order.prompts.sorry.clone();
    let attempt = clinic.call_back(order)?;
    accepts(&operator).await?;
    patient.wait_for(Kind::Incoming, SOON).await?;
    let cancelled = Instant::now();
    clinic.cancel(&attempt)?;
    patient.wait_for(Kind::Closed, SECOND + SLACK).await?;
    clinic.hears(&operator, cancelled, &words).await?;
    operator.wait_for(Kind::Closed, SOON).await?;
    clinic.ended(Outcome::Cancelled).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patient_who_picks_up_when_no_operator_is_left_goes_to_the_queue_with_an_apology()
-> Result<()> {
    let clinic = Clinic::open().await?;
    // Whose telephone rings for nobody is released when we connect: that must be over.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let patient = clinic
        .patient(Answering::After(Duration::from_millis(500)))
        .await?;
    let apology = order("PJSIP/x")?.prompts.apology;
    let clip = clinic.speech.prepare(&apology, Haste::Now).await?;
    let sound = clip.media.trim_start_matches("sound:").to_owned();
    let variables = [
        ("VIZAVI_PEER", "Local/queue@vizavi-callback-0000ffff;1"),
        ("VIZAVI_QUEUE", "operators"),
        ("VIZAVI_PRIORITY", "10"),
        ("VIZAVI_APOLOGY", &sound),
    ];
    let leg = Originate {
        channel: ChannelId::new("vizavi-callback-0.1-patient"),
        endpoint: by_trunk(&patient.uri()),
        answered: Answered::Dialplan {
            context: "vizavi-callback-patient".to_owned(),
            extension: "s".to_owned(),
        },
        timeout_seconds: 10,
        caller_number: String::new(),
        caller_name: String::new(),
        originator: None,
        variables: variables
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
    };
    clinic.requests.originate(&leg).await?;
    let picked_up = patient.wait_for(Kind::Established, SOON).await?.at;
    clinic.hears(&patient, picked_up, &apology).await?;
    let operator = clinic.operator(AT_ONCE).await?;
    operator.wait_for(Kind::Established, SOON * 3).await?;
    they_talk(&operator, &patient).await?;
    patient.hang_up().await?;
    clinic.wait_until_nothing_is_left().await
}
