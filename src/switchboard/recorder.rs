//! Records a talk in a way that needs nobody: a channel in Asterisk that hears the caller, and goes when
//! the caller goes.

use std::time::Duration;

use tokio::time::sleep;

use super::performer::Performer;
use crate::ari::{HangupReason, RequestError};

/// How often Asterisk is asked to record: the channel that hears the caller needs a moment.
const TRIES: u32 = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(50);

/// Where talks are recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Below Asterisk's directory of recordings; empty for that directory itself.
    pub directory: String,
    /// What Asterisk calls the kind of file: `wav`.
    pub format: String,
}

impl Recording {
    /// The name of a call's recording, without an ending.
    fn name(&self, call: &str) -> String {
        if self.directory.is_empty() {
            return call.to_owned();
        }
        format!("{}/{call}", self.directory)
    }
}

impl Performer {
    /// A talk is not worth less because it can't be recorded: a failure is told in the log only.
    pub(super) async fn record(&self) {
        let Some(recording) = &self.recording else {
            return;
        };
        let recorded = self.try_to_record(recording).await;
        let Err(error) = recorded else {
            return;
        };
        if !matches!(error, RequestError::Gone(_)) {
            tracing::warn!(
                %error,
                "the talk is not recorded; has Asterisk its directory of recordings, and may it write there?"
            );
        }
        self.stop_recording().await;
    }

    async fn try_to_record(&self, recording: &Recording) -> Result<(), RequestError> {
        let listener = self.call.recorder();
        self.requests.listen_to(&self.caller.id, &listener).await?;
        let name = recording.name(&self.call.to_string());
        let mut tries = TRIES;
        loop {
            let asked = self.requests.record(&listener, &name, &recording.format);
            match asked.await {
                Err(RequestError::Refused { status: 409, .. }) if tries > 0 => tries -= 1,
                done => return done,
            }
            sleep(BETWEEN_TRIES).await;
        }
    }

    /// Ends the recording, if there is one.
    pub(super) async fn stop_recording(&self) {
        if self.recording.is_none() {
            return;
        }
        let listener = self.call.recorder();
        let ended = self.requests.hang_up(&listener, HangupReason::Normal).await;
        if let Err(error) = ended
            && !matches!(error, RequestError::Gone(_))
        {
            tracing::warn!(%error, "a recording goes on until the caller has left");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_has_its_calls_id() {
        let name = |directory: &str| {
            let recording = Recording {
                directory: directory.to_owned(),
                format: "wav".to_owned(),
            };
            recording.name("19aa.7")
        };
        assert_eq!(name("vizavi"), "vizavi/19aa.7");
        assert_eq!(name(""), "19aa.7");
    }
}
