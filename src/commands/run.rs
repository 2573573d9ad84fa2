//! `vizavi run`

use std::error::Error;

use tokio::signal::unix::{SignalKind, signal};
use vizavi::config::Settings;
use vizavi::service_manager;
use vizavi::switchboard::Ending;

use super::log;

/// Two that serve the same name would take the calls from each other for ever, so whoever starts us
/// again has to know.
#[derive(Debug, thiserror::Error)]
#[error(
    "another process has connected to Asterisk under this application's name and serves the calls now; \
     if that was not meant, give each its own `application`"
)]
pub(crate) struct Replaced;

impl Replaced {
    /// The exit code; `packaging/vizavi.service` knows it.
    pub(crate) const EXIT_CODE: u8 = 3;
}

pub(crate) fn run(settings: Settings) -> Result<(), Box<dyn Error>> {
    log::start(&settings.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            service_manager::stopping();
        };
        match vizavi::app::serve(settings, stop).await? {
            Ending::Stopped => Ok(()),
            Ending::Replaced => Err(Replaced.into()),
        }
    })
}
