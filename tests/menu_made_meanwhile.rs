//! A slow voice: the greeting plays at once, and what is missing is made while it is heard.

use std::time::Duration;

use crate::support::application::{Application, ApplicationSettings};
use crate::support::asterisk::Asterisk;
use crate::support::company::{Company, Result};
use crate::support::fault::wait_until;
use crate::support::records::CLIENT;

const PATIENCE: Duration = Duration::from_secs(20);

/// Half a second for each phrase, however short.
const SLOW: &str = "[speech.command]\n\
    ru = [\"sh\", \"-c\", \"sleep 0.5; exec espeak-ng -v ru -s 300 -b 1 --stdin --stdout\"]\n";

#[tokio::test]
async fn the_menu_is_made_while_the_greeting_is_heard() -> Result<()> {
    let settings = ApplicationSettings {
        more: SLOW.to_owned(),
        ..ApplicationSettings::of_the_tested_program()
    };
    let asterisk = Asterisk::start().await?;
    let application = Application::start(&asterisk, &settings)?;
    application.wait_for_gate(&asterisk).await?;
    // The greeting is the first to be spoken ahead; this caller's menu would be the last.
    application.wait_for("a phrase was synthesised").await?;
    let company = Company {
        asterisk,
        application,
    };
    let _caller = company.caller(CLIENT).await?;

    let application = &company.application;
    application
        .wait_for("the caller hears the first sound")
        .await?;
    let menu_heard = "PlaybackEnded { playback: PlaybackId(2), ending: Played }";
    wait_until("the menu is heard to its end", PATIENCE, || {
        application.log().contains(menu_heard)
    })
    .await?;
    let log = application.log();
    let place = |words: &str| log.find(words).ok_or(format!("no {words:?} in the log"));
    let first_sound = place("the caller hears the first sound")?;
    let menu_made = place("PromptReady { prompt: PromptId(2)")?;
    let greeting_over = place("PlaybackEnded { playback: PlaybackId(1), ending: Played }")?;
    assert!(
        first_sound < menu_made,
        "the greeting waited for the menu:\n{log}"
    );
    assert!(
        first_sound < greeting_over,
        "the greeting was not heard:\n{log}"
    );
    Ok(())
}
