//! Where a webhook is, what it is told, and by which key that is signed.

use std::path::PathBuf;

use reqwest::Url;

use super::message::Kind;
use super::signature::{Key, NotAKey};
use crate::tls::TlsError;

/// One webhook.
#[derive(Clone, Debug)]
pub struct Settings {
    /// By which messages know it, also after its address has changed.
    pub name: String,
    /// Where messages are sent.
    pub url: Url,
    /// What they are signed with.
    pub secret: SigningSecret,
    /// What is told.
    pub events: Vec<Kind>,
    /// The authority that signed its certificate, if it is one's own.
    pub ca_file: Option<PathBuf>,
    /// Whether a name in the address may lead to a private network.
    pub allow_private: bool,
}

/// Where the key comes from.
#[derive(Clone, Debug)]
pub enum SigningSecret {
    /// From the file of settings.
    Given(Key),
    /// From an environment variable.
    Variable(String),
}

/// A webhook can't be used.
#[derive(Debug, thiserror::Error)]
#[error("[[webhook]] {name:?}: {reason}")]
pub struct UnusableWebhook {
    name: String,
    reason: Reason,
}

/// Why.
#[derive(Debug, thiserror::Error)]
pub(super) enum Reason {
    #[error("the environment variable {0} with its secret is not set")]
    NoVariable(String),
    #[error("the environment variable {0}: {1}")]
    Variable(String, NotAKey),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error("the HTTP client can't be made: {0}")]
    Client(#[from] reqwest::Error),
}

impl Settings {
    /// The key.
    pub(super) fn key(&self) -> Result<Key, Reason> {
        match &self.secret {
            SigningSecret::Given(key) => Ok(key.clone()),
            SigningSecret::Variable(name) => {
                let secret = std::env::var(name).map_err(|_| Reason::NoVariable(name.clone()))?;
                Key::parse(&secret).map_err(|reason| Reason::Variable(name.clone(), reason))
            }
        }
    }

    pub(super) fn unusable(&self, reason: impl Into<Reason>) -> UnusableWebhook {
        UnusableWebhook {
            name: self.name.clone(),
            reason: reason.into(),
        }
    }

    /// Callers' numbers are personal data.
    pub(super) fn warn_if_everybody_can_read_it(&self) {
        if is_readable_on_the_way(&self.url) {
            tracing::warn!(
                webhook = self.name,
                "callers' numbers are sent without encryption; use https:// for a url of another machine"
            );
        }
    }
}

fn is_readable_on_the_way(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    let is_here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    url.scheme() == "http" && !is_here
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_to_another_machine_can_be_read_on_the_way() {
        let readable = |url| is_readable_on_the_way(&Url::parse(url).unwrap());
        for url in [
            "https://crm.example/",
            "http://127.0.0.1:8000/",
            "http://[::1]/",
            "http://localhost/",
        ] {
            assert!(!readable(url), "{url}");
        }
        for url in [
            "http://crm.example/",
            "http://192.168.1.2/",
            "http://[fe80::1]/",
        ] {
            assert!(readable(url), "{url}");
        }
    }
}
