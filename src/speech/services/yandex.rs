//! What both versions of Yandex SpeechKit have: their settings, and signing in to Yandex Cloud with an
//! API key or a service account's token. Not tried against the live service.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use reqwest::{Client, RequestBuilder};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PSS_SHA256, RsaKeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::language::Language;
use crate::secret::Secret;

use super::http::{self, Answer, ask, bad};
use super::kept_token::KeptToken;
use super::{ServiceError, YandexKey, YandexSettings};

/// Whom a request for a token is meant for, wherever it is sent.
const AUDIENCE: &str = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
/// How long a request for a token is good for, in seconds. At most 3600.
const REQUEST_LIFE: u64 = 600;
/// A token is used so much shorter than it lives.
const MARGIN: Duration = Duration::from_secs(300);
/// Tokens are to be renewed at least so often.
const LONGEST_USE: Duration = Duration::from_secs(3600);

/// Yandex SpeechKit, whichever version of its API is asked.
pub(super) struct Yandex {
    pub(super) settings: YandexSettings,
    client: Client,
    sign_in: SignIn,
}

/// A way to sign requests.
enum SignIn {
    Api(Secret),
    Account(Box<AccountKey>, KeptToken),
}

/// A service account's key.
struct AccountKey {
    id: String,
    account: String,
    pair: RsaKeyPair,
    url: String,
}

#[derive(Deserialize)]
struct KeyFile {
    id: String,
    service_account_id: String,
    private_key: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MadeToken {
    iam_token: String,
    expires_at: String,
}

impl Yandex {
    /// # Errors
    /// A key or a certificate that can't be read or used; as a sentence.
    pub(super) fn open(settings: &YandexSettings) -> Result<Self, String> {
        Ok(Self {
            client: http::client(&settings.online, &[])?,
            sign_in: SignIn::open(&settings.key)?,
            settings: settings.clone(),
        })
    }

    /// All that makes the voice.
    pub(super) fn voice(&self, kind: &str, language: Language) -> Option<Vec<String>> {
        let mut parts = self.settings.online.voice(kind, language)?;
        parts.extend(self.settings.role.clone());
        Some(parts)
    }

    /// The role, where the voice has one.
    pub(super) fn role(&self, language: Language) -> Option<&str> {
        match language {
            Language::Russian => self.settings.role.as_deref(),
            Language::English => None,
        }
    }

    /// Asks with a signed request; signs in once more when the token is refused.
    pub(super) async fn ask(
        &self,
        text: &str,
        request: impl Fn(&Client) -> RequestBuilder,
    ) -> Result<Answer, ServiceError> {
        let client = &self.client;
        match &self.sign_in {
            SignIn::Api(key) => {
                let value = format!("Api-Key {}", key.expose());
                let request = request(client).header("Authorization", value);
                ask(request, &[text, key.expose()]).await
            }
            SignIn::Account(account, kept) => {
                let question = async |token: Secret| {
                    let request = request(client).bearer_auth(token.expose());
                    ask(request, &[text, token.expose()]).await
                };
                kept.ask(|| account.token(client), question).await
            }
        }
    }
}

impl SignIn {
    fn open(key: &YandexKey) -> Result<Self, String> {
        match key {
            YandexKey::Api(key) => Ok(Self::Api(key.read()?)),
            YandexKey::Account(account) => {
                let key = AccountKey::read(&account.file, &account.sign_in_url)?;
                Ok(Self::Account(Box::new(key), KeptToken::default()))
            }
        }
    }
}

impl AccountKey {
    fn read(file: &Path, url: &str) -> Result<Self, String> {
        let unusable = |reason: String| {
            format!(
                "the account's key {} can't be used ({reason}); it must be the JSON file that the \
                 console gives for an authorised key",
                file.display()
            )
        };
        let text = std::fs::read(file).map_err(|error| unusable(error.to_string()))?;
        // What serde and the parsers say may quote the key.
        let key: KeyFile = serde_json::from_slice(&text)
            .map_err(|error| unusable(format!("line {} is not as expected", error.line())))?;
        let der = PrivatePkcs8KeyDer::from_pem_slice(key.private_key.as_bytes())
            .map_err(|_| unusable("private_key is not a PKCS#8 key in PEM form".to_owned()))?;
        let pair = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der())
            .map_err(|error| unusable(format!("private_key: {error}")))?;
        Ok(Self {
            id: key.id,
            account: key.service_account_id,
            pair,
            url: url.to_owned(),
        })
    }

    async fn token(&self, client: &Client) -> Result<(Secret, Duration), ServiceError> {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        let jwt = self.request(now)?;
        let request = client.post(&self.url).json(&json!({ "jwt": jwt.expose() }));
        let made: MadeToken = ask(request, &[jwt.expose()]).await?.json()?;
        if made.iam_token.is_empty() {
            return Err(bad("it signed in without a token"));
        }
        let end: Timestamp = made
            .expires_at
            .parse()
            .map_err(|_| bad("it does not say until when the token is good"))?;
        let life = end.duration_since(Timestamp::now());
        let life = Duration::try_from(life).unwrap_or_default();
        let used_for = life.saturating_sub(MARGIN).min(LONGEST_USE);
        Ok((Secret::new(made.iam_token), used_for))
    }

    /// A signed request for a token.
    fn request(&self, now: u64) -> Result<Secret, ServiceError> {
        let header = json!({ "typ": "JWT", "alg": "PS256", "kid": self.id });
        let claims = json!({
            "iss": self.account,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + REQUEST_LIFE,
        });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(
                &RSA_PSS_SHA256,
                &SystemRandom::new(),
                signed.as_bytes(),
                &mut signature,
            )
            .map_err(|_| ServiceError::BadKey("it does not sign".to_owned()))?;
        let signature = URL_SAFE_NO_PAD.encode(signature);
        Ok(Secret::new(format!("{signed}.{signature}")))
    }
}
