//! Whether the Asterisk that answers can serve us.

use std::time::Duration;

use tokio::time::sleep;

use crate::ari::{RequestError, Requests};

/// Older ones lack requests that we make.
const OLDEST_MAJOR: u32 = 20;

/// The first releases of the supported branches in which ARI's known deadlocks are mended.
const RECOMMENDED: [(u32, u32, u32); 2] = [(20, 20, 1), (22, 10, 1)];

/// How long we wait before we look again for an Asterisk that does not answer.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Asterisk answers, but can't serve us. Waiting does not help.
#[derive(Debug, thiserror::Error)]
pub enum UnusableAsterisk {
    /// The user or the password is wrong.
    #[error(
        "Asterisk refuses the ARI user ({status}): check `user` and `password` in [ari] (or \
         VIZAVI_ARI_PASSWORD) against ari.conf, then `asterisk -rx 'module reload res_ari.so'`"
    )]
    WrongPassword {
        /// The HTTP status.
        status: u16,
    },
    /// Whatever answers is no ARI.
    #[error(
        "what answers at the address of [ari] is not ARI ({reason}): check `url`, and that res_ari is loaded and enabled in ari.conf"
    )]
    NotAri {
        /// What it said.
        reason: String,
    },
    /// Asterisk is too old.
    #[error("Asterisk {version} is too old: vizavi needs 20 or newer, best 22.10.1 or newer")]
    TooOld {
        /// The version that was found.
        version: String,
    },
}

/// Waits until Asterisk answers, and looks whether it can serve us. `goes_on` is told that we live.
pub(super) async fn wait_for_asterisk(
    requests: &Requests,
    address: &str,
    goes_on: impl Fn(),
) -> Result<(), UnusableAsterisk> {
    let mut told = false;
    loop {
        goes_on();
        match requests.info().await {
            Ok(info) => return check_version(&info.version),
            Err(RequestError::Refused {
                status: status @ (401 | 403),
                ..
            }) => {
                return Err(UnusableAsterisk::WrongPassword { status });
            }
            Err(RequestError::Refused {
                status: status @ 500..,
                message,
            }) => {
                tracing::warn!(status, message, "Asterisk is not ready; waiting");
            }
            Err(RequestError::Refused {
                message: reason, ..
            }) => {
                return Err(UnusableAsterisk::NotAri { reason });
            }
            Err(RequestError::Gone(_)) => {
                return Err(UnusableAsterisk::NotAri {
                    reason: "404".to_owned(),
                });
            }
            Err(error @ (RequestError::NotSent(_) | RequestError::Unknown(_))) => {
                if !told {
                    tracing::warn!(address, %error, "Asterisk does not answer; waiting for it");
                }
                told = true;
            }
        }
        sleep(LOOK_AGAIN).await;
    }
}

fn check_version(version: &str) -> Result<(), UnusableAsterisk> {
    let Some(numbers) = numbers(version) else {
        tracing::warn!(
            version,
            "Asterisk's version can't be read; vizavi needs 20 or newer"
        );
        return Ok(());
    };
    if numbers.0 < OLDEST_MAJOR {
        return Err(UnusableAsterisk::TooOld {
            version: version.to_owned(),
        });
    }
    let outdated = RECOMMENDED
        .iter()
        .any(|good| good.0 == numbers.0 && numbers < *good);
    if outdated {
        tracing::warn!(
            version,
            "this Asterisk has known deadlocks; 20.20.1, 22.10.1 or newer is recommended"
        );
    } else {
        tracing::info!(version, "Asterisk answers");
    }
    Ok(())
}

/// Major, minor and patch; missing ones are 0. `22.10.1+dfsg-1`, `certified/20.7-cert4`.
fn numbers(version: &str) -> Option<(u32, u32, u32)> {
    let version = version.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = version
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(version.len());
    let mut numbers = version[..end]
        .split('.')
        .map(|number| number.parse().unwrap_or(0));
    let major = numbers.next().filter(|major| *major > 0)?;
    Some((
        major,
        numbers.next().unwrap_or(0),
        numbers.next().unwrap_or(0),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_distributions_write_them() {
        let versions = [
            ("22.10.1+dfsg+~cs6.17.60671434-1", Some((22, 10, 1))),
            ("20.6.0~dfsg+~cs6.13.40431414-2build5", Some((20, 6, 0))),
            ("certified/20.7-cert4", Some((20, 7, 0))),
            ("23.4", Some((23, 4, 0))),
            ("GIT-master-abc", None),
        ];
        for (text, expected) in versions {
            assert_eq!(numbers(text), expected, "{text}");
        }
    }

    #[test]
    fn an_asterisk_that_is_too_old_is_refused() {
        assert!(check_version("18.10.0~dfsg").is_err());
        assert!(check_version("20.6.0").is_ok());
        assert!(check_version("22.10.1").is_ok());
    }
}
