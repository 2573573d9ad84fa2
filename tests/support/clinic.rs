//! A clinic that calls its patients back: a PBX, the callbacks running in the test itself through the
//! library, an operator's telephone and a patient's.

use std::collections::{HashMap, HashSet};
use std::env;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use vizavi::ari::{ChannelId, Requests, Secret, Settings, Socket};
use vizavi::domain::call::{self, Accepting, Ringing, WaitSound};
use vizavi::domain::callback::attempt::{
    Detection, News, Operators, Order, Patient, Policy, Prompts, Silence,
};
use vizavi::domain::callback::{JobId, Outcome};
use vizavi::domain::directory::{Endpoint, Entry, Extensions};
use vizavi::domain::language::Language;
use vizavi::domain::menu::{Known, Menu, Reasons, Wording};
use vizavi::domain::phone::PhoneNumber;
use vizavi::domain::prompt::{Phrase, Prompt};
use vizavi::service_manager::Pulse;
use vizavi::speech::{self, CommandSettings, Speech};
use vizavi::switchboard::callback::{AttemptId, AttemptReport, CallbackDesk, Callbacks};
use vizavi::switchboard::{
    Desk, Ending, Fallback, Profile, Profiles, Reception, Report, Switchboard, Vitals, Welcome,
    Wordings,
};

use super::asterisk::Asterisk;
use super::company::{CALLER_TONE, Result, SOON, employee_tone};
use super::ear::{SPEAKER, is_tone, place_of};
use super::fault::{Relay, wait_until};
use super::phone::{Answering, Kind, Phone, PhoneSettings, Speech as Said};
use super::sound::samples_in;

/// The patient's number, and what the clinic shows them.
pub(crate) const PATIENT: &str = "+79161112233";
pub(crate) const CLINIC: &str = "+74959262644";
pub(crate) const PATIENT_NAME: &str = "Smirnova Anna";
/// How long the patient's telephone rings in these tests.
pub(crate) const RING_TIME: Duration = Duration::from_secs(4);
/// The only job.
const JOB: &str = "crm-17";
const KEY_TIME: Duration = Duration::from_secs(2);

/// A PBX with callbacks.
pub(crate) struct Clinic {
    pub(crate) asterisk: Asterisk,
    pub(crate) requests: Requests,
    pub(crate) speech: Speech,
    pub(crate) told: Arc<Told>,
    callbacks: Option<Callbacks>,
    serving: Option<(oneshot::Sender<()>, JoinHandle<Ending>)>,
    phrases: TempDir,
}

impl Clinic {
    /// Opens the clinic; callbacks can be ordered.
    pub(crate) async fn open() -> Result<Self> {
        let mut clinic = Self::without_callbacks().await?;
        clinic.serve().await?;
        Ok(clinic)
    }

    /// As [`Clinic::open`]; the application reaches Asterisk through a relay.
    pub(crate) async fn behind_a_relay() -> Result<(Self, Relay)> {
        let mut clinic = Self::without_callbacks().await?;
        let relay = Relay::to(clinic.asterisk.http_base().trim_start_matches("http://")).await?;
        let base = format!("{}/ari", relay.base());
        let through = requests(&base, clinic.asterisk.ari_password())?;
        clinic.serve_by(through).await?;
        Ok((clinic, relay))
    }

    /// From now on the callbacks run in the test.
    pub(crate) async fn serve(&mut self) -> Result<()> {
        self.serve_by(self.requests.clone()).await
    }

    async fn serve_by(&mut self, requests: Requests) -> Result<()> {
        let speech = self.speech.clone();
        let mut switchboard = Switchboard::new(desk(requests.clone(), speech));
        self.callbacks = Some(switchboard.callbacks(Arc::clone(&self.told) as _));
        let (stop, stopped) = oneshot::channel();
        let socket = Socket::open(&requests);
        let serving = switchboard.run(socket, async { drop(stopped.await) });
        self.serving = Some((stop, tokio::spawn(serving)));
        self.wait_until_connected().await
    }

    /// The PBX alone; the callbacks run elsewhere.
    pub(crate) async fn without_callbacks() -> Result<Self> {
        let asterisk = Asterisk::start().await?;
        let base = format!("{}/ari", asterisk.http_base());
        let requests = requests(&base, asterisk.ari_password())?;
        let phrases = TempDir::with_prefix("vizavi-phrases-")?;
        let speech = speaker(phrases.path())?;
        Ok(Self {
            asterisk,
            requests,
            speech,
            told: Arc::default(),
            callbacks: None,
            serving: None,
            phrases,
        })
    }

    pub(crate) fn phrases(&self) -> &Path {
        self.phrases.path()
    }

    pub(crate) async fn wait_until_connected(&self) -> Result<()> {
        let asked = Instant::now();
        while self.requests.application().await.is_err() {
            if asked.elapsed() > SOON * 2 {
                return Err("the application does not connect".into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// An attempt begins.
    pub(crate) fn call_back(&self, order: Order) -> Result<AttemptId> {
        let callbacks = self.callbacks.as_ref().ok_or("no callbacks here")?;
        Ok(callbacks.start_attempt(order)?)
    }

    pub(crate) fn cancel(&self, attempt: &AttemptId) -> Result<()> {
        let callbacks = self.callbacks.as_ref().ok_or("no callbacks here")?;
        Ok(callbacks.cancel(attempt)?)
    }

    /// The only operator's telephone.
    pub(crate) async fn operator(&self, answering: Answering) -> Result<Phone> {
        self.operator_saying(answering, Said::Tone(employee_tone("90")))
            .await
    }

    pub(crate) async fn operator_saying(&self, answering: Answering, said: Said) -> Result<Phone> {
        let pbx = self.asterisk.sip_address();
        let settings = PhoneSettings::employee("90", "demo-90", pbx);
        let phone = Phone::start(settings.saying(said).answering(answering)).await?;
        phone.wait_for(Kind::Registered, SOON).await?;
        Ok(phone)
    }

    /// The patient's telephone, behind the carrier's trunk.
    pub(crate) async fn patient(&self, answering: Answering) -> Result<Phone> {
        let settings = PhoneSettings::caller(PATIENT).saying(Said::Tone(CALLER_TONE));
        Ok(Phone::start(settings.answering(answering)).await?)
    }

    /// Waits until a phone has heard a prompt to its end.
    pub(crate) async fn hears(&self, phone: &Phone, since: Instant, prompt: &Prompt) -> Result<()> {
        let asked = Instant::now();
        // A recording is true to within some milliseconds, and the beginning must not be cut off.
        let since = since - Duration::from_millis(500);
        while place_of(&self.speech, prompt, &phone.heard_since(since))?.is_none() {
            if asked.elapsed() > Duration::from_secs(50) {
                let words: Vec<_> = prompt.phrases.iter().map(|phrase| &phrase.text).collect();
                return Err(format!("{words:?} was not heard\n{}", self.asterisk.log()).into());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    /// Waits until nothing of any call is left in the PBX.
    pub(crate) async fn wait_until_nothing_is_left(&self) -> Result<()> {
        let asked = Instant::now();
        loop {
            let (channels, bridges) = (self.asterisk.channels()?, self.asterisk.bridges()?);
            if channels.is_empty() && bridges.is_empty() {
                return Ok(());
            }
            if asked.elapsed() > SOON {
                let log = self.asterisk.log();
                return Err(format!("left in the PBX: {channels:?} {bridges:?}\n{log}").into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The end of a test: what was told of the only attempt, and nothing is left.
    pub(crate) async fn ended(&self, outcome: Outcome) -> Result<AttemptReport> {
        self.ended_as(Some(outcome)).await
    }

    /// As [`Clinic::ended`], also for an attempt that was interrupted.
    pub(crate) async fn ended_as(&self, outcome: Option<Outcome>) -> Result<AttemptReport> {
        let told = Arc::clone(&self.told);
        let within = Duration::from_secs(15);
        let waited = wait_until("the end", within, || told.end().is_some()).await;
        waited.map_err(|error| format!("{error}\n{}", self.asterisk.log()))?;
        let (ended, report) = self.told.end().ok_or("no end")?;
        assert_eq!(
            ended,
            outcome,
            "{:?}\n{}",
            report.story,
            self.asterisk.log()
        );
        self.wait_until_nothing_is_left().await?;
        assert_eq!(self.told.ends(), 1, "told once");
        Ok(report)
    }

    /// Stops the application in order.
    pub(crate) async fn stop(&mut self) -> Result<Ending> {
        let (stop, serving) = self.serving.take().ok_or("it does not run")?;
        stop.send(()).map_err(|()| "it has ended by itself")?;
        Ok(serving.await?)
    }
}

/// Waits until the two hear each other.
pub(crate) async fn they_talk(operator: &Phone, patient: &Phone) -> Result<()> {
    let asked = Instant::now();
    loop {
        tokio::time::sleep(Duration::from_millis(600)).await;
        let lately = |phone: &Phone| {
            let mut heard = phone.heard_since(asked);
            let before = heard
                .len()
                .saturating_sub(samples_in(Duration::from_millis(500)));
            heard.split_off(before)
        };
        let (to_operator, to_patient) = (lately(operator), lately(patient));
        if is_tone(&to_operator, CALLER_TONE) && is_tone(&to_patient, employee_tone("90")) {
            return Ok(());
        }
        if asked.elapsed() > SOON * 2 {
            return Err("the two do not hear each other".into());
        }
    }
}

/// A patient at this address of the carrier's network.
pub(crate) fn by_trunk(uri: &str) -> String {
    format!("PJSIP/trunk/{uri}")
}

/// An order with words that take no time, and waits that are short.
pub(crate) fn order(endpoint: &str) -> Result<Order> {
    Ok(Order {
        job: JobId::parse(JOB)?,
        number: 1,
        patient: Patient {
            endpoint: Endpoint::parse(endpoint)?,
            number: PATIENT.to_owned(),
            name: PATIENT_NAME.to_owned(),
            shown_number: CLINIC.to_owned(),
            shown_name: "Clinic".to_owned(),
        },
        operators: Operators {
            owner: Vec::new(),
            queue: "operators".to_owned(),
            priority: 10,
        },
        prompts: Prompts {
            briefing: said("Анна Петровна, в девять часов."),
            plain: said("Обратный звонок, попытка номер один."),
            connecting: said("Соединяю."),
            busy: said("Линия занята."),
            no_answer: said("Никто не ответил."),
            sorry: said("Обратный звонок прерван."),
            apology: said("Приносим извинения, ждите оператора."),
        },
        policy: Policy {
            detection: Detection::Key,
            queue_time: Duration::from_secs(20),
            briefing_after: Duration::from_secs(1),
            key_time: KEY_TIME,
            silence: Silence::Postpones,
            ring_time: RING_TIME,
            prompt_time: Duration::from_secs(20),
            lease_margin: Duration::from_secs(2),
        },
    })
}

fn said(text: &str) -> Prompt {
    Prompt {
        phrases: vec![Phrase {
            text: text.to_owned(),
            language: Language::Russian,
            pause: Duration::ZERO,
        }],
    }
}

/// What the desk was told.
#[derive(Default)]
pub(crate) struct Told {
    news: Mutex<Vec<News>>,
    /// At this news whoever tells it meets with a defect of ours.
    breaks_at: Mutex<Option<News>>,
    ends: Mutex<Vec<(Option<Outcome>, AttemptReport)>>,
}

impl Told {
    pub(crate) fn news(&self) -> Vec<News> {
        lock(&self.news).clone()
    }

    /// The attempt will panic.
    pub(crate) fn breaks_at(&self, news: News) {
        *lock(&self.breaks_at) = Some(news);
    }

    fn end(&self) -> Option<(Option<Outcome>, AttemptReport)> {
        lock(&self.ends).first().cloned()
    }

    fn ends(&self) -> usize {
        lock(&self.ends).len()
    }
}

impl CallbackDesk for Told {
    fn attempt_goes_on(&self, news: News, _: AttemptReport) {
        lock(&self.news).push(news);
        let breaks = lock(&self.breaks_at).take_if(|at| *at == news).is_some();
        assert!(!breaks, "the defect that this test is about");
    }

    fn attempt_ended(&self, outcome: Option<Outcome>, report: AttemptReport) {
        lock(&self.ends).push((outcome, report));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Nobody calls the clinic in these tests; who did would be offered nobody.
struct Nobody;

impl Reception for Nobody {
    fn welcome(
        &self,
        _: &ChannelId,
        _: Option<&PhoneNumber>,
        _: &Arc<[Entry]>,
    ) -> BoxFuture<'static, Welcome> {
        let known = Known {
            menu: Menu::default_of(&[]),
            name: None,
            extensions: Extensions::default(),
            reasons: Reasons::default(),
        };
        ready(Welcome::of(known)).boxed()
    }

    fn call_goes_on(&self, _: call::News, _: Report) {}

    fn call_ended(&self, _: call::Outcome, _: Report) {}
}

pub(crate) fn requests(base: &str, password: &str) -> Result<Requests> {
    Ok(Requests::new(&Settings::new(
        base,
        "vizavi",
        Secret::new(password),
    ))?)
}

pub(crate) fn speaker(phrases: &Path) -> Result<Speech> {
    let command = CommandSettings {
        russian: SPEAKER.map(str::to_owned).to_vec(),
        ..CommandSettings::default()
    };
    Ok(Speech::open(speech::Settings::with_command(
        phrases, command,
    ))?)
}

pub(crate) fn desk(requests: Requests, speech: Speech) -> Desk {
    let general = Profile {
        language: Language::Russian,
        follows_clients: false,
        wordings: Wordings::of(|language| Wording::new(language, None)),
        hours: None,
        departments: Arc::default(),
        fallback: Fallback {
            context: "vizavi-fallback".to_owned(),
            extension: "s".to_owned(),
        },
        own_fallback: None,
        language_key: None,
    };
    Desk {
        requests,
        speech,
        reception: Arc::new(Nobody),
        profiles: Profiles {
            general: Arc::new(general),
            numbers: HashMap::new(),
            direct: HashSet::new(),
        },
        policy: call::Policy {
            answering: call::Answering::AtOnce,
            rounds: 1,
            key_time: KEY_TIME,
            digit_time: KEY_TIME,
            ring_time: RING_TIME,
            ringing: Ringing::Together,
            accept: Accepting::Never,
            accept_time: KEY_TIME,
            record: false,
            wait_time: KEY_TIME,
            wait_sound: WaitSound::Ringing,
            callback_key: None,
            prompt_time: KEY_TIME,
            lease_margin: KEY_TIME,
        },
        recording: None,
        pulse: Pulse::default(),
        vitals: Vitals::default(),
    }
}

/// What a process of its own is told by its environment.
pub(crate) fn told_by_environment(name: &str) -> Result<String> {
    env::var(name).map_err(|_| format!("{name} is not set").into())
}
