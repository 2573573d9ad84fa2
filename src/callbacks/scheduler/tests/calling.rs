//! Who is called, when, and what becomes of it.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_job_is_called_and_what_came_of_it_is_kept_and_told() -> TestResult {
    let clinic = Clinic::with(Telephones::with_operators(3), vec![wanted("a", 1)?]).await?;
    clinic.works();
    until("called", || clinic.telephones.made() == [made("a", 1)]).await;
    clinic.telephones.end(Outcome::Connected);
    until("told", || clinic.heard() == ["a: connected"]).await;
    let state = clinic.job("a")?.state;
    assert!(matches!(
        state,
        State::Ended {
            ending: Ending::Connected,
            ..
        }
    ));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn nobody_is_called_until_an_operator_is_free() -> TestResult {
    let clinic = Clinic::with(Telephones::with_operators(1), vec![wanted("a", 1)?]).await?;
    clinic.works();
    sleep(Duration::from_secs(60)).await;
    assert!(
        clinic.telephones.made().is_empty(),
        "one stays for those who call us"
    );
    clinic.telephones.set_operators(2);
    until("called", || clinic.telephones.made() == [made("a", 1)]).await;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn each_call_takes_an_operator_away_from_the_next() -> TestResult {
    let jobs = (0..5).map(|number| wanted(&format!("job-{number}"), number));
    let jobs: Vec<Wanted> = jobs.collect::<Result<_, _>>()?;
    let clinic = Clinic::with(Telephones::with_operators(3), jobs).await?;
    clinic.works();
    until("called", || clinic.telephones.made().len() == 2).await;
    clinic.telephones.set_operators(1);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(clinic.telephones.made().len(), 2);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_cancelled_while_it_is_called_ends_its_call() -> TestResult {
    let clinic = Clinic::with(Telephones::with_operators(3), vec![wanted("a", 1)?]).await?;
    clinic.works();
    until("called", || !clinic.telephones.made().is_empty()).await;
    let (id, at) = (JobId::parse("a")?, Timestamp::now());
    clinic.change(CallbackChange::Cancel { id, at }).await?;
    let cancelled = || lock(&clinic.telephones.cancelled).clone();
    until("cancelled", || cancelled() == ["a"]).await;
    clinic.telephones.end(Outcome::Cancelled);
    until("told", || clinic.heard() == ["a: cancelled"]).await;
    assert_eq!(cancelled(), ["a"], "once is enough");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn ones_own_job_waits_for_its_owner_alone() -> TestResult {
    let eugenia = EmployeeId::parse("eugenia")?;
    let owner = Some(Owner {
        employee: eugenia.clone(),
        released: None,
    });
    let own = Wanted {
        owner,
        ..wanted("own", 1)?
    };
    let clinic = Clinic::with(Telephones::with_operators(3), vec![own]).await?;
    clinic.works();
    sleep(Duration::from_secs(60)).await;
    assert!(clinic.telephones.made().is_empty());
    lock(&clinic.telephones.free).employees.insert(eugenia);
    until("called", || clinic.telephones.made() == [made("own", 1)]).await;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_time_is_over_is_told_as_over() -> TestResult {
    let soon = Timestamp::now() + SignedDuration::from_millis(300);
    let late = Wanted {
        not_after: Some(soon),
        ..wanted("late", 1)?
    };
    let clinic = Clinic::with(Telephones::with_operators(0), vec![late]).await?;
    tokio::time::resume();
    clinic.works();
    until("told", || clinic.heard() == ["late is over"]).await;
    assert!(clinic.telephones.made().is_empty());
    Ok(())
}
