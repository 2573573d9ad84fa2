//! Connections: taken in up to a number, served, and drained when we are told to stop.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::socket::Socket;
use crate::crm::http::Peer;
use crate::crm::settings::Limits;

/// The longest line and headers of a request, in bytes.
const LONGEST_HEAD: usize = 32 << 10;

/// How long we wait when the system can't give us a connection.
const PAUSE: Duration = Duration::from_millis(200);

/// How connections of one kind are served.
pub(super) struct Door {
    pub(super) router: Router,
    pub(super) limits: Arc<Limits>,
    pub(super) stopped: watch::Receiver<bool>,
}

/// Where connections come from.
pub(super) trait Listener {
    /// What comes out of it.
    type Connection: Connection;

    /// The next one.
    fn accept(&self) -> impl Future<Output = io::Result<Self::Connection>> + Send;
}

/// A connection before anything was said on it.
pub(super) trait Connection: Send + 'static {
    /// What requests are read from.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// Who is at the other end, if it is not this machine.
    fn peer(&self) -> Option<Peer>;

    /// Gets it ready to talk.
    fn open(self) -> impl Future<Output = io::Result<Self::Stream>> + Send;
}

impl Door {
    /// Serves until we are told to stop, then drains.
    pub(super) async fn serve(mut self, listener: &impl Listener) {
        let graceful = GracefulShutdown::new();
        let places = Arc::new(Semaphore::new(self.limits.connections));
        let mut connections = JoinSet::new();
        while let Some((connection, place)) = self.next(listener, &places).await {
            while connections.try_join_next().is_some() {}
            let serving = self.connection(connection, graceful.watcher());
            connections.spawn(async move {
                if let Err(error) = serving.await {
                    tracing::debug!(%error, "a connection of the contract ended");
                }
                drop(place);
            });
        }
        let drained = tokio::time::timeout(self.limits.grace, graceful.shutdown());
        if drained.await.is_err() {
            tracing::warn!("requests of the contract were still going on and were cut off");
        }
    }

    /// The next connection with its place; `None` once we are told to stop.
    async fn next<L: Listener>(
        &mut self,
        listener: &L,
        places: &Arc<Semaphore>,
    ) -> Option<(L::Connection, tokio::sync::OwnedSemaphorePermit)> {
        let coming = async {
            let place = Arc::clone(places).acquire_owned().await.ok()?;
            loop {
                match listener.accept().await {
                    Ok(connection) => return Some((connection, place)),
                    Err(error) => {
                        tracing::warn!(%error, "the contract gets no connection");
                        tokio::time::sleep(PAUSE).await;
                    }
                }
            }
        };
        tokio::select! {
            coming = coming => coming,
            _ = self.stopped.wait_for(|stopped| *stopped) => None,
        }
    }

    fn connection<C: Connection>(
        &self,
        connection: C,
        watcher: Watcher,
    ) -> impl Future<Output = Result<(), ConnectionError>> + use<C> {
        let (router, head_time) = (self.router.clone(), self.limits.head_time);
        async move {
            let peer = connection.peer();
            let opened = tokio::time::timeout(head_time, connection.open()).await;
            let stream = opened.map_err(|_| ConnectionError::Slow)??;
            let service = router.map_request(move |mut request: Request<Incoming>| {
                if let Some(peer) = peer {
                    request.extensions_mut().insert(peer);
                }
                request
            });
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new())
                .header_read_timeout(head_time)
                .max_buf_size(LONGEST_HEAD);
            let service = TowerToHyperService::new(service);
            let serving = http.serve_connection(TokioIo::new(stream), service);
            Ok(watcher.watch(serving).await?)
        }
    }
}

/// Why a connection ended early. Says nothing of what was sent on it.
#[derive(Debug, thiserror::Error)]
enum ConnectionError {
    #[error("it was not set up in time")]
    Slow,
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Http(#[from] hyper::Error),
}

/// TCP, with or without TLS.
pub(super) struct Secured {
    pub(super) listener: TcpListener,
    pub(super) tls: Option<TlsAcceptor>,
}

impl Listener for Secured {
    type Connection = (TcpStream, std::net::SocketAddr, Option<TlsAcceptor>);

    async fn accept(&self) -> io::Result<Self::Connection> {
        let (stream, address) = self.listener.accept().await?;
        stream.set_nodelay(true)?;
        Ok((stream, address, self.tls.clone()))
    }
}

impl Connection for (TcpStream, std::net::SocketAddr, Option<TlsAcceptor>) {
    type Stream = Box<dyn Stream>;

    fn peer(&self) -> Option<Peer> {
        Some(Peer(self.1.ip()))
    }

    async fn open(self) -> io::Result<Self::Stream> {
        let (stream, _, tls) = self;
        Ok(match tls {
            Some(tls) => Box::new(tls.accept(stream).await?),
            None => Box::new(stream),
        })
    }
}

/// What bytes come over, with TLS or without.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for T {}

impl Listener for Socket {
    type Connection = UnixStream;

    async fn accept(&self) -> io::Result<UnixStream> {
        Ok(self.listener.accept().await?.0)
    }
}

impl Connection for UnixStream {
    type Stream = Self;

    fn peer(&self) -> Option<Peer> {
        None
    }

    async fn open(self) -> io::Result<Self> {
        Ok(self)
    }
}
