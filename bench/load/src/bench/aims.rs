//! What vizavi is to reach, and what was measured.

use std::fmt::Write as _;

use super::applications::Application;
use super::results::{Results, Window};
use super::statistics::{median, quantile};

/// One aim: what, at most how much, and what was measured.
struct Aim {
    what: &'static str,
    at_most: f64,
    measured: f64,
    unit: &'static str,
}

/// A table of them, each met or not.
pub(crate) fn tell(text: &mut String, results: &Results) {
    let aims = aims(results);
    if aims.is_empty() {
        return;
    }
    text.push_str(
        "## What vizavi is to reach\n\n| aim | at most | measured | met |\n|---|---|---|---|\n",
    );
    for Aim {
        what,
        at_most,
        measured,
        unit,
    } in aims
    {
        let met = if measured <= at_most { "yes" } else { "no" };
        let _ = writeln!(
            text,
            "| {what} | {at_most}{unit} | {measured:.2}{unit} | {met} |"
        );
    }
    text.push('\n');
}

fn aims(results: &Results) -> Vec<Aim> {
    let mut aims = Vec::new();
    let mut aim = |what, at_most, unit, measured| {
        aims.push(Aim {
            what,
            at_most,
            measured,
            unit,
        });
    };
    if let Some(rate) = results.rates().into_iter().next_back() {
        let ours = results.of(Application::Vizavi, rate);
        let all = |span: fn(&Window) -> &Vec<f64>| -> Vec<f64> {
            ours.iter()
                .flat_map(|window| span(window))
                .copied()
                .collect()
        };
        let against_native = |number| results.times_native(Application::Vizavi, rate, number);
        if !ours.is_empty() && against_native(Window::total) > 0.0 {
            let sound = all(|window| &window.sound_ms);
            aim(
                "CPU of a call, against the dialplan's",
                1.15,
                " ×",
                against_native(Window::total),
            );
            aim(
                "the same, by what the telephones took meanwhile",
                1.15,
                " ×",
                against_native(Window::steady),
            );
            aim(
                "CPU of a call, the application alone",
                1.0,
                " ms",
                results.middle(Application::Vizavi, rate, Window::own),
            );
            aim(
                "the application's CPU, against Asterisk's",
                0.2,
                " ×",
                results.middle(Application::Vizavi, rate, |window| {
                    window.application_ms / window.asterisk_ms
                }),
            );
            aim("INVITE → first sound, median", 20.0, " ms", median(&sound));
            aim(
                "INVITE → first sound, 99th percentile",
                60.0,
                " ms",
                quantile(&sound, 0.99),
            );
            aim(
                "key → INVITE, median",
                20.0,
                " ms",
                median(&all(|window| &window.key_ms)),
            );
            aim(
                "calls that did not end as they should",
                0.0,
                "",
                ours.iter().map(|window| window.failed() as f64).sum(),
            );
        }
    }
    if let Some(memory) = results
        .memory
        .iter()
        .find(|memory| memory.application == Application::Vizavi)
    {
        let added = memory
            .application_talking
            .saturating_sub(memory.application_before);
        aim(
            "memory before calls",
            30.0,
            " MiB",
            memory.application_before as f64 / 1024.0,
        );
        aim(
            "memory for each further call",
            20.0,
            " KiB",
            added as f64 / memory.talking.max(1) as f64,
        );
        aim(
            "memory while they talk",
            100.0,
            " MiB",
            memory.application_talking as f64 / 1024.0,
        );
    }
    aims
}
