//! Answers that no service should give. None of them becomes a sound.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tokio::time::{Instant, timeout};

use super::stand_in::lines;
use super::*;

async fn refused(status: u16, passing: bool) {
    let body = "{\"code\":5,\"message\":\"not today\"}";
    for error in refusals(Reply::of(status, body)).await {
        let ServiceError::Refused {
            status: given,
            reason,
            ..
        } = &error
        else {
            panic!("{error:?}");
        };
        assert_eq!((*given, reason.as_str()), (status, "not today"));
        assert_eq!(error.is_passing(), passing, "{error}");
    }
}

#[tokio::test]
async fn a_400_is_never_tried_again() {
    refused(400, false).await;
}

#[tokio::test]
async fn a_401_is_told_and_not_tried_again_for_ever() {
    refused(401, false).await;
}

#[tokio::test]
async fn a_403_is_never_tried_again() {
    refused(403, false).await;
}

#[tokio::test]
async fn a_501_is_never_tried_again() {
    refused(501, false).await;
}

#[tokio::test]
async fn a_429_may_pass() {
    refused(429, true).await;
}

#[tokio::test]
async fn a_500_may_pass() {
    refused(500, true).await;
}

#[tokio::test]
async fn a_503_may_pass() {
    refused(503, true).await;
}

#[tokio::test]
async fn a_429_says_how_long_to_wait() {
    for (header, wait) in [("7", Some(7)), ("soon", None), ("-1", None)] {
        let reply = Reply::of(429, "").with("retry-after", header);
        for error in refusals(reply).await {
            assert_eq!(
                error.retry_after(),
                wait.map(Duration::from_secs),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn a_page_with_status_200_is_no_sound() {
    let page = "<!DOCTYPE html><html><body>Please sign in</body></html>";
    for kind in ["text/html; charset=utf-8", "application/octet-stream"] {
        refusals(Reply::of(200, page).with("content-type", kind)).await;
    }
}

#[tokio::test]
async fn bare_samples_may_begin_as_a_page_or_a_message_does() {
    let server = StandIn::start().await;
    for start in [&b"<x"[..], b"  <a", b"{\"", b"12"] {
        let sound = [start, &bytes(&tone(RATE))].concat();
        server.next(Reply::of(200, sound.clone()));
        let decoded = ask(Kind::YandexV1(yandex(&server))).await.unwrap();
        assert_eq!(decoded.samples.len(), sound.len() / 2);
    }
}

#[tokio::test]
async fn a_message_with_status_200_is_no_sound() {
    for error in refusals(Reply::of(200, "{\"message\":\"no voice\"}")).await {
        assert!(matches!(error, ServiceError::BadAnswer(_)), "{error:?}");
    }
}

#[tokio::test]
async fn an_empty_answer_is_no_sound() {
    for error in refusals(Reply::of(200, "")).await {
        assert!(matches!(error, ServiceError::BadAnswer(_)), "{error:?}");
    }
}

#[tokio::test]
async fn half_a_sample_is_no_sound() {
    let reply = Reply::of(200, vec![1; 4001]).with("content-type", "audio/raw; rate=22050");
    refusals(reply).await;
}

#[tokio::test]
async fn a_reason_that_repeats_the_text_or_the_key_is_not_shown() {
    for reason in ["can't say Петрова", "unknown key the-key"] {
        let body = json!({ "error_message": reason }).to_string();
        for error in refusals(Reply::of(403, body)).await {
            assert!(error.to_string().contains("is not shown"), "{error}");
        }
    }
}

#[tokio::test]
async fn base64_cut_in_half_is_no_sound() {
    let whole = lines(&bytes(&tone(RATE)), 3000);
    let line = whole.lines().next().unwrap();
    let cut = line.replacen("==", "", 1);
    let data = STANDARD.encode(wav(RATE, &tone(RATE)));
    let cut_data = json!({ "data": data[..data.len() / 2 - 1] }).to_string();
    let v3 = json!({ "audioChunk": { "data": &data[..1001] } }).to_string();
    for body in [v3, cut_data, cut[..cut.len() / 2].to_owned()] {
        let server = StandIn::start().await;
        server.always(Reply::of(200, body));
        for kind in [0, 5].map(|at| kinds(&server).remove(at)) {
            let error = ask(kind).await.unwrap_err();
            assert!(matches!(error, ServiceError::BadAnswer(_)), "{error:?}");
        }
    }
}

#[tokio::test]
async fn an_error_line_after_good_sound_spoils_it() {
    let good = lines(&bytes(&tone(RATE)), 4000);
    let table = [
        (json!({ "error": { "message": "out of order" } }), None),
        (
            json!({ "error": { "grpcCode": 14, "message": "out of order" } }),
            Some(503),
        ),
        (json!({ "code": 8, "message": "out of order" }), Some(429)),
        (json!({ "code": 3, "message": "out of order" }), Some(400)),
    ];
    for (line, expected) in table {
        let server = StandIn::start().await;
        server.next(Reply::of(200, format!("{good}{line}")));
        let error = ask(Kind::YandexV3(yandex(&server))).await.unwrap_err();
        assert!(error.to_string().contains("out of order"), "{error}");
        let status = if let ServiceError::Refused { status, .. } = &error {
            Some(*status)
        } else {
            None
        };
        assert_eq!(status, expected, "{line}");
    }
}

#[tokio::test]
async fn a_sound_of_another_length_than_announced_has_the_wrong_rate() {
    let server = StandIn::start().await;
    let narrow = json!({
        "audioChunk": { "data": STANDARD.encode(bytes(&tone(8000))) },
        "lengthMs": "500",
    });
    server.next(Reply::of(200, narrow.to_string()));
    let error = ask(Kind::YandexV3(yandex(&server))).await.unwrap_err();
    assert!(
        error.to_string().contains("16000 samples a second"),
        "{error}"
    );
}

#[tokio::test]
async fn a_rate_that_no_voice_has_is_refused() {
    let server = StandIn::start().await;
    let file = wav(500, &tone(500));
    let raw = Reply::of(200, bytes(&tone(500))).with("content-type", "audio/raw;rate=500");
    let json = json!({ "data": STANDARD.encode(&file) }).to_string();
    for (at, reply) in [
        (2, Reply::of(200, file.clone())),
        (3, Reply::of(200, file.clone())),
        (4, raw),
        (5, Reply::of(200, json)),
    ] {
        server.next(reply);
        let error = ask(kinds(&server).remove(at)).await.unwrap_err();
        assert!(
            matches!(error, ServiceError::BadSound(_)),
            "{at}: {error:?}"
        );
    }
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    for error in refusals(Reply::endless()).await {
        assert!(matches!(error, ServiceError::TooLong(_)), "{error:?}");
    }
}

#[tokio::test]
async fn a_drip_of_bytes_never_becomes_an_answer() {
    let server = StandIn::start().await;
    server.always(Reply::dripping());
    let started = Instant::now();
    for kind in kinds(&server) {
        let answered = timeout(Duration::from_millis(300), ask(kind)).await;
        assert!(answered.is_err(), "{answered:?}");
    }
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_server_that_is_not_there_may_come_back() {
    let server = StandIn::start().await;
    let mut settings = yandex(&server);
    settings.online.base_url = "http://127.0.0.1:1".to_owned();
    let error = ask(Kind::YandexV1(settings)).await.unwrap_err();
    assert!(matches!(error, ServiceError::Unreachable(_)), "{error:?}");
    assert!(error.is_passing());
}
