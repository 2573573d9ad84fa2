//! A real SIP phone to test with: one baresip process without a sound card, worked by its `ctrl_tcp` module.
//!
//! It needs Debian's `baresip-core` (1.0 or newer) and `setpriv` of util-linux. Each phone has its own directory, ports and
//! process; nothing is shared but the machine. It takes one call at a time: a second one finds it busy.

mod baresip;
mod control;
mod event;
mod ports;
mod recording;
mod settings;

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;

use baresip::{log_of, prepare, start_baresip};
use control::Control;
use event::Diary;
pub(crate) use event::{Ending, Event, Happened, Kind};
use ports::Ports;
use recording::Recording;
pub(crate) use settings::{Answering, Codec, PhoneSettings, Speech};

use super::process::Process;

/// A phone says no more after this: baresip has its speech in memory (4.8 MB), and ends the stream with the file.
pub(crate) const LONGEST_CALL: Duration = Duration::from_secs(300);
/// A phone is on within some 50 ms; a busy machine may take longer.
const STARTS_WITHIN: Duration = Duration::from_secs(5);
/// A key's telephone-event takes baresip some 180 ms, and a second one must not cut it short.
const KEY_TAKES: Duration = Duration::from_millis(300);

/// What can go wrong with a phone.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PhoneError {
    #[error(
        "the phone can't be prepared: {0}. It needs baresip (Debian: baresip-core) and setpriv (util-linux)"
    )]
    NotPrepared(#[from] io::Error),
    #[error(
        "baresip did not start within {STARTS_WITHIN:?}. Is it installed (Debian: baresip-core)? It said:\n{0}"
    )]
    NotStarted(String),
    #[error("phone {phone} refused to {command}: {answer}")]
    Refused {
        phone: String,
        command: String,
        answer: String,
    },
    #[error("phone {phone} did not {command}, its baresip has gone: {error}. It said:\n{log}")]
    Gone {
        phone: String,
        command: String,
        error: io::Error,
        log: String,
    },
    #[error(
        "phone {phone}: no {kind:?} within {within:?}. What happened since it was switched on:{story}"
    )]
    NotSeen {
        phone: String,
        kind: Kind,
        within: Duration,
        story: String,
    },
}

/// What the task that listens to baresip shares with the phone.
#[derive(Debug)]
struct Shared {
    diary: Diary,
    control: Control,
    answering: Mutex<Answering>,
}

/// A phone that is switched on. Dropped, it is gone at once, as if its cable were cut: no BYE, no unregistering.
#[derive(Debug)]
pub(crate) struct Phone {
    user: String,
    address: SocketAddr,
    shared: Arc<Shared>,
    listener: JoinHandle<()>,
    recording: Recording,
    last_key: Mutex<Option<Instant>>,
    // Dropped in this order: the process before its directory and ports.
    process: Process,
    directory: TempDir,
    _ports: Ports,
}

impl Phone {
    /// Switches a phone on. One that registers has only asked for it by then: wait for [`Kind::Registered`].
    ///
    /// # Errors
    /// When baresip isn't there or doesn't start.
    pub(crate) async fn start(settings: PhoneSettings) -> Result<Self, PhoneError> {
        let ports = Ports::reserve(settings.address)?;
        let directory = TempDir::with_prefix("vizavi-phone-")?;
        prepare(directory.path(), &settings, &ports)?;
        let mut process = start_baresip(directory.path(), settings.sip_trace)?;
        let (control, messages) = connect(&ports, &mut process, directory.path()).await?;
        let begun = Instant::now();
        let shared = Arc::new(Shared {
            diary: Diary::new(begun),
            control,
            answering: Mutex::new(settings.answering),
        });
        let phone = Self {
            listener: tokio::spawn(listen(messages, Arc::clone(&shared))),
            recording: Recording::of(directory.path().join("heard"), begun),
            address: (settings.address, ports.sip()).into(),
            user: settings.user.clone(),
            last_key: Mutex::default(),
            shared,
            process,
            directory,
            _ports: ports,
        };
        // Only now, with the wire connected: no answer to the registration can be missed. baresip's own words about the
        // account hold the password, so a refusal tells its log instead.
        let account = settings.account(phone.address.port());
        match phone.command("uanew", &account).await {
            Err(PhoneError::Refused { .. }) => return Err(PhoneError::NotStarted(phone.log())),
            done => done?,
        }
        Ok(phone)
    }

    /// Where it can be called directly: `sip:34@127.0.0.1:20002`.
    pub(crate) fn uri(&self) -> String {
        format!("sip:{}@{}", self.user, self.address)
    }

    /// Its process id.
    pub(crate) fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Calls, and returns as soon as baresip has begun to. Events of earlier calls are not waited for any more.
    ///
    /// # Errors
    /// When baresip refuses or has gone. That nobody answers is an event.
    pub(crate) async fn dial(&self, uri: &str) -> Result<(), PhoneError> {
        self.shared.diary.turn_the_page();
        self.command("dial", uri).await
    }

    /// Picks up.
    ///
    /// # Errors
    /// When baresip refuses or has gone.
    pub(crate) async fn answer(&self) -> Result<(), PhoneError> {
        self.command("accept", "").await
    }

    /// Ends the call: BYE; CANCEL when it isn't answered yet; 486 (busy) when it is ringing here.
    ///
    /// # Errors
    /// When baresip refuses or has gone.
    pub(crate) async fn hang_up(&self) -> Result<(), PhoneError> {
        self.command("hangup", "").await
    }

    /// Presses a key (`0`–`9`, `*`, `#`, `A`–`D`) for about 180 ms, as RFC 4733 telephone-events. Returns when it is being sent;
    /// after another key, it first lets that one finish.
    ///
    /// # Errors
    /// When baresip refuses, as it does without a call, or has gone.
    pub(crate) async fn press(&self, key: char) -> Result<(), PhoneError> {
        let previous = *self.last_key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(previous) = previous {
            tokio::time::sleep(KEY_TAKES.saturating_sub(previous.elapsed())).await;
        }
        self.command("sndcode", &key.to_string()).await?;
        *self.last_key.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        Ok(())
    }

    /// Hands the call on with the telephone's own transfer key: REFER, and nothing is said to whom it
    /// goes.
    ///
    /// # Errors
    /// When baresip refuses or has gone.
    pub(crate) async fn transfer(&self, uri: &str) -> Result<(), PhoneError> {
        self.command("transfer", uri).await
    }

    /// What its owner does from now on when it rings.
    pub(crate) fn set_answering(&self, answering: Answering) {
        *self
            .shared
            .answering
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = answering;
    }

    /// Waits for the first event of that kind that no earlier wait has returned, and that came after the last [`Phone::dial`]; it
    /// may have come already. Kinds don't get in each other's way.
    ///
    /// # Errors
    /// When it doesn't come in time: the message tells all that did happen.
    pub(crate) async fn wait_for(
        &self,
        kind: Kind,
        within: Duration,
    ) -> Result<Happened, PhoneError> {
        let waiting = tokio::time::timeout(within, self.shared.diary.next(kind));
        waiting.await.map_err(|_| PhoneError::NotSeen {
            phone: self.user.clone(),
            kind,
            within,
            story: self.shared.diary.to_string(),
        })
    }

    /// All that happened since it was switched on.
    pub(crate) fn events(&self) -> Vec<Happened> {
        self.shared.diary.all()
    }

    /// All that it heard from `from` on, 8 kHz, in real time: sample n is what came n / 8000 s after `from`, and while nothing
    /// was received there are zeros. True to within 60 ms as long as packets come in time; the last 60 ms may be missing.
    pub(crate) fn heard_since(&self, from: Instant) -> Vec<i16> {
        self.recording.since(from)
    }

    /// All that baresip printed; with its SIP messages, if the settings ask for them.
    pub(crate) fn log(&self) -> String {
        log_of(self.directory.path())
    }

    /// Switches it off politely: hangs up, unregisters, and waits for the end of its process, two seconds at most.
    pub(crate) async fn switch_off(mut self) {
        // Whatever fails here, dropping it ends it.
        let _ = self.command("quit", "").await;
        let patience = Instant::now() + Duration::from_secs(2);
        while !self.process.has_ended() && Instant::now() < patience {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn command(&self, command: &str, parameters: &str) -> Result<(), PhoneError> {
        let (phone, command_name) = (self.user.clone(), command.to_owned());
        match self.shared.control.command(command, parameters).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(answer)) => Err(PhoneError::Refused {
                phone,
                command: command_name,
                answer,
            }),
            Err(error) => Err(PhoneError::Gone {
                phone,
                command: command_name,
                error,
                log: self.log(),
            }),
        }
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

async fn connect(
    ports: &Ports,
    process: &mut Process,
    directory: &Path,
) -> Result<(Control, UnboundedReceiver<Value>), PhoneError> {
    let patience = Instant::now() + STARTS_WITHIN;
    while Instant::now() < patience && !process.has_ended() {
        if let Ok(connected) = Control::connect(ports.control()).await {
            return Ok(connected);
        }
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    Err(PhoneError::NotStarted(log_of(directory)))
}

/// Writes down what happens, and does what the phone's owner does.
async fn listen(mut messages: UnboundedReceiver<Value>, shared: Arc<Shared>) {
    while let Some(message) = messages.recv().await {
        let Some(event) = Event::from_baresip(&message) else {
            continue;
        };
        let rings = event.kind() == Kind::Incoming;
        shared.diary.note(event);
        let answering = *shared
            .answering
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match answering {
            Answering::After(time) if rings => drop(tokio::spawn(answer_after(
                time,
                shared.diary.incoming_calls(),
                Arc::clone(&shared),
            ))),
            Answering::Busy if rings => drop(tokio::spawn(refuse(Arc::clone(&shared)))),
            Answering::ByHand | Answering::After(_) | Answering::Busy => {}
        }
    }
}

/// Picks up, unless that call is over by then.
async fn answer_after(time: Duration, call: usize, shared: Arc<Shared>) {
    tokio::time::sleep(time).await;
    if shared.diary.rings() && shared.diary.incoming_calls() == call {
        // A call that has just gone can't be answered; that is an event.
        let _ = shared.control.command("accept", "").await;
    }
}

async fn refuse(shared: Arc<Shared>) {
    let _ = shared.control.command("hangup", "").await;
}
