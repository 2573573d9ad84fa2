//! Yandex SpeechKit, API v1: for single words. Not tried against the live service.

use reqwest::Client;

use crate::domain::language::Language;
use crate::speech::sound::{Decoded, RATE};

use super::yandex::SignIn;
use super::{Service, ServiceError, YandexSettings, http, samples_of_bytes};

pub(super) struct YandexV1 {
    settings: YandexSettings,
    client: Client,
    sign_in: SignIn,
}

impl YandexV1 {
    pub(super) fn open(settings: &YandexSettings) -> Result<Self, String> {
        let online = &settings.online;
        Ok(Self {
            client: http::client(online.ca_file.as_deref(), &[&online.base_url])?,
            sign_in: SignIn::open(settings)?,
            settings: settings.clone(),
        })
    }
}

fn tag(language: Language) -> &'static str {
    match language {
        Language::Russian => "ru-RU",
        Language::English => "en-US",
    }
}

impl YandexSettings {
    /// All that makes the voice.
    pub(super) fn voice(&self, kind: &str, language: Language) -> Option<Vec<String>> {
        let mut parts = self.online.voice(kind, language)?;
        parts.extend(self.role.clone());
        Some(parts)
    }
}

impl Service for YandexV1 {
    fn voice(&self, language: Language) -> Option<Vec<String>> {
        self.settings.voice("yandex-v1", language)
    }

    async fn speak(&self, text: &str, language: Language) -> Result<Decoded, ServiceError> {
        let online = &self.settings.online;
        let rate = RATE.to_string();
        let mut form = vec![
            ("text", text),
            ("lang", tag(language)),
            ("voice", online.voices.of(language).unwrap_or_default()),
            ("format", "lpcm"),
            ("sampleRateHertz", &rate),
        ];
        if let Some(role) = &self.settings.role
            && language == Language::Russian
        {
            form.push(("emotion", role));
        }
        form.extend(online.speed.as_deref().map(|speed| ("speed", speed)));
        form.extend(self.settings.folder.as_deref().map(|id| ("folderId", id)));
        let url = format!("{}/speech/v1/tts:synthesize", online.base_url);
        let request = || self.client.post(&url).form(&form);
        let answer = self.sign_in.ask(&self.client, request, text).await?;
        let rate = answer.declared_rate().unwrap_or(RATE);
        samples_of_bytes(&answer.sound(&[text])?, rate)
    }
}
