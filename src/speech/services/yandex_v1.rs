//! Yandex SpeechKit, API v1: for single words. Not tried against the live service.

use crate::domain::language::Language;
use crate::speech::sound::{Decoded, RATE};

use super::yandex::Yandex;
use super::{Service, ServiceError, samples_of_bytes};

pub(super) struct YandexV1(pub(super) Yandex);

fn tag(language: Language) -> &'static str {
    match language {
        Language::Russian => "ru-RU",
        Language::English => "en-US",
    }
}

impl Service for YandexV1 {
    fn voice(&self, language: Language) -> Option<Vec<String>> {
        self.0.voice("yandex-v1", language)
    }

    async fn speak(&self, text: &str, language: Language) -> Result<Decoded, ServiceError> {
        let settings = &self.0.settings;
        let online = &settings.online;
        let rate = RATE.to_string();
        let mut form = vec![
            ("text", text),
            ("lang", tag(language)),
            ("voice", online.voices.of(language).unwrap_or_default()),
            ("format", "lpcm"),
            ("sampleRateHertz", &rate),
        ];
        form.extend(self.0.role(language).map(|role| ("emotion", role)));
        form.extend(online.speed.as_deref().map(|speed| ("speed", speed)));
        form.extend(settings.folder.as_deref().map(|id| ("folderId", id)));
        let url = format!("{}/speech/v1/tts:synthesize", online.base_url);
        let answer = self.0.ask(text, |client| client.post(&url).form(&form));
        let answer = answer.await?;
        let rate = answer.declared_rate().unwrap_or(RATE);
        samples_of_bytes(&answer.sound(&[text])?, rate)
    }
}
