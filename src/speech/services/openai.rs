//! Anything that answers as OpenAI's speech API does: the door to self-hosted neural voices. Not
//! tried against the live service.

use reqwest::Client;
use serde_json::json;

use crate::domain::language::Language;
use crate::secret::Secret;
use crate::speech::sound::Decoded;

use super::{OpenAiSettings, Service, ServiceError, http, samples_of_file};

pub(super) struct OpenAi {
    settings: OpenAiSettings,
    key: Option<Secret>,
    client: Client,
}

impl OpenAi {
    pub(super) fn open(settings: &OpenAiSettings) -> Result<Self, String> {
        Ok(Self {
            client: http::client(&settings.online, &[])?,
            key: settings.key.as_ref().map(|key| key.read()).transpose()?,
            settings: settings.clone(),
        })
    }
}

impl Service for OpenAi {
    fn voice(&self, language: Language) -> Option<Vec<String>> {
        let mut parts = self.settings.online.voice("openai", language)?;
        parts.push(self.settings.model.clone());
        Some(parts)
    }

    async fn speak(&self, text: &str, language: Language) -> Result<Decoded, ServiceError> {
        let online = &self.settings.online;
        let mut body = json!({
            "model": self.settings.model,
            "input": text,
            "voice": online.voices.of(language).unwrap_or_default(),
            // Says its own rate, which bare samples do not.
            "response_format": "wav",
        });
        if let Some(speed) = online.speed() {
            body["speed"] = json!(speed);
        }
        let url = format!("{}/v1/audio/speech", online.base_url);
        let mut request = self.client.post(url).json(&body);
        let mut private = vec![text];
        if let Some(key) = &self.key {
            request = request.bearer_auth(key.expose());
            private.push(key.expose());
        }
        let answer = http::ask(request, &private).await?;
        samples_of_file(answer.sound(&private)?).await
    }
}
