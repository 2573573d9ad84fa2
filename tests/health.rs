//! Asterisk is sick: it answers, but so late that callers are better off at the fallback. The gate closes,
//! and opens by itself once that is over.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{
    AT_ONCE, Line, SECOND, SLACK, alive_until, company_behind_a_relay, reaches_sales, talking,
    they_hear_each_other, wait_until,
};
use crate::support::phone::Kind;
use crate::support::records::{CLIENT, STRANGER};
use crate::support::watching::{check, number};

/// Three beats that take a second each, and what is under way.
const CLOSED_WITHIN: Duration = Duration::from_secs(6);

/// Five good seconds, and the beats between.
const OPEN_AGAIN_WITHIN: Duration = Duration::from_secs(10);

#[tokio::test]
async fn while_asterisk_answers_late_new_callers_are_at_the_fallback_at_once_and_talks_go_on()
-> Result<()> {
    let (company, relay) = company_behind_a_relay().await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let talker = talking(&company, CLIENT, &eugenia).await?;

    let sick = Instant::now();
    relay.becomes(Line::Slow(SECOND * 3 / 2));
    wait_until("the gate closes", CLOSED_WITHIN + SLACK, || {
        !is_open(&company)
    })
    .await?;
    company
        .application
        .wait_for("new calls go to the fallback until this is over")
        .await?;
    println!(
        "Asterisk is slow: the gate is closed after {:?}",
        sick.elapsed()
    );
    let (gate, ready) = check(&company.application, "gate").await?;
    assert_eq!(gate, "failed Asterisk does not answer within a second");
    assert!(!ready);
    assert_eq!(number(&company.application, "vizavi_gate_open").await?, 0.0);
    let closed = "vizavi_gate_closed_total{symptom=\"slow_asterisk\"}";
    assert_eq!(number(&company.application, closed).await?, 1.0);

    let dialled = Instant::now();
    let next = company.caller(STRANGER).await?;
    let took = reaches_sales(&next, &sales, SOON).await? - dialled;
    println!("Asterisk is slow: a new caller is at the fallback after {took:?}");
    assert!(took < SECOND + SLACK, "{took:?}");
    they_hear_each_other(&talker, &eugenia, "34").await;
    next.hang_up().await?;
    sales.wait_for(Kind::Closed, SOON).await?;

    let well = Instant::now();
    relay.becomes(Line::Whole);
    wait_until("the gate opens", OPEN_AGAIN_WITHIN + SLACK, || {
        is_open(&company)
    })
    .await?;
    println!(
        "Asterisk is well: the gate is open after {:?}",
        well.elapsed()
    );
    talker.hang_up().await?;
    company.application.wait_for("the call has ended").await?;
    let again = talking(&company, CLIENT, &eugenia).await?;
    they_hear_each_other(&again, &eugenia, "34").await;
    again.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn one_answer_that_comes_late_closes_no_gate() -> Result<()> {
    let (company, relay) = company_behind_a_relay().await?;
    relay.becomes(Line::Slow(SECOND * 3 / 2));
    tokio::time::sleep(SECOND * 3 / 2).await;
    relay.becomes(Line::Whole);
    for _ in 0..30 {
        assert!(is_open(&company), "{}", company.application.log());
        tokio::time::sleep(SECOND / 10).await;
    }
    Ok(())
}

/// As the dialplan compares it.
fn is_open(company: &Company) -> bool {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    alive_until(&company.asterisk).is_ok_and(|until| until >= now.as_secs())
}
