//! The main job: a known client hears their menu, presses a key and talks to that person.

use std::time::Duration;

use crate::support::application::{CLIENT, STRANGER};
use crate::support::company::{CALLER_TONE, Company, Result, SOON, employee_tone};
use crate::support::phone::{Answering, Event, Kind};
use crate::support::sound::{dominant_frequency, find};

const AT_ONCE: Answering = Answering::After(Duration::ZERO);
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_known_client_presses_one_and_talks_to_the_first_of_their_menu() -> Result<()> {
    let company = Company::open().await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let caller = company.caller(CLIENT).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    tokio::time::sleep(SECOND).await;
    caller.press('1').await?;

    let rung = eugenia.wait_for(Kind::Incoming, SOON).await?;
    assert!(matches!(rung.event, Event::Incoming { number, .. } if number == CLIENT));
    let answered = eugenia.wait_for(Kind::Established, SOON).await?;
    tokio::time::sleep(SECOND * 2).await;
    let from = answered.at + SECOND;
    let heard = |phone: &crate::support::phone::Phone| dominant_frequency(&phone.heard_since(from));
    assert_close(heard(&caller), employee_tone("34"));
    assert_close(heard(&eugenia), CALLER_TONE);

    caller.hang_up().await?;
    eugenia.wait_for(Kind::Closed, SOON).await?;
    company.wait_until_nothing_is_left().await?;
    company
        .application
        .wait_for("the call has ended: talked")
        .await?;
    Ok(())
}

fn assert_close(heard: Option<f64>, expected: f64) {
    let close = heard.is_some_and(|heard| (heard - expected).abs() < 10.0);
    assert!(close, "heard {heard:?} Hz instead of {expected} Hz");
}
