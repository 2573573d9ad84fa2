//! Limits, retries and the breaker, with a service of our own and virtual time.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;

use super::*;
use crate::speech::CommandSettings;
use crate::speech::files::Files;
use crate::speech::services::{Kind, Online, Service, ServiceSettings};

/// What the service does when it is asked.
#[derive(Clone)]
enum Step {
    Speak,
    SpeakAfter(Duration),
    Hang,
    Refuse(u16, Option<u64>),
    BeSilent,
}

/// Does the steps in order; then speaks.
#[derive(Clone, Default)]
struct Scripted {
    steps: Arc<Mutex<VecDeque<Step>>>,
    asked_at: Arc<Mutex<Vec<Instant>>>,
    running: Arc<AtomicUsize>,
    most_running: Arc<AtomicUsize>,
}

impl Scripted {
    fn of(steps: &[Step]) -> Self {
        let scripted = Self::default();
        lock(&scripted.steps).extend(steps.iter().cloned());
        scripted
    }

    fn asked(&self) -> usize {
        lock(&self.asked_at).len()
    }

    /// The times between the requests.
    fn gaps(&self) -> Vec<Duration> {
        let asked_at = lock(&self.asked_at);
        asked_at.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }
}

impl Service for Scripted {
    fn voice(&self, _language: Language) -> Option<Vec<String>> {
        Some(Vec::new())
    }

    async fn speak(&self, _text: &str, _language: Language) -> Result<Decoded, ServiceError> {
        lock(&self.asked_at).push(Instant::now());
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_running.fetch_max(running, Ordering::SeqCst);
        let step = lock(&self.steps).pop_front().unwrap_or(Step::Speak);
        let answer = act(step).await;
        self.running.fetch_sub(1, Ordering::SeqCst);
        answer
    }
}

async fn act(step: Step) -> Result<Decoded, ServiceError> {
    let sound = |loudness: f32| {
        Ok(Decoded {
            samples: vec![loudness; 8000],
            rate: 16_000,
        })
    };
    match step {
        Step::Speak => sound(0.1),
        Step::BeSilent => sound(0.0),
        Step::Hang => std::future::pending().await,
        Step::SpeakAfter(time) => {
            sleep(time).await;
            sound(0.1)
        }
        Step::Refuse(status, retry_after) => Err(ServiceError::Refused {
            status,
            reason: "no".to_owned(),
            retry_after: retry_after.map(Duration::from_secs),
        }),
    }
}

/// As a service on the net has them: 15 s, and so 5 s for an attempt.
fn settings() -> ServiceSettings {
    ServiceSettings {
        kind: Kind::VoiceFabric(
            Online::default(),
            crate::speech::ServiceKey::Variable(String::new()),
        ),
        time_limit: Duration::from_secs(15),
        at_once: NonZeroUsize::new(3).unwrap(),
        ..ServiceSettings::command("a", CommandSettings::default())
    }
}

fn station(scripted: &Scripted) -> Station {
    Station::of(Box::new(scripted.clone()), &settings(), None)
}

async fn speak(station: &Station) -> Result<Vec<i16>, Unspoken> {
    station.speak("Анна", Language::Russian).await
}

const fn refuse(status: u16) -> Step {
    Step::Refuse(status, None)
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_may_pass_is_tried_twice_again_a_little_later_each_time() {
    for status in [429, 500, 503, 504] {
        let scripted = Scripted::of(&[refuse(status), refuse(status)]);
        speak(&station(&scripted)).await.unwrap();
        let gaps = scripted.gaps();
        assert_eq!(gaps.len(), 2, "{status}");
        let milliseconds: Vec<u128> = gaps.iter().map(Duration::as_millis).collect();
        assert!((100..=201).contains(&milliseconds[0]), "{milliseconds:?}");
        assert!((200..=401).contains(&milliseconds[1]), "{milliseconds:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_third_failure_is_the_last() {
    let scripted = Scripted::of(&[refuse(500), refuse(503), refuse(504)]);
    let error = speak(&station(&scripted)).await.unwrap_err();
    assert!(error.to_string().contains("HTTP 504"), "{error}");
    assert_eq!(scripted.asked(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_will_not_pass_is_not_tried_again() {
    for status in [400, 401, 403, 404, 501] {
        let scripted = Scripted::of(&[refuse(status)]);
        speak(&station(&scripted)).await.unwrap_err();
        assert_eq!(scripted.asked(), 1, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_is_waited_for_as_it_asks() {
    let scripted = Scripted::of(&[Step::Refuse(429, Some(3))]);
    speak(&station(&scripted)).await.unwrap();
    assert_eq!(scripted.gaps()[0].as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_wants_a_long_rest_gets_it_and_nobody_waits() {
    let scripted = Scripted::of(&[Step::Refuse(429, Some(100))]);
    let station = station(&scripted);
    let started = Instant::now();
    speak(&station).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(1));
    sleep(Duration::from_secs(99)).await;
    assert!(matches!(speak(&station).await, Err(Unspoken::LeftAlone)));
    sleep(Duration::from_secs(1)).await;
    speak(&station).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_service_that_hangs_is_tried_until_the_time_is_over() {
    let scripted = Scripted::of(&[Step::Hang, Step::Hang, Step::Hang]);
    let started = Instant::now();
    let error = speak(&station(&scripted)).await.unwrap_err();
    assert!(
        matches!(error, Unspoken::Failed(ServiceError::Late(_))),
        "{error}"
    );
    assert_eq!(started.elapsed().as_secs(), 15);
    assert_eq!(scripted.asked(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_hung_once_is_heard_the_second_time() {
    let scripted = Scripted::of(&[Step::Hang]);
    let started = Instant::now();
    speak(&station(&scripted)).await.unwrap();
    assert_eq!(started.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn silence_is_a_failure() {
    let scripted = Scripted::of(&[Step::BeSilent]);
    let error = speak(&station(&scripted)).await.unwrap_err();
    assert!(
        matches!(error, Unspoken::Failed(ServiceError::BadSound(_))),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_service_that_keeps_failing_is_left_alone_for_a_while() {
    let scripted = Scripted::of(&[refuse(403), refuse(403), refuse(403)]);
    let station = station(&scripted);
    for _ in 0..3 {
        assert!(station.is_open());
        speak(&station).await.unwrap_err();
    }
    assert!(!station.is_open());
    assert!(matches!(speak(&station).await, Err(Unspoken::LeftAlone)));
    assert_eq!(scripted.asked(), 3);

    sleep(PAUSE).await;
    speak(&station).await.unwrap();
    assert!(station.is_open());
}

#[tokio::test(start_paused = true)]
async fn after_the_pause_one_tries_and_the_others_do_not_wait() {
    let refused = [refuse(403), refuse(403), refuse(403), Step::Hang];
    let scripted = Scripted::of(&refused);
    let station = station(&scripted);
    for _ in 0..3 {
        speak(&station).await.unwrap_err();
    }
    sleep(PAUSE).await;
    let (first, second) = tokio::join!(speak(&station), speak(&station));
    first.unwrap();
    assert!(matches!(second, Err(Unspoken::LeftAlone)));
}

#[tokio::test(start_paused = true)]
async fn no_more_is_asked_at_once_than_the_settings_allow() {
    let steps = vec![Step::SpeakAfter(Duration::from_secs(1)); 12];
    let scripted = Scripted::of(&steps);
    let station = station(&scripted);
    let started = Instant::now();
    let spoken = join_all((0..12).map(|_| speak(&station))).await;
    assert!(spoken.iter().all(Result::is_ok));
    assert_eq!(scripted.most_running.load(Ordering::SeqCst), 3);
    assert_eq!(started.elapsed().as_secs(), 4);
}

#[tokio::test(start_paused = true)]
async fn who_waits_too_long_for_a_turn_gives_up_and_the_service_is_not_blamed() {
    let slow = Duration::from_secs(4);
    let scripted = Scripted::of(&vec![Step::SpeakAfter(slow); 20]);
    let station = station(&scripted);
    let spoken = join_all((0..15).map(|_| speak(&station))).await;
    let busy = |spoken: &&Result<Vec<i16>, Unspoken>| matches!(spoken, Err(Unspoken::Busy));
    assert_eq!(spoken.iter().filter(busy).count(), 3);
    assert_eq!(spoken.iter().filter(|spoken| spoken.is_ok()).count(), 12);
    assert!(station.is_open());
}

#[tokio::test(start_paused = true)]
async fn requests_are_spread_over_the_second() {
    let scripted = Scripted::default();
    let mut settings = settings();
    settings.requests_a_second = NonZeroUsize::new(4);
    let station = Station::of(Box::new(scripted.clone()), &settings, None);
    join_all((0..9).map(|_| speak(&station))).await;
    let gaps = scripted.gaps();
    assert_eq!(gaps.len(), 8);
    let quarter = |gap: &Duration| (249..=252).contains(&gap.as_millis());
    assert!(gaps.iter().all(quarter), "{gaps:?}");
}

fn on_a_budget(scripted: &Scripted, characters: u64) -> (Station, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let files = Files::open(directory.path()).unwrap();
    let ledger = Arc::new(Ledger::open(Arc::new(files)));
    let mut settings = settings();
    settings.budget = Some(MonthlyBudget::Characters(characters));
    let station = Station::of(Box::new(scripted.clone()), &settings, Some(ledger));
    (station, directory)
}

#[tokio::test(start_paused = true)]
async fn a_service_whose_budget_is_used_up_is_not_asked() {
    let scripted = Scripted::default();
    // Two times the four letters of the name.
    let (station, directory) = on_a_budget(&scripted, 9);
    speak(&station).await.unwrap();
    speak(&station).await.unwrap();
    assert!(matches!(speak(&station).await, Err(Unspoken::Spent)));
    assert!(!station.is_open());
    assert_eq!(scripted.asked(), 2);
    let file = std::fs::read_to_string(directory.path().join("budget.json")).unwrap();
    assert!(
        file.contains("\"a\":{\"characters\":8,\"requests\":2}"),
        "{file}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_costs_nothing_and_a_sound_that_can_not_be_used_does() {
    let steps = [refuse(500), refuse(500), Step::Speak, Step::BeSilent];
    let scripted = Scripted::of(&steps);
    let (station, directory) = on_a_budget(&scripted, 100);
    speak(&station).await.unwrap();
    speak(&station).await.unwrap_err();
    let file = std::fs::read_to_string(directory.path().join("budget.json")).unwrap();
    assert!(
        file.contains("\"a\":{\"characters\":8,\"requests\":2}"),
        "{file}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_reason_is_told_once_until_the_service_speaks_again() {
    let scripted = Scripted::of(&[refuse(403)]);
    let station = station(&scripted);
    speak(&station).await.unwrap_err();
    let refused = |status| ServiceError::Refused {
        status,
        reason: "no".to_owned(),
        retry_after: None,
    };
    assert_eq!(station.news(&refused(403)), None, "it was told");
    assert!(station.news(&refused(401)).is_some(), "another reason");
    assert_eq!(station.news(&refused(401)), None);
    speak(&station).await.unwrap();
    assert!(station.news(&refused(401)).is_some());
}
