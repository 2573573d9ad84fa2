//! What strangers can send, on a real Asterisk: see `docs/security.md`.

use std::time::Duration;

use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{AT_ONCE, RawCaller, quick, talking, they_hear_each_other, wait_until};
use crate::support::phone::{Event, Kind};
use crate::support::records::CLIENT;
use crate::support::watching::exchange;

/// A caller's name is what their telephone claims: quotes, line ends, commands, headers, or a lot of it.
#[tokio::test]
async fn whatever_a_callers_name_holds_it_is_shown_at_most() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let names = [
        "\"a\\\"b\\\\c'd\" <sip:+79161112233@127.0.1.1>".to_owned(),
        "\"x%0d%0aContact: <sip:evil@127.0.0.1>\" <sip:%0d%0aX-Evil%3a1@127.0.1.1>".to_owned(),
        // A line that goes on in the next one is one line, by the rules of SIP.
        "\"x\r\n y\" <sip:+79161112233@127.0.1.1>".to_owned(),
        "\"\u{1b}[2J\u{202e}\u{0}\" <sip:+79161112233@127.0.1.1>".to_owned(),
        "\"{{7*7}}{employee}${SHELL(id)}$[1+1]\" <sip:+79161112233@127.0.1.1>".to_owned(),
        "\"',(SELECT 1);--\" <sip:'%20OR%201=1@127.0.1.1>".to_owned(),
        format!("\"{}\" <sip:+79161112233@127.0.1.1>", "Ы".repeat(1000)),
    ];
    let mut before = 0;
    for from in &names {
        // What is no SIP any more, Asterisk throws away.
        let Ok(mut caller) = RawCaller::call(company.asterisk.sip_address(), from, "100").await
        else {
            println!("not taken by Asterisk: {from:?}");
            continue;
        };
        wait_until("the menu is heard", SOON, || {
            first_sounds(&company) > before
        })
        .await
        .map_err(|error| format!("{from:?}: {error}"))?;
        caller.press('1', Duration::from_millis(60)).await?;
        sales.wait_for(Kind::Established, SOON).await?;
        wait_until("they talk", SOON, || {
            company.application.log().matches("LeaseCleared").count() > before
        })
        .await?;
        sales.hang_up().await?;
        sales.wait_for(Kind::Closed, SOON).await?;
        company.wait_until_nothing_is_left().await?;
        before += 1;
    }
    for happened in sales.events() {
        if let Event::Incoming { number, name } = happened.event {
            println!("shown: {number:?} {name:?}");
            let is_one_line = !name.contains(['\r', '\n']) && !number.contains(['\r', '\n']);
            assert!(is_one_line, "{number:?} {name:?}");
        }
    }
    let served = company.application.entries("the call has ended: talked");
    assert_eq!(served.len(), before);
    assert!(before + 2 >= names.len(), "{before} were served");
    Ok(())
}

/// More than Asterisk's SIP takes: it may refuse, and everybody else is served as before.
#[tokio::test]
async fn a_name_of_ten_kilobytes_hurts_nobody() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let from = format!("\"{}\" <sip:+79161112233@127.0.1.1>", "x".repeat(10_000));
    let refused = RawCaller::call(company.asterisk.sip_address(), &from, "100").await;
    println!(
        "ten kilobytes: {:?}",
        refused.as_ref().err().map(ToString::to_string)
    );
    drop(refused);
    let caller = talking(&company, CLIENT, &eugenia).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    caller.hang_up().await?;
    Ok(())
}

/// As long as it may be inside of Asterisk, where no packet limits it: a dialplan, a queue, another technology.
#[tokio::test]
async fn a_name_of_ten_kilobytes_that_is_in_asterisk_is_served() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let name = "n\"'\\".repeat(2_500);
    let body = serde_json::json!({
        "endpoint": "Local/s@vizavi/n",
        "context": "vizavi", "extension": "T", "priority": 1,
        "callerId": format!("\"{name}\" <+79161112233>"),
    })
    .to_string();
    let (user, password) = (company.asterisk.ari_user(), company.asterisk.ari_password());
    let request = format!(
        "POST /ari/channels?api_key={user}:{password} HTTP/1.1\r\nHost: pbx\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let base = company.asterisk.http_base();
    let answer = exchange(base.trim_start_matches("http://").parse()?, &request).await?;
    println!(
        "originate with a name of {} bytes: {}",
        name.len(),
        answer.status
    );
    assert_eq!(answer.status, 200, "{}", answer.body);
    // The call comes in with that name, hears its menu, presses nothing, and is at the fallback.
    company.application.wait_for("a caller arrives").await?;
    sales.wait_for(Kind::Established, SOON * 4).await?;
    company.application.wait_for("the call has ended").await?;
    let log = company.application.log();
    assert!(!log.contains("can't be read"), "{log}");
    sales.hang_up().await?;
    Ok(())
}

fn first_sounds(company: &Company) -> usize {
    company
        .application
        .entries("the caller hears the first sound")
        .len()
}
