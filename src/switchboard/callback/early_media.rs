//! The operator hears what the patient's network says before anybody picks up: a channel listens to the
//! patient's leg, and the two are in a bridge of their own.

use std::time::Duration;

use tokio::time::sleep;

use super::super::performer::polite;
use super::performer::{Performer, courtesy};
use crate::ari::RequestError;
use crate::domain::callback::attempt::Event;

/// How often Asterisk is asked: the channel that listens needs a moment until it is there.
const TRIES: u32 = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(25);

/// What the operator hears of it. Ids are used once, so it is heard once in an attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum EarlyMedia {
    /// Nothing yet.
    #[default]
    NotYet,
    /// The network.
    Heard,
    /// That it rings, because the network can't be heard.
    RingsInstead,
    /// Nothing any more.
    Over,
}

impl Performer {
    /// If it can't be done, the operator hears that it rings.
    pub(super) async fn start_early_media(&self) -> Option<Event> {
        let mut state = self.ledger.early_media.lock().await;
        match *state {
            EarlyMedia::Heard | EarlyMedia::RingsInstead => return None,
            EarlyMedia::Over => {}
            EarlyMedia::NotYet => match self.listen().await {
                Ok(()) => {
                    *state = EarlyMedia::Heard;
                    return None;
                }
                Err(error) => {
                    tracing::info!(%error, "the operator does not hear the patient's network");
                    self.stop_listening().await;
                }
            },
        }
        *state = EarlyMedia::RingsInstead;
        courtesy(self.requests.start_ringing(&self.id.operator()).await)
    }

    /// The operator is out of that bridge when this is done, whoever asked for it first.
    pub(super) async fn end_early_media(&self) -> Option<Event> {
        let mut state = self.ledger.early_media.lock().await;
        match *state {
            EarlyMedia::NotYet | EarlyMedia::Over => return None,
            EarlyMedia::Heard => {
                let (bridge, operator) = (self.id.early_bridge(), self.id.operator());
                // Before the bridge ends: the operator is to hear what is said next.
                polite(self.requests.remove_from_bridge(&bridge, &operator).await);
                self.stop_listening().await;
            }
            EarlyMedia::RingsInstead => {
                polite(self.requests.stop_ringing(&self.id.operator()).await);
            }
        }
        *state = EarlyMedia::Over;
        None
    }

    async fn listen(&self) -> Result<(), RequestError> {
        let (listener, bridge) = (self.id.listener(), self.id.early_bridge());
        let patient = self.id.patient();
        self.requests.create_bridge(&bridge).await?;
        self.requests.listen_to(&patient, &listener).await?;
        let mut tries = TRIES;
        loop {
            let added = self.requests.add_to_bridge(&bridge, &[&listener]).await;
            tries -= 1;
            match added {
                Ok(()) => break,
                Err(RequestError::Refused { .. }) if tries > 0 => sleep(BETWEEN_TRIES).await,
                Err(error) => return Err(error),
            }
        }
        let operator = self.id.operator();
        self.requests.add_to_bridge(&bridge, &[&operator]).await
    }

    async fn stop_listening(&self) {
        self.take_down(&self.id.early_bridge()).await;
        self.hang_up(&self.id.listener()).await;
    }
}
