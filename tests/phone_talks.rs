//! The phones of the test bench call each other directly, without a PBX: what the other tests rely on.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::support::phone::{
    Answering, Codec, Ending, Event, Kind, Phone, PhoneError, PhoneSettings, Speech,
};
use crate::support::process::Process;
use crate::support::sound::{
    dominant_frequency, find, level, longest_silence, samples_in, silence, strength_of, tone,
};

const SOON: Duration = Duration::from_secs(3);
const SECOND: Duration = Duration::from_secs(1);

async fn client(speech: Speech) -> Phone {
    Phone::start(
        PhoneSettings::caller("79160000001")
            .named("Клиент Иван")
            .saying(speech),
    )
    .await
    .expect("the client\'s phone starts")
}

/// A phone on the other address that needs no PBX.
async fn colleague(answering: Answering, speech: Speech) -> Phone {
    let settings = PhoneSettings::caller("34")
        .at([127, 0, 0, 1].into())
        .answering(answering)
        .saying(speech);
    Phone::start(settings)
        .await
        .expect("the colleague's phone starts")
}

const AT_ONCE: Answering = Answering::After(Duration::ZERO);

fn incoming(number: &str, name: &str) -> Event {
    Event::Incoming {
        number: number.to_owned(),
        name: name.to_owned(),
    }
}

#[tokio::test]
async fn a_phone_is_on_within_half_a_second() {
    let begun = Instant::now();
    let phone = client(Speech::Tone(400.0)).await;
    let took = begun.elapsed();
    assert!(took < SECOND / 2, "{took:?}");
    assert_eq!(phone.events(), []);
}

#[tokio::test]
async fn a_call_is_set_up_and_each_hears_the_other() {
    let (client, colleague) = tokio::join!(
        client(Speech::Tone(400.0)),
        colleague(Answering::ByHand, Speech::Tone(1000.0))
    );
    client.dial(&colleague.uri()).await.unwrap();
    client.wait_for(Kind::Ringing, SOON).await.unwrap();
    let rings = colleague.wait_for(Kind::Incoming, SOON).await.unwrap();
    assert_eq!(rings.event, incoming("79160000001", "Клиент Иван"));

    colleague.answer().await.unwrap();
    let talk = client.wait_for(Kind::Established, SOON).await.unwrap().at;
    colleague.wait_for(Kind::Established, SOON).await.unwrap();
    tokio::time::sleep(SECOND).await;
    for (phone, hertz) in [(&client, 1000.0), (&colleague, 400.0)] {
        let heard = phone.heard_since(talk + SECOND / 5);
        assert!(
            heard.len() > samples_in(SECOND / 2),
            "only {} samples\n{}",
            heard.len(),
            phone.log()
        );
        assert!(
            strength_of(hertz, &heard) > 0.9,
            "{:?} at {} dB",
            dominant_frequency(&heard),
            level(&heard)
        );
    }

    client.hang_up().await.unwrap();
    assert_eq!(
        client.wait_for(Kind::Closed, SOON).await.unwrap().event,
        Event::Closed(Ending::Here)
    );
    assert_eq!(
        colleague.wait_for(Kind::Closed, SOON).await.unwrap().event,
        Event::Closed(Ending::There)
    );
}

#[tokio::test]
async fn a_phone_that_answers_by_itself_rings_first() {
    let (client, colleague) = tokio::join!(
        client(Speech::Silence),
        colleague(Answering::After(SECOND / 2), Speech::Silence)
    );
    client.dial(&colleague.uri()).await.unwrap();
    let rings = colleague.wait_for(Kind::Incoming, SOON).await.unwrap().at;
    let answered = colleague
        .wait_for(Kind::Established, SOON)
        .await
        .unwrap()
        .at;
    let rang = answered - rings;
    assert!((SECOND / 2..SECOND).contains(&rang), "{rang:?}");
}

#[tokio::test]
async fn a_pressed_key_arrives_as_a_key() {
    let (client, colleague) =
        tokio::join!(client(Speech::Silence), colleague(AT_ONCE, Speech::Silence));
    client.dial(&colleague.uri()).await.unwrap();
    client.wait_for(Kind::Established, SOON).await.unwrap();
    for key in ['1', '1', '*', '#', '0'] {
        client.press(key).await.unwrap();
    }
    for key in ['1', '1', '*', '#', '0'] {
        assert_eq!(
            colleague
                .wait_for(Kind::KeyPressed, SOON)
                .await
                .unwrap()
                .event,
            Event::KeyPressed(key)
        );
    }
    let keys = colleague
        .events()
        .into_iter()
        .filter(|happened| happened.event.kind() == Kind::KeyPressed)
        .count();
    assert_eq!(keys, 5);
}

#[tokio::test]
async fn a_key_without_a_call_is_refused() {
    let client = client(Speech::Silence).await;
    let error = client.press('1').await.unwrap_err();
    assert!(matches!(error, PhoneError::Refused { .. }), "{error}");
}

#[tokio::test]
async fn busy_is_seen_as_busy() {
    let (client, colleague) = tokio::join!(
        client(Speech::Silence),
        colleague(Answering::Busy, Speech::Silence)
    );
    client.dial(&colleague.uri()).await.unwrap();
    let closed = client.wait_for(Kind::Closed, SOON).await.unwrap().event;
    assert!(
        matches!(closed, Event::Closed(Ending::Refused { code: 486, .. })),
        "{closed:?}"
    );
    assert_eq!(
        colleague.wait_for(Kind::Closed, SOON).await.unwrap().event,
        Event::Closed(Ending::Here)
    );
}

#[tokio::test]
async fn a_phone_in_a_call_is_busy_for_others() {
    let (first, second, colleague) = tokio::join!(
        client(Speech::Silence),
        client(Speech::Silence),
        colleague(AT_ONCE, Speech::Silence)
    );
    first.dial(&colleague.uri()).await.unwrap();
    first.wait_for(Kind::Established, SOON).await.unwrap();
    second.dial(&colleague.uri()).await.unwrap();
    let closed = second.wait_for(Kind::Closed, SOON).await.unwrap().event;
    assert!(
        matches!(closed, Event::Closed(Ending::Refused { code: 486, .. })),
        "{closed:?}"
    );
}

#[tokio::test]
async fn no_answer_is_seen_as_no_answer_and_told_as_a_story() {
    let (client, colleague) = tokio::join!(
        client(Speech::Silence),
        colleague(Answering::ByHand, Speech::Silence)
    );
    client.dial(&colleague.uri()).await.unwrap();
    let error = client
        .wait_for(Kind::Established, SECOND / 2)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("79160000001: no Established within 500ms"),
        "{error}"
    );
    assert!(error.contains("Ringing"), "{error}");

    client.hang_up().await.unwrap();
    let closed = colleague.wait_for(Kind::Closed, SOON).await.unwrap().event;
    assert_eq!(closed, Event::Closed(Ending::There), "{}", colleague.log());
}

#[tokio::test]
async fn a_second_call_is_a_new_page() {
    let (client, colleague) = tokio::join!(
        client(Speech::Silence),
        colleague(Answering::Busy, Speech::Tone(700.0))
    );
    client.dial(&colleague.uri()).await.unwrap();
    client.wait_for(Kind::Closed, SOON).await.unwrap();

    colleague.set_answering(AT_ONCE);
    client.dial(&colleague.uri()).await.unwrap();
    let talk = client.wait_for(Kind::Established, SOON).await.unwrap().at;
    tokio::time::sleep(SECOND).await;
    // Within the first 0.3 s of a talk a phone was seen to fall silent once, for some 50 ms.
    assert!(strength_of(700.0, &client.heard_since(talk + SECOND * 2 / 5)) > 0.9);
    // The first call's end isn't taken for the second's.
    assert!(client.wait_for(Kind::Closed, SECOND / 10).await.is_err());
}

#[tokio::test]
async fn a_clip_is_heard_once_and_then_silence() {
    let clip = [
        tone(600.0, SECOND / 4),
        tone(900.0, SECOND / 4),
        tone(450.0, SECOND / 4),
    ]
    .concat();
    let ulaw = PhoneSettings::caller("35")
        .at([127, 0, 0, 1].into())
        .speaking_in(Codec::Ulaw);
    let speaker = Phone::start(ulaw.saying(Speech::Once(clip.clone())))
        .await
        .unwrap();
    let listener = Phone::start(
        PhoneSettings::caller("1")
            .speaking_in(Codec::Ulaw)
            .answering(AT_ONCE),
    )
    .await
    .unwrap();
    // From before the call: the first packets may come before the event does.
    let begun = Instant::now();
    speaker.dial(&listener.uri()).await.unwrap();
    listener.wait_for(Kind::Established, SOON).await.unwrap();
    tokio::time::sleep(2 * SECOND).await;
    let heard = listener.heard_since(begun);
    let found = find(&clip, &heard).unwrap();
    assert!(found.likeness > 0.95, "{found:?}\n{}", listener.log());
    let after = longest_silence(&heard[found.at + clip.len()..], -50.0);
    assert!(after > SECOND, "{after:?}");
}

#[tokio::test]
async fn the_recording_keeps_the_time_while_nothing_is_received() {
    let words = tone(800.0, SECOND / 4);
    let (client, colleague) = tokio::join!(
        client(Speech::Silence),
        colleague(AT_ONCE, Speech::Again(words))
    );
    let mut talks = Vec::new();
    let begun = Instant::now();
    for _ in 0..2 {
        client.dial(&colleague.uri()).await.unwrap();
        talks.push(client.wait_for(Kind::Established, SOON).await.unwrap().at);
        tokio::time::sleep(SECOND / 2).await;
        client.hang_up().await.unwrap();
        colleague.wait_for(Kind::Closed, SOON).await.unwrap();
        tokio::time::sleep(3 * SECOND / 2).await;
    }
    let heard = client.heard_since(begun);
    // Each half second is found where the clock says it was, the pause between them included.
    for talk in talks {
        let middle = samples_in(talk - begun) + samples_in(SECOND / 8);
        assert!(strength_of(800.0, &heard[middle..middle + samples_in(SECOND / 4)]) > 0.9);
        let pause = middle + samples_in(SECOND / 2);
        let quiet = heard.get(pause..pause + samples_in(SECOND)).unwrap();
        assert_eq!(quiet, silence(SECOND));
    }
}

#[tokio::test]
async fn a_refused_registration_is_seen() {
    // A phone is no registrar.
    let registrar = client(Speech::Silence).await;
    let address = registrar.uri().split_once('@').unwrap().1.parse().unwrap();
    let employee = Phone::start(PhoneSettings::employee("34", "secret", address).with_sip_trace())
        .await
        .unwrap();
    let refused = employee
        .wait_for(Kind::NotRegistered, SOON)
        .await
        .unwrap()
        .event;
    assert!(
        matches!(&refused, Event::NotRegistered(reason) if reason.starts_with("501")),
        "{refused:?}"
    );
    assert!(
        employee.log().contains("REGISTER sip:127.0.1.1"),
        "{}",
        employee.log()
    );
}

fn process_directory(phone: &Phone) -> PathBuf {
    PathBuf::from(format!("/proc/{}", phone.process_id()))
}

#[tokio::test]
async fn a_phone_that_is_dropped_leaves_no_process_behind() {
    let phone = client(Speech::Silence).await;
    let process = process_directory(&phone);
    assert!(process.exists());
    drop(phone);
    assert!(!process.exists());
}

#[tokio::test]
async fn a_phone_that_is_switched_off_says_goodbye() {
    let (client, colleague) =
        tokio::join!(client(Speech::Silence), colleague(AT_ONCE, Speech::Silence));
    client.dial(&colleague.uri()).await.unwrap();
    client.wait_for(Kind::Established, SOON).await.unwrap();
    let process = process_directory(&client);
    client.switch_off().await;
    assert!(!process.exists());
    assert_eq!(
        colleague.wait_for(Kind::Closed, SOON).await.unwrap().event,
        Event::Closed(Ending::There)
    );
}

/// Part of the test below, which kills the process that this one runs in.
#[tokio::test]
#[ignore = "does nothing but hold a phone until it is killed"]
async fn holding_a_phone() {
    let phone = client(Speech::Silence).await;
    println!("\nphone {}", phone.process_id());
    tokio::time::sleep(20 * SECOND).await;
}

#[test]
fn a_phone_dies_with_a_test_process_that_is_killed() {
    // It can't clean up after itself.
    let directory = TempDir::new().unwrap();
    let mut tests = Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "--nocapture",
            "phone_talks::holding_a_phone",
        ])
        .env("TMPDIR", directory.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(tests.stdout.take().unwrap()).lines();
    let id = lines
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("phone ").map(str::to_owned))
        .unwrap();
    let command = || std::fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
    assert!(command().starts_with("baresip"), "{}", command());

    tests.kill().unwrap();
    tests.wait().unwrap();
    let patience = Instant::now() + SOON;
    // A dead process that nobody has collected yet has no command line any more.
    while !command().is_empty() && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(command(), "");
}

#[test]
fn a_missing_program_shows_as_an_early_end() {
    let mut process = Process::start("/nowhere/baresip", |command| {
        command.stderr(Stdio::null());
    })
    .unwrap();
    let patience = Instant::now() + SOON;
    while !process.has_ended() && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(process.has_ended());
}
