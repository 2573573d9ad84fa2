//! The disk takes nothing more.

use super::*;

#[tokio::test(start_paused = true)]
async fn with_a_full_disk_the_result_is_kept_until_it_can_be_written() -> TestResult {
    let clinic = Clinic::with(Telephones::with_operators(2), vec![wanted("a", 1)?]).await?;
    clinic.works();
    until("called", || clinic.telephones.made() == [made("a", 1)]).await;
    for _ in 0..3 {
        clinic.store.next_write_fails();
    }
    clinic.telephones.set_operators(9);
    clinic.telephones.end(Outcome::Busy);
    let full = || clinic.store.condition() == store::Condition::Fails;
    until("the disk is full", full).await;
    assert_eq!(
        clinic.heard(),
        Vec::<String>::new(),
        "not before it is written"
    );
    until("told", || clinic.heard() == ["a: busy"]).await;
    assert_eq!(clinic.telephones.made(), [made("a", 1)], "nobody twice");
    assert_eq!(clinic.job("a")?.used, 1);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn with_a_full_disk_nobody_is_called_and_the_job_is_not_lost() -> TestResult {
    let clinic = Clinic::with(Telephones::with_operators(2), vec![wanted("a", 1)?]).await?;
    clinic.store.next_write_fails();
    clinic.works();
    // It may have been written all the same.
    until("told", || clinic.heard() == ["a: nobody knows"]).await;
    assert!(clinic.telephones.made().is_empty());
    assert_eq!(clinic.job("a")?.used, 0);
    assert!(matches!(clinic.job("a")?.state, State::Waiting { .. }));
    Ok(())
}
