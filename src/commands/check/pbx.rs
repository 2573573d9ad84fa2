//! What `vizavi check` asks of Asterisk about callbacks: the places in its dialplan, and the queue.
//!
//! Functions of the dialplan are asked on a channel of ours: a half of a Local one, which nobody
//! answers and which is gone at once.

use std::time::Duration;

use tokio::time::timeout;

use vizavi::ari::{Answered, ChannelId, HangupReason, Originate, RequestError, Requests, Settings};

/// How long Asterisk is given for all of it.
const PATIENCE: Duration = Duration::from_secs(5);

/// The file that the places are in.
const FILE: &str = "extensions_vizavi_callback.conf";

/// The places that callbacks need, as `DIALPLAN_EXISTS` takes them.
const PLACES: [&str; 6] = [
    "vizavi-callback,queue,1",
    "vizavi-callback,operator,1",
    "vizavi-callback-patient,s,1",
    "vizavi-callback-operator-gone,s,1",
    "vizavi-callback-patient-gone,s,1",
    "vizavi-peer-gone,s,1",
];

/// What Asterisk says of a queue and of our dialplan.
struct Found {
    /// The places that are not there.
    missing: Vec<&'static str>,
    /// Its members, those who have logged in, those who are free; `None` if there is no such queue.
    queue: Option<[usize; 3]>,
}

/// A sentence for each thing that Asterisk was asked.
pub(super) fn told(settings: &Settings, queue: &str, reserve: usize) -> Vec<String> {
    let asked = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())
        .and_then(|runtime| runtime.block_on(ask_in_time(settings, queue)));
    match asked {
        Ok(Some(found)) => found.in_words(queue, reserve),
        Ok(None) => vec![format!(
            "Asterisk's dialplan has no vizavi-callback: include {FILE} after extensions_vizavi.conf, then \
             `asterisk -rx 'dialplan reload'`. Until then there are no callbacks."
        )],
        Err(reason) => vec![format!(
            "Asterisk could not be asked about the queue and the dialplan of callbacks: {reason}."
        )],
    }
}

async fn ask_in_time(settings: &Settings, queue: &str) -> Result<Option<Found>, String> {
    let requests = Requests::new(settings).map_err(|error| error.to_string())?;
    let asking = async {
        requests.info().await?;
        ask(&requests, queue).await
    };
    match timeout(PATIENCE, asking).await {
        Ok(found) => found.map_err(|error| match error {
            RequestError::Refused {
                status: 401 | 403, ..
            } => "it refuses the ARI user; the password is taken from VIZAVI_ARI_PASSWORD too"
                .to_owned(),
            error @ (RequestError::Refused { .. }
            | RequestError::Gone(_)
            | RequestError::NotSent(_)
            | RequestError::Unknown(_)) => error.to_string(),
        }),
        Err(_) => Err(format!("it did not answer within {PATIENCE:?}")),
    }
}

/// `None` if there is not even the place where such a channel waits.
async fn ask(requests: &Requests, queue: &str) -> Result<Option<Found>, RequestError> {
    let id = ChannelId::new(format!("vizavi-check-{}", std::process::id()));
    let originate = Originate {
        channel: id.clone(),
        endpoint: "Local/count@vizavi-callback/n".to_owned(),
        answered: Answered::Dialplan {
            context: "vizavi-callback".to_owned(),
            extension: "count".to_owned(),
        },
        timeout_seconds: 5,
        caller_number: String::new(),
        caller_name: String::new(),
        originator: None,
        variables: Vec::new(),
    };
    match requests.originate(&originate).await {
        Ok(_) => {}
        // It is there, and has no such place.
        Err(RequestError::Refused { .. } | RequestError::Gone(_)) => return Ok(None),
        Err(error) => return Err(error),
    }
    let found = look(requests, &id, queue).await;
    // Whatever becomes of it: it ends by itself.
    let _ = requests.hang_up(&id, HangupReason::Normal).await;
    match found {
        Err(RequestError::Gone(_)) => Ok(None),
        found => found.map(Some),
    }
}

async fn look(requests: &Requests, id: &ChannelId, queue: &str) -> Result<Found, RequestError> {
    let number = async |function: String| {
        let value = requests.variable(id, &function).await?;
        Ok::<usize, RequestError>(value.and_then(|value| value.parse().ok()).unwrap_or(0))
    };
    let mut missing = Vec::new();
    for place in PLACES {
        if number(format!("DIALPLAN_EXISTS({place})")).await? == 0 {
            missing.push(place);
        }
    }
    let mut members = None;
    if number(format!("QUEUE_EXISTS({queue})")).await? == 1 {
        members = Some([
            number(format!("QUEUE_MEMBER({queue},count)")).await?,
            number(format!("QUEUE_MEMBER({queue},logged)")).await?,
            number(format!("QUEUE_MEMBER({queue},free)")).await?,
        ]);
    }
    Ok(Found {
        missing,
        queue: members,
    })
}

impl Found {
    fn in_words(&self, queue: &str, reserve: usize) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.missing.is_empty() {
            let missing = self.missing.join("; ");
            lines.push(format!(
                "Asterisk's dialplan lacks {missing}: take {FILE} of this version."
            ));
        }
        lines.push(match self.queue {
            None => format!(
                "Asterisk has no queue {queue}: [callbacks] queue must be one of queues.conf. Until then \
                 there are no callbacks."
            ),
            Some([0, ..]) => {
                format!("The queue {queue} has no members: nobody could make a callback.")
            }
            Some([members, ..]) if members <= reserve => format!(
                "[callbacks] reserve = {reserve} keeps so many operators free for callers, and the queue {queue} \
                 has members: {members}. So nobody is ever called back."
            ),
            Some([members, logged, free]) => {
                format!("The queue {queue} has members: {members}, logged in {logged}, free {free}.")
            }
        });
        lines
    }
}
