//! The PBX of the tests starts, and its dialplan keeps a call safe without the application.

mod peers;

use std::{
    net::TcpStream,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use tokio::time::sleep;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::asterisk::{Asterisk, Cdr};
use crate::support::records::{CLIENT, STRANGER};

const LEASE: Duration = Duration::from_millis(400);

/// An application that connects and then does nothing, as one that hangs.
struct SilentApplication {
    _connection: WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>,
}

impl SilentApplication {
    async fn connect(asterisk: &Asterisk) -> Self {
        let url = format!(
            "{}/ari/events?app=vizavi&api_key={}:{}",
            asterisk.http_base().replace("http:", "ws:"),
            asterisk.ari_user(),
            asterisk.ari_password()
        );
        let (connection, _) = connect_async(url).await.expect("ARI's WebSocket");
        Self {
            _connection: connection,
        }
    }
}

/// Waits until the condition gives something.
async fn until<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = condition() {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(15), "never: {what}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// Lets the gate count the application as alive.
fn give_a_heartbeat(asterisk: &Asterisk) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let alive_until = now.as_secs() + 3600;
    asterisk
        .command(&format!(
            "dialplan set global VIZAVI_ALIVE_UNTIL {alive_until}"
        ))
        .unwrap();
}

/// A call comes in from the trunk. Returns the name of the channel that the dialplan serves.
async fn call_the_company(asterisk: &Asterisk) -> String {
    asterisk
        .command("channel originate Local/100@from-trunk application Wait 30")
        .unwrap();
    until("the call comes in", || {
        // A call that nobody serves can be over by now.
        let over = asterisk.cdrs().into_iter().map(|cdr| cdr.channel);
        let mut channels = asterisk.channels().unwrap().into_iter().chain(over);
        channels.find(|name| name.starts_with("Local/100@from-trunk") && name.ends_with(";2"))
    })
    .await
}

/// The record of the call that the dialplan served as this channel, when it has ended.
async fn record_of(asterisk: &Asterisk, channel: &str) -> Cdr {
    until("the call is recorded", || {
        let cdrs = asterisk.cdrs();
        cdrs.into_iter().find(|cdr| cdr.channel == channel)
    })
    .await
}

/// Sales has no phone in these tests: that it was dialled is what counts.
async fn assert_sales_was_dialled(asterisk: &Asterisk, channel: &str) {
    let cdr = record_of(asterisk, channel).await;
    let what = (cdr.context.as_str(), cdr.last_application.as_str());
    assert_eq!(what, ("vizavi-fallback", "Dial"), "{cdr:?}");
    assert_eq!(cdr.last_data, "PJSIP/90", "{cdr:?}");
}

fn entered_the_application(asterisk: &Asterisk) -> bool {
    asterisk.log().contains("Stasis(\"")
}

/// Asterisk has neither warned of anything nor called anything an error.
fn assert_nothing_to_complain_of(asterisk: &Asterisk) {
    let log = asterisk.log();
    let bad = |line: &&str| line.contains("WARNING[") || line.contains("ERROR[");
    assert_eq!(log.lines().find(bad), None);
}

#[tokio::test]
async fn it_starts_without_a_warning() {
    let asterisk = Asterisk::start().await.unwrap();
    assert_nothing_to_complain_of(&asterisk);
    let log = asterisk.log();
    assert!(log.contains("modules will be loaded"), "{log}");
    assert!(asterisk.bridges().unwrap().is_empty());
}

#[tokio::test]
async fn one_for_everybody_listens_on_all_addresses_and_knows_clients_by_account() {
    let asterisk = Asterisk::start_for_everybody().await.unwrap();
    assert_nothing_to_complain_of(&asterisk);
    let transports = asterisk.command("pjsip show transports").unwrap();
    let everywhere = format!("0.0.0.0:{}", asterisk.sip_address().port());
    assert!(transports.contains(&everywhere), "{transports}");
    let (first, last) = asterisk.sound_ports();
    let sound = asterisk.command("rtp show settings").unwrap();
    assert!(
        sound.contains(&first.to_string()) && sound.contains(&last.to_string()),
        "{sound}"
    );
    for (account, number) in [("client", CLIENT), ("stranger", STRANGER)] {
        let endpoint = asterisk
            .command(&format!("pjsip show endpoint {account}"))
            .unwrap();
        assert!(
            endpoint.contains(number) && endpoint.contains("from-trunk"),
            "{endpoint}"
        );
    }
}

#[tokio::test]
async fn it_ends_with_the_test_that_started_it() {
    let asterisk = Asterisk::start().await.unwrap();
    let address = asterisk.http_base().replace("http://", "");
    TcpStream::connect(&address).unwrap();
    drop(asterisk);
    until("the port is closed", || TcpStream::connect(&address).err()).await;
}

#[tokio::test]
async fn two_run_at_once() {
    let (one, other) = tokio::join!(Asterisk::start(), Asterisk::start());
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_ne!(one.sip_address(), other.sip_address());
    let caller = call_the_company(&one).await;
    assert_sales_was_dialled(&one, &caller).await;
    assert!(other.cdrs().is_empty());
}

#[tokio::test]
async fn it_comes_back_on_the_same_ports() {
    let mut asterisk = Asterisk::start().await.unwrap();
    let address = asterisk.sip_address();
    asterisk.kill();
    assert!(asterisk.command("core show uptime").is_err());
    asterisk.restart().await.unwrap();
    asterisk.stop().await.unwrap();
    assert!(asterisk.command("core show uptime").is_err());
    asterisk.restart().await.unwrap();
    assert_eq!(asterisk.sip_address(), address);
    let transports = asterisk.command("pjsip show transports").unwrap();
    assert!(transports.contains(&address.to_string()), "{transports}");
}

#[tokio::test]
async fn without_a_heartbeat_a_call_goes_to_sales_without_trying_the_application() {
    let asterisk = Asterisk::start().await.unwrap();
    let _application = SilentApplication::connect(&asterisk).await;
    let caller = call_the_company(&asterisk).await;
    assert_sales_was_dialled(&asterisk, &caller).await;
    assert!(!entered_the_application(&asterisk));
}

#[tokio::test]
async fn an_old_heartbeat_counts_as_none() {
    let asterisk = Asterisk::start().await.unwrap();
    let _application = SilentApplication::connect(&asterisk).await;
    asterisk
        .command("dialplan set global VIZAVI_ALIVE_UNTIL 1700000000")
        .unwrap();
    let caller = call_the_company(&asterisk).await;
    assert_sales_was_dialled(&asterisk, &caller).await;
    assert!(!entered_the_application(&asterisk));
}

#[tokio::test]
async fn without_an_application_a_call_goes_to_sales_at_once() {
    let asterisk = Asterisk::start().await.unwrap();
    give_a_heartbeat(&asterisk);
    let caller = call_the_company(&asterisk).await;
    assert_sales_was_dialled(&asterisk, &caller).await;
    assert!(entered_the_application(&asterisk));
    assert!(
        !asterisk
            .log()
            .contains("the lease of this call has run out")
    );
}

#[tokio::test]
async fn a_silent_application_loses_the_call_to_sales_when_the_lease_runs_out() {
    let asterisk = Asterisk::start().await.unwrap();
    give_a_heartbeat(&asterisk);
    let _application = SilentApplication::connect(&asterisk).await;
    let start = Instant::now();
    let caller = call_the_company(&asterisk).await;
    assert_sales_was_dialled(&asterisk, &caller).await;
    assert!(entered_the_application(&asterisk));
    assert!(start.elapsed() >= LEASE);
}
