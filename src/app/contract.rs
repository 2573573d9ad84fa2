//! The contract, served beside the calls: whatever happens to it, calls go on.

use std::io::Write;
use std::num::NonZeroU32;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::callers::Callers;
use crate::config::Settings;
use crate::crm::{self, Answer, Answers, Asking, Limits, Listening, Tls};
use crate::domain::directory::Entry;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{EmployeeId, Rules};
use crate::store::{Store, StoreError};

/// Answers about callers from the store; knows what else is kept about them.
pub struct Knowledge {
    /// What the store knows.
    pub callers: Arc<Callers>,
    /// Keeps what the CRM has answered.
    pub asking: Option<Arc<Asking>>,
}

impl Answers for Knowledge {
    fn caller(&self, phone: Option<&PhoneNumber>, at: Timestamp) -> Result<Answer, StoreError> {
        let caller = self.callers.caller(phone, self.callers.departments(), at)?;
        Ok(Answer {
            ranking: caller.ranking,
            menu: caller.known.menu,
            name: caller.known.name.map(|name| name.as_str().to_owned()),
        })
    }

    fn entry(&self, id: &EmployeeId) -> Option<Entry> {
        self.callers.entry(id)
    }

    fn rules(&self) -> &Rules {
        self.callers.rules()
    }

    fn client_erased(&self) {
        if let Some(asking) = &self.asking {
            asking.forget();
        }
    }
}

/// The contract as the settings have it.
#[must_use]
pub fn contract_settings(settings: &Settings) -> crm::Settings {
    let contract = &settings.contract;
    let rate = NonZeroU32::new(contract.requests_a_second).unwrap_or(NonZeroU32::MIN);
    let tls = contract.certificate.as_ref().map(|certificate| Tls {
        certificate: certificate.chain.clone(),
        key: certificate.key.clone(),
    });
    crm::Settings {
        listen: contract.listen,
        tls,
        directory: settings.store.directory.clone(),
        zone: settings.company.time_zone.clone(),
        language: settings.menu.language,
        callbacks: settings
            .callbacks
            .as_ref()
            .map(|callbacks| Arc::new(callbacks.rules.clone())),
        limits: Limits {
            body: contract.largest,
            rate,
            burst: rate.saturating_mul(NonZeroU32::MIN.saturating_add(1)),
            ..Limits::default()
        },
    }
}

/// The contract at work.
pub(super) struct Serving {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Serving {
    /// Begins to serve it. If that can't be, it is said.
    pub(super) async fn begin(
        settings: crm::Settings,
        store: Store,
        knowledge: Knowledge,
    ) -> Option<Self> {
        show_first_token(&store).await;
        let listening = match Listening::open(settings).await {
            Ok(listening) => listening,
            Err(error) => {
                tracing::error!(%error, "CRMs can't reach us; calls are served without them");
                return None;
            }
        };
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(listening.serve(store, Arc::new(knowledge), async {
            let _ = stopped.await;
        }));
        Some(Self { stop, task })
    }

    /// Lets requests that have begun go on for a while, and ends.
    pub(super) async fn end(self) {
        let _ = self.stop.send(());
        let _ = self.task.await;
    }
}

/// The first start makes a token and shows it: on standard error, not in the log, which others read.
async fn show_first_token(store: &Store) {
    match crm::first_token(store).await {
        Ok(None) => {}
        Ok(Some(made)) => {
            let _ = writeln!(
                std::io::stderr(),
                "\nA token for the CRM, shown only now (vizavi token makes others):\n\n    {}\n",
                made.secret.expose()
            );
        }
        Err(error) => tracing::error!(%error, "no token was made for the CRM"),
    }
}
