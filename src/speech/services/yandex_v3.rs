//! Yandex SpeechKit, API v3 over REST: best for whole sentences. Not tried against the live service.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Client;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::language::Language;
use crate::speech::sound::{Decoded, RATE};

use super::http::bad;
use super::yandex::Yandex;
use super::{Service, ServiceError, presentable, samples_of_bytes};

/// A longer text needs the mode that allows it, in characters.
const LONGEST_SAFE: usize = 250;
/// Rates that a voice may come in although another was asked for.
const OTHER_RATES: [u32; 5] = [8_000, 22_050, 24_000, 44_100, 48_000];
/// How far the sound's length may be from what such a rate would make of it.
const TOLERANCE: f64 = 0.03;

pub(super) struct YandexV3(pub(super) Yandex);

/// A line of the answer, with and without the wrapper `result`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    result: Option<Part>,
    #[serde(flatten)]
    part: Part,
    error: Option<Failure>,
    #[serde(flatten)]
    failure: Failure,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    audio_chunk: Option<Chunk>,
    /// A number, often written as a string.
    length_ms: Option<Value>,
}

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    message: Option<String>,
    #[serde(alias = "grpcCode")]
    code: Option<i64>,
}

impl YandexV3 {
    fn request(&self, text: &str, language: Language) -> Value {
        let online = &self.0.settings.online;
        let voice = online.voices.of(language).unwrap_or_default();
        // Each hint is an object with one key.
        let mut hints = vec![json!({ "voice": voice })];
        hints.extend(self.0.role(language).map(|role| json!({ "role": role })));
        hints.extend(online.speed().map(|speed| json!({ "speed": speed })));
        json!({
            "text": text,
            "hints": hints,
            "outputAudioSpec": {
                "rawAudio": {
                    "audioEncoding": "LINEAR16_PCM",
                    "sampleRateHertz": RATE.to_string(),
                },
            },
            "loudnessNormalizationType": "LUFS",
            "unsafeMode": text.chars().count() > LONGEST_SAFE,
        })
    }
}

/// The bytes of all lines' sound.
fn sound(body: &[u8], text: &str) -> Result<Vec<u8>, ServiceError> {
    let (mut sound, mut lengths) = (Vec::new(), Vec::new());
    for line in body.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let Line {
            result,
            part,
            error,
            failure,
        } = serde_json::from_slice(line)
            .map_err(|_| bad("a line of it is not the JSON it should be; check base_url"))?;
        if let Some(error) = error.or(failure.message.is_some().then_some(failure)) {
            return Err(error.into_error(text));
        }
        let part = result.unwrap_or(part);
        lengths.extend(part.length_ms.as_ref().and_then(number));
        if let Some(chunk) = part.audio_chunk {
            let bytes = STANDARD.decode(chunk.data);
            sound.extend(bytes.map_err(|_| bad("its sound is not whole base64"))?);
        }
    }
    if sound.is_empty() {
        return Err(bad("there is no sound in it"));
    }
    check_length(sound.len(), &lengths)?;
    Ok(sound)
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// A sound at another rate than was asked for has another length than the service says: just as much
/// longer or shorter as the rates differ. Whether a line's length is its own or that of all so far is
/// not described: either must be off.
fn check_length(bytes: usize, lengths: &[f64]) -> Result<(), ServiceError> {
    let heard = bytes as f64 / 2.0 * 1000.0 / f64::from(RATE);
    let is_other_rate = |said: f64| {
        let mut ratios = OTHER_RATES
            .iter()
            .map(|rate| f64::from(*rate) / f64::from(RATE));
        ratios.any(|ratio| (heard - said * ratio).abs() <= said * ratio * TOLERANCE)
    };
    let sum: f64 = lengths.iter().sum();
    let longest = lengths.iter().copied().fold(0.0, f64::max);
    if longest <= 0.0 || !is_other_rate(sum) || !is_other_rate(longest) {
        return Ok(());
    }
    let message = format!(
        "it should be {sum:.0} ms long and is {heard:.0} ms: it does not have {RATE} samples a second"
    );
    Err(bad(message))
}

impl Failure {
    fn into_error(self, text: &str) -> ServiceError {
        let reason = presentable(&self.message.unwrap_or_default(), &[text]);
        // The codes of gRPC, as the HTTP status that they are sent with elsewhere.
        let status = match self.code {
            Some(3) => 400,
            Some(4) => 504,
            Some(7) => 403,
            Some(8) => 429,
            Some(13) => 500,
            Some(14) => 503,
            Some(16) => 401,
            Some(_) | None => return bad(format!("it ends with an error: {reason}")),
        };
        ServiceError::Refused {
            status,
            reason,
            retry_after: None,
        }
    }
}

impl Service for YandexV3 {
    fn voice(&self, language: Language) -> Option<Vec<String>> {
        self.0.voice("yandex-v3", language)
    }

    async fn speak(&self, text: &str, language: Language) -> Result<Decoded, ServiceError> {
        let base = &self.0.settings.online.base_url;
        let url = format!("{base}/tts/v3/utteranceSynthesis");
        let body = self.request(text, language);
        let request = |client: &Client| {
            let request = client.post(&url).json(&body);
            match &self.0.settings.folder {
                Some(folder) => request.header("x-folder-id", folder),
                None => request,
            }
        };
        let answer = self.0.ask(text, request).await?;
        samples_of_bytes(&sound(&answer.body, text)?, RATE)
    }
}
