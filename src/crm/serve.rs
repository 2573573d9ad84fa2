//! Listens for requests: over TCP for CRMs, on a socket for this machine's own programs.

mod accept;
mod socket;
mod tls;
mod watching;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::Answers;
use super::http::{Contract, Trust, router};
use super::settings::Settings;
use crate::store::Store;
use accept::{Door, Secured};
use socket::Socket;

pub use socket::SOCKET;
pub use watching::Watching;

/// What CRMs use, in messages.
const CONTRACT: &str = "the contract";

/// The contract can't be served. Calls don't need it.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Plain HTTP would carry names and tokens over a network.
    #[error(
        "the contract would be served without TLS on {0}: set certificate and key, or listen on \
         127.0.0.1 behind a proxy that has them"
    )]
    Plain(SocketAddr),
    /// The address can't be listened on.
    #[error("{what} can't be served on {address}: {reason}")]
    Listen {
        /// What was to be served.
        what: &'static str,
        /// The address, or the socket's path.
        address: String,
        /// Why not.
        reason: io::Error,
    },
    /// The certificate or the key can't be used.
    #[error("{path} can't be used for the contract's TLS: {reason}")]
    Tls {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// Addresses that are ours, before anything is served on them.
pub struct Listening {
    tcp: Option<(TcpListener, Option<TlsAcceptor>)>,
    socket: Socket,
    settings: Settings,
}

/// Serves the contract until `stop` completes, and lets requests that have begun go on for the grace
/// period.
///
/// # Errors
/// [`ServeError`] if the addresses or the certificate can't be used; nothing is served then.
pub async fn serve(
    settings: Settings,
    store: Store,
    answers: Arc<dyn Answers>,
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let listening = Listening::open(settings).await?;
    listening.serve(store, answers, stop).await;
    Ok(())
}

impl Listening {
    /// Takes the addresses.
    ///
    /// # Errors
    /// [`ServeError`], with the address or the file.
    pub async fn open(settings: Settings) -> Result<Self, ServeError> {
        let tcp = match settings.listen {
            Some(address) => Some(tcp(address, &settings).await?),
            None => None,
        };
        let socket = Socket::open(&settings.directory).map_err(|reason| ServeError::Listen {
            what: CONTRACT,
            address: settings.directory.join(SOCKET).display().to_string(),
            reason,
        })?;
        Ok(Self {
            tcp,
            socket,
            settings,
        })
    }

    /// The address over TCP.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.tcp.as_ref()?.0.local_addr().ok()
    }

    /// The path of the socket.
    #[must_use]
    pub fn socket(&self) -> &Path {
        self.socket.path()
    }

    /// Serves until `stop` completes.
    pub async fn serve(
        self,
        store: Store,
        answers: Arc<dyn Answers>,
        stop: impl Future<Output = ()>,
    ) {
        let contract = Contract::new(&self.settings, store, answers);
        let address = self.address();
        let (stopping, stopped) = watch::channel(false);
        let limits = Arc::new(self.settings.limits);
        let door = |trust| Door {
            router: router(Arc::clone(&contract), trust),
            limits: Arc::clone(&limits),
            stopped: stopped.clone(),
        };
        tracing::info!(socket = %self.socket.path().display(), "the contract is served");
        let (local, socket) = (door(Trust::Everything), self.socket);
        let on_socket = local.serve(&socket);
        let over_tcp = async {
            let Some((listener, tls)) = self.tcp else {
                return;
            };
            let with_tls = tls.is_some();
            tracing::info!(
                address = address.map(tracing::field::display),
                with_tls,
                "the contract is served"
            );
            door(Trust::Token).serve(&Secured { listener, tls }).await;
        };
        let stop = async {
            stop.await;
            let _ = stopping.send(true);
        };
        tokio::join!(on_socket, over_tcp, stop);
    }
}

async fn tcp(
    address: SocketAddr,
    settings: &Settings,
) -> Result<(TcpListener, Option<TlsAcceptor>), ServeError> {
    let tls = settings.tls.as_ref().map(tls::acceptor).transpose()?;
    if tls.is_none() && !address.ip().is_loopback() {
        return Err(ServeError::Plain(address));
    }
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|reason| ServeError::Listen {
        what: CONTRACT,
        address: address.to_string(),
        reason,
    })?;
    Ok((listener, tls))
}
