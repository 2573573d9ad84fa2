//! What is asked, and what a good answer becomes.

use serde_json::json;

use super::stand_in::lines;
use super::*;

fn field<'a>(form: &'a [(String, String)], name: &str) -> &'a str {
    let mut fields = form.iter().filter(|(known, _)| known == name);
    fields.next().map_or("", |(_, value)| value)
}

fn assert_half_a_second(decoded: &Decoded, name: &str) {
    let seconds = decoded.samples.len() as f64 / f64::from(decoded.rate);
    assert!((seconds - 0.5).abs() < 0.001, "{name}: {seconds} s");
    let loudest = decoded.samples.iter().copied().fold(0.0, f32::max);
    assert!((loudest - 0.244).abs() < 0.01, "{name}: {loudest}");
}

#[tokio::test]
async fn every_service_gives_the_sound_that_was_sent() {
    let server = StandIn::start().await;
    let rates = [16_000, 16_000, 24_000, 24_000, 22_050, 24_000];
    for (kind, rate) in kinds(&server).into_iter().zip(rates) {
        let name = format!("{kind:?}");
        let decoded = ask(kind).await.unwrap();
        assert_eq!(decoded.rate, rate, "{name}");
        assert_half_a_second(&decoded, &name);
    }
}

#[tokio::test]
async fn no_service_speaks_a_language_without_a_voice() {
    let server = StandIn::start().await;
    for kind in kinds(&server) {
        let service = opened(kind);
        assert_eq!(service.voice(Language::English), None);
        assert!(
            service
                .voice(Language::Russian)
                .unwrap()
                .contains(&"Юлия".to_owned())
        );
        assert!(!service.can_say("Hello", Language::English));
    }
}

#[tokio::test]
async fn yandex_v3_is_asked_for_bare_samples() {
    let server = StandIn::start().await;
    let mut settings = yandex(&server);
    settings.role = Some("friendly".to_owned());
    settings.folder = Some("folder-1".to_owned());
    settings.online.speed = Some("1.1".to_owned());
    ask(Kind::YandexV3(settings)).await.unwrap();
    let asked = &server.seen()[0];
    assert_eq!(asked.method, "POST");
    assert_eq!(asked.header("authorization"), "Api-Key the-key");
    assert_eq!(asked.header("x-folder-id"), "folder-1");
    let expected = json!({
        "text": "Анна Петрова",
        "hints": [{ "voice": "Юлия" }, { "role": "friendly" }, { "speed": 1.1 }],
        "outputAudioSpec": {
            "rawAudio": { "audioEncoding": "LINEAR16_PCM", "sampleRateHertz": "16000" },
        },
        "loudnessNormalizationType": "LUFS",
        "unsafeMode": false,
    });
    assert_eq!(asked.json(), expected);
}

#[tokio::test]
async fn yandex_v3_takes_a_long_text_in_the_mode_for_it() {
    let server = StandIn::start().await;
    let service = opened(Kind::YandexV3(yandex(&server)));
    for (length, unsafe_mode) in [(250, false), (251, true)] {
        let text = "я".repeat(length);
        service.speak(&text, Language::Russian).await.unwrap();
        let asked = server.seen().pop().unwrap();
        assert_eq!(asked.json()["unsafeMode"], unsafe_mode, "{length}");
    }
}

#[tokio::test]
async fn yandex_v3_reads_long_lines_and_a_last_one_without_its_newline() {
    let sound = bytes(&tone(RATE).repeat(20));
    let whole = lines(&sound, 120_000);
    assert!(whole.lines().all(|line| line.len() > 64 * 1024));
    let server = StandIn::start().await;
    server.next(Reply::of(200, whole.trim_end()));
    let decoded = ask(Kind::YandexV3(yandex(&server))).await.unwrap();
    assert_eq!(decoded.samples.len(), sound.len() / 2);
}

#[tokio::test]
async fn yandex_v3_reads_lines_without_the_wrapper() {
    let server = StandIn::start().await;
    let bare: String = lines(&bytes(&tone(RATE)), 4000)
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            format!("{}\r\n", line["result"])
        })
        .collect();
    server.next(Reply::of(200, bare));
    let decoded = ask(Kind::YandexV3(yandex(&server))).await.unwrap();
    assert_half_a_second(&decoded, "bare lines");
}

#[tokio::test]
async fn yandex_v1_is_asked_with_a_form() {
    let server = StandIn::start().await;
    ask(Kind::YandexV1(yandex(&server))).await.unwrap();
    let asked = &server.seen()[0];
    assert_eq!(asked.header("authorization"), "Api-Key the-key");
    let form = asked.form();
    let expected = [
        ("text", "Анна Петрова"),
        ("lang", "ru-RU"),
        ("voice", "Юлия"),
        ("format", "lpcm"),
        ("sampleRateHertz", "16000"),
    ];
    for (name, value) in expected {
        assert_eq!(field(&form, name), value, "{form:?}");
    }
    assert_eq!(form.len(), expected.len(), "{form:?}");
}

#[tokio::test]
async fn an_openai_compatible_service_is_asked_for_a_wav_file() {
    let server = StandIn::start().await;
    ask(kinds(&server).remove(2)).await.unwrap();
    let asked = &server.seen()[0];
    assert_eq!(asked.header("authorization"), "Bearer the-key");
    let expected = json!({
        "model": "tts-1", "input": "Анна Петрова", "voice": "Юлия", "response_format": "wav",
    });
    assert_eq!(asked.json(), expected);
}

#[tokio::test]
async fn salute_signs_in_once_and_again_when_its_token_is_refused() {
    let server = StandIn::start().await;
    let service = opened(kinds(&server).remove(3));
    for _ in 0..2 {
        service.speak("Анна", Language::Russian).await.unwrap();
    }
    let seen = server.seen();
    assert_eq!(seen.len(), 3, "{seen:?}");
    assert_eq!(seen[0].header("authorization"), "Basic the-key");
    assert_eq!(
        seen[0].form(),
        [("scope".to_owned(), "SALUTE_SPEECH_PERS".to_owned())]
    );
    let id = seen[0].header("rquid");
    assert_eq!(
        (id.len(), id.matches('-').count(), &id[14..15]),
        (36, 4, "4"),
        "{id}"
    );
    assert_eq!(seen[1].header("authorization"), "Bearer token-1");
    assert_eq!(seen[1].header("content-type"), "application/text");
    assert_eq!(seen[1].body, "Анна");
    let query = seen[1].uri.query().unwrap();
    assert!(query.starts_with("format=wav16&voice="), "{query}");

    server.next(Reply::of(401, ""));
    service.speak("Анна", Language::Russian).await.unwrap();
    let last = server.seen().pop().unwrap();
    assert_eq!(last.header("authorization"), "Bearer token-2");
}

#[tokio::test]
async fn voicefabric_keeps_its_key_out_of_the_address() {
    let server = StandIn::start().await;
    ask(kinds(&server).remove(4)).await.unwrap();
    let asked = &server.seen()[0];
    assert_eq!(
        (asked.method.as_str(), asked.uri.to_string().as_str()),
        ("POST", "/WSServer/ws/tts")
    );
    let form = asked.form();
    for (name, value) in [
        ("apikey", "the-key"),
        ("ttsVoice", "Юлия"),
        ("textFormat", "text/plain"),
        ("text", "Анна Петрова"),
    ] {
        assert_eq!(field(&form, name), value, "{form:?}");
    }
}

#[tokio::test]
async fn voicefabric_without_a_rate_is_refused() {
    let server = StandIn::start().await;
    server.next(Reply::of(200, bytes(&tone(RATE))).with("content-type", "audio/raw"));
    let error = ask(kinds(&server).remove(4)).await.unwrap_err();
    assert!(
        error.to_string().contains("Content-Type has no rate"),
        "{error}"
    );
}

#[tokio::test]
async fn crt_cloud_signs_in_once_and_again_when_its_session_is_refused() {
    let server = StandIn::start().await;
    let service = opened(kinds(&server).remove(5));
    for _ in 0..2 {
        service.speak("Анна", Language::Russian).await.unwrap();
    }
    server.next(Reply::of(401, "{\"reason\":\"expired\",\"message\":\"\"}"));
    service.speak("Анна", Language::Russian).await.unwrap();
    let seen = server.seen();
    let signed_in = json!({ "username": "user", "domain_id": 200, "password": "the-key" });
    assert_eq!(seen[0].json(), signed_in);
    let expected = json!({
        "voice_name": "Юлия",
        "text": { "mime": "text/plain", "value": "Анна" },
        "audio": "audio/wav",
    });
    assert_eq!(seen[1].json(), expected);
    let sessions: Vec<&str> = seen
        .iter()
        .map(|seen| seen.header("x-session-id"))
        .collect();
    assert_eq!(
        sessions,
        ["", "token-1", "token-1", "token-1", "", "token-2"]
    );
}
