//! Builds the parts, starts them, and drains them.

mod readiness;

use std::future::Future;
use std::sync::Arc;

use crate::ari::{self, Requests, Socket};
use crate::config::Settings;
use crate::domain::menu::{Menu, Rating, Wording};
use crate::domain::prompt::Prompt;
use crate::people::People;
use crate::speech::{Speech, SpeechError};
use crate::switchboard::{Desk, Ending, Switchboard};
use crate::toml_file::FileError;

pub use readiness::UnusableAsterisk;

/// The most menus that are spoken ahead, before anybody calls.
const MENUS_AHEAD: usize = 1000;

/// Why we could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The file of people can't be used.
    #[error(transparent)]
    People(#[from] FileError),
    /// The settings of ARI can't be used.
    #[error(transparent)]
    Ari(#[from] ari::SettingsError),
    /// The phrase cache can't be used.
    #[error(transparent)]
    Speech(#[from] SpeechError),
    /// Asterisk answers, but can't serve us.
    #[error(transparent)]
    Asterisk(#[from] UnusableAsterisk),
}

/// Serves calls with the people of the settings' file until `stop` completes.
///
/// # Errors
/// [`StartError`] when there is no point in waiting: somebody has to change something.
pub async fn serve(
    settings: Settings,
    stop: impl Future<Output = ()>,
) -> Result<Ending, StartError> {
    let people = People::read(&settings.people)?;
    tracing::info!(entries = people.entries().len(), file = %settings.people.display(), "people");
    let wording = Wording::new(settings.menu.language, settings.menu.greeting.clone());
    let ahead = said_ahead(&people, &wording, settings.menu.longest);
    serve_with(settings, Arc::new(people), wording, ahead, stop).await
}

/// As [`serve`], with a rating of one's own and the prompts that it will need.
///
/// # Errors
/// As [`serve`].
pub async fn serve_with(
    settings: Settings,
    rating: Arc<dyn Rating>,
    wording: Wording,
    ahead: Vec<Prompt>,
    stop: impl Future<Output = ()>,
) -> Result<Ending, StartError> {
    let requests = Requests::new(&settings.ari)?;
    let speech = Speech::open(settings.speech)?;
    tokio::pin!(stop);
    tokio::select! {
        usable = readiness::wait_for_asterisk(&requests, &settings.ari.base_url) => usable?,
        () = &mut stop => return Ok(Ending::Stopped),
    }
    let warming = tokio::spawn(warm(speech.clone(), ahead));
    let socket = Socket::open(&requests);
    let desk = Desk {
        requests,
        speech,
        rating,
        wording,
        policy: settings.menu.policy,
        longest_menu: settings.menu.longest,
        fallback: settings.fallback,
    };
    let ending = Switchboard::new(desk).run(socket, stop).await;
    warming.abort();
    Ok(ending)
}

/// What callers will hear, as far as it can be known before they call.
fn said_ahead(people: &People, wording: &Wording, longest: usize) -> Vec<Prompt> {
    let unknown = Menu::for_caller(people, None, longest);
    let mut prompts = wording.said_to_everybody();
    prompts.push(wording.menu(&unknown));
    let personal = people
        .known_callers()
        .take(MENUS_AHEAD)
        .map(|caller| wording.menu(&Menu::for_caller(people, Some(caller), longest)));
    prompts.extend(personal);
    prompts
}

async fn warm(speech: Speech, prompts: Vec<Prompt>) {
    let warming = speech.warm(prompts, |_| ()).await;
    if warming.failed > 0 {
        let (failed, total) = (warming.failed, warming.total);
        tracing::error!(
            failed,
            total,
            "prompts can't be spoken: callers go to the fallback"
        );
        return;
    }
    tracing::info!(
        prompts = warming.total,
        "everything that can be said ahead is spoken"
    );
}
