//! What has to be said can't be said: callers are at the fallback, not in silence.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::support::company::{Result, SOON};
use crate::support::ear::{DEFAULT_MENU, Talker, assert_they_talk};
use crate::support::phone::{Answering, Kind};
use crate::support::records::STRANGER;

const AT_ONCE: Answering = Answering::After(Duration::ZERO);

#[tokio::test]
async fn clips_that_were_deleted_are_made_again_and_heard() -> Result<()> {
    let talker = Talker::open("").await?;
    talker.clip(DEFAULT_MENU)?;
    fs::remove_dir_all(talker.phrases().join("clips"))?;
    assert!(talker.clip(DEFAULT_MENU).is_err());
    the_menu_is_heard(talker).await
}

#[tokio::test]
async fn a_phrase_directory_that_was_emptied_is_filled_again() -> Result<()> {
    let talker = Talker::open("").await?;
    empty(talker.phrases())?;
    the_menu_is_heard(talker).await
}

async fn the_menu_is_heard(talker: Talker) -> Result<()> {
    let begun = Instant::now();
    let caller = talker.company.caller(STRANGER).await?;
    talker.hears(&caller, begun, DEFAULT_MENU).await?;
    caller.hang_up().await?;
    talker.close().await
}

#[tokio::test]
async fn when_asterisk_can_not_play_the_clips_the_caller_is_at_the_fallback() -> Result<()> {
    let talker = Talker::open("").await?;
    let sales = talker.company.employee("90", AT_ONCE).await?;
    // The files are there, and Asterisk has nothing to read them with.
    for module in ["format_pcm.so", "format_sln.so"] {
        let unloaded = talker
            .company
            .asterisk
            .command(&format!("module unload {module}"))?;
        assert!(unloaded.contains("Unloaded"), "{unloaded}");
    }
    talker.clip(DEFAULT_MENU)?;
    let begun = Instant::now();
    let caller = talker.company.caller(STRANGER).await?;
    let rung = sales.wait_for(Kind::Incoming, SOON).await?.at - begun;
    assert!(rung < Duration::from_secs(3), "{rung:?}");
    assert_they_talk(&caller, &sales, "90").await?;
    let ended = "the call has ended: fallback: the prompt could not be played";
    talker.company.application.wait_for(ended).await?;
    caller.hang_up().await?;
    talker.company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn without_a_program_that_speaks_callers_are_at_the_fallback_within_three_seconds()
-> Result<()> {
    let talker = Talker::open_mute().await?;
    let sales = talker.company.employee("90", AT_ONCE).await?;
    let begun = Instant::now();
    let caller = talker.company.caller(STRANGER).await?;
    let rung = sales.wait_for(Kind::Incoming, SOON).await?.at - begun;
    assert!(rung < Duration::from_secs(3), "{rung:?}");
    assert_they_talk(&caller, &sales, "90").await?;
    let ended = "the call has ended: fallback: the prompt could not be played";
    talker.company.application.wait_for(ended).await?;
    caller.hang_up().await?;
    talker.company.wait_until_nothing_is_left().await
}

fn empty(directory: &Path) -> Result<()> {
    for entry in fs::read_dir(directory)? {
        fs::remove_dir_all(entry?.path())?;
    }
    Ok(())
}
