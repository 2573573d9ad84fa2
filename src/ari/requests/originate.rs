//! Making a channel: whom it dials, and what the dialled party sees.

use std::fmt;

use hyper::Method;
use serde_json::{Map, Value, json};

use super::Requests;
use super::answers::channel_gone;
use crate::ari::{Channel, ChannelId, RequestError, Thing};

/// Where a channel that we made goes when it is answered.
#[derive(Clone, PartialEq, Eq)]
pub enum Answered {
    /// Into our application, which is hung up if we are not there. `StasisStart` hands back these
    /// arguments, separated by commas.
    Application(String),
    /// To a place in the dialplan, at priority 1. Of such a channel we hear nothing unless we follow
    /// it: [`Requests::follow_channel`].
    Dialplan {
        /// Its context.
        context: String,
        /// Its extension.
        extension: String,
    },
}

/// A channel to be made.
///
/// `Debug` shows the channel's id only.
#[derive(Clone)]
pub struct Originate {
    /// The id, chosen before the request is sent: an unknown outcome is looked up by it.
    pub channel: ChannelId,
    /// Whom to dial, such as `PJSIP/34` or `Local/34@internal/n`.
    pub endpoint: String,
    /// Where it goes when it is answered.
    pub answered: Answered,
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
            "timeout": self.timeout_seconds.max(1),
            "callerId": caller_id(&self.caller_name, &self.caller_number),
            "variables": variables,
        });
        match &self.answered {
            Answered::Application(arguments) => {
                body["app"] = application.into();
                body["appArgs"] = arguments.as_str().into();
            }
            Answered::Dialplan { context, extension } => {
                body["context"] = context.as_str().into();
                body["extension"] = extension.as_str().into();
                body["priority"] = 1.into();
            }
        }
        if let Some(originator) = &self.originator {
            body["originator"] = originator.as_str().into();
        }
        body
    }
}

/// The longest name and number that a telephone is sent, in characters. A caller may claim any name, and
/// an INVITE that is longer than a packet reaches nobody.
const LONGEST_CALLER_ID: usize = 80;

/// `"name" <number>`, without the characters that have a meaning in it.
fn caller_id(name: &str, number: &str) -> String {
    let plain = |text: &str| -> String {
        // The last ones would turn what is shown around.
        let harmless = |c: &char| {
            let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            !c.is_control() && !turns && !matches!(c, '"' | '<' | '>' | '\\')
        };
        let harmless = text.chars().filter(harmless);
        harmless.take(LONGEST_CALLER_ID).collect()
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
            answered: Answered::Application("agent,call-1".to_owned()),
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
    fn a_place_in_the_dialplan_takes_the_place_of_the_application() {
        let originate = Originate {
            answered: Answered::Dialplan {
                context: "vizavi-callback".to_owned(),
                extension: "operator".to_owned(),
            },
            ..to_the_agent()
        };
        let body = originate.body("vizavi");
        assert_eq!(body["context"], "vizavi-callback");
        assert_eq!(body["extension"], "operator");
        assert_eq!(body["priority"], 1);
        assert_eq!(
            (&body["app"], &body["appArgs"]),
            (&Value::Null, &Value::Null)
        );
    }

    #[test]
    fn a_caller_who_claims_an_endless_name_is_shown_a_part_of_it() {
        let endless = "\"\r\n\u{202e}н".repeat(10_000);
        let shown = caller_id(&endless, &endless);
        assert_eq!(
            shown,
            format!("\"{0}\" <{0}>", "н".repeat(LONGEST_CALLER_ID))
        );
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
