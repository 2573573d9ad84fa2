//! The CRM is asked who calls while the greeting plays. Whatever it does, the call goes on.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::application::ApplicationSettings;
use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{AT_ONCE, in_the_menu, quick, wait_until};
use crate::support::phone::Kind;
use crate::support::records::{CLIENT, STRANGER};

/// A CRM that sends these bytes after a while; gives the settings by which it is asked.
async fn crm(answer: String, after: Duration) -> Result<ApplicationSettings> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                tokio::time::sleep(after).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    let mut settings = quick();
    settings.more = format!(
        "[crm]\nurl = \"http://{address}/?phone={{phone}}\"\n\n{}",
        settings.more
    );
    Ok(settings)
}

fn ok(json: &str) -> String {
    let length = json.len();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{json}")
}

#[tokio::test]
async fn a_crm_that_makes_the_menu_itself_is_believed_and_the_telephone_shows_who_calls()
-> Result<()> {
    let json = r#"{"caller_name": "Petrov Ivan",
        "choices": [{"employee": "maslennikov", "about": "invoice 1042"}]}"#;
    let company = Company::open_with(crm(ok(json), Duration::ZERO).await?).await?;
    let dmitry = company.employee("02", AT_ONCE).await?;
    let caller = in_the_menu(&company, STRANGER).await?;
    wait_until("the CRM has answered", SOON, || {
        company.application.log().contains("CallerKnown")
    })
    .await?;
    caller.press('1').await?;
    let rings = dmitry.wait_for(Kind::Incoming, SOON).await?;
    assert!(
        format!("{:?}", rings.event).contains("Petrov Ivan · invoice 1042"),
        "{rings:?}"
    );
    dmitry.wait_for(Kind::Established, SOON).await?;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await?;
    wait_until("the record of the call names the caller", SOON, || {
        let records = company.asterisk.cdrs();
        records.iter().any(|cdr| cdr.caller.contains("Petrov Ivan"))
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn a_crm_that_is_slow_dead_or_lying_changes_nothing_for_the_caller() -> Result<()> {
    let broken = "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n".to_owned();
    for (answer, after) in [
        (ok("{}"), Duration::from_secs(60)),
        (broken, Duration::ZERO),
        (ok("<html>sign in</html>"), Duration::ZERO),
    ] {
        let company = Company::open_with(crm(answer, after).await?).await?;
        let eugenia = company.employee("34", AT_ONCE).await?;
        let caller = in_the_menu(&company, CLIENT).await?;
        let first = company
            .application
            .wait_for("the caller hears the first sound")
            .await?;
        let after = first["after_ms"].as_u64().ok_or("no time")?;
        assert!(after < 250, "the greeting waited for the CRM: {after} ms");
        caller.press('1').await?;
        eugenia.wait_for(Kind::Established, SOON).await?;
        caller.hang_up().await?;
        company.wait_until_nothing_is_left().await?;
    }
    Ok(())
}
