//! When the files are rewritten: some time after somebody was erased, and when they have grown.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::store::error::StoreError;
use crate::store::rewrite::Rewrite;
use crate::store::shared::Shared;
use crate::store::trees::Trees;

/// Files of this size are not worth the trouble.
const SMALL: u64 = 1 << 30;
/// Files may grow to so many times what they were when they were new.
const GROWTH: u64 = 4;
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
    pub(super) fn rest(&self) -> Option<Duration> {
        let due = self.due?.max(self.not_before);
        Some(due.saturating_duration_since(Instant::now()))
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

    /// Does a piece of it if it is time. `group` is how long the group of writes took before it.
    pub(super) fn go_on(&mut self, shared: &Shared, group: Duration) {
        let piece = (group / 2).clamp(SHORTEST_PIECE, LONGEST_PIECE);
        if let Err(reason) = self.next_piece(shared, piece) {
            self.give_up();
            self.not_before = Instant::now() + AFTER_ERROR;
            tracing::warn!(%reason, "the store's files could not be rewritten; it is tried again later");
        }
    }

    fn next_piece(&mut self, shared: &Shared, piece: Duration) -> Result<(), StoreError> {
        let Some(mut rewrite) = self.under_way.take() else {
            if self.is_time(shared) {
                self.erased_meanwhile = false;
                self.due = None;
                self.under_way = Some(Rewrite::begin(shared)?);
                let bytes = shared.trees()?.bytes_on_disk()?;
                tracing::info!(bytes, "the store's files are being rewritten");
            }
            return Ok(());
        };
        if !rewrite.go_on(piece)? {
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

    fn is_time(&self, shared: &Shared) -> bool {
        let now = Instant::now();
        if now < self.not_before {
            return false;
        }
        let is_due = self.due.is_some_and(|due| due <= now);
        is_due
            || shared
                .trees()
                .is_ok_and(|trees| has_grown(&trees).unwrap_or(false))
    }
}

fn has_grown(trees: &Trees) -> Result<bool, StoreError> {
    let bytes = trees.bytes_in_main_file()?;
    Ok(bytes > SMALL.max(trees.compact_bytes()?.saturating_mul(GROWTH)))
}
