//! A caller and the leg that was rung for them: what becomes of one when the lease runs out or the other
//! ends, without a word from the application.

use super::*;

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
    for (channel, peer) in [(caller, employee), (employee, caller)] {
        set(asterisk, channel, "VIZAVI_PEER", &unique_id(asterisk, peer));
    }
    let handler = "CHANNEL(hangup_handler_push)";
    set(asterisk, employee, handler, "vizavi-peer-gone,s,1");
}

fn unique_id(asterisk: &Asterisk, channel: &str) -> String {
    let shown = asterisk.command("core show channels concise").unwrap();
    let mut lines = shown.lines().map(|line| line.split('!'));
    let mut line = lines.find(|line| line.clone().next() == Some(channel));
    line.as_mut().unwrap().next_back().unwrap().to_owned()
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

/// A caller whose lease runs. The application is connected, and silent.
struct Caller {
    application: SilentApplication,
    name: String,
    asterisk: Asterisk,
}

impl Caller {
    async fn comes_in() -> Self {
        let asterisk = Asterisk::start().await.unwrap();
        give_a_heartbeat(&asterisk);
        let application = SilentApplication::connect(&asterisk).await;
        let name = call_the_company(&asterisk).await;
        grant_a_lease(&asterisk, &name);
        Self {
            application,
            name,
            asterisk,
        }
    }
}

/// The same, and the leg that was rung for them: each other's peers.
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
        let Caller {
            application,
            name: caller,
            asterisk,
        } = Caller::comes_in().await;
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

#[tokio::test]
async fn the_end_of_a_caller_for_whom_nobody_was_rung_ends_nobody_else() {
    let caller = Caller::comes_in().await;
    let asterisk = &caller.asterisk;
    let stranger = ring_an_employee(asterisk).await;
    hang_up(asterisk, &caller.name);
    record_of(asterisk, &caller.name).await;
    assert!(is_there(asterisk, &stranger));
    assert_nothing_to_complain_of(asterisk);
}
