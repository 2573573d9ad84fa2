//! A job is taken, begun, finished, cancelled: what is on disk then, in memory, and after a restart.

use super::*;

#[test]
fn a_job_is_there_after_a_restart_with_all_that_was_done_for_it() {
    let (directory, store) = new();
    assert_eq!(write(&store, put(wanted("a", 1), NOW)), Done::Stored);
    assert_eq!(next(&store, NOW).as_deref(), Some("a"));
    assert_eq!(write(&store, begin("a", NOW)), Done::Stored);
    assert_eq!(next(&store, NOW), None);
    let busy = Some(Outcome::Busy);
    assert_eq!(write(&store, finish("a", 1, busy, NOW + 30)), Done::Stored);
    let before = job(&store, "a");
    drop(store);
    let store = open(directory.path());
    assert_eq!(job(&store, "a"), before);
    assert_eq!(next(&store, NOW + 329), None);
    assert_eq!(next(&store, NOW + 330).as_deref(), Some("a"));
}

#[test]
fn a_job_that_a_full_disk_does_not_take_is_not_acknowledged_and_not_called_until_it_is() {
    let (_directory, store) = new();
    store.next_write_fails();
    let refused = store.write_blocking(vec![put(wanted("a", 1), NOW)]);
    assert!(matches!(refused, Err(StoreError::Disk(_))), "{refused:?}");
    assert_eq!(next(&store, NOW), None);
    // It is sent again.
    write(&store, put(wanted("a", 1), NOW));
    assert_eq!(store.callback_counts().waiting, 1);
    assert_eq!(next(&store, NOW).as_deref(), Some("a"));
}

#[test]
fn a_job_that_comes_again_is_one_job_and_costs_no_writing() {
    let (_directory, store) = new();
    assert_eq!(write(&store, put(wanted("a", 1), NOW)), Done::Stored);
    assert_eq!(
        write(&store, put(wanted("a", 1), NOW + 60)),
        Done::Unchanged
    );
    let mut urgent = wanted("a", 1);
    urgent.priority = 9;
    assert_eq!(write(&store, put(urgent, NOW + 120)), Done::Stored);
    let job = job(&store, "a");
    assert_eq!((job.wanted.priority, job.created), (9, at(NOW)));
    assert_eq!(store.callback_counts().waiting, 1);
    write(&store, cancel("a", NOW + 130));
    assert_eq!(
        write(&store, put(wanted("a", 1), NOW + 140)),
        Done::Outdated
    );
}

#[test]
fn what_ran_when_we_were_stopped_is_found_and_called_by_nobody_until_that_is_decided() {
    let (directory, store) = new();
    let all = vec![
        put(wanted("a", 1), NOW),
        put(wanted("b", 1), NOW),
        begin("a", NOW),
        dialled("a", 1),
    ];
    store.write_blocking(all).unwrap();
    drop(store);
    let store = open(directory.path());
    assert_eq!(store.running_callbacks(), [job_id("a")]);
    assert_eq!(
        next(&store, NOW + 3600),
        None,
        "nor is the same person for another job"
    );
    assert_eq!(write(&store, begin("a", NOW + 3600)), Done::Outdated);
    assert_eq!(
        write(&store, finish("a", 1, None, NOW + 3600)),
        Done::Stored
    );
    let job = job(&store, "a");
    assert_eq!((job.used, job.history.len()), (1, 1));
    assert_eq!(next(&store, NOW + 3600).as_deref(), Some("b"));
    assert_eq!(
        write(&store, finish("a", 1, None, NOW + 3601)),
        Done::Outdated
    );
}

#[test]
fn steps_of_a_job_that_is_not_there_are_told_so() {
    let (_directory, store) = new();
    for change in [begin("a", NOW), finish("a", 1, None, NOW), cancel("a", NOW)] {
        assert_eq!(write(&store, change), Done::NotThere);
    }
    assert_eq!(store.callback(&job_id("a")).unwrap(), None);
}

#[test]
fn what_turns_out_to_be_over_when_it_is_to_begin_is_over_on_disk() {
    let (_directory, store) = new();
    let mut wanted = wanted("a", 1);
    wanted.appointment = Some(at(NOW + 60));
    write(&store, put(wanted, NOW));
    assert_eq!(write(&store, begin("a", NOW + 60)), Done::Outdated);
    let ended = State::Ended {
        ending: Ending::TooLate,
        at: at(NOW + 60),
    };
    assert_eq!(job(&store, "a").state, ended);
    assert_eq!(store.callback_counts().ended, 1);
}

/// Whether a beginning that failed is on disk nobody knows; but what is in memory says the same as the
/// disk, so that it can be ended.
#[test]
fn after_a_beginning_that_failed_memory_and_disk_agree() {
    for fault in [shared::Fault::Panic, shared::Fault::Disk] {
        let (_directory, store) = new();
        write(&store, put(wanted("a", 1), NOW));
        store.open.shared.faults.lock().unwrap().push_back(fault);
        let failed = store.write_blocking(vec![begin("a", NOW)]);
        assert!(failed.is_err());
        write(&store, put(wanted("b", 2), NOW));
        let runs = matches!(job(&store, "a").state, State::Running { .. });
        let found = store.running_callbacks().contains(&job_id("a"));
        assert_eq!(found, runs, "{fault:?}");
        let stopped = Some(Outcome::Cancelled);
        write(&store, finish("a", 1, stopped, NOW + 1));
        assert_eq!(next(&store, NOW + 1).as_deref(), Some("a"), "{fault:?}");
    }
}

#[test]
fn whoever_waits_for_jobs_hears_of_them_and_of_nothing_else() {
    let (_directory, store) = new();
    let change = store.callbacks_change();
    write(&store, put_employee("anna", "Чулкова", 1));
    assert!(!change.has_changed().unwrap());
    write(&store, put(wanted("a", 1), NOW));
    assert!(change.has_changed().unwrap());
}

#[test]
fn a_store_with_jobs_shows_nobodys_number() {
    let (_directory, store) = new();
    write(&store, put(wanted("a", 1), NOW));
    assert!(!format!("{store:?}").contains("9160000001"));
}
