//! ЦРТ Cloud, the newer generation of VoiceFabric. Not tried against the live service.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Client;
use serde::Deserialize;
use serde_json::json;

use crate::domain::language::Language;
use crate::secret::Secret;
use crate::speech::sound::Decoded;

use super::kept_token::KeptToken;
use super::{CrtSettings, Service, ServiceError, http, samples_of_file};

/// How long a session lives is not described; a refused one is renewed at once.
const SESSION_USE: Duration = Duration::from_secs(3600);

pub(super) struct CrtCloud {
    settings: CrtSettings,
    password: Secret,
    client: Client,
    session: KeptToken,
}

#[derive(Deserialize)]
struct Session {
    session_id: String,
}

#[derive(Deserialize)]
struct Spoken {
    data: String,
}

impl CrtCloud {
    pub(super) fn open(settings: &CrtSettings) -> Result<Self, String> {
        Ok(Self {
            client: http::client(&settings.online, &[])?,
            password: settings.password.read()?,
            session: KeptToken::default(),
            settings: settings.clone(),
        })
    }

    async fn sign_in(&self) -> Result<(Secret, Duration), ServiceError> {
        let base = &self.settings.online.base_url;
        let request = self
            .client
            .post(format!("{base}/vksession/rest/session"))
            .json(&json!({
                "username": self.settings.user,
                "domain_id": self.settings.domain,
                "password": self.password.expose(),
            }));
        let private = [self.password.expose()];
        let session: Session = http::ask(request, &private).await?.json()?;
        if session.session_id.is_empty() {
            return Err(http::bad("it signed in without a session"));
        }
        Ok((Secret::new(session.session_id), SESSION_USE))
    }

    async fn ask(
        &self,
        text: &str,
        language: Language,
        session: Secret,
    ) -> Result<Vec<u8>, ServiceError> {
        let online = &self.settings.online;
        let request = self
            .client
            .post(format!("{}/vktts/rest/v1/synthesize", online.base_url))
            .header("X-Session-Id", session.expose())
            .json(&json!({
                "voice_name": online.voices.of(language).unwrap_or_default(),
                "text": { "mime": "text/plain", "value": text },
                "audio": "audio/wav",
            }));
        let private = [text, session.expose(), self.password.expose()];
        let answer = http::ask(request, &private).await?;
        let spoken: Spoken = answer.json()?;
        let file = STANDARD.decode(spoken.data);
        file.map_err(|_| http::bad("its sound is not whole base64"))
    }
}

impl Service for CrtCloud {
    fn voice(&self, language: Language) -> Option<Vec<String>> {
        self.settings.online.voice("crt-cloud", language)
    }

    async fn speak(&self, text: &str, language: Language) -> Result<Decoded, ServiceError> {
        let question = |session| self.ask(text, language, session);
        let file = self.session.ask(|| self.sign_in(), question).await?;
        samples_of_file(file).await
    }
}
