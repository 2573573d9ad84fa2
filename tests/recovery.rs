//! A process that is started while two talk watches over their talk as if it had brought them together itself.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::application::{Application, ApplicationSettings};
use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{
    AT_ONCE, SECOND, in_the_menu, lease_left, quick, quick_with_a_long_ringing, released,
    set_lease, talking, they_hear_each_other, wait_until,
};
use crate::support::phone::{Answering, Kind, Phone};
use crate::support::records::CLIENT;
use crate::webhooks::Receiver;

const TAKEN_OVER: &str = "a talk is taken over";

#[tokio::test]
async fn killed_and_started_again_the_talk_is_known_and_its_end_is_told_and_kept() -> Result<()> {
    let crm = Receiver::that_answers(204).await?;
    let (mut company, eugenia, caller) = two_talking(crm.settings.clone()).await?;
    let began = Instant::now();
    company.application.kill();
    tokio::time::sleep(SECOND).await;
    company.application.restart()?;
    company.application.wait_for(TAKEN_OVER).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    let talked_for = began.elapsed();
    let since = Instant::now();
    eugenia.hang_up().await?;
    released(&caller, since, "the caller").await?;
    company
        .application
        .wait_for("the call has ended: talked")
        .await?;
    company.wait_until_nothing_is_left().await?;

    wait_until("it is told", SOON, || finished(&crm).len() == 1).await?;
    let finished = &finished(&crm)[0]["data"];
    assert_eq!(finished["outcome"], "talked", "{finished}");
    assert_eq!(finished["chosen"][0], "chulkova", "{finished}");
    assert_eq!(finished["caller"], CLIENT, "{finished}");
    let connected = crm.documents();
    let connected = connected
        .iter()
        .find(|told| told["type"] == "call.connected");
    let connected = &connected.ok_or("nobody was told of the talk")?["data"];
    assert_eq!(finished["call"], connected["call"]);

    let id = finished["call"].as_str().ok_or("no id")?;
    let kept = wait_for_call(&company, id).await?;
    assert_eq!(kept["outcome"], "talked", "{kept}");
    assert_eq!(kept["talked"]["employee"], "chulkova", "{kept}");
    assert_eq!(kept["offered"].as_array().map(Vec::len), Some(2), "{kept}");
    let seconds = kept["talked_seconds"].as_f64().ok_or("no talk")?;
    let expected = talked_for.as_secs_f64();
    assert!(
        (expected - 0.5..expected + 3.0).contains(&seconds),
        "{seconds} s instead of {expected} s"
    );
    Ok(())
}

#[tokio::test]
async fn stopped_in_order_and_started_again_the_end_of_the_talk_is_kept_with_its_whole_story()
-> Result<()> {
    let (mut company, eugenia, caller) = two_talking(quick()).await?;
    company.application.terminate()?;
    assert_eq!(company.application.exit_code(SOON).await?, Some(0));
    company.application.restart()?;
    company.application.wait_for(TAKEN_OVER).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    caller.hang_up().await?;
    eugenia.wait_for(Kind::Closed, SOON).await?;
    company.wait_until_nothing_is_left().await?;
    company
        .application
        .wait_for("the call has ended: talked")
        .await?;
    let listed = calls(&company, &["--phone", CLIENT, "--json"])?;
    let id = listed["id"].as_str().ok_or("no call")?;
    wait_until("its end is kept", SOON, || {
        calls(&company, &[id, "--json"]).is_ok_and(|kept| kept["outcome"] == "talked")
    })
    .await?;
    let kept = calls(&company, &[id, "--json"])?;
    let steps = kept["steps"].as_array().ok_or("no steps")?.iter();
    let steps: Vec<&str> = steps.filter_map(|step| step["what"].as_str()).collect();
    for step in [
        "key",
        "rings",
        "talk_began",
        "stopping",
        "taken_over",
        "talk_ended",
    ] {
        assert_eq!(
            steps.iter().filter(|there| **there == step).count(),
            1,
            "{step} in {steps:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn killed_before_the_lease_is_cleared_the_next_process_clears_it() -> Result<()> {
    let (mut company, eugenia, caller) = two_talking(quick()).await?;
    company.application.kill();
    // As if it had been killed a moment earlier.
    set_lease(&company.asterisk, SECOND * 6)?;
    assert!(lease_left(&company.asterisk).await? > SECOND);
    company.application.restart()?;
    company.application.wait_for(TAKEN_OVER).await?;
    wait_until("the lease is cleared", SOON, || {
        company.application.log().matches("LeaseCleared").count() == 2
    })
    .await?;
    assert_eq!(lease_left(&company.asterisk).await?, Duration::ZERO);
    tokio::time::sleep(SECOND * 6).await;
    they_hear_each_other(&caller, &eugenia, "34").await;
    caller.hang_up().await?;
    eugenia.wait_for(Kind::Closed, SOON).await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_talk_that_was_handed_on_is_taken_over_with_whom_it_is_now() -> Result<()> {
    let (mut company, eugenia, caller) = two_talking(quick()).await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    let target = format!("sip:02@{}", company.asterisk.sip_address());
    eugenia.transfer(&target).await?;
    dmitry.wait_for(Kind::Established, SOON).await?;
    they_hear_each_other(&caller, &dmitry, "02").await;
    company.application.kill();
    company.application.restart()?;
    company.application.wait_for(TAKEN_OVER).await?;
    they_hear_each_other(&caller, &dmitry, "02").await;
    caller.hang_up().await?;
    dmitry.wait_for(Kind::Closed, SOON).await?;
    company
        .application
        .wait_for("the call has ended: talked")
        .await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn telephones_that_ring_for_a_dead_call_stop_when_the_next_process_is_there() -> Result<()> {
    let mut company = Company::open_with(quick_with_a_long_ringing()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let eugenia = company.employee("34", Answering::ByHand).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    caller.press('1').await?;
    eugenia.wait_for(Kind::Incoming, SOON).await?;
    company.application.kill();
    company.application.restart()?;
    let killed = Instant::now();
    eugenia.wait_for(Kind::Closed, SOON).await?;
    println!("the ringing stopped {:?} after the kill", killed.elapsed());
    sales.wait_for(Kind::Established, SOON).await?;
    they_hear_each_other(&caller, &sales, "90").await;
    println!("at the fallback within {:?}", killed.elapsed());
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_second_process_of_the_same_name_takes_the_talks_over() -> Result<()> {
    let (mut company, eugenia, caller) = two_talking(quick()).await?;
    let second = Application::ready(&company.asterisk, &quick()).await?;
    assert_eq!(company.application.exit_code(SOON).await?, Some(3));
    company.application = second;
    company.application.wait_for(TAKEN_OVER).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    let since = Instant::now();
    caller.hang_up().await?;
    released(&eugenia, since, "the employee").await?;
    company
        .application
        .wait_for("the call has ended: talked")
        .await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_talk_of_another_application_on_the_same_asterisk_is_left_alone() -> Result<()> {
    let (company, eugenia, caller) = two_talking(quick()).await?;
    let other = ApplicationSettings {
        application: Some("another".to_owned()),
        ..quick()
    };
    let other = Application::ready(&company.asterisk, &other).await?;
    tokio::time::sleep(SECOND).await;
    assert!(other.entries(TAKEN_OVER).is_empty());
    assert!(other.entries("brought home").is_empty(), "{}", other.log());
    they_hear_each_other(&caller, &eugenia, "34").await;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn who_picks_up_while_it_is_frozen_talks_at_the_end_of_the_lease_and_after_the_thaw()
-> Result<()> {
    let (company, eugenia, caller) = pressed_one().await?;
    wait_until("the application knows that it rings", SOON, || {
        company.application.log().contains("LegRinging")
    })
    .await?;
    talks_though_it_is_frozen(company, eugenia, caller).await
}

/// Here the application knows of the telephone nothing yet, and the caller's ringing tone is young: it
/// must not go on into the talk.
#[tokio::test]
async fn who_picks_up_when_it_froze_right_after_the_key_is_heard_by_the_caller() -> Result<()> {
    let (company, eugenia, caller) = pressed_one().await?;
    talks_though_it_is_frozen(company, eugenia, caller).await
}

/// Eugenia's telephone is asked to ring.
async fn pressed_one() -> Result<(Company, Phone, Phone)> {
    let company = Company::open_with(quick()).await?;
    let eugenia = company.employee("34", Answering::ByHand).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    caller.press('1').await?;
    eugenia.wait_for(Kind::Incoming, SOON).await?;
    Ok((company, eugenia, caller))
}

async fn talks_though_it_is_frozen(company: Company, eugenia: Phone, caller: Phone) -> Result<()> {
    company.application.freeze()?;
    let left = lease_left(&company.asterisk).await?;
    eugenia.answer().await?;
    eugenia.wait_for(Kind::Established, SOON).await?;
    tokio::time::sleep(left + SECOND / 2).await;
    // As long as a ringing tone and its pause.
    for _ in 0..5 {
        they_hear_each_other(&caller, &eugenia, "34").await;
    }
    company.application.thaw()?;
    company.application.wait_for("the call has ended").await?;
    tokio::time::sleep(SECOND).await;
    they_hear_each_other(&caller, &eugenia, "34").await;
    let since = Instant::now();
    caller.hang_up().await?;
    released(&eugenia, since, "the employee").await?;
    company.wait_until_nothing_is_left().await
}

async fn two_talking(settings: ApplicationSettings) -> Result<(Company, Phone, Phone)> {
    let company = Company::open_with(settings).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    Ok((company, eugenia, caller))
}

fn finished(crm: &Receiver) -> Vec<Value> {
    let mut told = crm.documents();
    told.retain(|told| told["type"] == "call.finished");
    told
}

async fn wait_for_call(company: &Company, id: &str) -> Result<Value> {
    wait_until("the call is kept", SOON, || {
        calls(company, &[id, "--json"]).is_ok()
    })
    .await?;
    calls(company, &[id, "--json"])
}

/// What `vizavi calls` prints.
fn calls(company: &Company, arguments: &[&str]) -> Result<Value> {
    let settings = ApplicationSettings::of_the_tested_program();
    let output = Command::new(settings.program)
        .args(["calls", "--config"])
        .arg(company.application.settings_file())
        .args(arguments)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
