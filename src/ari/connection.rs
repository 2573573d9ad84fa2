//! One WebSocket connection, from its handshake to its end.

use std::ops::ControlFlow;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hyper::header::AUTHORIZATION;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{self, error::TrySendError};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config,
};

use super::requests::told;
use super::socket::{Incoming, WAITING_EVENTS};
use super::{Event, LostReason, RequestError, Requests, Settings};

/// The longest event that is read, in bytes.
const LONGEST_EVENT: usize = 1024 * 1024;

/// How much is read at once, in bytes: a few events. All of it is cleared before each reading.
const USUAL_EVENTS: usize = 8 * 1024;

/// How a connection ended.
pub(super) enum End {
    Lost(LostReason),
    Replaced,
    NobodyListens,
}

/// A connection over which Asterisk sends our application's events.
pub(super) struct Connection {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    application: String,
    ping_interval: Duration,
    ping_deadline: Duration,
}

impl Connection {
    /// Asks whether Asterisk answers at all, then shakes hands.
    ///
    /// The question first, because a handshake must not be left behind: an Asterisk that hangs
    /// would come to it after it wakes, give our name to that dead connection and take it from the
    /// living one.
    pub(super) async fn make(requests: &Requests) -> Result<Self, LostReason> {
        let settings = requests.settings();
        requests
            .ping()
            .await
            .map_err(|error| no_answer(error, requests))?;
        let request = handshake(requests)?;
        let limits = WebSocketConfig::default()
            .read_buffer_size(USUAL_EVENTS)
            .max_message_size(Some(LONGEST_EVENT))
            .max_frame_size(Some(LONGEST_EVENT));
        let tls = Connector::Rustls(requests.tls());
        let connecting = connect_async_tls_with_config(request, Some(limits), true, Some(tls));
        let connected = timeout(settings.request_timeout, connecting).await;
        let (stream, _) = connected
            .map_err(|_| LostReason::NoAnswer("the handshake took too long".to_owned()))?
            .map_err(|error| refused(&error, &settings.user))?;
        Ok(Self::over(stream, settings))
    }

    /// A connection over a WebSocket that is open.
    pub(super) fn over(
        stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
        settings: &Settings,
    ) -> Self {
        Self {
            stream,
            application: settings.application.clone(),
            ping_interval: settings.ping_interval,
            ping_deadline: settings.ping_deadline,
        }
    }

    /// Reads until the connection ends. Anything that arrives is a sign of life.
    pub(super) async fn read(&mut self, sender: &mpsc::Sender<Incoming>) -> End {
        let mut pings = interval(self.ping_interval);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut deadline = Instant::now() + self.ping_deadline;
        // Set anew when it is over, not with each event.
        let silence = sleep_until(deadline);
        let nobody_listens = sender.closed();
        tokio::pin!(silence, nobody_listens);
        loop {
            // What has arrived is read before the deadline is looked at: if it was we who slept,
            // Asterisk's answers are already here.
            let step = tokio::select! {
                biased;
                message = self.stream.next() => {
                    deadline = Instant::now() + self.ping_deadline;
                    self.take(message, sender)
                }
                () = &mut silence => {
                    if deadline <= Instant::now() {
                        return End::Lost(LostReason::Silent(self.ping_deadline));
                    }
                    silence.as_mut().reset(deadline);
                    ControlFlow::Continue(())
                }
                () = &mut nobody_listens => ControlFlow::Break(End::NobodyListens),
                _ = pings.tick() => self.ping(deadline).await,
            };
            if let ControlFlow::Break(end) = step {
                return end;
            }
        }
    }

    /// Writing can block when Asterisk no longer reads; the deadline holds for it too.
    async fn ping(&mut self, deadline: Instant) -> ControlFlow<End> {
        let ping = self.stream.send(Message::Ping(Vec::new().into()));
        match tokio::time::timeout_at(deadline, ping).await {
            Ok(Ok(())) => ControlFlow::Continue(()),
            Ok(Err(error)) => lost(LostReason::Closed(told(&error))),
            Err(_) => lost(LostReason::Silent(self.ping_deadline)),
        }
    }

    fn take(
        &self,
        message: Option<Result<Message, Error>>,
        sender: &mpsc::Sender<Incoming>,
    ) -> ControlFlow<End> {
        match message {
            None => lost(LostReason::Closed("without a word".to_owned())),
            Some(Err(error)) => lost(LostReason::Closed(told(&error))),
            Some(Ok(Message::Close(_))) => lost(LostReason::Closed("it said so".to_owned())),
            Some(Ok(Message::Text(text))) => self.hand_on(Event::read(&text), sender),
            Some(Ok(
                Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_),
            )) => ControlFlow::Continue(()),
        }
    }

    fn hand_on(&self, event: Event, sender: &mpsc::Sender<Incoming>) -> ControlFlow<End> {
        if event == Event::Other {
            return ControlFlow::Continue(());
        }
        if let Event::ApplicationReplaced { application, .. } = &event
            && *application == self.application
        {
            return ControlFlow::Break(End::Replaced);
        }
        match sender.try_send(Incoming::Event(Box::new(event))) {
            Ok(()) => ControlFlow::Continue(()),
            Err(TrySendError::Full(_)) => lost(LostReason::ReaderTooSlow(WAITING_EVENTS)),
            Err(TrySendError::Closed(_)) => ControlFlow::Break(End::NobodyListens),
        }
    }
}

fn lost(reason: LostReason) -> ControlFlow<End> {
    ControlFlow::Break(End::Lost(reason))
}

/// The handshake, with the password in a header: an address ends up in logs.
fn handshake(requests: &Requests) -> Result<Request, LostReason> {
    let mut url = requests.url(&["events"]);
    let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
    let impossible = |reason: String| LostReason::Unreachable(reason);
    url.set_scheme(scheme)
        .map_err(|()| impossible("the address is unusable".to_owned()))?;
    url.query_pairs_mut()
        .append_pair("app", &requests.settings().application);
    let mut request = url
        .as_str()
        .into_client_request()
        .map_err(|error| impossible(told(&error)))?;
    request
        .headers_mut()
        .insert(AUTHORIZATION, requests.authorization().clone());
    Ok(request)
}

fn no_answer(error: RequestError, requests: &Requests) -> LostReason {
    let settings = requests.settings();
    match error {
        RequestError::NotSent(reason) => LostReason::Unreachable(reason),
        RequestError::Unknown(reason) => LostReason::NoAnswer(reason),
        RequestError::Refused { status: 401, .. } => LostReason::CredentialsRefused {
            user: settings.user.clone(),
        },
        RequestError::Refused { status, message } => LostReason::Refused { status, message },
        RequestError::Gone(thing) => LostReason::Refused {
            status: 404,
            message: thing.to_string(),
        },
    }
}

fn refused(error: &Error, user: &str) -> LostReason {
    let Error::Http(answer) = error else {
        return LostReason::Unreachable(told(error));
    };
    match answer.status().as_u16() {
        401 => LostReason::CredentialsRefused {
            user: user.to_owned(),
        },
        status => LostReason::Refused {
            status,
            message: "no WebSocket".to_owned(),
        },
    }
}
