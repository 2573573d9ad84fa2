//! Everything that is counted, with what it means.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry};

use super::process::Process;
use crate::domain::call::{FallbackReason, Outcome, Step};
use crate::domain::callback::Outcome as Attempted;
use crate::domain::callback::report::INTERRUPTED;
use crate::domain::health::Symptom;

/// The outcome of a call that failed by a mistake of ours.
pub(super) const FAILED: &str = "failed";

/// The longest step of a histogram that Asterisk's requests reach is their time-out: 2 s.
const ARI_SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 0.5, 1.0, 2.0];

/// What a caller waits for.
const CALLER_SECONDS: [f64; 9] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];

/// A write is on disk in milliseconds; one that exchanges files takes seconds.
const STORE_SECONDS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0, 30.0];

/// Labels whose values are fixed.
type Fixed<const COUNT: usize> = [(&'static str, &'static str); COUNT];
/// A label whose value is a name of the settings.
type Named = [(&'static str, String); 1];
/// Times for each value of a label.
type Times = Family<Fixed<1>, Histogram, fn() -> Histogram>;

pub(super) struct All {
    pub(super) registry: Registry,
    pub(super) calls: Family<Fixed<1>, Counter>,
    pub(super) fallbacks: Family<Fixed<1>, Counter>,
    pub(super) calls_under_way: Gauge,
    pub(super) first_sound: Histogram,
    pub(super) rings: Histogram,
    pub(super) connected: Gauge,
    pub(super) gate_open: Gauge,
    pub(super) fallback_missing: Gauge,
    pub(super) gate_closed: Family<Fixed<1>, Counter>,
    pub(super) ari_times: Times,
    pub(super) ari_failures: Family<Fixed<2>, Counter>,
    pub(super) ari_under_way: Gauge,
    pub(super) clips: Family<Fixed<1>, Counter>,
    pub(super) cache_entries: Family<Fixed<1>, Gauge>,
    pub(super) cache_bytes: Gauge,
    pub(super) spoken: Family<Named, Counter>,
    pub(super) speech_failures: Family<Named, Counter>,
    pub(super) sent: Family<Named, Counter>,
    pub(super) send_failures: Family<Named, Counter>,
    pub(super) messages: Family<Fixed<1>, Gauge>,
    pub(super) store_writes: Histogram,
    pub(super) store_failures: Counter,
    pub(super) store_works: Gauge,
    pub(super) store_bytes: Gauge,
    pub(super) clients: Gauge,
    pub(super) employees: Gauge,
    pub(super) crm_questions: Counter,
    pub(super) crm_failures: Counter,
    pub(super) contract: Family<Fixed<1>, Counter>,
    pub(super) callbacks: Family<Fixed<1>, Gauge>,
    pub(super) callback_attempts: Family<Fixed<1>, Counter>,
}

impl All {
    /// Everything, entered into a new registry.
    pub(super) fn new() -> Self {
        let mut book = Book(Registry::default());
        let build: Family<Fixed<1>, Gauge> = book.enter("build_info", "Which vizavi this is");
        let version = [("version", env!("CARGO_PKG_VERSION"))];
        build.get_or_create(&version).set(1);
        let mut all = Self {
            calls: book.enter("calls", "Calls that have ended, by what came of them"),
            fallbacks: book.enter(
                "fallbacks",
                "Calls that went to the fallback, by the reason",
            ),
            calls_under_way: book.enter("calls_under_way", "Calls that go on now"),
            first_sound: book.times(
                "first_sound_seconds",
                "From the call's arrival to the first sound",
                &CALLER_SECONDS,
            ),
            rings: book.times(
                "ring_seconds",
                "From the key to the ringing telephone",
                &CALLER_SECONDS,
            ),
            connected: book.enter("asterisk_connected", "1 if Asterisk sends us events"),
            gate_open: book.enter("gate_open", "1 if the dialplan hands new calls to us"),
            fallback_missing: book.enter(
                "fallback_missing",
                "1 if the dialplan does not have the place to which callers go whom we can't help",
            ),
            gate_closed: book.enter(
                "gate_closed",
                "How often new calls were sent to the fallback, by what was wrong",
            ),
            ari_times: book.note(
                "ari_request_seconds",
                "Requests to Asterisk, by what they are about; one about a channel waits for what \
                 is played on it",
                Family::new_with_constructor(|| Histogram::new(ARI_SECONDS)),
            ),
            ari_failures: book.enter(
                "ari_request_failures",
                "Requests to Asterisk without a good answer; gone: the party had left",
            ),
            ari_under_way: book.enter("ari_requests_under_way", "Requests that wait for Asterisk"),
            clips: book.enter(
                "clips",
                "Prompts that were wanted: there already (hit) or not (miss)",
            ),
            cache_entries: book.enter("phrase_cache_entries", "Phrases and clips that are kept"),
            cache_bytes: book.enter("phrase_cache_bytes", "What they take on disk"),
            spoken: book.enter(
                "speech_requests",
                "Phrases that a speech service was asked for",
            ),
            speech_failures: book.enter("speech_failures", "Those that it did not speak"),
            sent: book.enter("webhook_attempts", "Messages that were sent to a webhook"),
            send_failures: book.enter("webhook_failures", "Those that it did not take"),
            messages: book.enter(
                "webhook_messages",
                "Messages to webhooks that wait, or were given up (dead)",
            ),
            store_writes: book.times(
                "store_write_seconds",
                "Groups of changes, until they are on disk",
                &STORE_SECONDS,
            ),
            store_failures: book.enter("store_write_failures", "Groups that could not be written"),
            store_works: book.enter("store_works", "1 if the store was written the last time"),
            store_bytes: book.enter("store_bytes", "What the store takes on disk"),
            clients: book.enter("clients", "Clients in the store"),
            employees: book.enter("employees", "Employees and departments in the store"),
            crm_questions: book.enter("crm_questions", "How often the CRM was asked who calls"),
            crm_failures: book.enter("crm_failures", "How often it did not answer in time"),
            contract: book.enter(
                "contract_requests",
                "Requests of the contract, by their status",
            ),
            callbacks: book.enter(
                "callbacks",
                "People to be called back: their time has come (due) or not (later), or somebody \
                 calls them (running)",
            ),
            callback_attempts: book.enter(
                "callback_attempts",
                "Attempts to call somebody back, by what came of them",
            ),
            registry: Registry::default(),
        };
        book.0.register_collector(Box::new(Process::new()));
        all.registry = book.0;
        all.begin_at_zero();
        all
    }

    /// What has never happened is 0 and not missing: otherwise the first time is no increase.
    fn begin_at_zero(&self) {
        for outcome in Outcome::NAMES.into_iter().chain([FAILED]) {
            drop(self.calls.get_or_create(&[("outcome", outcome)]));
        }
        for reason in [
            FallbackReason::Asked,
            FallbackReason::NoChoice,
            FallbackReason::NobodyToOffer,
            FallbackReason::NobodyAnswered,
            FallbackReason::NothingToPlay,
            FallbackReason::LeaseRanOut,
            FallbackReason::Trouble(Step::Answer),
            FallbackReason::Closed,
            FallbackReason::Direct,
            FallbackReason::Stopping,
        ] {
            drop(self.fallbacks.get_or_create(&[("reason", reason.name())]));
        }
        for symptom in Symptom::ALL {
            drop(
                self.gate_closed
                    .get_or_create(&[("symptom", symptom.name())]),
            );
        }
        for outcome in Attempted::ALL
            .map(Attempted::name)
            .into_iter()
            .chain([INTERRUPTED])
        {
            drop(
                self.callback_attempts
                    .get_or_create(&[("outcome", outcome)]),
            );
        }
        for result in ["hit", "miss"] {
            drop(self.clips.get_or_create(&[("result", result)]));
        }
    }
}

/// Where everything is entered.
struct Book(Registry);

impl Book {
    fn enter<M: Metric + Clone + Default>(&mut self, name: &str, help: &str) -> M {
        self.note(name, help, M::default())
    }

    fn times(&mut self, name: &str, help: &str, seconds: &[f64]) -> Histogram {
        self.note(name, help, Histogram::new(seconds.iter().copied()))
    }

    fn note<M: Metric + Clone>(&mut self, name: &str, help: &str, metric: M) -> M {
        self.0
            .register(format!("vizavi_{name}"), help, metric.clone());
        metric
    }
}
