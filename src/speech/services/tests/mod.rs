//! Each service against a server of our own that behaves as the service is described.

mod bad_answers;
mod local;
mod online;
mod own_authority;
mod stand_in;
mod yandex_account;

use super::*;
use crate::secret::Secret;
use crate::speech::sound::RATE;

use stand_in::{Reply, StandIn};

/// Half a second of a tone.
fn tone(rate: u32) -> Vec<i16> {
    (0..rate / 2)
        .map(|at| {
            let angle = f64::from(at) * 440.0 * std::f64::consts::TAU / f64::from(rate);
            (angle.sin() * 8000.0) as i16
        })
        .collect()
}

fn bytes(samples: &[i16]) -> Vec<u8> {
    samples
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect()
}

fn wav(rate: u32, samples: &[i16]) -> Vec<u8> {
    let sound = bytes(samples);
    let size = sound.len() as u32;
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend((36 + size).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend([1, 0, 1, 0]);
    file.extend(rate.to_le_bytes());
    file.extend((rate * 2).to_le_bytes());
    file.extend([2, 0, 16, 0]);
    file.extend(b"data");
    file.extend(size.to_le_bytes());
    file.extend(sound);
    file
}

fn online(server: &StandIn) -> Online {
    Online {
        base_url: server.url(""),
        voices: Voices {
            russian: "Юлия".to_owned(),
            english: String::new(),
        },
        ..Online::default()
    }
}

fn key() -> Key {
    Key::Given(Secret::new("the-key"))
}

fn yandex(server: &StandIn) -> YandexSettings {
    YandexSettings {
        online: online(server),
        key: YandexKey::Api(key()),
        folder: None,
        role: None,
    }
}

/// Every kind of service on the net, as it would ask this server.
fn kinds(server: &StandIn) -> Vec<Kind> {
    vec![
        Kind::YandexV3(yandex(server)),
        Kind::YandexV1(yandex(server)),
        Kind::OpenAi(OpenAiSettings {
            online: online(server),
            key: Some(key()),
            model: "tts-1".to_owned(),
        }),
        Kind::Salute(SaluteSettings {
            online: online(server),
            key: key(),
            scope: "SALUTE_SPEECH_PERS".to_owned(),
            sign_in_url: server.url("/api/v2/oauth"),
        }),
        Kind::VoiceFabric(online(server), key()),
        Kind::Crt(CrtSettings {
            online: online(server),
            user: "user".to_owned(),
            domain: 200,
            password: key(),
        }),
    ]
}

fn opened(kind: Kind) -> Box<dyn AnyService> {
    let mut settings = ServiceSettings::command("a", CommandSettings::default());
    settings.kind = kind;
    open(&settings).unwrap()
}

async fn ask(kind: Kind) -> Result<Decoded, ServiceError> {
    opened(kind).speak("Анна Петрова", Language::Russian).await
}

/// What each kind of service says about this answer to the request for speech.
async fn refusals(reply: Reply) -> Vec<ServiceError> {
    let server = StandIn::start().await;
    server.always(reply);
    let mut refusals = Vec::new();
    for kind in kinds(&server) {
        let name = format!("{kind:?}");
        let Err(error) = ask(kind).await else {
            panic!("{name} took it");
        };
        let told = format!("{error} {error:?}");
        assert!(!told.contains("Петрова"), "{told}");
        assert!(!told.contains("the-key"), "{told}");
        refusals.push(error);
    }
    refusals
}
