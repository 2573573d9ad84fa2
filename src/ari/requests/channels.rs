//! Requests about channels.

use hyper::Method;
use serde::Deserialize;
use serde_json::json;

use super::Requests;
use crate::ari::{Channel, ChannelId, PlaybackId, RequestError, Thing};

/// Why a channel is hung up; Asterisk turns it into the cause that the telephone network sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HangupReason {
    /// The call is over.
    Normal,
    /// The party is busy.
    Busy,
    /// No way through.
    Congestion,
    /// Nobody answered.
    NoAnswer,
    /// Somebody else answered first: the telephone shows no missed call.
    AnsweredElsewhere,
    /// Something broke.
    Failure,
}

impl HangupReason {
    fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Busy => "busy",
            Self::Congestion => "congestion",
            Self::NoAnswer => "no_answer",
            Self::AnsweredElsewhere => "answered_elsewhere",
            Self::Failure => "failure",
        }
    }
}

impl Requests {
    /// Answers a channel. Does nothing to one that is answered.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn answer(&self, channel: &ChannelId) -> Result<(), RequestError> {
        let request = self.request(Method::POST, &["channels", channel.as_str(), "answer"]);
        self.done(request, Thing::Channel).await
    }

    /// Hangs a channel up, whether it is in our application or not.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn hang_up(
        &self,
        channel: &ChannelId,
        reason: HangupReason,
    ) -> Result<(), RequestError> {
        let request = self
            .request(Method::DELETE, &["channels", channel.as_str()])
            .query("reason", reason.as_str());
        self.done(request, Thing::Channel).await
    }

    /// Leaves our application: the channel goes on in the dialplan at this place.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each. Asterisk answers before the
    /// dialplan runs: a place that does not exist is no error, but hangs the channel up.
    pub async fn continue_in_dialplan(
        &self,
        channel: &ChannelId,
        context: &str,
        extension: &str,
        priority: u32,
    ) -> Result<(), RequestError> {
        let place = json!({"context": context, "extension": extension, "priority": priority});
        let request = self
            .request(Method::POST, &["channels", channel.as_str(), "continue"])
            .json(&place);
        self.done(request, Thing::Channel).await
    }

    /// Sets a variable or a writable function of a channel, such as `TIMEOUT(absolute)`.
    ///
    /// While a prompt plays on the channel, Asterisk answers only after its end.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn set_variable(
        &self,
        channel: &ChannelId,
        name: &str,
        value: &str,
    ) -> Result<(), RequestError> {
        let request = self
            .request(Method::POST, &["channels", channel.as_str(), "variable"])
            .json(&json!({"variable": name, "value": value}));
        self.done(request, Thing::Channel).await
    }

    /// The value of a channel's variable or function; `None` when it is not set.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn variable(
        &self,
        channel: &ChannelId,
        name: &str,
    ) -> Result<Option<String>, RequestError> {
        #[derive(Deserialize)]
        struct Variable {
            value: String,
        }
        let request = self
            .request(Method::GET, &["channels", channel.as_str(), "variable"])
            .query("variable", name);
        match self.read::<Variable>(request, Thing::Channel).await {
            Ok(variable) => Ok(Some(variable.value)),
            Err(RequestError::Gone(Thing::Variable)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Plays one media URI, such as `sound:/var/spool/vizavi/menu`. It queues behind what plays.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each. A missing file is no error here:
    /// it comes as a playback that finished as failed.
    pub async fn play(
        &self,
        channel: &ChannelId,
        playback: &PlaybackId,
        media: &str,
        language: Option<&str>,
    ) -> Result<(), RequestError> {
        let mut body = json!({"media": media});
        if let Some(language) = language {
            body["lang"] = language.into();
        }
        let path = ["channels", channel.as_str(), "play", playback.as_str()];
        let request = self.request(Method::POST, &path).json(&body);
        self.done(request, Thing::Channel).await
    }

    /// Lets the caller hear ringing, without answering.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn start_ringing(&self, channel: &ChannelId) -> Result<(), RequestError> {
        let request = self.request(Method::POST, &["channels", channel.as_str(), "ring"]);
        self.done(request, Thing::Channel).await
    }

    /// Ends the ringing that the caller hears.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn stop_ringing(&self, channel: &ChannelId) -> Result<(), RequestError> {
        let request = self.request(Method::DELETE, &["channels", channel.as_str(), "ring"]);
        self.done(request, Thing::Channel).await
    }

    /// Lets the caller hear music on hold, of the class that is usual for the channel. Without one
    /// there is silence.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn start_music(&self, channel: &ChannelId) -> Result<(), RequestError> {
        let request = self.request(Method::POST, &["channels", channel.as_str(), "moh"]);
        self.done(request, Thing::Channel).await
    }

    /// Ends the music that the caller hears.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn stop_music(&self, channel: &ChannelId) -> Result<(), RequestError> {
        let request = self.request(Method::DELETE, &["channels", channel.as_str(), "moh"]);
        self.done(request, Thing::Channel).await
    }

    /// All channels of this Asterisk, ours and others'.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn channels(&self) -> Result<Vec<Channel>, RequestError> {
        self.read(self.request(Method::GET, &["channels"]), Thing::Asterisk)
            .await
    }

    /// One channel.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn channel(&self, channel: &ChannelId) -> Result<Channel, RequestError> {
        let request = self.request(Method::GET, &["channels", channel.as_str()]);
        self.read(request, Thing::Channel).await
    }
}
