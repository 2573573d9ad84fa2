//! The application is killed (SIGKILL) while a caller is with it: the lease brings them to the fallback.

use std::time::{Duration, Instant};

use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{
    AT_ONCE, SECOND, SLACK, in_the_menu, lease_left, quick, reaches_sales,
    started_again_nothing_is_left, wait_until,
};
use crate::support::phone::{Answering, Kind, Phone};
use crate::support::records::CLIENT;

/// What is promised: so long after the step's own length at the latest.
const PROMISED: Duration = Duration::from_secs(5);

#[tokio::test]
async fn killed_in_the_menu_the_caller_is_at_the_fallback_by_the_end_of_the_lease() -> Result<()> {
    let mut company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    // The greeting is over, the menu itself is being read out.
    wait_until("the menu is played", SOON, || {
        company.application.log().contains("PlaybackEnded")
    })
    .await?;
    tokio::time::sleep(Duration::from_millis(200)).await;

    let left = lease_left(&company.asterisk).await?;
    let killed = Instant::now();
    company.application.kill();
    let reached = reaches_sales(&caller, &sales, left + SOON).await?;
    // The clip's rest, and the time for a key. The sales department is heard a moment before it is known to have answered.
    let step_left = last_sound_before(&caller, killed, reached - SECOND) + SECOND;
    let took = reached - killed;
    println!(
        "killed in the menu: the lease had {left:?} left, the step itself {step_left:?}; at the fallback after {took:?}"
    );
    assert!(took < left + SLACK, "{took:?} with {left:?} left");
    assert!(
        took + Duration::from_millis(500) > left,
        "{took:?} is before the lease's end: what brought the caller there?"
    );
    assert!(took < step_left + PROMISED, "{took:?} for {step_left:?}");
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn killed_while_it_rings_the_ringing_stops_and_the_caller_is_at_the_fallback() -> Result<()> {
    let mut company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let eugenia = company.employee("34", Answering::ByHand).await?;
    let caller = rings(&company, &eugenia).await?;

    let left = lease_left(&company.asterisk).await?;
    let killed = Instant::now();
    company.application.kill();
    let silent = eugenia.wait_for(Kind::Closed, left + SLACK).await?.at;
    let reached = reaches_sales(&caller, &sales, left + SLACK).await?;
    println!(
        "killed while it rings: the lease had {left:?} left; the ringing stopped after {:?}, at the fallback after {:?}",
        silent - killed,
        reached - killed
    );
    // Ringing takes 2 s here, and the kill came after some of that.
    assert!(reached - killed < SECOND * 2 + PROMISED);
    caller.hang_up().await?;
    started_again_nothing_is_left(&mut company).await
}

#[tokio::test]
async fn who_picks_up_after_the_kill_takes_nobody_from_the_fallback() -> Result<()> {
    let mut company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let eugenia = company.employee("34", Answering::ByHand).await?;
    let caller = rings(&company, &eugenia).await?;

    company.application.kill();
    eugenia.answer().await?;
    // There is nobody who could bridge them: the employee is released at once, the caller waits for the lease.
    eugenia.wait_for(Kind::Closed, SOON).await?;
    let left = lease_left(&company.asterisk).await?;
    reaches_sales(&caller, &sales, left + SLACK).await?;
    caller.hang_up().await?;
    started_again_nothing_is_left(&mut company).await
}

#[tokio::test]
async fn killed_in_the_menu_and_started_again_the_caller_is_served_long_before_the_lease_ends()
-> Result<()> {
    let mut company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    let left = lease_left(&company.asterisk).await?;
    let killed = Instant::now();
    company.application.kill();
    company.application.restart()?;
    let reached = reaches_sales(&caller, &sales, left + SLACK).await?;
    let took = reached - killed;
    println!(
        "killed in the menu and started again: the lease had {left:?} left; at the fallback after {took:?}"
    );
    assert!(took + SECOND < left, "{took:?}: that was the lease");
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

/// A caller who has pressed 1, and whose employee's telephone rings.
async fn rings(company: &Company, employee: &Phone) -> Result<Phone> {
    let caller = in_the_menu(company, CLIENT).await?;
    caller.press('1').await?;
    employee.wait_for(Kind::Incoming, SOON).await?;
    // The lease for the ringing is granted at the same time.
    wait_until("the caller is tied to the leg", SOON, || {
        company.application.log().contains("LegRinging")
    })
    .await?;
    Ok(caller)
}

/// How long after `from` the caller last heard something of what was played before `until`.
fn last_sound_before(caller: &Phone, from: Instant, until: Instant) -> Duration {
    let heard = caller.heard_since(from);
    let end = crate::support::sound::samples_in(until - from).min(heard.len());
    // Loud: the prompt. Ringback and the sales department come only at the end.
    let last = heard[..end]
        .iter()
        .rposition(|sample| sample.unsigned_abs() > 500);
    crate::support::sound::duration_of(last.unwrap_or(0))
}
