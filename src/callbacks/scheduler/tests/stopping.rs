//! We are stopped or killed while somebody is being called, and start again.

use super::*;

#[tokio::test(start_paused = true)]
async fn after_a_restart_nobody_is_called_twice_for_one_attempt() -> TestResult {
    let clinic = Clinic::with(Telephones::with_operators(3), vec![wanted("a", 1)?]).await?;
    let first = clinic.works();
    until("called", || !clinic.telephones.made().is_empty()).await;
    first.abort();
    clinic.works();
    until("resumed", || clinic.telephones.resumed() == [made("a", 1)]).await;
    sleep(Duration::from_secs(600)).await;
    assert_eq!(
        clinic.heard(),
        Vec::<String>::new(),
        "not before it is known"
    );
    assert!(matches!(clinic.job("a")?.state, State::Running { .. }));
    clinic.telephones.end(Outcome::NoAnswer);
    until("told", || clinic.heard() == ["a: no-answer"]).await;
    sleep(Duration::from_secs(60)).await;
    assert_eq!(clinic.telephones.made(), [made("a", 1)]);
    assert!(matches!(clinic.job("a")?.state, State::Waiting { .. }));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn while_an_attempt_of_the_process_before_is_looked_for_others_are_called() -> TestResult {
    let both = vec![
        wanted("a", 1)?,
        // To the same telephone.
        wanted("b", 1)?,
        wanted("c", 2)?,
    ];
    let clinic = Clinic::with(Telephones::with_operators(2), both).await?;
    let first = clinic.works();
    until("called", || clinic.telephones.made() == [made("a", 1)]).await;
    first.abort();
    clinic.telephones.set_operators(9);
    clinic.works();
    until("called", || {
        clinic.telephones.made() == [made("a", 1), made("c", 1)]
    })
    .await;
    sleep(Duration::from_secs(60)).await;
    assert_eq!(clinic.telephones.made().len(), 2);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn what_came_of_an_attempt_is_written_also_when_we_stop() -> TestResult {
    let jobs = vec![wanted("a", 1)?, wanted("b", 2)?];
    let clinic = Clinic::with(Telephones::with_operators(2), jobs).await?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let works = clinic.works_until(async { drop(stopped.await) });
    until("called", || clinic.telephones.made() == [made("a", 1)]).await;
    stop.send(()).map_err(|()| "it has ended already")?;
    clinic.telephones.set_operators(9);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(
        clinic.telephones.made().len(),
        1,
        "nobody is called any more"
    );
    clinic.telephones.end(Outcome::Cancelled);
    works.await?;
    assert_eq!(clinic.heard(), ["a: cancelled"]);
    assert!(matches!(clinic.job("a")?.state, State::Waiting { .. }));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_talk_that_goes_on_without_us_is_left_to_the_next_process() -> TestResult {
    let clinic = Clinic::with(Telephones::with_operators(2), vec![wanted("a", 1)?]).await?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let works = clinic.works_until(async { drop(stopped.await) });
    until("called", || clinic.telephones.made() == [made("a", 1)]).await;
    stop.send(()).map_err(|()| "it has ended already")?;
    *lock(&clinic.telephones.goes_on) = true;
    sleep(Duration::from_secs(1)).await;
    clinic.telephones.end(Outcome::Connected);
    works.await?;
    assert_eq!(clinic.heard(), Vec::<String>::new());
    assert!(matches!(clinic.job("a")?.state, State::Running { .. }));
    Ok(())
}
