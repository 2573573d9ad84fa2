//! What is told goes into the store.

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::sleep;

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::{Fact, PAGE, Settings, read};
use crate::store::{Change, Store, StoreError};

/// So many facts are written together.
const GROUP: usize = 64;

/// So often it is tried to write something, and so long after the last time.
const TRIES: u32 = 5;
const BETWEEN_TRIES: Duration = Duration::from_secs(1);

/// Writes facts in the order in which they come, until nobody can tell any more.
pub(super) async fn write(store: Store, webhooks: Vec<Settings>, mut facts: mpsc::Receiver<Fact>) {
    let mut group = Vec::new();
    while facts.recv_many(&mut group, GROUP).await > 0 {
        let changes: Vec<Change> = group
            .drain(..)
            .flat_map(|fact| messages(&fact, &webhooks))
            .collect();
        if !changes.is_empty() {
            write_group(&store, changes).await;
        }
    }
}

fn messages(fact: &Fact, webhooks: &[Settings]) -> Vec<Change> {
    let told = webhooks
        .iter()
        .filter(|webhook| webhook.events.contains(&fact.kind()));
    let messages = told.filter_map(|webhook| match fact.message(&webhook.name) {
        Ok(message) => Some(Change::Tell(Box::new(message))),
        Err(error) => {
            tracing::error!(%error, "something can't be told to a webhook");
            None
        }
    });
    messages.collect()
}

async fn write_group(store: &Store, changes: Vec<Change>) {
    for _ in 1..TRIES {
        if store.write(changes.clone()).await.is_ok() {
            return;
        }
        sleep(BETWEEN_TRIES).await;
    }
    if let Err(error) = store.write(changes).await {
        tracing::error!(%error, "something is not told to webhooks");
    }
}

/// Gives up messages to webhooks that are not in the settings any more.
pub(super) async fn give_up_orphans(store: Store, names: HashSet<String>) {
    if let Err(error) = try_to_give_up_orphans(&store, &names).await {
        tracing::error!(%error, "messages to webhooks that are not set any more stay where they are");
    }
}

async fn try_to_give_up_orphans(store: &Store, names: &HashSet<String>) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let page = read(store, move |store| store.messages_after(after, PAGE)).await?;
        let Some((last, _)) = page.last() else {
            return Ok(());
        };
        after = *last;
        let orphans = page
            .iter()
            .filter(|(_, message)| !names.contains(&message.webhook));
        let changes: Vec<Change> = orphans
            .map(|(number, message)| Change::GiveUp {
                number: *number,
                attempts: message.attempts,
                died: Timestamp::now(),
                why: format!("the settings have no webhook {:?}", message.webhook),
            })
            .collect();
        if !changes.is_empty() {
            tracing::warn!(
                messages = changes.len(),
                "messages to webhooks that are not in the settings are given up"
            );
            store.write(changes).await?;
        }
    }
}
