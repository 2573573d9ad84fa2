//! What came of the calls of one cell, against what was promised.

use std::time::Duration;

use crate::cell::Cell;
use crate::fault::{Promise, Scene};
use crate::process::keep;
use crate::support::company::Result;
use crate::waiting::PATIENCE;

/// Later than anything is promised.
const LATE: Duration = Duration::from_secs(5);
/// Whom a caller reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    Human,
    Fallback,
    /// The talk went on.
    TalkedOn,
}

/// One call that was not lost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    pub(crate) reached: Reached,
    /// From the fault, or from dialling, to somebody who speaks.
    pub(crate) took: Duration,
    /// What of that is neither the step's own length nor what people took.
    pub(crate) beyond: Duration,
    /// At the entry: until the caller heard anything, or the fallback rang.
    pub(crate) waited: Option<Duration>,
}

/// What came of a cell's calls.
pub(crate) struct Measured {
    pub(crate) cell: Cell,
    pub(crate) calls: Vec<Call>,
    /// What happened to those who reached nobody.
    pub(crate) lost: Vec<String>,
    /// Channels and bridges left after the calls.
    pub(crate) left: usize,
    /// Why it could not be measured.
    pub(crate) unmeasured: Option<String>,
}

impl Measured {
    /// What came of a call. The logs of one that was lost, or late, are kept.
    pub(crate) fn takes(&mut self, came: Result<Call>, scene: &Scene) {
        match came {
            Ok(call) => {
                if call.beyond > LATE {
                    keep(&self.name(), &format!("{call:?}\n{}", scene.logs()));
                }
                self.calls.push(call);
            }
            Err(error) => {
                keep(&self.name(), &format!("{error}\n{}", scene.logs()));
                self.lost.push(error.to_string());
            }
        }
    }

    pub(crate) fn name(&self) -> String {
        format!("{} × {}", self.cell.fault.name(), self.cell.moment.name())
    }

    pub(crate) fn tried(&self) -> usize {
        self.calls.len() + self.lost.len()
    }

    pub(crate) fn count(&self, reached: Reached) -> usize {
        let calls = self.calls.iter();
        calls.filter(|call| call.reached == reached).count()
    }

    /// The median and the worst of a time.
    pub(crate) fn times(
        &self,
        time: impl Fn(&Call) -> Option<Duration>,
    ) -> Option<(Duration, Duration)> {
        let mut times: Vec<Duration> = self.calls.iter().filter_map(time).collect();
        times.sort();
        Some((*times.get(times.len() / 2)?, *times.last()?))
    }

    /// What was promised and not kept.
    pub(crate) fn broken_promises(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let promise = self.cell.fault.promise();
        if !self.lost.is_empty() && promise != Promise::Carrier {
            broken.push(format!("{} lost", self.lost.len()));
        }
        if self.left > 0 {
            broken.push(format!("{} left", self.left));
        }
        let limit = match promise {
            Promise::Away => Duration::from_secs(5),
            Promise::Here => Duration::from_secs(1),
            Promise::Carrier => PATIENCE,
        };
        let beyond = self.times(|call| Some(call.beyond));
        if beyond.is_some_and(|(_, worst)| worst > limit) {
            broken.push(format!("more than {} s beyond", limit.as_secs()));
        }
        let waited = self.times(|call| call.waited);
        if waited.is_some_and(|(_, worst)| worst > Duration::from_millis(500)) {
            broken.push("the entry waits".to_owned());
        }
        broken
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.broken_promises().is_empty()
    }

    /// As it is told while the table grows.
    pub(crate) fn line(&self) -> String {
        if let Some(why) = &self.unmeasured
            && self.tried() == 0
        {
            return format!("{}: not measured: {why}", self.name());
        }
        let seconds = |times: Option<(Duration, Duration)>| {
            times.map_or_else(String::new, |(median, worst)| {
                format!("{:.1}/{:.1} s", median.as_secs_f64(), worst.as_secs_f64())
            })
        };
        let broken = self.broken_promises();
        let verdict = if broken.is_empty() {
            "kept".to_owned()
        } else {
            format!("BROKEN ({}) {:?}", broken.join(", "), self.lost)
        };
        format!(
            "{}: {} calls, {} human, {} fallback, {} talked on; took {}, beyond {}, entry {}; {} lost, {} left: {verdict}{}",
            self.name(),
            self.tried(),
            self.count(Reached::Human),
            self.count(Reached::Fallback),
            self.count(Reached::TalkedOn),
            seconds(self.times(|call| Some(call.took))),
            seconds(self.times(|call| Some(call.beyond))),
            seconds(self.times(|call| call.waited)),
            self.lost.len(),
            self.left,
            self.unmeasured
                .as_ref()
                .map(|why| format!(" (ended early: {why})"))
                .unwrap_or_default(),
        )
    }
}
