//! TOML and environment → validated settings. Opens nothing but its file.

mod raw;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::ari;
use crate::domain::call::Policy;
use crate::domain::language::Language;
use crate::speech;
use crate::switchboard::Fallback;
use crate::toml_file::{FileError, TomlFile};
use raw::Raw;

/// All settings with their defaults and what they mean, as `vizavi config` prints them.
pub const DEFAULT: &str = include_str!("default.toml");

/// The environment variable that holds the ARI user's password; it wins over the file.
pub const PASSWORD_VARIABLE: &str = "VIZAVI_ARI_PASSWORD";

/// How long a caller waits in silence for a prompt that is still being made.
const PROMPT_TIME: Duration = Duration::from_secs(2);

/// How much longer than its step a lease runs. Together with the rounding to whole seconds a caller
/// whose application died is at the fallback less than 5 s after the step's own length.
const LEASE_MARGIN: Duration = Duration::from_secs(3);

/// Everything that an operator of a PBX can set, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How to reach Asterisk.
    pub ari: ari::Settings,
    /// Where callers go whom we can't help.
    pub fallback: Fallback,
    /// What callers hear, and how patient a call is.
    pub menu: Menu,
    /// The file of people.
    pub people: PathBuf,
    /// How phrases are spoken and where they are kept.
    pub speech: speech::Settings,
    /// How we log.
    pub log: Log,
}

/// What callers hear, and how patient a call is.
#[derive(Clone, Debug)]
pub struct Menu {
    /// What callers are spoken to in.
    pub language: Language,
    /// The first sentence; `None` for a general one.
    pub greeting: Option<String>,
    /// The most people in a personal menu.
    pub longest: usize,
    /// How patient calls are.
    pub policy: Policy,
}

/// How we log.
#[derive(Clone, Debug)]
pub struct Log {
    /// One JSON object a line instead of text.
    pub json: bool,
    /// A `tracing` filter such as `info` or `vizavi::ari=debug`.
    pub level: String,
}

/// Reads the settings from a file.
///
/// # Errors
/// [`FileError`] names the file, the line and what was expected.
pub fn read(path: &Path) -> Result<Settings, FileError> {
    let file = TomlFile::read(path)?;
    let password = std::env::var(PASSWORD_VARIABLE).ok();
    file.parse::<Raw>()?.check(&file, password)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Settings, String> {
        let file = TomlFile::of("/etc/vizavi/vizavi.toml", text);
        let raw = file.parse::<Raw>().map_err(|error| error.to_string())?;
        raw.check(&file, None).map_err(|error| error.to_string())
    }

    #[test]
    fn the_printed_defaults_are_the_defaults() {
        let printed: Raw = toml::from_str(DEFAULT).unwrap();
        assert_eq!(printed, Raw::default());
    }

    #[test]
    fn an_empty_file_is_enough() {
        let settings = read_text("").unwrap();
        assert_eq!(settings.menu.policy.rounds, 3);
        assert_eq!(settings.people, Path::new("/etc/vizavi/people.toml"));
    }

    #[test]
    fn a_setting_that_does_not_exist_is_named_with_its_line() {
        let error = read_text("people = \"p.toml\"\n\n[menu]\nring_second = 5\n").unwrap_err();
        assert!(
            error.starts_with("/etc/vizavi/vizavi.toml, line 4: unknown field `ring_second`"),
            "{error}"
        );
        assert!(error.contains("`ring_seconds`"), "{error}");
    }

    #[test]
    fn a_mistake_says_where_it_is_and_what_was_expected() {
        let mistakes = [
            (
                "[menu]\nlongest = 12",
                "line 2: longest is 12; it must be 1 to 9",
            ),
            (
                "[menu]\nrounds = 0",
                "line 2: rounds is 0; it must be 1 to 10",
            ),
            (
                "[menu]\nkey_seconds = 0.1",
                "line 2: key_seconds is 0.1; it must be 1 to 60",
            ),
            (
                "[menu]\nring_seconds = nan",
                "line 2: ring_seconds is NaN; it must be 1 to 300",
            ),
            (
                "[menu]\nlanguage = \"de\"",
                "line 2: unknown variant `de`, expected `ru` or `en`",
            ),
            (
                "[ari]\nurl = \"localhost\"",
                "line 2: url must begin with http:// or https://",
            ),
            (
                "[ari]\napplication = \"a b\"",
                "line 2: application must be letters, digits, - and _",
            ),
            (
                "[speech]\ncommand.ru = []",
                "line 2: command.ru must name a program",
            ),
            (
                "[log]\nformat = \"xml\"",
                "line 2: unknown variant `xml`, expected `lines` or `json`",
            ),
            (
                "[ari]\n\nurl = 5",
                "line 3: invalid type: integer `5`, expected a string",
            ),
            ("[menu\n", "line 1: "),
        ];
        for (text, expected) in mistakes {
            let error = read_text(text).unwrap_err();
            assert!(error.contains(expected), "{text:?} gave {error:?}");
        }
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let file = TomlFile::of("vizavi.toml", "[ari]\npassword = \"in the file\"");
        let settings = file
            .parse::<Raw>()
            .unwrap()
            .check(&file, Some("from outside".into()));
        assert_eq!(settings.unwrap().ari.password.expose(), "from outside");
    }

    #[test]
    fn a_password_is_not_shown_by_debug() {
        let settings = read_text("[ari]\npassword = \"hush\"").unwrap();
        assert!(!format!("{settings:?}").contains("hush"));
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = read(Path::new("/nowhere/vizavi.toml"))
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("/nowhere/vizavi.toml can't be read (No such file"),
            "{error}"
        );
    }
}
