//! VoiceFabric, the older generation. Not tried against the live service.

use reqwest::Client;

use crate::domain::language::Language;
use crate::secret::Secret;
use crate::speech::sound::Decoded;

use super::{Key, Online, Service, ServiceError, http, samples_of_bytes};

pub(super) struct VoiceFabric {
    online: Online,
    key: Secret,
    client: Client,
}

impl VoiceFabric {
    pub(super) fn open(online: &Online, key: &Key) -> Result<Self, String> {
        Ok(Self {
            client: http::client(online, &[])?,
            key: key.read()?,
            online: online.clone(),
        })
    }
}

impl Service for VoiceFabric {
    fn voice(&self, language: Language) -> Option<Vec<String>> {
        self.online.voice("voicefabric", language)
    }

    async fn speak(&self, text: &str, language: Language) -> Result<Decoded, ServiceError> {
        let form = [
            ("apikey", self.key.expose()),
            (
                "ttsVoice",
                self.online.voices.of(language).unwrap_or_default(),
            ),
            ("textFormat", "text/plain"),
            ("text", text),
        ];
        let url = format!("{}/WSServer/ws/tts", self.online.base_url);
        let private = [text, self.key.expose()];
        let answer = http::ask(self.client.post(url).form(&form), &private).await?;
        let rate = answer.declared_rate();
        let sound = answer.sound(&private)?;
        let rate = rate.ok_or_else(|| http::bad("its Content-Type has no rate"))?;
        samples_of_bytes(&sound, rate)
    }
}
