//! `/metrics`, `/healthz` and `/readyz` of a company at work.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{AT_ONCE, SECOND, in_the_menu, quick, reaches_sales, talking};
use crate::support::records::{CLIENT, STRANGER};
use crate::support::watching::{ask, check, number};

#[tokio::test]
async fn calls_count_by_what_came_of_them_and_nobody_is_named() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let (eugenia, sales) = (
        company.employee("34", AT_ONCE).await?,
        company.employee("90", AT_ONCE).await?,
    );
    let application = &company.application;
    assert_eq!(
        number(application, "vizavi_calls_total{outcome=\"talked\"}").await?,
        0.0
    );

    let caller = talking(&company, CLIENT, &eugenia).await?;
    assert_eq!(number(application, "vizavi_calls_under_way").await?, 1.0);
    caller.hang_up().await?;
    application.wait_for("the call has ended: talked").await?;
    let caller = in_the_menu(&company, STRANGER).await?;
    caller.press('0').await?;
    reaches_sales(&caller, &sales, SOON).await?;
    caller.hang_up().await?;
    application.wait_for("the call has ended: fallback").await?;
    tokio::time::sleep(SECOND / 2).await;

    for (line, expected) in [
        ("vizavi_calls_total{outcome=\"talked\"}", 1.0),
        ("vizavi_calls_total{outcome=\"fallback\"}", 1.0),
        ("vizavi_calls_total{outcome=\"failed\"}", 0.0),
        ("vizavi_fallbacks_total{reason=\"asked\"}", 1.0),
        ("vizavi_calls_under_way", 0.0),
        ("vizavi_first_sound_seconds_count", 2.0),
        ("vizavi_ring_seconds_count", 1.0),
        ("vizavi_asterisk_connected", 1.0),
        ("vizavi_gate_open", 1.0),
        ("vizavi_fallback_missing", 0.0),
        ("vizavi_store_works", 1.0),
        ("vizavi_store_write_failures_total", 0.0),
        ("vizavi_webhook_messages{state=\"waiting\"}", 0.0),
        ("vizavi_webhook_messages{state=\"dead\"}", 0.0),
    ] {
        assert_eq!(number(application, line).await?, expected, "{line}");
    }
    for line in [
        "vizavi_ari_request_seconds_count{about=\"channel\"}",
        "vizavi_ari_request_seconds_count{about=\"asterisk\"}",
        "vizavi_clips_total{result=\"hit\"}",
        "vizavi_phrase_cache_bytes",
        "vizavi_speech_requests_total{service=\"command\"}",
        "vizavi_store_write_seconds_count",
        "vizavi_employees",
        "process_resident_memory_bytes",
        "process_threads",
    ] {
        assert!(number(application, line).await? > 0.0, "{line}");
    }
    let answer = ask(application, "/metrics").await?;
    // Each would be a sign of sickness, so an ordinary call must have none.
    for failure in ["unanswered", "not_sent"] {
        assert!(
            !answer.body.contains(&format!("failure=\"{failure}\"")),
            "{}",
            answer.body
        );
    }
    assert!(
        answer
            .content_type
            .starts_with("application/openmetrics-text")
    );
    for personal in [
        "9262644",
        "Чулкова",
        "Евгения",
        "demo-34",
        "PJSIP",
        "chulkova",
    ] {
        assert!(
            !answer.body.contains(personal),
            "{personal} in {}",
            answer.body
        );
    }
    lint(&answer.body)?;
    Ok(())
}

/// By Prometheus' own linter, where it is installed (Debian: prometheus).
fn lint(text: &str) -> Result<()> {
    use std::io::Write;
    let linter = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut linter) = linter else {
        println!("promtool is not installed: the format is checked by its lines alone");
        return Ok(());
    };
    linter
        .stdin
        .take()
        .ok_or("no input")?
        .write_all(text.as_bytes())?;
    let output = linter.wait_with_output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    println!("promtool: {said}");
    assert!(!said.contains("error while linting"), "{said}");
    Ok(())
}

#[tokio::test]
async fn it_is_ready_once_calls_are_served_and_not_after_asterisk_is_gone() -> Result<()> {
    let mut company = Company::open_with(quick()).await?;
    let application = &company.application;
    let alive = ask(application, "/healthz").await?;
    assert_eq!((alive.status, alive.body.as_str()), (200, "alive\n"));
    let (fallback, ready) = check(application, "fallback").await?;
    assert!(ready && fallback.starts_with("unknown"), "{fallback}");
    let caller = in_the_menu(&company, CLIENT).await?;
    caller.hang_up().await?;
    assert_eq!(
        check(application, "fallback").await?,
        ("good".to_owned(), true)
    );

    company.asterisk.kill();
    let application = &company.application;
    let mut left = 50;
    while check(application, "asterisk").await?.1 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        left -= 1;
        assert!(left > 0, "it still counts as ready");
    }
    assert_eq!(
        check(application, "asterisk").await?.0,
        "failed not connected"
    );
    assert_eq!(ask(application, "/readyz").await?.status, 503);
    assert_eq!(ask(application, "/healthz").await?.status, 200, "it lives");
    assert_eq!(number(application, "vizavi_gate_open").await?, 0.0);
    assert_eq!(number(application, "vizavi_asterisk_connected").await?, 0.0);
    Ok(())
}

#[tokio::test]
async fn a_fallback_that_the_dialplan_does_not_have_is_told_with_the_first_call() -> Result<()> {
    let mut settings = quick();
    settings.more += "[dialplan]\nfallback = \"nowhere\"\n";
    let company = Company::open_with(settings).await?;
    let caller = company.caller(CLIENT).await?;
    company
        .application
        .wait_for("the dialplan has no such place")
        .await?;
    let (fallback, ready) = check(&company.application, "fallback").await?;
    assert_eq!(fallback, "failed the dialplan has no vizavi,nowhere");
    assert!(!ready);
    assert_eq!(
        number(&company.application, "vizavi_fallback_missing").await?,
        1.0
    );
    caller.hang_up().await?;
    Ok(())
}

#[tokio::test]
async fn nothing_else_is_served_there() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    for path in [
        "/",
        "/v1/events",
        "/v1/tokens",
        "/v1/calls",
        "/metrics/x",
        "/..%2f..%2fetc/passwd",
    ] {
        let answer = ask(&company.application, path).await?;
        assert_eq!(answer.status, 404, "{path}: {}", answer.body);
    }
    Ok(())
}
