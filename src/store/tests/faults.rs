//! What happens to those who wait when the writer fails.

use super::super::shared::Fault;
use super::*;

fn next_fault(store: &Store, fault: Fault) {
    let shared = &store.open.shared;
    shared.faults.lock().unwrap().push_back(fault);
}

impl Store {
    /// The disk is full when something is written next.
    pub(crate) fn next_write_fails(&self) {
        next_fault(self, Fault::Disk);
    }
}

#[test]
fn a_panic_in_the_writer_is_an_error_for_those_who_wait_and_nothing_more() {
    let (directory, store) = new();
    next_fault(&store, Fault::Panic);
    let change = put_employee("anna", "Чулкова", 1);
    let failed = store.write_blocking(vec![change.clone()]);
    assert!(matches!(failed, Err(StoreError::BrokeOff)), "{failed:?}");
    assert!(store.company().is_empty());
    write(&store, change);
    assert_eq!(store.company().len(), 1);
    drop(store);
    assert_eq!(open(directory.path()).company().len(), 1);
}

#[test]
fn an_error_of_the_disk_acknowledges_nothing_and_the_next_write_is_tried_anew() {
    let (_directory, store) = new();
    next_fault(&store, Fault::Disk);
    let change = happens("1", event("a", "anna", &[1]));
    let failed = store.write_blocking(vec![change.clone()]);
    assert!(matches!(failed, Err(StoreError::Disk(_))), "{failed:?}");
    assert_eq!(store.condition(), Condition::Fails);
    write(&store, change);
    assert_eq!(store.condition(), Condition::Works);
    assert_eq!(events(&store, "1"), ["a"]);
    assert_eq!(store.counts().clients, 1);
}
