//! The line between the application and Asterisk is cut, falls dead or becomes slow: calls go on, and what was missed is learnt afterwards.

use std::time::{Duration, Instant};

use crate::support::application::{Application, ApplicationSettings};
use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{
    AT_ONCE, Line, Relay, SECOND, SLACK, company_behind_a_relay, in_the_menu, lease_left, quick,
    quick_with_a_long_ringing, reaches_sales, relay_to, set_lease, talking, they_hear_each_other,
    wait_until,
};
use crate::support::phone::{Answering, Kind};
use crate::support::records::{CLIENT, STRANGER};

/// The ping deadline, and the interval that may have to pass before it runs.
const NOTICED_WITHIN: Duration = Duration::from_secs(3);

/// Less than what remains of any deadline in these tests.
const LEARNT_WITHIN: Duration = Duration::from_secs(2);

#[tokio::test]
async fn cut_in_the_menu_the_call_goes_on_and_a_key_works_after_the_reconnection() -> Result<()> {
    let (company, relay) = company_behind_a_relay().await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    let cut = Instant::now();
    relay.becomes(Line::WithoutEvents);
    relay_noticed(&company).await?;
    relay.becomes(Line::Whole);
    reconnected(&company, 2).await?;
    println!(
        "the socket was cut: connected again after {:?}",
        cut.elapsed()
    );
    caller.press('1').await?;
    eugenia.wait_for(Kind::Established, SOON).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn who_hangs_up_in_the_menu_during_a_gap_is_known_to_be_gone_after_it() -> Result<()> {
    let (company, relay) = company_behind_a_relay().await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    gap(&company, &relay).await?;
    caller.hang_up().await?;
    wait_until("the channel is gone", SOON, || {
        company
            .asterisk
            .channels()
            .is_ok_and(|left| left.is_empty())
    })
    .await?;
    assert!(ended(&company).is_empty(), "it can't know yet");
    learnt_when_back(&company, &relay, "the call has ended: hung up").await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn who_hangs_up_while_it_rings_during_a_gap_leaves_no_telephone_ringing() -> Result<()> {
    let (company, relay) = company_behind_a_relay().await?;
    let eugenia = company.employee("34", Answering::ByHand).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    caller.press('1').await?;
    eugenia.wait_for(Kind::Incoming, SOON).await?;
    wait_until("the telephone is known to ring", SOON, || {
        company.application.log().contains("LegRinging")
    })
    .await?;
    gap(&company, &relay).await?;
    let hung_up = Instant::now();
    caller.hang_up().await?;
    let silent = eugenia.wait_for(Kind::Closed, SOON).await?.at - hung_up;
    println!("the caller hung up during a gap: the ringing stopped after {silent:?}");
    // Not by the time for ringing, which is 2 s here: by the dialplan's hangup handler.
    assert!(silent < SECOND, "{silent:?}");
    learnt_when_back(&company, &relay, "the call has ended: hung up").await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn who_answers_during_a_gap_is_released_and_the_caller_is_served_on() -> Result<()> {
    let (company, relay) = company_behind_a_relay().await?;
    let eugenia = company.employee("34", Answering::ByHand).await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    caller.press('1').await?;
    eugenia.wait_for(Kind::Incoming, SOON).await?;
    gap(&company, &relay).await?;
    eugenia.answer().await?;
    // Asterisk has nobody to give the answered telephone to.
    eugenia.wait_for(Kind::Closed, SOON).await?;
    learnt_when_back(&company, &relay, "connecting → offering").await?;
    caller.press('2').await?;
    dmitry.wait_for(Kind::Established, SOON).await?;
    they_hear_each_other(&caller, &dmitry, "02").await;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn who_answers_while_the_line_is_dead_talks_and_no_late_request_ends_it() -> Result<()> {
    let (company, relay) = company_behind_a_relay().await?;
    let eugenia = company.employee("34", Answering::ByHand).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    caller.press('1').await?;
    wait_until("the telephone is known to ring", SOON, || {
        company.application.log().contains("LegRinging")
    })
    .await?;
    relay.becomes(Line::Dead);
    let left = lease_left(&company.asterisk).await?;
    eugenia.answer().await?;
    eugenia.wait_for(Kind::Established, SOON).await?;
    tokio::time::sleep(left + SECOND * 2).await;
    they_hear_each_other(&caller, &eugenia, "34").await;
    relay.becomes(Line::Whole);
    wait_until("connected again", SOON * 2, || connections(&company) >= 2).await?;
    tokio::time::sleep(SECOND * 2).await;
    they_hear_each_other(&caller, &eugenia, "34").await;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

/// The next process hears of the answer at once, and the dialplan brings the two together before
/// anything that this process asks for arrives.
#[tokio::test]
async fn who_answers_for_a_dead_call_on_a_slow_line_talks_and_no_late_request_ends_it() -> Result<()>
{
    let mut company = Company::open_with(quick_with_a_long_ringing()).await?;
    let eugenia = company.employee("34", Answering::ByHand).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    caller.press('1').await?;
    eugenia.wait_for(Kind::Incoming, SOON).await?;
    company.application.kill();
    let relay = relay_to(&company.asterisk).await?;
    // So slow that nobody is brought home, and not too slow to connect.
    relay.becomes(Line::Slow(SECOND * 3 / 2));
    let settings = ApplicationSettings {
        ari_base: Some(relay.base()),
        ..quick()
    };
    company.application = Application::start(&company.asterisk, &settings)?;
    company.application.wait_for("calls are served").await?;
    let late = SECOND * 6;
    relay.becomes(Line::Slow(late));
    eugenia.answer().await?;
    eugenia.wait_for(Kind::Established, SOON).await?;
    // As if the process before had been killed when no more was left.
    set_lease(&company.asterisk, SECOND)?;
    tokio::time::sleep(SECOND * 2).await;
    they_hear_each_other(&caller, &eugenia, "34").await;
    tokio::time::sleep(late).await;
    they_hear_each_other(&caller, &eugenia, "34").await;
    relay.becomes(Line::Whole);
    tokio::time::sleep(SECOND * 3).await;
    they_hear_each_other(&caller, &eugenia, "34").await;
    caller.hang_up().await?;
    eugenia.wait_for(Kind::Closed, SOON).await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_talk_does_not_notice_a_gap_and_its_end_in_it_is_learnt() -> Result<()> {
    let (company, relay) = company_behind_a_relay().await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    gap(&company, &relay).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    eugenia.hang_up().await?;
    caller.wait_for(Kind::Closed, SOON).await?;
    learnt_when_back(&company, &relay, "the call has ended: talked").await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn on_a_dead_line_callers_reach_the_fallback_and_are_served_when_it_is_back() -> Result<()> {
    let (company, relay) = company_behind_a_relay().await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    let left = lease_left(&company.asterisk).await?;
    let dead = Instant::now();
    relay.becomes(Line::Dead);
    company
        .application
        .wait_for("Asterisk has been silent")
        .await?;
    let noticed = dead.elapsed();
    println!("the line is dead: noticed after {noticed:?}");
    assert!(noticed < NOTICED_WITHIN + SLACK, "{noticed:?}");

    let took = reaches_sales(&caller, &sales, left + SLACK).await? - dead;
    println!("the line is dead: the lease had {left:?} left; at the fallback after {took:?}");
    assert!(took < left + SLACK, "{took:?} with {left:?} left");
    caller.hang_up().await?;
    sales.wait_for(Kind::Closed, SOON).await?;

    let dialled = Instant::now();
    let next = company.caller(STRANGER).await?;
    let took = reaches_sales(&next, &sales, SOON).await? - dialled;
    println!("the line is dead: a new caller is at the fallback after {took:?}");
    assert!(took < SECOND + SLACK, "{took:?}");
    next.hang_up().await?;

    let back = Instant::now();
    relay.becomes(Line::Whole);
    wait_until("connected again", SOON * 2, || connections(&company) == 2).await?;
    println!(
        "the line is back: calls are served after {:?}",
        back.elapsed()
    );
    company.application.wait_for("the call has ended").await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

/// No events from now on, and the application knows.
async fn gap(company: &Company, relay: &Relay) -> Result<()> {
    relay.becomes(Line::WithoutEvents);
    relay_noticed(company).await
}

/// The line is whole again, and the application learns this: at once, not when some deadline of the call has passed.
async fn learnt_when_back(company: &Company, relay: &Relay, what: &str) -> Result<()> {
    let back = Instant::now();
    relay.becomes(Line::Whole);
    company.application.wait_for(what).await?;
    println!("the line is back: {what:?} after {:?}", back.elapsed());
    assert!(back.elapsed() < LEARNT_WITHIN);
    Ok(())
}

async fn relay_noticed(company: &Company) -> Result<()> {
    company
        .application
        .wait_for("Asterisk closed the connection")
        .await?;
    Ok(())
}

async fn reconnected(company: &Company, connections_by_then: usize) -> Result<()> {
    wait_until("connected again", SOON, || {
        connections(company) == connections_by_then
    })
    .await?;
    Ok(())
}

fn connections(company: &Company) -> usize {
    company.application.entries("connected to Asterisk").len()
}

fn ended(company: &Company) -> Vec<serde_json::Value> {
    company.application.entries("the call has ended")
}
