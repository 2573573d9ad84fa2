//! A caller whose person does not answer asks to be called back, and is.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::callback_owner::{
    A_WHILE, assert_they_talk_now, briefing, company_calling, told, vizavi,
};
use crate::support::company::{CALLER_TONE, Result, SOON};
use crate::support::ear::{MENU_WITHOUT_34, NO_ANSWER, Talker, assert_they_talk};
use crate::support::fault::{AT_ONCE, wait_until};
use crate::support::phone::{Answering, Kind, Phone, PhoneSettings, Speech};
use crate::support::records::CLIENT;
use crate::webhooks::Receiver;

const OFFER: &[&str] = &["Нажмите пять, и Чулкова Евгения вам перезвонит."];
const PROMISE: &[&str] = &["Чулкова Евгения вам перезвонит. До свидания!"];

/// The client's telephone, which can be called back.
async fn client() -> Result<Phone> {
    let settings = PhoneSettings::caller(CLIENT).saying(Speech::Tone(CALLER_TONE));
    Ok(Phone::start(settings.answering(AT_ONCE)).await?)
}

/// The client has chosen Eugenia, who does not answer, and hears that she can call back.
async fn in_vain(talker: &Talker, client: &Phone) -> Result<Instant> {
    let pbx = talker.company.asterisk.sip_address();
    client.dial(&format!("sip:100@{pbx}")).await?;
    client.wait_for(Kind::Established, SOON).await?;
    client.press('1').await?;
    let chosen = Instant::now();
    talker.hears(client, chosen, NO_ANSWER).await?;
    talker.hears(client, chosen, OFFER).await?;
    Ok(chosen)
}

/// Eugenia's jobs, the latest first.
fn jobs(talker: &Talker) -> Result<Vec<Value>> {
    let list = ["callbacks", "list", "--owner", "chulkova", "--json"];
    let page: Value = serde_json::from_str(&vizavi(talker, &list)?)?;
    Ok(page["callbacks"].as_array().cloned().unwrap_or_default())
}

/// How the only call ended, as the CRM was told.
async fn finished(crm: &Receiver) -> Result<Value> {
    let of_call = || {
        let mut told = crm.documents().into_iter();
        told.find(|document| document["type"] == "call.finished")
    };
    wait_until("the CRM knows", SOON, || of_call().is_some()).await?;
    Ok(of_call().ok_or("gone")?["data"].clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_for_it_is_called_back_by_the_person_they_chose() -> Result<()> {
    let client = client().await?;
    let (talker, crm) = company_calling(&client, CLIENT).await?;
    let eugenia = talker.company.employee("34", Answering::ByHand).await?;
    let chosen = in_vain(&talker, &client).await?;
    eugenia.set_answering(AT_ONCE);
    let pressed = Instant::now();
    client.press('5').await?;
    let promise = talker.hears(&client, pressed, PROMISE).await?;
    client.wait_for(Kind::Closed, SOON).await?;
    println!(
        "the promise begins {} samples after the key, {:?} after the choice",
        promise.start,
        pressed - chosen
    );

    let finished = finished(&crm).await?;
    assert_eq!(finished["outcome"], "callback_left");
    let call = finished["call"].as_str().ok_or("no id")?.to_owned();
    let jobs = jobs(&talker)?;
    let [job] = jobs.as_slice() else {
        return Err(format!("{jobs:?}").into());
    };
    let id = format!("call-{call}");
    assert_eq!(job["id"], id);
    assert_eq!(job["phone"], CLIENT);
    assert_eq!(job["owner"], "chulkova");
    assert!(job["released"].is_string(), "{job}");

    let rung = eugenia.wait_for(Kind::Established, A_WHILE).await?.at;
    talker.hears_prompt(&eugenia, rung, &briefing(None)).await?;
    eugenia.press('1').await?;
    client.wait_for(Kind::Established, A_WHILE).await?;
    assert_they_talk_now(&client, &eugenia).await?;
    client.hang_up().await?;
    eugenia.wait_for(Kind::Closed, SOON).await?;
    let steps = [
        "callback.operator_answered",
        "callback.person_dialled",
        "callback.connected",
        "callback.attempt_ended",
        "callback.ended",
    ];
    let kinds = || -> Vec<String> { told(&crm, &id).into_iter().map(|(kind, _)| kind).collect() };
    wait_until("the CRM knows", SOON, || kinds().len() == steps.len()).await?;
    assert_eq!(kinds(), steps);
    assert_eq!(told(&crm, &id)[3].1["operator"], "34");

    let story = vizavi(&talker, &["calls", &call])?;
    let told = "wants to be called back by: Чулкова Евгения 34";
    assert!(story.contains(told), "{story}");
    assert!(
        story.contains("that is kept: Чулкова Евгения 34"),
        "{story}"
    );
    let noted = talker.company.asterisk.noted();
    let of_call = noted.iter().find(|one| one.call == call);
    assert_eq!(of_call.ok_or("no record")?.callback, "chulkova");
    talker.close().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_ask_for_it_hears_the_menu_without_the_person() -> Result<()> {
    let client = client().await?;
    let (talker, _crm) = company_calling(&client, CLIENT).await?;
    let _eugenia = talker.company.employee("34", Answering::ByHand).await?;
    let dmitry = talker.company.employee("02", AT_ONCE).await?;
    let chosen = in_vain(&talker, &client).await?;
    talker.hears(&client, chosen, MENU_WITHOUT_34).await?;
    client.press('2').await?;
    assert_they_talk(&client, &dmitry, "02").await?;
    client.hang_up().await?;
    assert_eq!(jobs(&talker)?, Vec::<Value>::new());
    talker.close().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn zero_during_the_promise_leads_to_the_fallback() -> Result<()> {
    let client = client().await?;
    let (talker, crm) = company_calling(&client, CLIENT).await?;
    let _eugenia = talker.company.employee("34", Answering::ByHand).await?;
    let sales = talker.company.employee("90", AT_ONCE).await?;
    in_vain(&talker, &client).await?;
    client.press('5').await?;
    tokio::time::sleep(Duration::from_millis(700)).await;
    client.press('0').await?;
    assert_they_talk(&client, &sales, "90").await?;
    client.hang_up().await?;
    assert_eq!(finished(&crm).await?["outcome"], "fallback");
    let jobs = jobs(&talker)?;
    let [job] = jobs.as_slice() else {
        return Err(format!("they asked for it: {jobs:?}").into());
    };
    let id = job["id"].as_str().ok_or("no id")?;
    // Her telephone may be ringing by now.
    vizavi(&talker, &["callbacks", "cancel", id])?;
    talker.close().await
}
