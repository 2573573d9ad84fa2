//! SaluteSpeech. Its certificates come from an authority that systems do not know: `ca_file` names
//! it. Not tried against the live service.

use std::time::Duration;

use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;

use crate::domain::language::Language;
use crate::secret::Secret;
use crate::speech::sound::Decoded;

use super::kept_token::KeptToken;
use super::{SaluteSettings, Service, ServiceError, http, samples_of_file};

/// A token lives half an hour.
const TOKEN_USE: Duration = Duration::from_secs(25 * 60);

pub(super) struct Salute {
    settings: SaluteSettings,
    key: Secret,
    client: Client,
    token: KeptToken,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

impl Salute {
    pub(super) fn open(settings: &SaluteSettings) -> Result<Self, String> {
        Ok(Self {
            client: http::client(&settings.online, &[&settings.sign_in_url])?,
            key: settings.key.read()?,
            token: KeptToken::default(),
            settings: settings.clone(),
        })
    }

    async fn sign_in(&self) -> Result<(Secret, Duration), ServiceError> {
        let request = self
            .client
            .post(&self.settings.sign_in_url)
            .header("Authorization", format!("Basic {}", self.key.expose()))
            .header("RqUID", request_id()?)
            .form(&[("scope", self.settings.scope.as_str())]);
        let token: Token = http::ask(request, &[self.key.expose()]).await?.json()?;
        if token.access_token.is_empty() {
            return Err(http::bad("it signed in without a token"));
        }
        Ok((Secret::new(token.access_token), TOKEN_USE))
    }

    async fn ask(
        &self,
        text: &str,
        language: Language,
        token: Secret,
    ) -> Result<Vec<u8>, ServiceError> {
        let online = &self.settings.online;
        let voice = online.voices.of(language).unwrap_or_default();
        let request = self
            .client
            .post(format!("{}/rest/v1/text:synthesize", online.base_url))
            .query(&[("format", "wav16"), ("voice", voice)])
            .bearer_auth(token.expose())
            .header(CONTENT_TYPE, "application/text")
            .body(text.to_owned());
        let private = [text, token.expose(), self.key.expose()];
        http::ask(request, &private).await?.sound(&private)
    }
}

/// A random UUID (version 4).
fn request_id() -> Result<String, ServiceError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| ServiceError::Unreachable(format!("no random numbers: {error}")))?;
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let (a, b, c, d, e) = (
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    );
    Ok(format!("{a}-{b}-{c}-{d}-{e}"))
}

impl Service for Salute {
    fn voice(&self, language: Language) -> Option<Vec<String>> {
        self.settings.online.voice("salute", language)
    }

    async fn speak(&self, text: &str, language: Language) -> Result<Decoded, ServiceError> {
        let question = |token| self.ask(text, language, token);
        let file = self.token.ask(|| self.sign_in(), question).await?;
        samples_of_file(file).await
    }
}
