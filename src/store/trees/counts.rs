//! How many clients and calls there are: counted in memory, noted on disk with what changes them.

use std::sync::atomic::Ordering;

use super::{StoreError, Trees};

const CLIENT_COUNT: &[u8] = b"clients";
const CALL_COUNT: &[u8] = b"journal";

impl Trees {
    /// How many clients there are. After a crash it may be off by those of the last group.
    pub(in crate::store) fn client_count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    pub(in crate::store) fn read_client_count(&self) -> Result<(), StoreError> {
        let count = self.number(CLIENT_COUNT)?.unwrap_or_default();
        self.count.store(count, Ordering::Relaxed);
        Ok(())
    }

    pub(in crate::store) fn one_client_more(&self) {
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    pub(in crate::store) fn one_client_less(&self) {
        let less = |count: u64| Some(count.saturating_sub(1));
        let _ = self
            .count
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }

    /// Writes down how many clients there are.
    pub(in crate::store) fn note_client_count(&self) -> Result<(), StoreError> {
        self.set_number(CLIENT_COUNT, self.client_count())
    }

    /// Takes over how many clients the trees have from which these were copied.
    pub(in crate::store) fn take_client_count(&self, from: &Self) -> Result<(), StoreError> {
        self.count.store(from.client_count(), Ordering::Relaxed);
        self.note_client_count()
    }

    /// How many calls are in the journal. After a crash it may be off by those of the last group.
    pub(in crate::store) fn call_count(&self) -> u64 {
        self.calls_kept.load(Ordering::Relaxed)
    }

    pub(super) fn read_call_count(&self) -> Result<(), StoreError> {
        let count = self.number(CALL_COUNT)?.unwrap_or_default();
        self.calls_kept.store(count, Ordering::Relaxed);
        Ok(())
    }

    pub(in crate::store) fn one_call_more(&self) {
        self.calls_kept.fetch_add(1, Ordering::Relaxed);
    }

    pub(in crate::store) fn one_call_less(&self) {
        let less = |count: u64| Some(count.saturating_sub(1));
        let kept = &self.calls_kept;
        let _ = kept.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }

    /// Writes down how many calls there are.
    pub(in crate::store) fn note_call_count(&self) -> Result<(), StoreError> {
        self.set_number(CALL_COUNT, self.call_count())
    }
}
