//! A key leads to the other language.

use std::time::{Duration, Instant};

use crate::support::company::Result;
use crate::support::ear::{GREETING, Talker, assert_they_talk};
use crate::support::fault::{AT_ONCE, wait_until};
use crate::support::records::STRANGER;

const FOR_ENGLISH: &[&str] = &["For English, press nine."];
const FOR_RUSSIAN: &[&str] = &["Для обслуживания на русском языке нажмите девять."];
const ENGLISH_MENU: &[&str] = &[
    "Sales department, extension ninety: press one.",
    "To speak with an operator, press zero.",
];

#[tokio::test]
async fn nine_switches_to_the_menu_in_english_without_a_greeting_and_back() -> Result<()> {
    let talker = Talker::open_in_two_languages("language_key = \"9\"\nkey_seconds = 20.0").await?;
    let spoken = || talker.clip(FOR_ENGLISH).is_ok() && talker.clip(ENGLISH_MENU).is_ok();
    let ahead = Duration::from_secs(10);
    wait_until("it is spoken before anybody calls", ahead, spoken).await?;
    let sales = talker.company.employee("90", AT_ONCE).await?;
    let begun = Instant::now();
    let caller = talker.company.caller(STRANGER).await?;
    talker.hears(&caller, begun, FOR_ENGLISH).await?;

    // The sales department's extension begins with a nine: a zero might follow.
    let pressed = Instant::now();
    caller.press('9').await?;
    talker.hears(&caller, pressed, ENGLISH_MENU).await?;
    talker.hears(&caller, pressed, FOR_RUSSIAN).await?;
    assert_eq!(talker.times_heard(&caller, begun, GREETING)?, 1);

    let back = Instant::now();
    caller.press('9').await?;
    talker.hears(&caller, back, FOR_ENGLISH).await?;
    caller.press('1').await?;
    assert_they_talk(&caller, &sales, "90").await?;
    caller.hang_up().await?;
    talker.close().await
}
