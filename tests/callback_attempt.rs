//! A patient is called back: an operator first, told whom it is about, then the patient.

use std::time::{Duration, Instant};

use jiff::civil::date;
use vizavi::domain::callback::Outcome;
use vizavi::domain::callback::attempt::{Detection, News, Silence};
use vizavi::domain::callback::briefing::{BriefingWording, Reason, Subject};
use vizavi::domain::language::Language;
use vizavi::domain::menu::template::Named;
use vizavi::domain::person::PersonName;
use vizavi::switchboard::Ending;

use crate::support::clinic::{CLINIC, Clinic, PATIENT, PATIENT_NAME, by_trunk, order, they_talk};
use crate::support::company::{CALLER_TONE, Result, SOON};
use crate::support::ear::is_tone;
use crate::support::fault::{AT_ONCE, SECOND, SLACK, wait_until};
use crate::support::phone::{Answering, Event, Kind, Phone, PhoneSettings, Speech};
use crate::support::records::STRANGER;
use crate::support::sound::{silence, tone};

/// What the PBX of the demo rings with.
const RINGING_TONE: f64 = 425.0;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_hears_whom_it_is_about_and_then_talks_to_the_patient() -> Result<()> {
    let clinic = Clinic::open().await?;
    let operator = clinic.operator(AT_ONCE).await?;
    let patient = clinic
        .patient(Answering::After(Duration::from_secs(3)))
        .await?;
    let mut order = order(&by_trunk(&patient.uri()))?;
    let (name, doctor) = (
        PersonName::new("Смирнова", "Анна", "Петровна")?,
        PersonName::new("Чулкова", "Евгения", "")?,
    );
    let named = |name| Named { name, gender: None };
    order.prompts = BriefingWording::new(Language::Russian).prompts(&Subject {
        patient: Some(named(&name)),
        appointment: Some(date(2026, 3, 12).at(14, 30, 0, 0)),
        profession: Some("терапевт"),
        specialist: Some(named(&doctor)),
        reason: Some(&Reason::NotReached),
        attempt: 1,
    });
    order.policy.briefing_after = Duration::from_secs(5);
    // Finding so long a sentence takes a busy machine a while.
    order.policy.key_time = Duration::from_secs(60);
    let prompts = order.prompts.clone();
    clinic.call_back(order)?;

    let rung = operator.wait_for(Kind::Incoming, SOON * 3).await?;
    let shown = Event::Incoming {
        number: PATIENT.to_owned(),
        name: PATIENT_NAME.to_owned(),
    };
    assert_eq!(rung.event, shown);
    let picked_up = operator.wait_for(Kind::Established, SOON * 3).await?.at;
    clinic
        .hears(&operator, picked_up, &prompts.briefing)
        .await?;
    operator.press('*').await?;
    let again = Instant::now();
    clinic.hears(&operator, again, &prompts.briefing).await?;
    assert!(patient.events().is_empty(), "not before it is accepted");

    let accepted = Instant::now();
    operator.press('1').await?;
    clinic
        .hears(&operator, accepted, &prompts.connecting)
        .await?;
    let rung = patient.wait_for(Kind::Incoming, SOON).await?;
    assert!(matches!(rung.event, Event::Incoming { number, .. } if number == CLINIC));
    tokio::time::sleep(SECOND * 2).await;
    let heard = operator.heard_since(rung.at + SECOND);
    assert!(is_tone(&heard, RINGING_TONE), "the operator hears it ring");
    patient.wait_for(Kind::Established, SOON).await?;
    they_talk(&operator, &patient).await?;
    let expected = [
        News::OperatorAnswered,
        News::PatientDialled,
        News::Connected,
    ];
    assert_eq!(clinic.told.news(), expected);

    let over = Instant::now();
    patient.hang_up().await?;
    let released = operator.wait_for(Kind::Closed, SOON).await?.at;
    assert!(released - over < SECOND + SLACK);
    let story = clinic.ended(Outcome::Connected).await?.story;
    assert_eq!(story.operator.0, "90");
    let times = [
        story.operator_answered,
        story.patient_dialled,
        story.patient_rang,
        story.connected,
        story.talk_ended,
    ];
    assert!(times.iter().all(Option::is_some), "{story:?}");
    assert!(times.is_sorted(), "{story:?}");
    assert_eq!(story.fault, None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_briefing_begins_when_set_after_the_pick_up_or_on_a_key() -> Result<()> {
    let clinic = Clinic::open().await?;
    let operator = clinic.operator(AT_ONCE).await?;
    let mut order = order("PJSIP/02")?;
    order.policy.briefing_after = Duration::from_secs(3);
    let briefing = order.prompts.briefing.clone();
    clinic.call_back(order.clone())?;
    let picked_up = operator.wait_for(Kind::Established, SOON * 3).await?.at;
    clinic.hears(&operator, picked_up, &briefing).await?;
    let quiet = operator.heard_since(picked_up);
    let loud = quiet.iter().position(|sample| sample.unsigned_abs() > 1000);
    let after = Duration::from_secs_f64(loud.unwrap_or_default() as f64 / 8000.0);
    println!("the briefing is heard {after:?} after the pick-up");
    assert!(after > Duration::from_millis(2800) && after < Duration::from_millis(4500));
    operator.hang_up().await?;
    operator.wait_for(Kind::Closed, SOON).await?;
    clinic.wait_until_nothing_is_left().await?;

    order.policy.briefing_after = Duration::from_secs(60);
    clinic.call_back(order)?;
    operator.wait_for(Kind::Established, SOON * 3).await?;
    tokio::time::sleep(SECOND).await;
    let pressed = Instant::now();
    operator.press('1').await?;
    clinic.hears(&operator, pressed, &briefing).await?;
    assert!(pressed.elapsed() < SOON * 2);
    operator.hang_up().await?;
    clinic.wait_until_nothing_is_left().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callback_is_taken_before_a_caller_who_has_waited_longer() -> Result<()> {
    let clinic = Clinic::open().await?;
    let settings = PhoneSettings::caller(STRANGER).saying(Speech::Tone(CALLER_TONE));
    let caller = Phone::start(settings).await?;
    let queue = format!("sip:400@{}", clinic.asterisk.sip_address());
    caller.dial(&queue).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    tokio::time::sleep(SECOND).await;
    let patient = clinic.patient(AT_ONCE).await?;
    clinic.call_back(order(&by_trunk(&patient.uri()))?)?;
    let waiting = || {
        let queue = clinic.asterisk.command("queue show operators");
        queue.is_ok_and(|queue| queue.contains("prio: 10") && queue.contains("prio: 0"))
    };
    wait_until("both wait", SOON * 2, waiting).await?;

    let operator = clinic.operator(AT_ONCE).await?;
    let rung = operator.wait_for(Kind::Incoming, SOON * 2).await?;
    assert!(matches!(rung.event, Event::Incoming { number, .. } if number == PATIENT));
    operator.wait_for(Kind::Established, SOON * 3).await?;
    operator.press('#').await?;
    operator.press('1').await?;
    patient.wait_for(Kind::Established, SOON).await?;
    they_talk(&operator, &patient).await?;
    operator.hang_up().await?;
    patient.wait_for(Kind::Closed, SOON).await?;
    let rung = operator.wait_for(Kind::Incoming, SOON * 2).await?;
    assert!(matches!(rung.event, Event::Incoming { number, .. } if number == STRANGER));
    caller.hang_up().await?;
    clinic.ended(Outcome::Connected).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_whom_asterisk_hears_is_connected_without_a_key() -> Result<()> {
    let clinic = Clinic::open().await?;
    // «Алло» and silence.
    let mut hello = silence(Duration::from_millis(300));
    hello.extend(tone(700.0, Duration::from_millis(500)));
    let operator = clinic.operator_saying(AT_ONCE, Speech::Once(hello)).await?;
    let patient = clinic.patient(AT_ONCE).await?;
    let mut order = order(&by_trunk(&patient.uri()))?;
    order.policy.detection = Detection::Amd;
    order.policy.silence = Silence::Connects;
    clinic.call_back(order)?;
    operator.wait_for(Kind::Established, SOON * 3).await?;
    patient.wait_for(Kind::Established, SOON * 4).await?;
    let connected = || clinic.told.news().contains(&News::Connected);
    wait_until("they are connected", SOON, connected).await?;
    patient.hang_up().await?;
    operator.wait_for(Kind::Closed, SOON).await?;
    clinic.ended(Outcome::Connected).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_talk_goes_on_when_we_stop_in_order_and_ends_for_both() -> Result<()> {
    let mut clinic = Clinic::open().await?;
    let operator = clinic.operator(AT_ONCE).await?;
    let patient = clinic.patient(AT_ONCE).await?;
    clinic.call_back(order(&by_trunk(&patient.uri()))?)?;
    operator.wait_for(Kind::Established, SOON * 3).await?;
    operator.press('#').await?;
    operator.press('1').await?;
    patient.wait_for(Kind::Established, SOON).await?;
    they_talk(&operator, &patient).await?;
    assert_eq!(clinic.stop().await?, Ending::Stopped);
    they_talk(&operator, &patient).await?;
    patient.hang_up().await?;
    operator.wait_for(Kind::Closed, SOON).await?;
    Ok(())
}
