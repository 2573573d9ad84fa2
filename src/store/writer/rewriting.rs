//! When the files are rewritten: some time after somebody was erased, and when they have grown.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::store::error::StoreError;
use crate::store::rewrite::Rewrite;
use crate::store::shared::Shared;
use crate::store::trees::caught;

/// Files of this size are not worth the trouble.
const SMALL: u64 = 1 << 30;
/// Files may grow to so many times what they were when they were new, until there is nothing to
/// write for a while.
const GROWTH: u64 = 4;
/// And to so many times as long as there is something to write: rewriting meanwhile costs it.
const GROWTH_AT_WORK: u64 = 16;
/// That is a while.
const IDLE: Duration = Duration::from_secs(2);
/// So long those who write may have to wait for a piece; half as long as they do for each other if
/// that is longer.
const SHORTEST_PIECE: Duration = Duration::from_millis(4);
const LONGEST_PIECE: Duration = Duration::from_millis(50);
/// After an error it is tried again this much later.
const AFTER_ERROR: Duration = Duration::from_secs(600);

/// What is under way, and what is to come.
#[derive(Debug)]
pub(super) struct Rewriting {
    under_way: Option<Rewrite>,
    /// When the erased have to be gone from the files.
    due: Option<Instant>,
    /// Somebody was erased after the copy was begun: some of their bytes may be in it.
    erased_meanwhile: bool,
    not_before: Instant,
}

impl Rewriting {
    pub(super) fn new(shared: &Shared) -> Self {
        let mut rewriting = Self {
            under_way: None,
            due: None,
            erased_meanwhile: false,
            not_before: Instant::now(),
        };
        if let Ok(trees) = shared.trees()
            && let Ok(Some(erased)) = trees.erased()
        {
            let passed = Timestamp::now().duration_since(erased).unsigned_abs();
            let rest = shared.settings.rewrite_after.saturating_sub(passed);
            rewriting.due = Instant::now().checked_add(rest);
        }
        rewriting
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.under_way.is_some()
    }

    /// How long there is nothing to do; `None`: until something is written.
    pub(super) fn rest(&self, shared: &Shared) -> Option<Duration> {
        let now = Instant::now();
        let until = |moment: Instant| moment.max(self.not_before).saturating_duration_since(now);
        let due = self.due.map(until);
        if has_grown(shared, GROWTH) {
            let idle = until(now + IDLE);
            return Some(due.map_or(idle, |due| due.min(idle)));
        }
        due
    }

    /// Somebody was erased.
    pub(super) fn has_erased(&mut self, after: Duration) {
        self.erased_meanwhile = true;
        if self.due.is_none() {
            self.due = Instant::now().checked_add(after);
        }
    }

    /// The trees are about to be closed.
    pub(super) fn give_up(&mut self) {
        self.under_way = None;
    }

    /// Does a piece of it if it is time. `group` is how long the group of writes took before it;
    /// `None`: there was none for as long as [`Self::rest`] says.
    pub(super) fn go_on(&mut self, shared: &Shared, group: Option<Duration>) {
        if let Err(reason) = caught(|| self.next_piece(shared, group)) {
            self.give_up();
            self.not_before = Instant::now() + AFTER_ERROR;
            tracing::warn!(%reason, "the store's files could not be rewritten; it is tried again later");
        }
    }

    fn next_piece(&mut self, shared: &Shared, group: Option<Duration>) -> Result<(), StoreError> {
        let Some(mut rewrite) = self.under_way.take() else {
            if self.is_time(shared, group.is_none()) {
                self.erased_meanwhile = false;
                self.due = None;
                self.under_way = Some(Rewrite::begin(shared)?);
                let bytes = shared.trees()?.bytes_on_disk()?;
                tracing::info!(bytes, "the store's files are being rewritten");
            }
            return Ok(());
        };
        let piece = group.unwrap_or_default() / 2;
        if !rewrite.go_on(piece.clamp(SHORTEST_PIECE, LONGEST_PIECE))? {
            self.under_way = Some(rewrite);
            return Ok(());
        }
        let erased = self.erased_meanwhile.then(Timestamp::now);
        rewrite.finish(shared, erased)?;
        let bytes = shared.trees()?.bytes_on_disk()?;
        tracing::info!(bytes, "the store's files were rewritten");
        if erased.is_some() {
            self.has_erased(shared.settings.rewrite_after);
        }
        Ok(())
    }

    fn is_time(&self, shared: &Shared, idle: bool) -> bool {
        let now = Instant::now();
        if now < self.not_before {
            return false;
        }
        let is_due = self.due.is_some_and(|due| due <= now);
        is_due || has_grown(shared, if idle { GROWTH } else { GROWTH_AT_WORK })
    }
}

/// Whether the files have grown to so many times what they were.
fn has_grown(shared: &Shared, times: u64) -> bool {
    let sizes = || {
        let trees = shared.trees()?;
        Ok::<_, StoreError>((trees.bytes_in_main_file()?, trees.compact_bytes()?))
    };
    let limit = |compact: u64| compact.max(SMALL / GROWTH).saturating_mul(times);
    sizes().is_ok_and(|(bytes, compact)| bytes > limit(compact))
}
