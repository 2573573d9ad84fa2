//! Calls while the application dies, is dead, and comes back.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::calls::{answers, arrive, ended, hears, still_there, telephone_rings};
use crate::cast::Cast;
use crate::ear;
use crate::hope::Hope;
use crate::support::company::{Company, Result, SOON};
use crate::support::phone::Kind;
use crate::support::records::{CLIENT, STRANGER};
use crate::told::{Hoping, ensure};
use crate::words::{Said, Who};

/// No menu of the demo is so long.
const LONGEST_LEASE: Duration = Duration::from_secs(30);
/// From the end of the lease to the telephone's ringing, on a busy machine.
const DIALPLAN: Duration = Duration::from_millis(500);

/// How long it took until a client was safe.
#[derive(Clone, Copy)]
pub(crate) struct Rescue {
    pub(crate) after: Duration,
    pub(crate) lease: Duration,
}

/// 4. SIGKILL in the middle of a menu.
pub(crate) async fn killed(cast: &mut Cast<'_>) -> Result<Rescue> {
    cast.stage.heading(&Said::Killed);
    let log = cast.log();
    let client = arrive(cast, log, STRANGER, false).await?;
    hears(
        cast,
        &client,
        &cast.script.wording.greeting().phrases[0].clone(),
    )
    .await?;
    let menu = cast.script.menu(STRANGER)?;
    hears(
        cast,
        &client,
        menu.phrases.first().ok_or("the menu is empty")?,
    )
    .await?;

    let lease = lease(cast)?;
    cast.stage
        .at(client.now(), &Said::LeaseRuns { left: lease });
    let process = cast.company.application.process_id();
    cast.company.application.kill();
    let killed = Instant::now();
    cast.stage
        .at(client.since_dialled(killed), &Said::IsKilled { process });
    let rung = cast.rings(Who::Sales, STRANGER).await?;
    let after = rung.saturating_duration_since(killed);
    cast.stage
        .at(client.since_dialled(rung), &Said::SalesRings { after });
    let talk = cast.picks_up(Who::Sales).await?;
    cast.stage.at(
        client.since_dialled(talk),
        &Said::SalesAnswers {
            after: talk - killed,
        },
    );
    ensure(after <= lease + DIALPLAN, Hope::WithinTheLease, || {
        format!("{after:?}, {lease:?}")
    })?;
    cast.stage.note(&Said::WithinTheLease { after, lease });
    cast.talk(&client, Who::Sales, talk).await?;
    still_there(&client)?;
    cast.stage.note(&Said::OnTheLineAllTheTime);
    cast.goodbye(&client, Who::Sales).await?;
    Ok(Rescue { after, lease })
}

/// How much is left of the one caller's lease at most, as Asterisk has it.
fn lease(cast: &Cast<'_>) -> Result<Duration> {
    let asterisk = &cast.company.asterisk;
    let channels = asterisk.channels()?;
    let caller = channels
        .iter()
        .find(|name| name.starts_with("PJSIP/trunk-"));
    let caller = caller
        .ok_or_else(|| format!("{channels:?}"))
        .hoping(Hope::Lease)?;
    let facts = asterisk.command(&format!("core show channel {caller}"))?;
    let left = facts
        .lines()
        .find_map(|line| line.trim().strip_prefix("Time to Hangup:"));
    let ends: u64 = left
        .unwrap_or_default()
        .trim()
        .parse()
        .hoping(Hope::Lease)?;
    // An epoch second without its fraction, so it may be up to one second later; 0 when there is no lease.
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let left = Duration::from_secs(ends + 1).saturating_sub(now);
    let sensible = !left.is_zero() && left < LONGEST_LEASE;
    ensure(sensible, Hope::Lease, || format!("{left:?} of it are left"))?;
    Ok(left)
}

/// 5. Nobody is there to make a menu.
pub(crate) async fn absent(cast: &Cast<'_>) -> Result<()> {
    cast.stage.heading(&Said::Absent);
    let client = cast.dial(STRANGER).await?;
    cast.stage
        .at(Duration::ZERO, &Said::Dials { number: STRANGER });
    let rung = cast.rings(Who::Sales, STRANGER).await?;
    let after = client.since_dialled(rung);
    cast.stage
        .at(after, &Said::SalesRingsWithoutApplication { after });
    cast.picks_up(Who::Sales).await?;
    let connected = client
        .phone
        .wait_for(Kind::Established, SOON)
        .await
        .hoping(Hope::CallIsTaken)?;
    let after = client.since_dialled(connected.at);
    cast.stage
        .at(after, &Said::SalesAnswersWithoutApplication { after });
    cast.talk(&client, Who::Sales, connected.at).await?;
    cast.goodbye(&client, Who::Sales).await
}

/// 6. It comes back.
pub(crate) async fn again(cast: &mut Cast<'_>) -> Result<()> {
    cast.stage.heading(&Said::Again);
    let begun = Instant::now();
    cast.stage.at(Duration::ZERO, &Said::StartsAgain);
    cast.company
        .application
        .restart()
        .hoping(Hope::ServesAgain)?;
    let log = cast.log();
    log.wait_for("connected to Asterisk: calls are served")
        .await?;
    let Company {
        asterisk,
        application,
    } = &cast.company;
    application
        .wait_for_gate(asterisk)
        .await
        .hoping(Hope::ServesAgain)?;
    cast.stage.at(
        begun.elapsed(),
        &Said::ServesAgain {
            after: begun.elapsed(),
        },
    );

    let client = arrive(cast, log, CLIENT, true).await?;
    ear::any_sound(&client.phone, client.dialled, SOON).await?;
    let pressed = client.now();
    client.press('1').await?;
    cast.stage.at(pressed, &Said::PressesAtOnce { key: '1' });
    telephone_rings(cast, &client, log, Who::Eugenia, CLIENT).await?;
    let talk = answers(cast, &client, Who::Eugenia).await?;
    cast.talk(&client, Who::Eugenia, talk).await?;
    cast.goodbye(&client, Who::Eugenia).await?;
    ended(cast, &client, log, "talked").await
}
