//! A service account's token.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{KeyPair, RSA_PSS_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::Value;

use super::*;

/// Made for this test; it opens nothing.
const KEY_FILE: &str = include_str!("account_key.json");

fn account(server: &StandIn, directory: &tempfile::TempDir) -> YandexSettings {
    let file = directory.path().join("key.json");
    std::fs::write(&file, KEY_FILE).unwrap();
    YandexSettings {
        key: YandexKey::Account(Account {
            file,
            sign_in_url: server.url("/iam/v1/tokens"),
        }),
        ..yandex(server)
    }
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn the_request_for_a_token_is_signed_with_the_accounts_key() {
    let directory = tempfile::tempdir().unwrap();
    let server = StandIn::start().await;
    ask(Kind::YandexV1(account(&server, &directory)))
        .await
        .unwrap();
    let seen = server.seen();
    let jwt = seen[0].json()["jwt"].as_str().unwrap().to_owned();
    let (signed, signature) = jwt.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();

    assert_eq!(decoded(header)["alg"], "PS256");
    assert_eq!(decoded(header)["kid"], "key-1");
    let claims = decoded(claims);
    assert_eq!(claims["iss"], "account-1");
    assert_eq!(
        claims["aud"],
        "https://iam.api.cloud.yandex.net/iam/v1/tokens"
    );
    let life = claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap();
    assert!((1..=3600).contains(&life), "{life}");

    let key: Value = serde_json::from_str(KEY_FILE).unwrap();
    let pem = key["private_key"].as_str().unwrap();
    let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).unwrap();
    let pair = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).unwrap();
    let public = pair.public_key().as_ref();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, public)
        .verify(signed.as_bytes(), &signature)
        .unwrap();
    assert_eq!(seen[1].header("authorization"), "Bearer token-1");
}

#[tokio::test]
async fn a_token_is_kept_and_renewed_once_when_it_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let server = StandIn::start().await;
    let service = opened(Kind::YandexV3(account(&server, &directory)));
    for _ in 0..2 {
        service.speak("Анна", Language::Russian).await.unwrap();
    }
    assert_eq!(server.seen().len(), 3, "one token for both");

    server.next(Reply::of(401, ""));
    service.speak("Анна", Language::Russian).await.unwrap();
    let last = server.seen().pop().unwrap();
    assert_eq!(last.header("authorization"), "Bearer token-2");

    server.always(Reply::of(401, ""));
    let before = server.seen().len();
    let error = service.speak("Анна", Language::Russian).await.unwrap_err();
    assert!(error.is_unauthorised(), "{error}");
    assert_eq!(server.seen().len() - before, 3, "asked, signed in, asked");
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_before_its_end() {
    use std::time::Duration;
    let kept = kept_token::KeptToken::default();
    let sign_in =
        |name: &'static str| async move { Ok((Secret::new(name), Duration::from_secs(60))) };
    assert_eq!(kept.token(sign_in("1")).await.unwrap(), Secret::new("1"));
    tokio::time::advance(Duration::from_secs(59)).await;
    assert_eq!(kept.token(sign_in("2")).await.unwrap(), Secret::new("1"));
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(kept.token(sign_in("3")).await.unwrap(), Secret::new("3"));
}

#[tokio::test]
async fn a_key_file_that_can_not_be_used_is_named_without_its_content() {
    let directory = tempfile::tempdir().unwrap();
    let server = StandIn::start().await;
    let settings = account(&server, &directory);
    let YandexKey::Account(account) = &settings.key else {
        panic!("{settings:?}");
    };
    for content in [
        "",
        "{}",
        "{\"id\":\"i\",\"service_account_id\":\"s\",\"private_key\":\"quiet-river\"}",
    ] {
        std::fs::write(&account.file, content).unwrap();
        let mut service = ServiceSettings::command("a", CommandSettings::default());
        service.kind = Kind::YandexV3(settings.clone());
        let Err(error) = open(&service) else {
            panic!("{content} was taken");
        };
        let told = error.to_string();
        assert!(told.starts_with("[speech.service.a]: "), "{told}");
        assert!(told.contains("key.json"), "{told}");
        assert!(!told.contains("quiet-river"), "{told}");
    }
}
