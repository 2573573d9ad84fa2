//! How many operators are free, asked of Asterisk. A queue is asked by functions of the dialplan, and
//! these need a channel: a half of a Local one, which nobody answers and which is gone at once.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::ari::{Answered, ChannelId, HangupReason, Originate, RequestError, Requests};
use crate::domain::callback::{Situation, Unanswered};
use crate::switchboard::callback::waits_for_an_operator;

/// The place in `extensions_vizavi_callback.conf` where such a channel waits.
const WHERE: &str = "Local/count@vizavi-callback/n";

/// How long it may be there if we can't take it away, in seconds.
const LONGEST_STAY: u32 = 5;

/// Who could take a call now, and who waits for that; nobody is free if that can't be told. Of our own
/// attempts, so many wait for somebody to pick up.
pub(super) async fn operators(requests: &Requests, queue: &str, unanswered: usize) -> Situation {
    let id = new_id();
    let counted = count(requests, &id, queue, unanswered).await;
    if let Err(error) = requests.hang_up(&id, HangupReason::Normal).await
        && !error.says_that_somebody_left()
    {
        tracing::warn!(%error, "what counted the operators stays for a moment");
    }
    counted.unwrap_or_else(|error| {
        tracing::warn!(%error, "nobody knows how many operators are free: callbacks wait");
        Situation::default()
    })
}

async fn count(
    requests: &Requests,
    id: &ChannelId,
    queue: &str,
    unanswered: usize,
) -> Result<Situation, RequestError> {
    requests
        .originate(&Originate {
            channel: id.clone(),
            endpoint: WHERE.to_owned(),
            answered: Answered::Dialplan {
                context: "vizavi-callback".to_owned(),
                extension: "count".to_owned(),
            },
            timeout_seconds: LONGEST_STAY,
            caller_number: String::new(),
            caller_name: String::new(),
            originator: None,
            variables: Vec::new(),
        })
        .await?;
    let number = async |function: String| {
        let value = requests.variable(id, &function).await?;
        Ok::<usize, RequestError>(value.and_then(|value| value.parse().ok()).unwrap_or(0))
    };
    let counted = Situation {
        free_operators: number(format!("QUEUE_MEMBER({queue},free)")).await?,
        waiting_callers: number(format!("QUEUE_WAITING_COUNT({queue})")).await?,
        running: 0,
    };
    if unanswered == 0 {
        return Ok(counted);
    }
    // Asked last: whoever is picked up meanwhile makes us more careful, not less.
    let channels = requests.channels().await?;
    let queued = channels.iter().filter(|one| waits_for_an_operator(one));
    Ok(counted.without_own(Unanswered {
        begun: unanswered,
        queued: queued.count(),
    }))
}

/// An id that names no call and no attempt.
fn new_id() -> ChannelId {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let (began, number) = (std::process::id(), LAST.fetch_add(1, Ordering::Relaxed));
    ChannelId::new(format!("vizavi-count-{began}-{number}"))
}
