//! Numbers → docs/performance.md.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::added::Added;
use super::results::{Results, Window};
use super::statistics::{median, quantile, spread};
use super::{Result, aims, attempt, picture};

/// Writes the report, and the picture beside it.
pub(crate) fn write(results: &Results, out: &Path) -> Result<()> {
    let image = out.with_extension("svg");
    let name = image
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    attempt(
        format!("writing {}", image.display()),
        fs::write(&image, picture::draw(results)),
    )?;
    attempt(
        format!("writing {}", out.display()),
        fs::write(out, text(results, &name)),
    )
}

fn text(results: &Results, image: &str) -> String {
    let mut text = String::new();
    introduce(&mut text, results, image);
    prove(&mut text, results);
    for rate in results.rates().into_iter().rev() {
        at_rate(&mut text, results, rate);
    }
    idle(&mut text, results);
    memory(&mut text, results);
    limits(&mut text, results);
    aims::tell(&mut text, results);
    text
}

fn introduce(text: &mut String, results: &Results, image: &str) {
    let versions = results.versions.join(", ");
    let menus = if results.menus_kept {
        "; menus that were made before are found again"
    } else {
        "; the sound of every menu is made for this call"
    };
    let alternations = results
        .windows
        .iter()
        .map(|window| window.alternation + 1)
        .max()
        .unwrap_or(0);
    let _ = write!(
        text,
        "# Performance\n\n\
         Written by `make bench`; what is here is overwritten by its next run. Where the time goes, what was done \
         about it and what bounds the rest is in [costs.md](costs.md).\n\n\
         The same call through five applications on one Asterisk, and through the least that can be asked of ARI; one after the \
         other, the first one another each time; {alternations} rounds. A call: INVITE, the menu is heard for some seconds, key 1, the \
         employee's telephone rings and is picked up, both talk, one hangs up (the caller in one half of the calls, \
         the employee in the other). It went as it should only if the right telephone rang, each heard the other \
         and nobody else as long as they talked, and both were released. Every telephone sends and receives real \
         sound, and the key is sent as RFC 4733 says.\n\n\
         - {}\n- Asterisk {}, {versions}, ari-client 2.2.0, asterisk-ari 0.3.0\n- {}; load average before the run: {}\n{}\n\
         | application | what it does |\n|---|---|\n\
         | dialplan | `Answer`, `Background`, `WaitExten`, `Dial`: the limit |\n\
         | PHP AGI | a PHP program for each call: `ANSWER`, `GET DATA`, `EXEC Dial` |\n\
         | Node ari-client | answer, play, originate, bridge |\n\
         | Rust asterisk-ari | the same, with all of Asterisk's events, since the crate subscribes to them |\n\
         | ARI, the least | the same with ten requests and four kinds of events, without a library, checking and \
         knowing nothing: a bound for whoever asks ARI for each step |\n\
         | vizavi | as it comes: a thousand employees and clients in its store, a menu with names made for each \
         caller from their events, telephones asked, a lease for each step, each talk kept{menus} |\n\n\
         ![CPU time of a call]({image})\n\n\
         Numbers are medians over the alternations, in brackets the least and the greatest. {}\n\n",
        results.machine,
        results.asterisk,
        results.date,
        results.load_before,
        added(results),
        calm(results),
    );
}

/// What was measured in runs of its own, a line for each.
fn added(results: &Results) -> String {
    let line = |added: &Added| {
        format!(
            "- measured later, in a run of its own: {} ({}); {}; load average before it: {}\n",
            added.parts.join(", "),
            added.applications,
            added.date,
            added.load_before
        )
    };
    results.added.iter().map(line).collect()
}

/// What others took of the machine, and what was done about it.
fn calm(results: &Results) -> String {
    let again = results.windows.iter().filter(|window| window.again > 0);
    format!(
        "What others took of this machine's processors is given for each row. {} of {} windows were measured more than \
         once because that was too much, and the one of which least was taken counts.",
        again.count(),
        results.windows.len()
    )
}

fn prove(text: &mut String, results: &Results) {
    if !results.noticed.is_empty() {
        text.push_str("## The telephones notice\n\nCalls that the dialplan spoils on purpose, and what the telephones say of each.\n\n| call | said |\n|---|---|\n");
        for (fault, said) in &results.noticed {
            let _ = writeln!(text, "| {fault} | {said} |");
        }
        text.push('\n');
    }
    let Some(proof) = &results.proof else {
        return;
    };
    let _ = write!(
        text,
        "## The telephones are not the bottleneck\n\n\
         The dialplan alone at {:.0} calls a second: {} calls, {} at once, {} failed ({}). The telephones took {:.0} % of \
         a core; of {} packets, {:.2} % were sent more than 10 ms late, the latest by {:.0} ms. Of what was to \
         come back to them, {:.1} % came. {} SIP messages were sent again. While it lasted, {:.0} % of the cores' time was idle.\n\n",
        proof.rate,
        proof.calls,
        proof.most_at_once,
        proof.failed(),
        failures(proof),
        proof.generator_ms / proof.seconds / 10.0,
        proof.sent,
        proof.late as f64 / proof.sent.max(1) as f64 * 100.0,
        proof.latest_ms,
        proof.received as f64 / proof.sent.max(1) as f64 * 100.0,
        proof.repeated,
        idle_share(proof),
    );
}

/// Of all that the cores could do.
fn idle_share(window: &Window) -> f64 {
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as f64;
    window.idle_ms / (window.seconds * 1000.0 * cores) * 100.0
}

fn failures(window: &Window) -> String {
    if window.failures.is_empty() {
        return "none".to_owned();
    }
    let each = window
        .failures
        .iter()
        .map(|(what, count)| format!("{count} × {what}"));
    each.collect::<Vec<String>>().join(", ")
}

fn with_spread(values: &[f64], digits: usize) -> String {
    let (least, greatest) = spread(values);
    format!(
        "{:.digits$} ({least:.digits$}–{greatest:.digits$})",
        median(values)
    )
}

fn at_rate(text: &mut String, results: &Results, rate: f64) {
    let _ = write!(
        text,
        "## {rate:.0} calls a second\n\n\
         CPU time of a call in milliseconds, from its first message to the last, what is done beside calls included; \
         waiting in milliseconds, median and 99th percentile of all calls. Where the telephones sent more than a few \
         packets in a thousand late (10 ms), the machine was busy with other things, and the row says little. *Steady*: \
         the same ratio, of CPU time by what the telephones took meanwhile. They do the same for each application, so \
         that it says less of how fast the machine was just then. *Taken*: milliseconds of all processors that others \
         had in each second.\n\n\
         | application | Asterisk | application | together | × dialplan | steady | INVITE → first sound | key → INVITE | \
         picked up → both hear | hung up → released | failed | \
         packets sent late | taken |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n"
    );
    for application in results.applications() {
        let windows = results.of(application, rate);
        let of_each = |number| results.each(application, rate, number);
        let ratio = results.times_native(application, rate, Window::total);
        let steady = results.times_native(application, rate, Window::steady);
        let waits = |span: fn(&Window) -> &Vec<f64>| {
            let all: Vec<f64> = windows
                .iter()
                .flat_map(|window| span(window))
                .copied()
                .collect();
            format!("{:.1}, {:.1}", median(&all), quantile(&all, 0.99))
        };
        let failed: usize = windows.iter().map(|window| window.failed()).sum();
        let late: u64 = windows.iter().map(|window| window.late).sum();
        let sent: u64 = windows.iter().map(|window| window.sent).sum();
        let late = late as f64 / sent.max(1) as f64 * 100.0;
        let calls: usize = windows.iter().map(|window| window.calls).sum();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {ratio:.2} | {steady:.2} | {} | {} | {} | {} | {failed} of {calls} | {late:.2} % | {} |",
            application.name(),
            with_spread(&of_each(Window::asterisk), 1),
            with_spread(&of_each(Window::own), 2),
            with_spread(&of_each(Window::total), 1),
            waits(|window| &window.sound_ms),
            waits(|window| &window.key_ms),
            waits(|window| &window.bridge_ms),
            waits(|window| &window.release_ms),
            with_spread(&of_each(Window::taken), 0),
        );
    }
    text.push('\n');
}

fn idle(text: &mut String, results: &Results) {
    if results.idle.is_empty() {
        return;
    }
    text.push_str(
        "## Waiting for calls\n\nCPU time that a second of doing nothing takes, in milliseconds.\n\n\
         | application | Asterisk | application |\n|---|---|---|\n",
    );
    for application in results.applications() {
        let of_it = || {
            results
                .idle
                .iter()
                .filter(|idle| idle.application == application)
        };
        let asterisk: Vec<f64> = of_it().map(|idle| idle.asterisk_ms_a_second).collect();
        let own: Vec<f64> = of_it().map(|idle| idle.application_ms_a_second).collect();
        let (asterisk, own) = (with_spread(&asterisk, 2), with_spread(&own, 2));
        let _ = writeln!(text, "| {} | {asterisk} | {own} |", application.name());
    }
    text.push('\n');
}

fn memory(text: &mut String, results: &Results) {
    if results.memory.is_empty() {
        return;
    }
    text.push_str(
        "## Memory\n\nIn MiB, proportional: what processes share is divided among them. A call's share is what was \
         added, divided by the calls.\n\n\
         | application | before calls | while they talk | talking | KiB for each | Asterisk before | Asterisk then | failed |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let mebibytes = |kibibytes: u64| kibibytes as f64 / 1024.0;
    for memory in &results.memory {
        let added = memory
            .application_talking
            .saturating_sub(memory.application_before);
        let _ = writeln!(
            text,
            "| {} | {:.1} | {:.1} | {} | {:.1} | {:.1} | {:.1} | {} |",
            memory.application.name(),
            mebibytes(memory.application_before),
            mebibytes(memory.application_talking),
            memory.talking,
            added as f64 / memory.talking.max(1) as f64,
            mebibytes(memory.asterisk_before),
            mebibytes(memory.asterisk),
            memory.failed,
        );
    }
    text.push('\n');
}

fn limits(text: &mut String, results: &Results) {
    if results.limits.is_empty() {
        return;
    }
    text.push_str(
        "## Where it breaks\n\nThe rate goes up by a quarter until one call of a hundred fails. The telephones, Asterisk and \
         the application share the machine's cores.\n\n\
         | application | calls a second without | then | calls at once then | how they failed | idle cores then | the telephones' CPU then |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for application in results.applications() {
        let rates: Vec<&Window> = results
            .limits
            .iter()
            .filter(|window| window.application == application)
            .collect();
        let good = rates.iter().rfind(|window| window.failed_share() < 0.01);
        let good = good.map_or("none".to_owned(), |window| format!("{:.0}", window.rate));
        let bad = rates.iter().find(|window| window.failed_share() >= 0.01);
        let Some(bad) = bad else {
            let _ = writeln!(
                text,
                "| {} | {good} | not reached | | | | |",
                application.name()
            );
            continue;
        };
        let _ = writeln!(
            text,
            "| {} | {good} | {:.0} | {} | {} of {}: {} | {:.0} % | {:.0} % of a core |",
            application.name(),
            bad.rate,
            bad.most_at_once,
            bad.failed(),
            bad.calls,
            failures(bad),
            idle_share(bad),
            bad.generator_ms / bad.seconds / 10.0,
        );
    }
    text.push('\n');
}
