//! Delivers the messages that wait in the store for one webhook.

use std::collections::HashMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::sleep;

use super::attempt::Post;
use super::settings::{Settings, UnusableWebhook};
use super::{PAGE, read};
use crate::domain::delivery::{Answer, Decision, LONGEST_PAUSE, Queue, decide};
use crate::metrics;
use crate::store::{Change, Store, StoreError};

/// After the store could not be read, it is tried again this much later.
const AFTER_STORE_ERROR: Duration = Duration::from_secs(5);

/// So many messages that were deleted may still be in the queue.
const MOST_DELETED: usize = 1000;

/// How patient a sender is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// How long an answer is awaited.
    pub(super) deadline: Duration,
    /// What pauses are multiplied by.
    pub(super) pauses: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(10),
            pauses: 1.0,
        }
    }
}

/// What came of an attempt.
enum Attempt {
    /// The message was not there any more.
    NotThere,
    /// It was made, and what was decided is in the store.
    Made(Answer, Decision),
    /// The store could not be read.
    Unread,
}

/// Delivers to one webhook.
pub(super) struct Sender {
    name: String,
    store: Store,
    come: watch::Receiver<()>,
    post: Post,
    pace: Pace,
    queue: Queue,
    /// The number of the last message that was put into the queue.
    seen: u64,
    attempts: JoinSet<Attempt>,
    numbers: HashMap<Id, u64>,
    has_given_up: bool,
}

impl Sender {
    pub(super) fn new(
        webhook: &Settings,
        store: Store,
        pace: Pace,
    ) -> Result<Self, UnusableWebhook> {
        let post = Post::new(webhook, pace.deadline).map_err(|why| webhook.unusable(why))?;
        let mut come = store.messages_come();
        // Those that are there already.
        come.mark_changed();
        Ok(Self {
            name: webhook.name.clone(),
            come,
            store,
            post,
            pace,
            queue: Queue::default(),
            seen: 0,
            attempts: JoinSet::new(),
            numbers: HashMap::new(),
            has_given_up: false,
        })
    }

    /// Delivers until it is aborted, or nobody can write messages any more.
    pub(super) async fn run(mut self) {
        loop {
            while let Some(number) = self.queue.next(Timestamp::now()) {
                self.begin_attempt(number);
            }
            let wakes = self.queue.wakes();
            tokio::select! {
                changed = self.come.changed() => match changed {
                    Ok(()) => self.look_for_messages().await,
                    Err(_) => return,
                },
                Some(ended) = self.attempts.join_next_with_id() => self.attempt_ended(ended),
                () = until(wakes), if wakes.is_some() => {}
            }
        }
    }

    async fn look_for_messages(&mut self) {
        while let Err(error) = self.read_messages().await {
            tracing::error!(%error, webhook = self.name, "messages to a webhook can't be read");
            sleep(AFTER_STORE_ERROR).await;
        }
    }

    async fn read_messages(&mut self) -> Result<(), StoreError> {
        loop {
            let seen = self.seen;
            let page = read(&self.store, move |store| store.messages_after(seen, PAGE)).await?;
            let Some((last, _)) = page.last() else {
                return self.forget_deleted().await;
            };
            self.seen = *last;
            // A clock that was set back keeps nothing waiting.
            let latest = later(Timestamp::now(), LONGEST_PAUSE);
            for (number, message) in page {
                if message.webhook == self.name {
                    let due = message.due.min(latest);
                    self.queue.add(number, &message.call, due);
                }
            }
        }
    }

    /// Messages that had to go for newer ones don't pile up in memory.
    async fn forget_deleted(&mut self) -> Result<(), StoreError> {
        if self.queue.len() <= self.store.counts().messages + MOST_DELETED {
            return Ok(());
        }
        let oldest = read(&self.store, Store::oldest_message).await?;
        self.queue.forget_before(oldest.unwrap_or(self.seen));
        Ok(())
    }

    fn begin_attempt(&mut self, number: u64) {
        let attempt = attempt(self.store.clone(), self.post.clone(), self.pace, number);
        let task = self.attempts.spawn(attempt);
        self.numbers.insert(task.id(), number);
    }

    fn attempt_ended(&mut self, ended: Result<(Id, Attempt), JoinError>) {
        let (task, attempt) = match ended {
            Ok((task, attempt)) => (task, attempt),
            Err(error) => (error.id(), Attempt::Unread),
        };
        let Some(number) = self.numbers.remove(&task) else {
            return;
        };
        let now = Timestamp::now();
        match attempt {
            Attempt::NotThere => self.queue.remove(number, now),
            Attempt::Unread => self.queue.put_back(number, later(now, AFTER_STORE_ERROR)),
            Attempt::Made(answer, decision) => {
                self.tell_of(&answer, &decision);
                match decision {
                    Decision::TryAgain(pause) => self.queue.put_back(number, later(now, pause)),
                    Decision::Delivered | Decision::GiveUp(_) => self.queue.remove(number, now),
                }
            }
        }
    }

    /// One line when it begins to fail, and one when it does not any more.
    fn tell_of(&mut self, answer: &Answer, decision: &Decision) {
        let webhook = self.name.as_str();
        let is_good = answer.is_good();
        metrics::sent(webhook, is_good);
        let is_news = self.queue.answered(is_good, Timestamp::now());
        let why = answer.in_words();
        if is_good {
            self.has_given_up = false;
        }
        match (is_news, is_good) {
            (true, true) => tracing::info!(webhook, "the webhook takes messages again"),
            (true, false) => tracing::error!(
                webhook,
                why,
                "the webhook takes no messages; they wait, and are tried again for a day"
            ),
            (false, _) => tracing::debug!(webhook, why, "a message was sent"),
        }
        if let Decision::GiveUp(why) = decision
            && !std::mem::replace(&mut self.has_given_up, true)
        {
            tracing::warn!(
                webhook,
                why,
                "a message to a webhook is given up, and others may be; `vizavi webhooks dead` lists \
                 them, `vizavi webhooks resend` sends them again"
            );
        }
    }
}

async fn attempt(store: Store, post: Post, pace: Pace, number: u64) -> Attempt {
    let message = match read(&store, move |store| store.message(number)).await {
        Ok(Some(message)) => message,
        Ok(None) => return Attempt::NotThere,
        Err(error) => {
            tracing::error!(%error, "a message to a webhook can't be read");
            return Attempt::Unread;
        }
    };
    let answer = post.send(&message).await;
    let attempts = message.attempts.saturating_add(1);
    let decision = match decide(&answer, attempts, fastrand::f64()) {
        Decision::TryAgain(pause) => Decision::TryAgain(pause.mul_f64(pace.pauses)),
        decision @ (Decision::Delivered | Decision::GiveUp(_)) => decision,
    };
    let change = change(number, attempts, &decision);
    if let Err(error) = store.write(vec![change]).await {
        // After a restart it is sent once more.
        tracing::error!(%error, "what came of a message to a webhook is not kept");
    }
    Attempt::Made(answer, decision)
}

fn change(number: u64, attempts: u32, decision: &Decision) -> Change {
    let now = Timestamp::now();
    match decision {
        Decision::Delivered => Change::Told(number),
        Decision::TryAgain(pause) => Change::PutOff {
            number,
            attempts,
            due: later(now, *pause),
        },
        Decision::GiveUp(why) => Change::GiveUp {
            number,
            attempts,
            died: now,
            why: why.clone(),
        },
    }
}

fn later(moment: Timestamp, time: Duration) -> Timestamp {
    let time = SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
    moment.saturating_add(time).unwrap_or(Timestamp::MAX)
}

async fn until(moment: Option<Timestamp>) {
    let Some(moment) = moment else { return };
    let rest = moment.duration_since(Timestamp::now());
    sleep(Duration::try_from(rest).unwrap_or_default()).await;
}
