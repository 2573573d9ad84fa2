//! Clips over HTTP, for an Asterisk that can't read our directory: on another machine, say. What a
//! name stands for never changes, so Asterisk may keep what it has fetched for as long as it likes.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::Speech;
use super::files::{Files, Key};
use super::formats;

/// Connections at once. An Asterisk needs one for each playback that it has not fetched yet.
const CONNECTIONS: usize = 256;
/// How long a request may take to come.
const REQUEST_TIME: Duration = Duration::from_secs(10);
/// How long a connection is kept, however little goes over it.
const CONNECTION_TIME: Duration = Duration::from_secs(60);
/// How long we wait when the system gives us no connection.
const PAUSE: Duration = Duration::from_millis(200);
/// A year: for ever, as far as caches go.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Where clips are served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// How Asterisk gets there: `http://`, a host and a port, without a slash at the end.
    pub url: String,
}

impl Served {
    /// What Asterisk is to play.
    pub(super) fn media(&self, key: &Key) -> String {
        format!("sound:{}/clips/{key}.{}", self.url, formats::MASTER)
    }
}

impl Speech {
    /// Serves the clips, for ever, if the settings want it.
    ///
    /// # Errors
    /// What the system says when the address can't be listened on.
    pub async fn serve(self) -> io::Result<()> {
        let Some(served) = &self.workshop.served else {
            return Ok(());
        };
        let listener = TcpListener::bind(served.listen).await?;
        tracing::info!(address = %served.listen, "clips are served to Asterisk");
        let router = router(Arc::clone(&self.workshop.files));
        accept(&listener, &router).await;
        Ok(())
    }
}

fn router(files: Arc<Files>) -> Router {
    Router::new()
        .route("/clips/{name}", get(clip))
        .with_state(files)
}

async fn clip(State(files): State<Arc<Files>>, Path(name): Path<String>) -> Response {
    let Some(path) = path(&files, &name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match tokio::fs::read(path).await {
        Ok(sound) => (
            [
                (header::CONTENT_TYPE, "application/octet-stream"),
                (header::CACHE_CONTROL, FOR_EVER),
                (header::ETAG, &format!("\"{name}\"")),
            ],
            sound,
        )
            .into_response(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            StatusCode::NOT_FOUND.into_response()
        }
        Err(error) => {
            tracing::warn!(%error, "a clip can't be read for Asterisk");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The file of a name; `None` if no clip is called so.
fn path(files: &Files, name: &str) -> Option<PathBuf> {
    let (key, ending) = name.split_once('.')?;
    let key = Key::parse(key)?;
    (ending == formats::MASTER).then(|| formats::with_ending(&files.clip(&key), ending))
}

async fn accept(listener: &TcpListener, router: &Router) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "Asterisk gets no connection for clips");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        while connections.try_join_next().is_some() {}
        let router = router.clone();
        connections.spawn(async move {
            let _ = tokio::time::timeout(CONNECTION_TIME, connection(stream, router)).await;
            drop(place);
        });
    }
}

async fn connection(stream: TcpStream, router: Router) {
    let _ = stream.set_nodelay(true);
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(REQUEST_TIME)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    if let Err(error) = served.await {
        tracing::debug!(%error, "a connection for clips ended");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_clips_have_names() {
        let directory = tempfile::tempdir().unwrap();
        let files = Files::open(directory.path()).unwrap();
        let key = Key::of([b"a".as_slice()]);
        assert!(path(&files, &format!("{key}.sln16")).is_some());
        for name in [
            format!("{key}"),
            format!("{key}.phrase"),
            format!("../{key}.sln16"),
            format!("{}.sln16", key.to_string().to_uppercase()),
            "budget.json".to_owned(),
            "éééééééééééééééé.sln16".to_owned(),
        ] {
            assert_eq!(path(&files, &name), None, "{name}");
        }
    }
}
