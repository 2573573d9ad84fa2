//! Cells → `docs/faults.md`.

use std::fmt::Write;
use std::time::Duration;

use crate::fault::Fault;
use crate::measured::{Measured, Reached};

const HEAD: &str = "# When something breaks\n\n\
Real calls over SIP to a real Asterisk, while something breaks. `make faults` writes this page.\n\n\
Each cell says whom the callers reached, and after how long (median / worst, from the fault; at the entry from dialling). \
*Beyond* is what of that is neither the step's own length nor what people took to press a key or pick up: at most 5 s where our \
process is gone, frozen or out of reach, at most 1 s where it is there or starts again. *Entry* is how long a caller hears nothing: at \
most 0.5 s. A talk goes on, and *beyond* is how long after one hangs up the other is released. No call may be lost, and no channel or \
bridge left.\n\n\
A caller presses 1 a second after the fault, and every 3 s again; an employee picks up a second after it. The menu takes some seconds, \
a key is awaited for 2 s, a telephone rings for 4 s: the leases are as short as that, and made of the same parts as any.\n\n\
In a callback, *human* says that operator and patient talk, and *fallback* that the operator was released with a word of why, and \
that nobody is left: the patient's telephone does not ring any more, and the job comes again. At the briefing the operator presses 1 \
a second after the fault, and every 3 s again; a patient picks up a second after it.\n\n";

pub(crate) fn write(results: &[Measured], took: Duration) -> String {
    let mut text = HEAD.to_owned();
    text += "| fault | moment | calls | human | fallback | talked on | seconds | beyond | entry | lost | left | |\n";
    text += "|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    for measured in results.iter().filter(|measured| measured.tried() > 0) {
        text += &row(measured);
    }
    let (mut tried, mut lost, mut left) = (0, 0, 0);
    for measured in results {
        tried += measured.tried();
        lost += measured.lost.len();
        left += measured.left;
    }
    let minutes = took.as_secs().div_ceil(60);
    let _ = writeln!(
        text,
        "\n{tried} calls, {lost} lost, {left} left over; {minutes} minutes.\n\n## Not in the table\n"
    );
    for fault in Fault::ALL {
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for measured in results {
            if measured.cell.fault == fault
                && let Some(why) = &measured.unmeasured
            {
                let moment = measured.cell.moment.name();
                match reasons.iter_mut().find(|(reason, _)| reason == why) {
                    Some((_, moments)) => moments.push(moment),
                    None => reasons.push((why, vec![moment])),
                }
            }
        }
        for (why, moments) in reasons {
            let _ = writeln!(text, "- {} ({}): {why}.", fault.name(), moments.join(", "));
        }
    }
    text
}

fn row(measured: &Measured) -> String {
    let seconds = |times: Option<(Duration, Duration)>| {
        times.map_or_else(
            || "–".to_owned(),
            |(median, worst)| format!("{:.1} / {:.1}", median.as_secs_f64(), worst.as_secs_f64()),
        )
    };
    let talked_on = measured.count(Reached::TalkedOn);
    let took = match talked_on {
        0 => measured.times(|call| Some(call.took)),
        _ => None,
    };
    let broken = measured.broken_promises().join(", ");
    format!(
        "| {} | {} | {} | {} | {} | {talked_on} | {} | {} | {} | {} | {} | {} |\n",
        measured.cell.fault.name(),
        measured.cell.moment.name(),
        measured.tried(),
        measured.count(Reached::Human),
        measured.count(Reached::Fallback),
        seconds(took),
        seconds(measured.times(|call| Some(call.beyond))),
        seconds(measured.times(|call| call.waited)),
        measured.lost.len(),
        measured.left,
        if broken.is_empty() {
            "kept".to_owned()
        } else {
            format!("**{broken}**")
        },
    )
}
