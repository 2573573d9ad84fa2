//! Requests about channels.

use std::fmt;

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Requests, channel_gone};
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

/// A channel to be made. When it is answered it enters our application.
///
/// `Debug` shows the channel's id only.
#[derive(Clone)]
pub struct Originate {
    /// The id, chosen before the request is sent: an unknown outcome is looked up by it.
    pub channel: ChannelId,
    /// Whom to dial, such as `PJSIP/34` or `Local/34@internal/n`.
    pub endpoint: String,
    /// What `StasisStart` hands back, separated by commas.
    pub app_args: String,
    /// How long it may ring, in seconds. At least 1.
    pub timeout_seconds: u32,
    /// The number that the dialled party sees.
    pub caller_number: String,
    /// The name that the dialled party sees; characters that would break the header are left out.
    pub caller_name: String,
    /// The channel on whose behalf it is dialled: gives its language, account and codecs.
    pub originator: Option<ChannelId>,
    /// Channel variables and functions that are set before dialling.
    pub variables: Vec<(String, String)>,
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
            .query(&[("reason", reason.as_str())]);
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
            .query(&[("variable", name)]);
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

    /// Makes a channel and dials. The answer comes before anybody rings.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each. After
    /// [`RequestError::Unknown`], ask for [`Requests::channel`] by the chosen id.
    /// [`RequestError::Gone`] when the originator has left.
    pub async fn originate(&self, originate: &Originate) -> Result<Channel, RequestError> {
        let path = ["channels", originate.channel.as_str()];
        let body = originate.body(&self.settings().application);
        let request = self.request(Method::POST, &path).json(&body);
        self.read(request, Thing::Channel)
            .await
            .map_err(channel_gone)
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

impl Originate {
    fn body(&self, application: &str) -> Value {
        let variables: Map<String, Value> = self
            .variables
            .iter()
            .map(|(name, value)| (name.clone(), value.clone().into()))
            .collect();
        let mut body = json!({
            "endpoint": self.endpoint,
            "app": application,
            "appArgs": self.app_args,
            "timeout": self.timeout_seconds.max(1),
            "callerId": caller_id(&self.caller_name, &self.caller_number),
            "variables": variables,
        });
        if let Some(originator) = &self.originator {
            body["originator"] = originator.as_str().into();
        }
        body
    }
}

/// `"name" <number>`, without the characters that have a meaning in it.
fn caller_id(name: &str, number: &str) -> String {
    let plain = |text: &str| -> String {
        let harmless = |c: &char| !c.is_control() && !matches!(c, '"' | '<' | '>' | '\\');
        text.chars().filter(harmless).collect()
    };
    format!("\"{}\" <{}>", plain(name), plain(number))
}

impl fmt::Debug for Originate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Originate({})", self.channel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to_the_agent() -> Originate {
        Originate {
            channel: ChannelId::new("call-1-agent"),
            endpoint: "PJSIP/34".to_owned(),
            app_args: "agent,call-1".to_owned(),
            timeout_seconds: 20,
            caller_number: "+74959262644".to_owned(),
            caller_name: "Чулкова \"Евгения\" <1>".to_owned(),
            originator: None,
            variables: vec![("VIZAVI_PEER".to_owned(), "PJSIP/trunk-1".to_owned())],
        }
    }

    #[test]
    fn an_originate_says_all_in_its_body() {
        let expected = json!({
            "endpoint": "PJSIP/34",
            "app": "vizavi",
            "appArgs": "agent,call-1",
            "timeout": 20,
            "callerId": "\"Чулкова Евгения 1\" <+74959262644>",
            "variables": {"VIZAVI_PEER": "PJSIP/trunk-1"},
        });
        assert_eq!(to_the_agent().body("vizavi"), expected);
    }

    #[test]
    fn an_originator_is_named_when_there_is_one() {
        let originate = Originate {
            originator: Some(ChannelId::new("caller")),
            ..to_the_agent()
        };
        assert_eq!(originate.body("vizavi")["originator"], "caller");
    }

    #[test]
    fn nobody_rings_for_ever() {
        let originate = Originate {
            timeout_seconds: 0,
            ..to_the_agent()
        };
        assert_eq!(originate.body("vizavi")["timeout"], 1);
    }

    #[test]
    fn an_originate_in_a_log_names_nobody() {
        assert_eq!(format!("{:?}", to_the_agent()), "Originate(call-1-agent)");
    }
}
