//! Calls that the dialplan spoils on purpose: telephones that don't notice would prove nothing.

use std::fs;
use std::path::Path;
use std::time::Duration;

use vizavi_load::call::{Failure, Phase, Plan};
use vizavi_load::sound::{Mark, Side};

use super::measure::Bench;
use super::{BenchError, Result, attempt, company, say};

/// What is dialled, what is wrong, and what the telephones must say.
fn faults() -> Vec<(&'static str, &'static str, Option<Failure>)> {
    vec![
        ("native", "nothing is wrong", None),
        (
            "fault-refused",
            "it is refused",
            Some(Failure::Refused(486)),
        ),
        (
            "fault-silence",
            "the menu is silent",
            Some(Failure::Late(Phase::Silence)),
        ),
        (
            "fault-crossed",
            "the caller hears another call",
            Some(Failure::Crossed),
        ),
        (
            "fault-deaf",
            "the key is not heard",
            Some(Failure::Late(Phase::Pressed)),
        ),
        (
            "fault-wrong",
            "another telephone rings",
            Some(Failure::WrongEmployee("90".to_owned())),
        ),
        (
            "fault-mute",
            "the employee does not hear the caller",
            Some(Failure::Late(Phase::Connecting)),
        ),
        (
            "fault-cut",
            "the talk is cut off",
            Some(Failure::CutOff(Phase::Talking)),
        ),
        (
            "fault-kept",
            "the caller is not released",
            Some(Failure::Late(Phase::Releasing)),
        ),
    ]
}

/// Writes what a telephone of a call says that is none of ours.
pub(crate) fn write_stranger(file: &Path) -> Result<()> {
    let stranger = Mark {
        call: u32::MAX >> 1,
        side: Side::Employee,
    };
    let sound = stranger.payload().repeat(500);
    attempt("writing a stranger's sound", fs::write(file, sound))
}

/// Makes all of them at once; gives what was wrong and what was said of it.
///
/// # Errors
/// When the telephones say anything else than they must.
pub(crate) fn notice(bench: &mut Bench) -> Result<Vec<(String, String)>> {
    let faults = faults();
    let plans = faults
        .iter()
        .zip(0..)
        .map(|((dialled, ..), client)| (Duration::ZERO, plan(dialled, client)));
    let outcomes = bench.outcomes(plans.collect())?;
    let mut noticed = Vec::new();
    for (dialled, what, expected) in faults {
        let outcome = outcomes
            .iter()
            .find(|outcome| outcome.plan.dialled == dialled);
        let said = outcome.map(|outcome| outcome.failure.clone());
        if said != Some(expected.clone()) {
            let text =
                format!("the telephones should say {expected:?} of {dialled}, and say {said:?}");
            return Err(BenchError::Other(text));
        }
        noticed.push((
            what.to_owned(),
            expected.map_or("as it should be".to_owned(), |failure| {
                format!("`{failure:?}`")
            }),
        ));
    }
    say(&format!(
        "the telephones notice {} kinds of faults",
        noticed.len() - 1
    ));
    Ok(noticed)
}

fn plan(dialled: &str, client: u32) -> Plan {
    Plan {
        dialled: dialled.to_owned(),
        number: company::telephone(client),
        employee: company::wanted(client),
        key: 1,
        listens: Duration::from_secs(1),
        rings: Duration::from_millis(200),
        talks: Duration::from_secs(2),
        ends: Side::Employee,
        patience: Duration::from_secs(2),
    }
}
