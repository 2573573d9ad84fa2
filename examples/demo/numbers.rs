//! How quick it is: many calls in a row, and the application's own measurements of them.

use std::num::NonZeroUsize;

use crate::cast::Cast;
use crate::ear;
use crate::failures::Rescue;
use crate::hope::Hope;
use crate::log::{Log, after_ms};
use crate::stage::Stage;
use crate::support::company::{Result, SOON};
use crate::support::phone::Kind;
use crate::support::records::CLIENT;
use crate::told::{Hoping, ensure};
use crate::words::{Said, Who};

/// How many calls are measured.
pub(crate) const CALLS: usize = 20;
/// What is promised for both, in milliseconds.
const PROMISED: i64 = 50;

/// Places the calls and shows what was measured.
pub(crate) async fn measure(cast: &Cast<'_>, rescue: Rescue) -> Result<()> {
    cast.stage.heading(&Said::Numbers { calls: CALLS });
    cast.stage.paragraph(&Said::QuickCalls { calls: CALLS });
    let log = cast.log();
    for _ in 0..CALLS {
        quick_call(cast).await?;
    }
    show(
        cast,
        log,
        &Said::SoundTable,
        "the caller hears the first sound",
    )?;
    show(
        cast,
        log,
        &Said::KeyTable,
        "the telephone rings after the key",
    )?;
    let Rescue { after, lease } = rescue;
    cast.stage
        .row(&Said::KillTable, &[Said::FromKillToSales { after, lease }]);
    cast.stage.paragraph(&Said::AboutTheKey);
    tell_load(cast.stage);
    Ok(())
}

async fn quick_call(cast: &Cast<'_>) -> Result<()> {
    let log = cast.log();
    let client = cast.dial(CLIENT).await?;
    ear::any_sound(&client.phone, client.dialled, SOON).await?;
    client.press('1').await?;
    cast.rings(Who::Eugenia, CLIENT).await?;
    // Who hangs up before Asterisk has told it leaves nothing to measure.
    log.wait_for("the telephone rings after the key").await?;
    client.hang_up().await?;
    let eugenia = cast.phone_of(Who::Eugenia);
    eugenia
        .wait_for(Kind::Closed, SOON)
        .await
        .hoping(Hope::IsReleased(Who::Eugenia))?;
    log.wait_for("the call has ended: hung up").await?;
    Ok(())
}

fn show(cast: &Cast<'_>, log: Log<'_>, what: &Said<'_>, message: &str) -> Result<()> {
    let entries = log.all(message);
    ensure(entries.len() == CALLS, Hope::Measurements(CALLS), || {
        format!("{message}: {}", entries.len())
    })?;
    let mut times = entries.iter().map(after_ms).collect::<Result<Vec<i64>>>()?;
    times.sort_unstable();
    let worst = times.last().copied().unwrap_or_default();
    let verdict = if worst <= PROMISED {
        Said::Kept { promised: PROMISED }
    } else {
        Said::Broken { promised: PROMISED }
    };
    cast.stage.row(
        what,
        &[
            Said::Measured {
                median: median(&times),
                worst,
            },
            verdict,
        ],
    );
    Ok(())
}

/// The middle of sorted values; between the two middle ones if their count is even.
fn median(sorted: &[i64]) -> f64 {
    let middle = sorted.len() / 2;
    let upper = sorted.get(middle).copied().unwrap_or_default();
    let lower = if sorted.len().is_multiple_of(2) {
        sorted
            .get(middle.wrapping_sub(1))
            .copied()
            .unwrap_or_default()
    } else {
        upper
    };
    (upper + lower) as f64 / 2.0
}

/// What a stranger's numbers are to be compared with: how busy this machine is.
fn tell_load(stage: &Stage) {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    if let Some(load) = load.split(' ').next().filter(|load| !load.is_empty()) {
        stage.paragraph(&Said::Busy { load, processors });
    }
}
