//! Signatures as Standard Webhooks has them: whoever has the secret can tell that a message is ours.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// A key has at least so many bytes, and at most so many.
const SHORTEST: usize = 24;
const LONGEST: usize = 64;

/// What messages are signed with. `Debug` does not show it.
#[derive(Clone)]
pub struct Key(hmac::Key);

/// A text is no secret.
#[derive(Debug, thiserror::Error)]
#[error(
    "a secret is whsec_ and {SHORTEST} to {LONGEST} bytes in base64; make one with: echo \"whsec_$(openssl rand -base64 32)\""
)]
pub struct NotAKey;

impl Key {
    /// Reads a secret such as `whsec_…`.
    ///
    /// # Errors
    /// [`NotAKey`].
    pub fn parse(secret: &str) -> Result<Self, NotAKey> {
        let encoded = secret.trim().strip_prefix(PREFIX).ok_or(NotAKey)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| NotAKey)?;
        if !(SHORTEST..=LONGEST).contains(&bytes.len()) {
            return Err(NotAKey);
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// The signature of a message that is sent at an epoch second.
    #[must_use]
    pub fn sign(&self, id: &str, second: i64, body: &str) -> String {
        let signed = hmac::sign(&self.0, format!("{id}.{second}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(signed))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes 1 to 32.
    const SECRET: &str = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

    /// The signature was computed by another program, OpenSSL's `dgst -sha256 -mac HMAC`.
    #[test]
    fn a_message_is_signed_as_others_would_sign_it() {
        let key = Key::parse(SECRET).unwrap();
        let body = r#"{"specversion":"1.0","имя":"Чулкова"}"#;
        assert_eq!(
            key.sign("1-call-started", 1_795_165_200, body),
            "v1,NjSVgt5EGRaYowh5FRcVKOwwhgXcvMRqI5vpXG6gMa4="
        );
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        let short = format!("whsec_{}", STANDARD.encode([7; 23]));
        let long = format!("whsec_{}", STANDARD.encode([7; 65]));
        let without = SECRET.trim_start_matches("whsec_");
        for text in ["", "whsec_", "whsec_§", without, &short, &long] {
            assert!(Key::parse(text).is_err(), "{text}");
        }
        assert!(Key::parse(&format!(" {SECRET}\n")).is_ok());
    }

    #[test]
    fn a_key_is_not_shown() {
        let key = Key::parse(SECRET).unwrap();
        assert_eq!(format!("{key:?}"), "Key(hidden)");
    }
}
