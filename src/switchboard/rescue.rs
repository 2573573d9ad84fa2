//! What is done for a call that failed: a talk goes on and is taken over, any other caller goes to the
//! fallback.

use super::performer::Performer;
use super::reality::Gathering;
use super::takeover::{self, Found};
use crate::ari::{ChannelId, RequestError};
use crate::domain::call::BridgeId;
use tokio::time::{Duration, sleep};

/// How often Asterisk is asked whether the caller talks.
const TRIES: u32 = 5;
const BETWEEN_TRIES: Duration = Duration::from_millis(500);

impl Performer {
    /// The talk that goes on although its call failed. Without one the caller is at the fallback by
    /// then, and nothing of the call is left.
    pub(super) async fn rescue(&self) -> Option<Box<Found>> {
        for _ in 0..TRIES {
            match self.talk().await {
                Ok(Some(talk)) => return Some(Box::new(talk)),
                Ok(None) => {
                    self.send_away().await;
                    return None;
                }
                Err(error) => {
                    tracing::warn!(%error, "whether a caller talks can't be found out");
                    sleep(BETWEEN_TRIES).await;
                }
            }
        }
        // If they talk, no lease runs.
        tracing::error!("a caller whose call failed is left to the lease");
        None
    }

    async fn talk(&self) -> Result<Option<Found>, RequestError> {
        for bridge in self.ledger.bridges() {
            let id = self.call.bridge(bridge);
            let found = match self.requests.bridge(&id).await {
                Err(RequestError::Gone(_)) => continue,
                found => found?,
            };
            if found.channels.len() > 1 && found.channels.contains(&self.caller.id) {
                return self.talk_in(bridge, &found.channels).await;
            }
        }
        Ok(None)
    }

    async fn talk_in(
        &self,
        bridge: BridgeId,
        ids: &[ChannelId],
    ) -> Result<Option<Found>, RequestError> {
        let mut channels = Vec::new();
        for id in ids {
            match self.requests.channel(id).await {
                Err(RequestError::Gone(_)) => {}
                channel => channels.push(channel?),
            }
        }
        let gathering = Gathering {
            call: self.call.clone(),
            bridge,
            channels,
        };
        takeover::find(&self.requests, gathering).await
    }
}
