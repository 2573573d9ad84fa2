//! The PBX of the tests starts, and its dialplan keeps a call safe without the application.

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

/// Some leg that stands for the employee's phone, and is picked up at once. Returns its name.
async fn ring_an_employee(asterisk: &Asterisk) -> String {
    ring(asterisk, "*1").await
}

/// The same, and nobody picks up.
async fn ring_an_empty_room(asterisk: &Asterisk) -> String {
    for step in ["*2,1,Ringing()", "*2,2,Wait(30)"] {
        let add = format!("dialplan add extension {step} into internal");
        asterisk.command(&add).unwrap();
    }
    ring(asterisk, "*2").await
}

async fn ring(asterisk: &Asterisk, number: &str) -> String {
    let leg = format!("Local/{number}@internal");
    let originate = format!("channel originate {leg} application Wait 30");
    asterisk.command(&originate).unwrap();
    until("the employee's leg is there", || {
        let mut channels = asterisk.channels().unwrap().into_iter();
        channels.find(|name| name.starts_with(&leg) && name.ends_with(";2"))
    })
    .await
}

/// The application grants as much, and falls silent.
fn grant_a_lease(asterisk: &Asterisk, caller: &str) {
    set(asterisk, caller, "TIMEOUT(absolute)", "4");
}

fn set(asterisk: &Asterisk, channel: &str, variable: &str, value: &str) {
    asterisk
        .command(&format!(
            "dialplan set chanvar {channel} {variable} {value}"
        ))
        .unwrap();
}

/// Makes the two each other's peers, as the application does when it rings an employee.
fn make_peers(asterisk: &Asterisk, caller: &str, employee: &str) {
    set(asterisk, caller, "VIZAVI_PEER", employee);
    set(asterisk, employee, "VIZAVI_PEER", caller);
    let handler = "CHANNEL(hangup_handler_push)";
    set(asterisk, employee, handler, "vizavi-peer-gone,s,1");
}

fn is_there(asterisk: &Asterisk, channel: &str) -> bool {
    let channels = asterisk.channels().unwrap();
    channels.iter().any(|name| name == channel)
}

async fn until_gone(asterisk: &Asterisk, channel: &str) {
    until("the leg is gone", || {
        (!is_there(asterisk, channel)).then_some(())
    })
    .await;
}

fn hang_up(asterisk: &Asterisk, channel: &str) {
    asterisk
        .command(&format!("channel request hangup {channel}"))
        .unwrap();
}

/// A caller whose lease runs, and the leg that was rung for them: each other's peers. The application is
/// connected, and silent.
struct Peers {
    application: SilentApplication,
    caller: String,
    employee: String,
    asterisk: Asterisk,
}

impl Peers {
    async fn while_it_rings() -> Self {
        Self::by(ring_an_empty_room).await
    }

    async fn after_the_pick_up() -> Self {
        Self::by(ring_an_employee).await
    }

    async fn by(ring: impl AsyncFn(&Asterisk) -> String) -> Self {
        let asterisk = Asterisk::start().await.unwrap();
        give_a_heartbeat(&asterisk);
        let application = SilentApplication::connect(&asterisk).await;
        let caller = call_the_company(&asterisk).await;
        grant_a_lease(&asterisk, &caller);
        let employee = ring(&asterisk).await;
        make_peers(&asterisk, &caller, &employee);
        Self {
            application,
            caller,
            employee,
            asterisk,
        }
    }
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

#[tokio::test]
async fn it_starts_without_a_warning() {
    let asterisk = Asterisk::start().await.unwrap();
    let log = asterisk.log();
    let bad = |line: &&str| line.contains("WARNING[") || line.contains("ERROR[");
    assert_eq!(log.lines().find(bad), None);
    assert!(log.contains("modules will be loaded"), "{log}");
    assert!(asterisk.bridges().unwrap().is_empty());
}

#[tokio::test]
async fn one_for_everybody_listens_on_all_addresses_and_knows_clients_by_account() {
    let asterisk = Asterisk::start_for_everybody().await.unwrap();
    let log = asterisk.log();
    let bad = |line: &&str| line.contains("WARNING[") || line.contains("ERROR[");
    assert_eq!(log.lines().find(bad), None);
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

#[tokio::test]
async fn when_the_lease_runs_out_the_leg_that_was_rung_is_ended_and_the_caller_is_not() {
    let peers = Peers::while_it_rings().await;
    let (asterisk, caller, employee) = (&peers.asterisk, &peers.caller, &peers.employee);
    assert_sales_was_dialled(asterisk, caller).await;
    assert!(!is_there(asterisk, employee));
}

#[tokio::test]
async fn whoever_has_picked_up_when_the_lease_runs_out_is_brought_together_with_the_caller() {
    let peers = Peers::after_the_pick_up().await;
    let (asterisk, caller, employee) = (&peers.asterisk, &peers.caller, &peers.employee);
    until("the two are in one bridge", || {
        let bridges = asterisk.bridges().unwrap();
        let shown = bridges
            .iter()
            .map(|id| asterisk.command(&format!("bridge show {id}")));
        let mut shown = shown.filter_map(Result::ok);
        shown.find(|shown| shown.contains(caller) && shown.contains(employee))
    })
    .await;
    hang_up(asterisk, employee);
    let cdr = record_of(asterisk, caller).await;
    assert_eq!(cdr.context, "vizavi", "{cdr:?}");
}

#[tokio::test]
async fn a_leg_that_ends_while_the_caller_still_waits_leaves_the_caller_alone() {
    let peers = Peers::while_it_rings().await;
    let (asterisk, caller, employee) = (&peers.asterisk, &peers.caller, &peers.employee);
    hang_up(asterisk, employee);
    until_gone(asterisk, employee).await;
    assert!(is_there(asterisk, caller));
    assert_sales_was_dialled(asterisk, caller).await;
}

#[tokio::test]
async fn the_end_of_the_employees_leg_ends_a_conversation_without_the_application() {
    let peers = Peers::after_the_pick_up().await;
    let (asterisk, caller, employee) = (&peers.asterisk, &peers.caller, &peers.employee);
    // A conversation has no lease.
    set(asterisk, caller, "TIMEOUT(absolute)", "0");
    drop(peers.application);
    hang_up(asterisk, employee);
    let cdr = record_of(asterisk, caller).await;
    assert_eq!(cdr.context, "vizavi", "{cdr:?}");
}

#[tokio::test]
async fn the_end_of_the_caller_ends_the_employees_leg_without_the_application() {
    let peers = Peers::after_the_pick_up().await;
    let (asterisk, caller, employee) = (&peers.asterisk, &peers.caller, &peers.employee);
    drop(peers.application);
    hang_up(asterisk, caller);
    until_gone(asterisk, employee).await;
}
