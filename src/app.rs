//! Builds the parts, starts them, and drains them.

mod ahead;
mod callbacks;
mod calls_thread;
mod contract;
mod front_desk;
mod left_callbacks;
mod presence;
mod readiness;
mod records;
mod showing;
mod upkeep;

use std::future::Future;
use std::io;
use std::sync::Arc;

use crate::ari::{self, Requests, Socket};
use crate::callbacks::Callbacks;
use crate::callers::{self, Callers};
use crate::config::Settings;
use crate::crm::{Asking, UnusableSettings};
use crate::domain::phone::PhoneNumber;
use crate::service_manager::{self, Pulse};
use crate::speech::{Speech, SpeechError};
use crate::store::{self, OpenError, Opened, Store};
use crate::switchboard::{Desk, Ending, Reception, Switchboard, Vitals};
use crate::webhooks::{self, Outbox, UnusableWebhook};
use callbacks::{CallbackJobs, Orders, Owners};
use calls_thread::Stopping;
use contract::Serving;
use front_desk::FrontDesk;
use left_callbacks::LeftCallbacks;
use presence::Telephones;
use records::Records;
use showing::{Showing, Watched};

pub use ahead::{MOST_LINES, Said};
pub use contract::{Knowledge, contract_settings};
pub use readiness::UnusableAsterisk;

/// Why we could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// What must survive can't be opened.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// The settings of ARI can't be used.
    #[error(transparent)]
    Ari(#[from] ari::SettingsError),
    /// The settings of the CRM can't be used.
    #[error(transparent)]
    Crm(#[from] UnusableSettings),
    /// A webhook can't be used.
    #[error(transparent)]
    Webhook(#[from] UnusableWebhook),
    /// The phrase cache can't be used.
    #[error(transparent)]
    Speech(#[from] SpeechError),
    /// There is no thread for the calls.
    #[error(
        "the system gives no thread to the calls ({0}): look at the limits of processes and memory"
    )]
    Thread(#[source] io::Error),
    /// Asterisk answers, but can't serve us.
    #[error(transparent)]
    Asterisk(#[from] UnusableAsterisk),
}

/// Serves calls until `stop` completes.
///
/// # Errors
/// [`StartError`] when there is no point in waiting: somebody has to change something.
pub async fn serve(
    settings: Settings,
    stop: impl Future<Output = ()>,
) -> Result<Ending, StartError> {
    let store = open_store(&settings)?;
    let callers = Arc::new(Callers::new(store.clone(), questions(&settings)));
    let asking = settings.crm.clone().map(Asking::new).transpose()?;
    let asking = asking.map(Arc::new);
    let (records, writing) = Records::begin(store.clone(), Arc::clone(&callers));
    let (outbox, delivering) = webhooks::begin(settings.webhooks.clone(), &store)?;
    let contract = contract_settings(&settings);
    let knowledge = Knowledge {
        callers: Arc::clone(&callers),
        asking: asking.clone(),
    };
    let contract = Serving::begin(contract, store.clone(), knowledge).await;
    // Connections of its own: questions must not be in the way of calls.
    let telephones = match settings.presence.ask {
        true => Some(Telephones {
            requests: Requests::new(&settings.ari)?,
            says_busy: settings.presence.says_busy,
        }),
        false => None,
    };
    let front_desk = FrontDesk {
        callers: Arc::clone(&callers),
        asking,
        telephones,
        records,
        callbacks: left_callbacks(&settings, &store, &callers),
        outbox: outbox.clone(),
    };
    let watched = Watched {
        vitals: Vitals::default(),
        store: store.clone(),
        fallback: settings.fallback.clone(),
    };
    let vitals = watched.vitals.clone();
    let showing = Showing::begin(settings.metrics.listen, watched).await;
    let pruning = upkeep::prune_calls(store.clone(), settings.store.calls_kept);
    let pruning = tokio::spawn(pruning);
    let parties = Parties {
        reception: Arc::new(front_desk),
        jobs: callback_jobs(&settings, &store, &callers, outbox)?,
        callers: Some(callers),
    };
    let ending = serve_calls(settings, parties, vitals, stop).await;
    pruning.abort();
    if let Some(showing) = showing {
        showing.end().await;
    }
    if let Some(contract) = contract {
        contract.end().await;
    }
    writing.finish().await;
    delivering.finish().await;
    ending
}

/// As [`serve`], with somebody else who knows callers, and without callbacks. Those whom `callers` may offer
/// are spoken ahead.
///
/// # Errors
/// As [`serve`].
pub async fn serve_with(
    settings: Settings,
    reception: Arc<dyn Reception>,
    callers: Option<Arc<Callers>>,
    stop: impl Future<Output = ()>,
) -> Result<Ending, StartError> {
    let parties = Parties {
        reception,
        callers,
        jobs: None,
    };
    serve_calls(settings, parties, Vitals::default(), stop).await
}

/// Whom calls have to do with.
struct Parties {
    /// Knows callers.
    reception: Arc<dyn Reception>,
    /// Those who may be offered are spoken ahead.
    callers: Option<Arc<Callers>>,
    /// Whoever is to be called back.
    jobs: Option<CallbackJobs>,
}

async fn serve_calls(
    settings: Settings,
    parties: Parties,
    vitals: Vitals,
    stop: impl Future<Output = ()>,
) -> Result<Ending, StartError> {
    let Parties {
        reception,
        callers,
        jobs,
    } = parties;
    tokio::task::spawn_blocking(PhoneNumber::warm_up);
    let profiles = settings.profiles();
    let requests = Requests::new(&settings.ari)?;
    // Connections of its own: questions must not be in the way of calls, nor in their thread.
    let other_requests = Requests::new(&settings.ari)?;
    let largest = settings.speech.largest;
    let speech = Speech::open(settings.speech)?;
    let pulse = Pulse::default();
    let living = tokio::spawn(service_manager::keep_telling_that_we_live(pulse.clone()));
    service_manager::ready("waiting for Asterisk");
    tokio::pin!(stop);
    tokio::select! {
        usable = readiness::wait_for_asterisk(&other_requests, &settings.ari.base_url, || {
            pulse.beat();
            vitals.go_on();
        }) => usable?,
        () = &mut stop => return Ok(Ending::Stopped),
    }
    service_manager::status("serving calls");
    let said = Said {
        profiles: profiles.clone(),
        longest_menu: settings.menu.longest,
        says_busy: settings.presence.says_busy,
        callback_key: settings.menu.policy.callback_key,
        most_lines: MOST_LINES,
    };
    let warming = tokio::spawn(ahead::warm(speech.clone(), said, callers));
    let upkeep = tokio::spawn(upkeep::keep_tidy(speech.clone(), largest));
    let serving = tokio::spawn(upkeep::serve_clips(speech.clone()));
    let desk = Desk {
        requests: requests.clone(),
        speech,
        reception,
        profiles,
        policy: settings.menu.policy,
        recording: settings.recording,
        pulse,
        vitals,
    };
    let mut switchboard = Switchboard::new(desk);
    let calling_back = jobs.map(|jobs| jobs.begin(&mut switchboard, other_requests));
    let stopping = async {
        stop.await;
        if let Some(calling_back) = &calling_back {
            calling_back.stop();
        }
    };
    let serving_calls = move |stopping: Stopping| async move {
        let socket = Socket::open(&requests);
        switchboard.run(socket, stopping.asked()).await
    };
    let ending = calls_thread::run(serving_calls, stopping).await;
    if let Some(calling_back) = calling_back {
        calling_back.finish().await;
    }
    warming.abort();
    serving.abort();
    living.abort();
    upkeep.abort();
    ending.map_err(StartError::Thread)
}

/// The jobs of the store, if somebody is to make callbacks.
fn callback_jobs(
    settings: &Settings,
    store: &Store,
    callers: &Arc<Callers>,
    outbox: Outbox,
) -> Result<Option<CallbackJobs>, ari::SettingsError> {
    let Some(callbacks) = settings.callbacks.clone() else {
        return Ok(None);
    };
    let orders = Orders {
        settings: callbacks.attempt,
        zone: callbacks.rules.zone.clone(),
        language: settings.menu.language,
        names: settings.menu.names.clone(),
        texts: callbacks.texts,
    };
    let owners = Owners {
        callers: Arc::clone(callers),
        // Connections of its own, again: questions must not be in the way of callbacks either.
        telephones: Telephones {
            requests: Requests::new(&settings.ari)?,
            says_busy: false,
        },
    };
    Ok(Some(CallbackJobs {
        jobs: Callbacks::new(store.clone(), callbacks.rules),
        orders,
        owners,
        outbox,
    }))
}

/// Keeps callers' wishes to be called back, if somebody is to make callbacks.
fn left_callbacks(
    settings: &Settings,
    store: &Store,
    callers: &Arc<Callers>,
) -> Option<LeftCallbacks> {
    let callbacks = settings.callbacks.as_ref()?;
    Some(LeftCallbacks {
        store: store.clone(),
        callers: Arc::clone(callers),
        rules: Arc::new(callbacks.rules.clone()),
        owner_time: callbacks.owner_time,
    })
}

/// Opens what must survive.
///
/// # Errors
/// [`OpenError`]: it can't be used, or another process has it.
pub fn open_store(settings: &Settings) -> Result<Store, OpenError> {
    let place = store::Settings {
        cache_bytes: settings.store.cache_bytes,
        ..store::Settings::new(
            &settings.store.directory,
            settings.company.time_zone.clone(),
        )
    };
    let Opened { store, moved_aside } = Store::open(&place)?;
    if let Some(place) = moved_aside {
        tracing::error!(
            moved_to = %place.display(),
            "the store was damaged and has been moved aside; an empty one is begun, and callers are \
             offered the default menu until the CRM has sent its events again"
        );
    }
    let counts = store.counts();
    tracing::info!(
        clients = counts.clients,
        employees = counts.employees,
        "store"
    );
    Ok(store)
}

/// What callers and the contract ask the store.
#[must_use]
pub fn questions(settings: &Settings) -> callers::Settings {
    callers::Settings {
        rules: settings.rating.clone(),
        departments: settings.company.departments.clone(),
        longest_menu: settings.menu.longest,
    }
}
