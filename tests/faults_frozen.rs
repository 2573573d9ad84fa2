//! The application is there and does nothing (SIGSTOP): the gate keeps new callers away from it, the lease takes back those it
//! has, and after SIGCONT it serves calls as before.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{
    AT_ONCE, ENTRY_LEASE, SECOND, SLACK, alive_until, in_the_menu, lease_left, quick,
    reaches_sales, they_hear_each_other, wait_until,
};
use crate::support::phone::Kind;
use crate::support::records::{CLIENT, STRANGER};

/// What Asterisk logs of a call that is handed to the application.
const INTO_STASIS: &str = "Stasis(\"PJSIP/trunk-";

#[tokio::test]
async fn a_call_to_a_frozen_application_waits_for_the_entry_lease_and_later_ones_do_not()
-> Result<()> {
    let company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    company.application.freeze()?;

    let dialled = Instant::now();
    let early = company.caller(STRANGER).await?;
    let took = reaches_sales(&early, &sales, ENTRY_LEASE + SLACK).await? - dialled;
    println!("frozen, within the heartbeat's window: at the fallback after {took:?}");
    assert!(took < ENTRY_LEASE + SLACK, "{took:?}");
    early.hang_up().await?;

    // The dialplan's own comparison, by the same clock.
    wait_until("the gate closes", SOON, || {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        alive_until(&company.asterisk).unwrap_or(u64::MAX) < now.unwrap_or_default().as_secs()
    })
    .await?;
    let dialled = Instant::now();
    let late = company.caller(CLIENT).await?;
    let took = reaches_sales(&late, &sales, SOON).await? - dialled;
    println!("frozen, after the heartbeat's window: at the fallback after {took:?}");
    assert!(took < SLACK, "{took:?}: the gate was open");
    late.hang_up().await?;

    company.application.thaw()?;
    serves_again(&company).await
}

#[tokio::test]
async fn the_gate_closes_within_five_seconds_after_the_last_heartbeat() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    company.application.freeze()?;
    let frozen = Instant::now();
    let mut windows = Vec::new();
    // Short calls, one after the other, until one does not enter the application.
    loop {
        let asked = frozen.elapsed();
        let entered = company.asterisk.log().matches(INTO_STASIS).count();
        let caller = company.caller(CLIENT).await?;
        sales.wait_for(Kind::Incoming, ENTRY_LEASE + SLACK).await?;
        let gated = company.asterisk.log().matches(INTO_STASIS).count() == entered;
        caller.hang_up().await?;
        tokio::time::sleep(SECOND / 2).await;
        windows.push((asked, gated));
        if gated || asked > SECOND * 8 {
            break;
        }
    }
    let (closed, gated) = windows.last().copied().ok_or("no call")?;
    println!("frozen: the first call that does not wait came {closed:?} after the freeze");
    assert!(
        gated && closed < Duration::from_secs(5) + SLACK,
        "{windows:?}"
    );
    Ok(())
}

#[tokio::test]
async fn frozen_in_the_menu_the_caller_is_at_the_fallback_and_stays_there_after_the_thaw()
-> Result<()> {
    let company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    let left = lease_left(&company.asterisk).await?;
    company.application.freeze()?;
    let frozen = Instant::now();
    let took = reaches_sales(&caller, &sales, left + SLACK).await? - frozen;
    println!("frozen in the menu: the lease had {left:?} left; at the fallback after {took:?}");

    // What it wakes up to is a playback whose end it missed and a deadline long past.
    company.application.thaw()?;
    company
        .application
        .wait_for("the call has ended: fallback")
        .await?;
    tokio::time::sleep(SECOND).await;
    they_hear_each_other(&caller, &sales, "90").await;
    let lease = lease_left(&company.asterisk).await?;
    assert_eq!(
        lease,
        Duration::ZERO,
        "nobody limits a talk with the fallback"
    );
    caller.hang_up().await?;
    serves_again(&company).await
}

/// A call is served, by nobody's doing but the application's own.
async fn serves_again(company: &Company) -> Result<()> {
    let eugenia = company.employee("34", AT_ONCE).await?;
    let thawed = Instant::now();
    let now = || SystemTime::now().duration_since(UNIX_EPOCH);
    wait_until("the gate opens", SOON, || {
        alive_until(&company.asterisk).unwrap_or(0) > now().unwrap_or_default().as_secs()
    })
    .await?;
    println!("thawed: the gate is open after {:?}", thawed.elapsed());
    // It may find that the line was silent for too long, and connect again; who calls in that moment goes to the fallback.
    let menu = "the caller hears the first sound";
    let before = company.application.entries(menu).len();
    let caller = loop {
        let caller = company.caller(CLIENT).await?;
        let heard = || company.application.entries(menu).len() > before;
        if wait_until("the menu", SECOND, heard).await.is_ok() {
            break caller;
        }
        assert!(thawed.elapsed() < SOON * 2, "it does not serve again");
        caller.hang_up().await?;
    };
    caller.press('1').await?;
    eugenia.wait_for(Kind::Established, SOON).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_call_that_arrives_while_it_stops_is_at_the_fallback_before_the_lease_ends() -> Result<()>
{
    let mut company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    // Frozen, it finds the call and the order to stop at the same time.
    company.application.freeze()?;
    let caller = company.caller(CLIENT).await?;
    wait_until("the call has entered the application", SOON, || {
        company.asterisk.log().contains(INTO_STASIS)
    })
    .await?;
    company.application.terminate()?;
    let thawed = Instant::now();
    company.application.thaw()?;
    let took = reaches_sales(&caller, &sales, ENTRY_LEASE + SLACK).await? - thawed;
    println!("a call that came while it was stopping is at the fallback after {took:?}");
    assert!(took < SLACK, "{took:?}");
    let code = company.application.exit_code(SOON).await?;
    assert_eq!(code, Some(0));
    Ok(())
}
