//! Those who watch over us have an address of their own: the contract's may stand behind a proxy, for
//! which all the world is this machine.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::ServeError;
use super::accept::{Door, Secured};
use crate::crm::http::{Observed, condition_router};
use crate::crm::settings::Limits;

/// A Prometheus, a probe, and somebody who looks.
const CONNECTIONS: usize = 16;

/// An address that is ours, before anything is served on it.
pub struct Watching {
    listener: TcpListener,
}

impl Watching {
    /// Takes the address.
    ///
    /// # Errors
    /// [`ServeError::Listen`].
    pub async fn open(address: SocketAddr) -> Result<Self, ServeError> {
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|reason| ServeError::Listen {
            what: "our condition",
            address: address.to_string(),
            reason,
        })?;
        Ok(Self { listener })
    }

    /// Serves until `stop` completes.
    pub async fn serve(self, observed: impl Observed, stop: impl Future<Output = ()>) {
        let (stopping, stopped) = watch::channel(false);
        let door = Door {
            router: condition_router(Arc::new(observed)),
            limits: Arc::new(Limits {
                connections: CONNECTIONS,
                ..Limits::default()
            }),
            stopped,
        };
        let address = self.listener.local_addr().ok();
        tracing::info!(
            address = address.map(tracing::field::display),
            "metrics are served"
        );
        let secured = Secured {
            listener: self.listener,
            tls: None,
        };
        let stop = async {
            stop.await;
            let _ = stopping.send(true);
        };
        tokio::join!(door.serve(&secured), stop);
    }
}
