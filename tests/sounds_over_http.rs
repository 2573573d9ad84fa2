//! An Asterisk that can't read our directory fetches the sounds from us.

use std::time::Instant;

use crate::support::company::Result;
use crate::support::ear::{DEFAULT_MENU, GREETING, Talker};
use crate::support::records::STRANGER;

#[tokio::test]
async fn an_asterisk_at_a_distance_fetches_the_sounds_and_plays_them() -> Result<()> {
    let talker = Talker::open_at_a_distance().await?;
    let begun = Instant::now();
    let caller = talker.company.caller(STRANGER).await?;
    talker.hears(&caller, begun, GREETING).await?;
    talker.hears(&caller, begun, DEFAULT_MENU).await?;
    caller.hang_up().await?;
    let log = talker.company.application.log();
    assert!(log.contains("sound:http://127.0.0.1:"), "{log}");
    talker.close().await
}
