//! From the moment that something is told to the moment that somebody has taken it.

use super::*;

const KINDS: [&str; 4] = [
    "call.started",
    "call.offered",
    "call.connected",
    "call.finished",
];

fn begin(receiver: &Receiver, store: &Store) -> (Outbox, Delivering) {
    begin_at(QUICK, vec![receiver.settings()], store).unwrap()
}

fn tell_all(outbox: &Outbox, call: &str) {
    for kind in OF_CALLS {
        outbox.tell(fact(call, kind));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calls_messages_come_in_order_and_signed() {
    let (_directory, store) = new_store();
    let receiver = Receiver::new().await;
    let (outbox, _delivering) = begin(&receiver, &store);
    tell_all(&outbox, "7");
    until("all are taken", || receiver.heard().len() == 4).await;
    until("nothing waits", || nothing_waits(&store)).await;
    assert_eq!(receiver.heard_of("7"), KINDS);
    for heard in receiver.heard() {
        assert!(heard.is_signed(), "{heard:?}");
        assert_eq!(heard.header("webhook-id"), heard.json()["id"]);
        let kind = heard.header("content-type");
        assert_eq!(kind, "application/cloudevents+json; charset=utf-8");
    }
}

#[tokio::test]
async fn what_no_webhook_wants_is_not_taken() -> Result<(), UnusableWebhook> {
    let (_directory, store) = new_store();
    let receiver = Receiver::new().await;
    let mut settings = receiver.settings();
    settings.events = vec![Kind::Finished];
    let (outbox, _delivering) = begin_at(QUICK, vec![settings], &store)?;
    // Nobody writes until this test waits for something.
    for (kind, taken) in [(Kind::Started, 0), (Kind::Finished, 1), (Kind::Offered, 1)] {
        outbox.tell(fact("7", kind));
        assert_eq!(MOST_FACTS - outbox.facts.capacity(), taken, "{kind:?}");
    }
    until("one is taken", || receiver.heard_of("7").len() == 1).await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_comes_again_and_what_follows_waits_for_it() {
    let (_directory, store) = new_store();
    let receiver = Receiver::new().await;
    let elsewhere = Receiver::new().await;
    receiver.replies(
        "7",
        [
            Reply::Status(500),
            Reply::Redirect(elsewhere.url.clone()),
            Reply::Status(404),
            Reply::Late,
        ],
    );
    let (outbox, _delivering) = begin(&receiver, &store);
    tell_all(&outbox, "7");
    until("the last one is taken", || receiver.heard().len() == 8).await;
    until("nothing waits", || nothing_waits(&store)).await;
    let heard = receiver.heard_of("7");
    assert_eq!(heard[..5], ["call.started"; 5]);
    assert_eq!(heard[5..], KINDS[1..]);
    let ids: HashSet<String> = receiver.heard()[..5]
        .iter()
        .map(|heard| heard.header("webhook-id").to_owned())
        .collect();
    assert_eq!(ids.len(), 1, "the id stays the same");
    assert!(elsewhere.heard().is_empty(), "a redirect is not followed");
    assert_eq!(store.counts().dead_letters, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_not_taken_holds_up_no_other() {
    let (_directory, store) = new_store();
    let receiver = Receiver::new().await;
    receiver.replies("7", [Reply::Late, Reply::Late]);
    let (outbox, _delivering) = begin(&receiver, &store);
    tell_all(&outbox, "7");
    tell_all(&outbox, "8");
    until("the other call is told", || {
        receiver.heard_of("8").len() == 4
    })
    .await;
    assert!(receiver.heard_of("7").len() <= 2);
    until("the first one too", || nothing_waits(&store)).await;
    assert_eq!(receiver.heard_of("7")[2..], KINDS);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_told_beside_each_other_but_only_so_many() {
    let (_directory, store) = new_store();
    let receiver = Receiver::new().await;
    receiver.script.lock().unwrap().pause = Duration::from_millis(20);
    let (outbox, _delivering) = begin(&receiver, &store);
    for call in 0..40 {
        tell_all(&outbox, &call.to_string());
    }
    until("all are taken", || receiver.heard().len() == 160).await;
    for call in 0..40 {
        assert_eq!(receiver.heard_of(&call.to_string()), KINDS);
    }
    let most = receiver.script.lock().unwrap().most_at_once;
    assert!((2..=8).contains(&most), "{most} at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_gone_gets_nothing_more_and_it_can_be_sent_again() {
    let (_directory, store) = new_store();
    let receiver = Receiver::new().await;
    receiver.always(Reply::Status(410));
    let (outbox, _delivering) = begin(&receiver, &store);
    tell_all(&outbox, "7");
    until("all are given up", || store.counts().dead_letters == 4).await;
    until("nothing waits", || nothing_waits(&store)).await;
    assert_eq!(receiver.heard_of("7"), KINDS, "each was tried once");

    let dead = store.dead_letters_after(0, 10).unwrap();
    assert_eq!(dead[0].1.why, "the answer was HTTP 410");
    assert_eq!(dead[0].1.message.attempts, 1);
    receiver.always(None);
    let due = Timestamp::now();
    let again = dead.iter().map(|(number, _)| Change::TellAgain {
        number: *number,
        due,
    });
    store.write(again.collect()).await.unwrap();
    until("all are taken", || receiver.heard().len() == 8).await;
    assert_eq!(receiver.heard_of("7")[4..], KINDS);
    assert_eq!(store.counts().dead_letters, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_for_a_day_is_given_up() {
    let (_directory, store) = new_store();
    let receiver = Receiver::new().await;
    receiver.always(Reply::Status(500));
    let pace = Pace {
        pauses: 0.000_001,
        ..QUICK
    };
    let begun = begin_at(pace, vec![receiver.settings()], &store).unwrap();
    begun.0.tell(fact("7", Kind::Started));
    until("it is given up", || store.counts().dead_letters == 1).await;
    assert_eq!(receiver.heard().len(), 34);
    let dead = store.dead_letters_after(0, 10).unwrap();
    assert_eq!(dead[0].1.why, "after 34 attempts, the answer was HTTP 500");
    assert_eq!(dead[0].1.message.attempts, 34);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restart_it_goes_on_where_it_was() {
    let (directory, store) = new_store();
    let receiver = Receiver::new().await;
    receiver.replies("7", [Reply::Status(204)]);
    receiver.always(Reply::Status(503));
    let (outbox, delivering) = begin(&receiver, &store);
    tell_all(&outbox, "7");
    until("the second is tried", || receiver.heard().len() >= 2).await;
    drop(outbox);
    delivering.finish().await;
    store.close();

    let store = reopened(directory.path()).await;
    receiver.always(None);
    let before = receiver.heard().len();
    let waiting = store.messages_after(0, 10).unwrap();
    assert_eq!(waiting.len(), 3);
    let (_outbox, _delivering) = begin(&receiver, &store);
    until("all are taken", || nothing_waits(&store)).await;
    assert_eq!(receiver.heard_of("7")[before..], KINDS[1..]);
}

/// The last of those who have a store closes it, which may be an attempt that is just being aborted.
async fn reopened(directory: &Path) -> Store {
    let settings = store::Settings::new(directory, TimeZone::UTC);
    for _ in 0..500 {
        if let Ok(opened) = Store::open(&settings) {
            return opened.store;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    open(directory)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_webhook_gets_what_it_wants() {
    let (_directory, store) = new_store();
    let (one, other) = (Receiver::new().await, Receiver::new().await);
    let only_the_end = Settings {
        name: "other".to_owned(),
        events: vec![Kind::Finished],
        ..other.settings()
    };
    let begun = begin_at(QUICK, vec![one.settings(), only_the_end], &store).unwrap();
    tell_all(&begun.0, "7");
    until("all are taken", || one.heard().len() == 4).await;
    until("nothing waits", || nothing_waits(&store)).await;
    assert_eq!(other.heard_of("7"), ["call.finished"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_webhook_that_is_not_set_any_more_is_given_up() {
    let (_directory, store) = new_store();
    let message = fact("7", Kind::Started).message("former").unwrap();
    let tell = Change::Tell(Box::new(message));
    store.write(vec![tell]).await.unwrap();
    let receiver = Receiver::new().await;
    let _begun = begin(&receiver, &store);
    until("it is given up", || store.counts().dead_letters == 1).await;
    let dead = store.dead_letters_after(0, 10).unwrap();
    assert_eq!(dead[0].1.why, "the settings have no webhook \"former\"");
    assert!(receiver.heard().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_long_failure_the_latest_are_told_and_the_oldest_never_were() {
    let directory = TempDir::new().unwrap();
    let store = open_for(directory.path(), 10);
    let receiver = Receiver::new().await;
    receiver.always(Reply::Status(500));
    let (outbox, _delivering) = begin(&receiver, &store);
    for call in 0..200 {
        outbox.tell(fact(&call.to_string(), Kind::Started));
    }
    until("all are written", || store.message(200).unwrap().is_some()).await;
    assert_eq!(store.counts().messages, 10);
    let tried = receiver.heard().len();
    receiver.always(None);
    until("all are taken", || nothing_waits(&store)).await;
    let told: HashSet<String> = receiver.heard()[tried..].iter().map(Heard::what).collect();
    for call in 190..200 {
        assert!(told.contains(&format!("{call} call.started")), "{call}");
    }
    let on_their_way = crate::domain::delivery::MOST_AT_ONCE;
    assert!(told.len() <= 10 + on_their_way, "{told:?}");
}
