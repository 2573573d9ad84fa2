//! What became of a window's calls: how many failed, how long things took, and all of it in a line.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use vizavi_load::call::Times;
use vizavi_load::generator::Run;

use super::results::Window;
use super::say;
use super::statistics::{median, quantile};

pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// How many calls failed, and how.
pub(crate) fn failures(run: &Run) -> BTreeMap<String, usize> {
    let mut failures = BTreeMap::new();
    for failure in run
        .outcomes
        .iter()
        .filter_map(|outcome| outcome.failure.as_ref())
    {
        *failures.entry(format!("{failure:?}")).or_default() += 1;
    }
    failures
}

/// How long something took, in each call in which it happened.
pub(crate) fn times(run: &Run, span: impl Fn(&Times) -> Option<(Instant, Instant)>) -> Vec<f64> {
    let spans = run
        .outcomes
        .iter()
        .filter_map(|outcome| span(&outcome.times));
    let rounded = |time: Duration| (milliseconds(time) * 100.0).round() / 100.0;
    spans
        .map(|(from, to)| rounded(to.saturating_duration_since(from)))
        .collect()
}

/// A line for who watches.
pub(crate) fn tell(window: &Window) {
    say(&format!(
        "{:>17} {:>3.0}/s: {} calls, {} failed; CPU a call: Asterisk {:.1} ms, application {:.2} ms; \
         first sound {:.1} ms (99 %: {:.1}), key {:.1} ms (99 %: {:.1}); generator {:.0} % of a core, {} late; \
         {:.0} ms/s taken",
        window.application.name(),
        window.rate,
        window.calls,
        window.failed(),
        window.a_call(window.asterisk_ms),
        window.a_call(window.application_ms),
        median(&window.sound_ms),
        quantile(&window.sound_ms, 0.99),
        median(&window.key_ms),
        quantile(&window.key_ms, 0.99),
        window.generator_ms / window.seconds / 10.0,
        window.late,
        window.taken(),
    ));
    if !window.failures.is_empty() {
        say(&format!("{:?}", window.failures));
    }
}
