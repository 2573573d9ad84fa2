//! The kinds of services: the settings that each has, and what they are unless they are set.

use serde::Deserialize;

/// What a service is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawKind {
    YandexV3,
    YandexV1,
    Openai,
    Salute,
    Voicefabric,
    CrtCloud,
    Command,
    Recordings,
}

/// What is special about a kind.
pub(super) struct Nature {
    /// The settings that it has beside those of all.
    pub(super) settings: &'static [&'static str],
    pub(super) base_url: &'static str,
    pub(super) sign_in_url: &'static str,
    pub(super) russian: &'static str,
    pub(super) english: &'static str,
    pub(super) requests_a_second: Option<usize>,
}

impl RawKind {
    pub(super) fn nature(self) -> Nature {
        let nature = |settings, base_url, russian, english| Nature {
            settings,
            base_url,
            sign_in_url: "",
            russian,
            english,
            requests_a_second: None,
        };
        let yandex = "https://tts.api.cloud.yandex.net";
        let keys = &[
            "base_url",
            "ca_file",
            "voice",
            "speed",
            "key",
            "key_variable",
            "account_file",
            "sign_in_url",
            "folder",
            "role",
        ];
        match self {
            Self::YandexV3 => Nature {
                requests_a_second: Some(40),
                sign_in_url: "https://iam.api.cloud.yandex.net/iam/v1/tokens",
                ..nature(keys, yandex, "marina", "john")
            },
            Self::YandexV1 => Nature {
                sign_in_url: "https://iam.api.cloud.yandex.net/iam/v1/tokens",
                ..nature(keys, yandex, "marina", "john")
            },
            Self::Openai => nature(
                &[
                    "base_url",
                    "ca_file",
                    "voice",
                    "speed",
                    "key",
                    "key_variable",
                    "model",
                ],
                "https://api.openai.com",
                "",
                "",
            ),
            Self::Salute => Nature {
                sign_in_url: "https://ngw.devices.sberbank.ru:9443/api/v2/oauth",
                ..nature(
                    &[
                        "base_url",
                        "ca_file",
                        "voice",
                        "key",
                        "key_variable",
                        "scope",
                        "sign_in_url",
                    ],
                    "https://smartspeech.sber.ru",
                    "Bys_24000",
                    "",
                )
            },
            Self::Voicefabric => nature(
                &["base_url", "ca_file", "voice", "key", "key_variable"],
                "https://voicefabric.ru",
                "Юлия",
                "",
            ),
            Self::CrtCloud => nature(
                &[
                    "base_url",
                    "ca_file",
                    "voice",
                    "key",
                    "key_variable",
                    "user",
                    "domain",
                ],
                "https://cp.speechpro.com",
                "Julia_n",
                "",
            ),
            Self::Command => nature(&["command"], "", "", ""),
            Self::Recordings => nature(&["directory"], "", "", ""),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::YandexV3 => "yandex-v3",
            Self::YandexV1 => "yandex-v1",
            Self::Openai => "openai",
            Self::Salute => "salute",
            Self::Voicefabric => "voicefabric",
            Self::CrtCloud => "crt-cloud",
            Self::Command => "command",
            Self::Recordings => "recordings",
        }
    }

    pub(super) fn is_local(self) -> bool {
        matches!(self, Self::Command | Self::Recordings)
    }
}
