//! The connections over which requests go: how one is made, and which wait for the next request.
//!
//! A connection is driven by whoever asks over it, in the asker's own task. A client that keeps a task
//! for each connection wakes two tasks for each request, and asking is most of what a call costs.

use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use reqwest::Url;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::MaybeTlsStream;

use super::answers::told;
use crate::ari::{RequestError, SettingsError};

/// Asterisk closes a connection that is idle for 15 s; we leave it well before.
const IDLE_CONNECTION: Duration = Duration::from_secs(10);

/// The longest answer that is read: a list of some twenty thousand channels.
const LONGEST_ANSWER: usize = 16 * 1024 * 1024;

type Driver = http1::Connection<TokioIo<MaybeTlsStream<TcpStream>>, Full<Bytes>>;

/// All connections to one Asterisk.
pub(super) struct Connections {
    place: Place,
    /// Those over which nothing is asked at the moment, the one that was used last at the end.
    idle: Mutex<Vec<Connection>>,
}

/// Where Asterisk is.
struct Place {
    host: String,
    port: u16,
    connect_timeout: Duration,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

/// One connection between two requests, or with a request of its own.
pub(super) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    /// None when it has come to its end. Boxed: it is larger than all else of a request, and a connection goes
    /// to and fro with each.
    driver: Option<Box<Driver>>,
    used: Instant,
}

/// Why nothing came back.
pub(super) enum Broken {
    /// The connection had ended before a byte was sent.
    BeforeIt(Box<Request<Full<Bytes>>>),
    /// The request may have arrived.
    DuringIt(RequestError),
}

impl Connections {
    /// To the host of `base`, which was made sure to be an address with one. Connects to nothing.
    pub(super) fn new(
        base: &Url,
        tls: &Arc<ClientConfig>,
        connect_timeout: Duration,
    ) -> Result<Self, SettingsError> {
        let unusable = |reason: String| SettingsError::BaseUrl {
            address: base.to_string(),
            reason,
        };
        let (Some(host), Some(port)) = (base.host_str(), base.port_or_known_default()) else {
            return Err(unusable("it names no host".to_owned()));
        };
        // An IPv6 address stands in brackets in an address, and nowhere else.
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let tls = if base.scheme() == "https" {
            let name = ServerName::try_from(host.to_owned());
            let name = name.map_err(|error| unusable(error.to_string()))?;
            Some((TlsConnector::from(Arc::clone(tls)), name))
        } else {
            None
        };
        let place = Place {
            host: host.to_owned(),
            port,
            connect_timeout,
            tls,
        };
        Ok(Self {
            place,
            idle: Mutex::default(),
        })
    }

    /// The connection that was used last and is still there, if any.
    pub(super) async fn kept(&self) -> Option<Connection> {
        loop {
            let mut connection = self.idle().pop()?;
            if connection.is_old() {
                // So are all below it.
                self.idle().clear();
                return None;
            }
            if connection.is_ready().await {
                return Some(connection);
            }
        }
    }

    /// A new connection.
    pub(super) async fn connect(&self) -> Result<Connection, RequestError> {
        match timeout(self.place.connect_timeout, self.place.connect()).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(reason)) => Err(RequestError::NotSent(reason)),
            Err(_) => Err(RequestError::NotSent("no connection in time".to_owned())),
        }
    }

    /// Keeps a connection for the next request.
    pub(super) fn keep(&self, mut connection: Connection) {
        connection.used = Instant::now();
        let mut idle = self.idle();
        let old = idle.iter().take_while(|connection| connection.is_old());
        let old = old.count();
        idle.drain(..old);
        if connection.driver.is_some() {
            idle.push(connection);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    async fn connect(&self) -> Result<Connection, String> {
        let stream = self.tcp().await.map_err(|error| told(&error))?;
        stream.set_nodelay(true).map_err(|error| told(&error))?;
        let stream = match &self.tls {
            None => MaybeTlsStream::Plain(stream),
            Some((connector, name)) => {
                let shaken = connector.connect(name.clone(), stream).await;
                MaybeTlsStream::Rustls(shaken.map_err(|error| told(&error))?)
            }
        };
        let (sender, driver) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| told(&error))?;
        Ok(Connection {
            sender,
            driver: Some(Box::new(driver)),
            used: Instant::now(),
        })
    }

    /// A name can stand for several addresses, of which some lead nowhere: each has its share of the time.
    async fn tcp(&self) -> io::Result<TcpStream> {
        let place = (self.host.as_str(), self.port);
        let addresses: Vec<SocketAddr> = lookup_host(place).await?.collect();
        let share = self.connect_timeout / u32::try_from(addresses.len().max(1)).unwrap_or(1);
        let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in addresses {
            match timeout(share, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => last = error,
                Err(_) => last = io::ErrorKind::TimedOut.into(),
            }
        }
        Err(last)
    }
}

impl Connection {
    fn is_old(&self) -> bool {
        self.used.elapsed() >= IDLE_CONNECTION
    }

    /// Looks whether Asterisk has closed it meanwhile. Waits for nothing: one that is not ready at once
    /// has more on its mind than our request.
    async fn is_ready(&mut self) -> bool {
        let Self { sender, driver, .. } = self;
        poll_fn(|context| {
            drive(driver, context);
            Poll::Ready(matches!(sender.poll_ready(context), Poll::Ready(Ok(()))))
        })
        .await
    }

    /// Sends a request and reads its answer to the end.
    pub(super) async fn exchange(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<(StatusCode, Vec<u8>), Broken> {
        let Self { sender, driver, .. } = self;
        let sent = sender.try_send_request(request);
        let answer =
            driven(driver, sent)
                .await
                .map_err(|mut error| match error.take_message() {
                    Some(request) => Broken::BeforeIt(Box::new(request)),
                    None => Broken::DuringIt(RequestError::Unknown(told(error.error()))),
                })?;
        let status = answer.status();
        let body = driven(driver, whole_body(answer)).await;
        Ok((status, body.map_err(Broken::DuringIt)?))
    }
}

/// Completes `work`, which waits for what the connection does.
async fn driven<T>(driver: &mut Option<Box<Driver>>, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    poll_fn(|context| {
        drive(driver, context);
        work.as_mut().poll(context)
    })
    .await
}

/// What waits for a connection that has ended is told so when the connection is dropped.
fn drive(driver: &mut Option<Box<Driver>>, context: &mut Context<'_>) {
    let Some(connection) = driver else {
        return;
    };
    if Pin::new(connection).poll(context).is_ready() {
        *driver = None;
    }
}

async fn whole_body(answer: Response<Incoming>) -> Result<Vec<u8>, RequestError> {
    let mut answer = answer.into_body();
    let mut body = Vec::new();
    while let Some(frame) = answer.frame().await {
        let frame = frame.map_err(|error| RequestError::Unknown(told(&error)))?;
        let Ok(piece) = frame.into_data() else {
            continue;
        };
        if body.len() + piece.len() > LONGEST_ANSWER {
            return Err(RequestError::Unknown("the answer is too long".to_owned()));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}
