//! TOML and environment → validated settings. Opens nothing but its file.

mod business;
mod callbacks;
mod raw;

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::ari;
use crate::crm::AskingSettings;
use crate::domain::call::{Policy, WaitSound};
use crate::domain::directory::Entry;
use crate::domain::language::Language;
use crate::domain::language::names::NameDictionary;
use crate::domain::menu::template::{Template, Templates};
use crate::domain::menu::{Announcement, Key, Mode, SummonsTemplates, Wording};
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::Rules;
use crate::speech;
use crate::switchboard::{Fallback, Recording};
use crate::toml_file::{FileError, TomlFile};
use crate::webhooks;
pub use business::{Closed, Hours, Number};
use raw::Raw;

pub use callbacks::{Accept, CallbackAttempt, Callbacks, Silence};

/// All settings with their defaults and what they mean, as `vizavi config` prints them.
pub const DEFAULT: &str = include_str!("default.toml");

/// The environment variable that holds the ARI user's password; it wins over the file.
pub const PASSWORD_VARIABLE: &str = "VIZAVI_ARI_PASSWORD";

/// The environment variable that holds the token with which the CRM is asked; it wins over the file.
pub const CRM_TOKEN_VARIABLE: &str = "VIZAVI_CRM_TOKEN";

/// What the environment gives, so that it need not be in a file.
#[derive(Clone, Default)]
struct Secrets {
    ari_password: Option<String>,
    crm_token: Option<String>,
}

impl Secrets {
    fn of_the_environment() -> Self {
        Self {
            ari_password: std::env::var(PASSWORD_VARIABLE).ok(),
            crm_token: std::env::var(CRM_TOKEN_VARIABLE).ok(),
        }
    }
}

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
    /// Where the company is, and its departments.
    pub company: Company,
    /// When calls are answered; `None` is always.
    pub hours: Option<Hours>,
    /// What called numbers have of their own.
    pub numbers: Vec<Number>,
    /// Where talks are recorded, if they are.
    pub recording: Option<Recording>,
    /// The key that leads callers to the other language.
    pub language_key: Option<Key>,
    /// Callers who get no menu.
    pub direct: HashSet<PhoneNumber>,
    /// Where what must survive is kept.
    pub store: Store,
    /// What the CRM's events are worth.
    pub rating: Rules,
    /// How phrases are spoken and where they are kept.
    pub speech: speech::Settings,
    /// Where CRMs reach us.
    pub contract: Contract,
    /// Where the CRM is asked about a caller, if it is.
    pub crm: Option<AskingSettings>,
    /// Who calls people back; `None`: nobody.
    pub callbacks: Option<Callbacks>,
    /// Where those who watch over us look.
    pub metrics: Metrics,
    /// What is asked about telephones, and what becomes of it.
    pub presence: Presence,
    /// Who is told what happens in calls.
    pub webhooks: Vec<webhooks::Settings>,
    /// How we log.
    pub log: Log,
}

/// Where the company is, and its departments.
#[derive(Clone, Debug)]
pub struct Company {
    /// Of working hours, and of times that come without one.
    pub time_zone: TimeZone,
    /// What is offered to callers about whom nothing is known, in order.
    pub departments: Vec<Entry>,
}

/// Where what must survive is kept.
#[derive(Clone, Debug)]
pub struct Store {
    /// Its directory.
    pub directory: PathBuf,
    /// How much of it is kept in memory.
    pub cache_bytes: u64,
    /// How long calls stay in the journal.
    pub calls_kept: SignedDuration,
}

/// Where CRMs reach us.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The address; `None` if they don't.
    pub listen: Option<SocketAddr>,
    /// For TLS. Without it, only this machine is listened to.
    pub certificate: Option<Certificate>,
    /// How often one token may ask.
    pub requests_a_second: u32,
    /// The largest request, in bytes.
    pub largest: usize,
}

/// Where those who watch over us look.
#[derive(Clone, Copy, Debug)]
pub struct Metrics {
    /// The address; `None` if nobody does.
    pub listen: Option<SocketAddr>,
}

/// A certificate and its key, as PEM files.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The certificate, and those that lead from it to an authority.
    pub chain: PathBuf,
    /// Its key.
    pub key: PathBuf,
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
    /// What the menu is put together from.
    pub mode: Mode,
    /// The sentences of the menu.
    pub templates: Templates,
    /// How the other language is chosen, said in it; `None` in the usual words.
    pub other_language: Option<Template>,
    /// What an employee hears who picks up a mobile.
    pub summons: SummonsTemplates,
    /// The company's own forms of names.
    pub names: NameDictionary,
    /// What callers are told of recording.
    pub announcement: Announcement,
    /// How patient calls are.
    pub policy: Policy,
}

impl Menu {
    /// What is said, in words.
    #[must_use]
    pub fn wording(&self) -> Wording {
        self.wording_in(self.language, self.greeting.clone())
    }

    /// The same in another language, of which the settings have no sentences.
    pub(super) fn wording_in(&self, language: Language, greeting: Option<String>) -> Wording {
        let mut templates = self.templates.clone();
        if language != self.language {
            templates = Templates::usual(language);
            if let Some(own) = &self.other_language {
                templates.language = own.clone();
            }
        }
        Wording::new(language, greeting)
            .with_staff_language(self.language)
            .with_summons(self.summons.clone())
            .with_announcement(self.announcement.text(language))
            .with_templates(templates)
            .with_dictionary(self.names.clone())
            .with_mode(self.mode)
    }
}

/// What is asked about telephones, and what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    /// Whether Asterisk is asked whose telephone would ring.
    pub ask: bool,
    /// Whether it is said of somebody that they are talking; otherwise they are left out.
    pub says_busy: bool,
}

/// How callers wait for somebody who is talking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wait {
    time: Duration,
    sound: WaitSound,
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
    file.parse::<Raw>()?
        .check(&file, &Secrets::of_the_environment())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::directory::Name;
    use crate::domain::menu;
    use crate::domain::person::PersonName;
    use crate::domain::prompt::Prompt;
    use crate::domain::rating::{CaseStep, KindName};

    fn read_text(text: &str) -> Result<Settings, String> {
        let file = TomlFile::of("/etc/vizavi/vizavi.toml", text);
        let raw = file.parse::<Raw>().map_err(|error| error.to_string())?;
        raw.check(&file, &Secrets::default())
            .map_err(|error| error.to_string())
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
        assert_eq!(settings.store.directory, Path::new("/var/lib/vizavi/store"));
        assert_eq!(settings.rating.kinds.len(), 20);
        assert!(settings.crm.is_none());
    }

    #[test]
    fn a_setting_that_does_not_exist_is_named_with_its_line() {
        let error = read_text("[company]\n\n[menu]\nring_second = 5\n").unwrap_err();
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
                "[menu]\ndigit_seconds = 11.0",
                "line 2: digit_seconds is 11; it must be 1 to 10",
            ),
            (
                "[menu]\nring_seconds = nan",
                "line 2: ring_seconds is NaN; it must be 1 to 300",
            ),
            (
                "[menu]\naccept_seconds = 0.5",
                "line 2: accept_seconds is 0.5; it must be 1 to 30",
            ),
            (
                "[recording]\nmode = \"some\"",
                "line 2: unknown variant `some`, expected `off` or `all`",
            ),
            (
                "[recording]\ndirectory = \"../calls\"",
                "line 2: directory is below Asterisk's directory of recordings",
            ),
            (
                "[recording]\nformat = \"mp3\"",
                "line 2: unknown variant `mp3`, expected one of `wav`",
            ),
            (
                "[presence]\nask = false\nbusy = \"say\"",
                "line 3: busy = \"say\" needs ask = true",
            ),
            (
                "[presence]\nbusy = \"hide\"",
                "line 2: unknown variant `hide`, expected `leave-out` or `say`",
            ),
            (
                "[presence]\nwait_seconds = 0",
                "line 2: wait_seconds is 0; it must be 1 to 600",
            ),
            (
                "[menu]\nanswer = \"never\"",
                "line 2: unknown variant `never`, expected `at-once` or `when-connected`",
            ),
            (
                "[menu]\nlanguage_key = \"0\"",
                "line 2: language_key is \"0\"; it must be a key from 1 to 9",
            ),
            (
                "[menu]\ncallback_key = \"*\"",
                "line 2: callback_key is \"*\"; it must be a key from 1 to 9",
            ),
            (
                "[menu]\nlanguage_key = \"5\"\n[callbacks]\nqueue = \"operators\"",
                "line 2: callback_key is the language_key, too",
            ),
            (
                "[menu.texts]\ncallback_promise = \"{key}\"",
                "line 2: character 2: {key} can't be said here",
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
                "[hours]\nopen = \"mon-fri 9\"",
                "line 2: hours: \"9\" is not understood",
            ),
            (
                "[hours]\nholidays = [\n\"2027-01-08/2026-12-31\"]",
                "line 3: \"2027-01-08/2026-12-31\": a holiday is a day",
            ),
            (
                "[hours]\nclosed = \"music\"",
                "line 2: unknown variant `music`, expected `fallback` or `menu`",
            ),
            (
                "[hours]\nclosed_greeting = \"Closed.\"",
                "line 2: nobody hears closed_greeting unless",
            ),
            (
                "[[number]]\ncalled = [\"100\"]\nfallback = { extension = \"${X}\" }",
                "line 3: extension must be letters, digits",
            ),
            (
                "[[number]]\ncalled = []",
                "line 2: called must name a number",
            ),
            (
                "[[number]]\ncalled = [\"100\"]\n[[number]]\ncalled = [\"200\", \"100\"]",
                "line 4: \"100\" has a [[number]] already",
            ),
            (
                "[[number]]\ncalled = [\"100\"]\ndepartments = [\"91\"]",
                "line 3: no [[department]] has the extension \"91\"; there is none",
            ),
            (
                "[[number]]\ncalled = [\"100\"]\n[number.hours]\nopen = \"always\"",
                "line 4: hours: \"always\" is not understood",
            ),
            (
                "[menu]\ndirect = [\"+74959262644\", \"34\"]",
                "line 2: \"34\": not a telephone number",
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
            (
                "[company]\ntime_zone = \"Moscow\"",
                "line 2: time_zone \"Moscow\" is not known",
            ),
            (
                "[[department]]\nid = \"a\"\nname = \" \"\nextension = \"90\"",
                "line 3: \" \": a name has at least",
            ),
            (
                "[[department]]\nid = \"a\"\nname = \"A\"\nextension = \"9x\"",
                "line 4: \"9x\": an extension is one to six digits",
            ),
            (
                "[menu.texts]\nchoice = \"{employee|dativ}\"",
                "line 2: character 11: {employee} can't be said with \"dativ\"",
            ),
            (
                "[menu.texts]\nsummons = \"{employee}\"",
                "line 2: character 2: {employee} can't be said here; expected one of {caller}",
            ),
            (
                "[menu.texts]\nending = \"{employee}\"",
                "line 2: character 2: {employee} can't be said here; expected one of {key}",
            ),
            (
                "[[menu.name]]\npart = \"last\"\nforms = [\"Гусь\"]",
                "line 3: forms are six",
            ),
            (
                "[contract]\nlisten = \"localhost\"",
                "line 2: listen is an address and a port",
            ),
            (
                "[contract]\nlisten = \"0.0.0.0:8087\"",
                "line 2: outside of this machine it needs `certificate`",
            ),
            (
                "[contract]\ncertificate = \"a.pem\"",
                "line 2: a certificate needs its `key`",
            ),
            (
                "[metrics]\nlisten = \"9100\"",
                "line 2: listen is an address and a port, such as 127.0.0.1:8097",
            ),
            (
                "[crm]\nurl = \"https://crm.example/\"",
                "line 2: url must have {phone}",
            ),
            (
                "[[webhook]]\nname = \"crm\"\nurl = \"ftp://crm.example/\"\nsecret = \"x\"",
                "line 3: url must begin with http:// or https://",
            ),
            (
                "[[webhook]]\nname = \"crm\"\nurl = \"https://crm.example/\"\nsecret = \"hush\"",
                "line 4: a secret is whsec_ and 24 to 64 bytes in base64",
            ),
            (
                "[[webhook]]\nname = \"crm\"\nurl = \"https://crm.example/\"",
                "line 2: webhook \"crm\" needs secret_variable",
            ),
            (
                "[[webhook]]\nname = \"crm\"\nurl = \"https://crm.example/\"\nsecret_variable = \"S\"\n\
                 events = [\"call.began\"]",
                "line 5: \"call.began\" is not told; expected call.started, call.offered, call.connected, call.finished",
            ),
            (
                "[rating.other]\nweight = -1.0",
                "line 2: a weight is a number from 0",
            ),
            (
                "[rating.other]\nhalf_lives = [[\"4 parsecs\", 1.0]]",
                "line 2: \"4 parsecs\" is not a length of time",
            ),
            (
                "[rating.case]\nclosed = 2.0",
                "line 2: what a case's state multiplies by",
            ),
            (
                "[rating.type.\"\"]\nweight = 1.0",
                "line 1: the id is empty",
            ),
            (
                "[rating.type.\"x\"]\ncase = \"shuts\"",
                "line 2: unknown variant `shuts`",
            ),
        ];
        for (text, expected) in mistakes {
            let error = read_text(text).unwrap_err();
            assert!(error.contains(expected), "{text:?} gave {error:?}");
        }
    }

    #[test]
    fn who_records_tells_callers_unless_their_own_greeting_does() {
        let greeting = |text: &str| {
            let settings = read_text(text).unwrap();
            let phrases = settings.menu.wording().greeting().phrases;
            let records = settings.recording.is_some() && settings.menu.policy.record;
            let said: Vec<_> = phrases.into_iter().skip(1).map(|one| one.text).collect();
            (records, said)
        };
        assert_eq!(greeting(""), (false, vec![]));
        let usual = "Разговор может быть записан.".to_owned();
        assert_eq!(greeting("[recording]\nmode = \"all\""), (true, vec![usual]));
        let own = "[recording]\nmode = \"all\"\nannouncement = \"Мы пишем.\"";
        assert_eq!(greeting(own), (true, vec!["Мы пишем.".to_owned()]));
        let silent = "[recording]\nmode = \"all\"\nannounce = false";
        assert_eq!(greeting(silent), (true, vec![]));
    }

    #[test]
    fn callers_can_ask_to_be_called_back_where_somebody_makes_callbacks() {
        let key = |text: &str| read_text(text).unwrap().menu.policy.callback_key;
        let queue = "[callbacks]\nqueue = \"operators\"";
        assert_eq!(key(""), None);
        assert_eq!(key("[menu]\nlanguage_key = \"5\""), None);
        assert_eq!(key(queue), Key::digit(5));
        assert_eq!(key(&format!("[menu]\ncallback_key = \"\"\n{queue}")), None);
        let callbacks = read_text(queue).unwrap().callbacks.unwrap();
        assert_eq!(callbacks.owner_time, Duration::from_secs(7200));
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let file = TomlFile::of("vizavi.toml", "[ari]\npassword = \"in the file\"");
        let settings = file.parse::<Raw>().unwrap().check(
            &file,
            &Secrets {
                ari_password: Some("from outside".into()),
                ..Secrets::default()
            },
        );
        assert_eq!(settings.unwrap().ari.password.expose(), "from outside");
    }

    #[test]
    fn a_type_of_event_takes_what_it_leaves_out_from_its_default_and_then_from_other() {
        let text = "[rating.other]\nweight = 7.0\ncap_a_day = 2\n\
                    [rating.type.\"invoice.issued\"]\nweight = 300.0\n\
                    [rating.type.\"visit\"]\nhalf_lives = [[\"2w\", 1.0]]\n";
        let rules = read_text(text).unwrap().rating;
        let kind = |name: &str| rules.of(&KindName::parse(name).unwrap()).unwrap().clone();
        assert_eq!(kind("invoice.issued").weight.points(), 300.0);
        assert_eq!(kind("invoice.issued").case, CaseStep::Opens);
        assert_eq!(kind("invoice.issued").cap_a_day, Some(2));
        assert_eq!(kind("visit").weight.points(), 7.0);
        let fortnight = kind("visit").half_lives.left_after(14.0 * 86_400.0);
        assert!((fortnight - 0.5).abs() < 1e-12);
        assert_eq!(kind("email.received").cap_a_day, Some(5));
        assert_eq!(kind("never heard of").weight.points(), 7.0);
    }

    #[test]
    fn a_type_of_event_can_be_made_to_count_for_nothing() {
        let text = "[rating.type.\"mailing.sent\"]\nweight = 0.0\n[rating.other]\nweight = 0.0";
        let rules = read_text(text).unwrap().rating;
        for name in ["mailing.sent", "anything"] {
            let kind = rules.of(&KindName::parse(name).unwrap()).unwrap();
            assert_eq!(kind.weight.points(), 0.0);
        }
    }

    #[test]
    fn a_company_says_its_menu_in_its_own_words_and_cases() {
        let text = "[menu.texts]\nchoice = \"Чтобы поговорить с {employee|instrumental}, нажмите {key}.\"\n\
                    [[menu.name]]\npart = \"last\"\n\
                    forms = [\"Гусь\", \"Гуся\", \"Гусю\", \"Гуся\", \"Гусём\", \"Гусе\"]";
        let menu = read_text(text).unwrap().menu;
        let entry = |last: &str, first: &str| {
            let mut entry = menu::tests::employee("e", "34");
            entry.name = Name::Person(PersonName::new(last, first, "").unwrap());
            entry
        };
        let wanted = vec![entry("Чулкова", "Евгения"), entry("Гусь", "Пётр")];
        let prompt = menu.wording().menu(&menu::Menu::personal(wanted, &[], 3));
        assert_eq!(
            prompt.phrases[0].text,
            "Чтобы поговорить с Чулковой Евгенией, нажмите один."
        );
        assert_eq!(
            prompt.phrases[1].text,
            "Чтобы поговорить с Гусём Петром, нажмите два."
        );
    }

    #[test]
    fn a_company_says_in_its_own_words_how_a_language_is_chosen_and_who_calls_a_mobile() {
        let text = "[menu.texts]\nlanguage = \"По-русски: {key}.\"\n\
                    other_language = \"English: {key}.\"\n\
                    summons = \"Клиент {caller}.\"\nsummons_keys = \"Один: да, два: нет.\"";
        let menu = read_text(text).unwrap().menu;
        let english = menu.wording_in(Language::English, None);
        let texts = |prompt: Prompt| -> Vec<String> {
            let phrases = prompt.phrases.into_iter();
            phrases.map(|phrase| phrase.text).collect()
        };
        let key = Key::digit(9).unwrap();
        assert_eq!(texts(english.language_offer(key)), ["English: nine."]);
        let russian = menu.wording();
        assert_eq!(texts(russian.language_offer(key)), ["По-русски: девять."]);
        let name = menu::CallerName::new("Анна").unwrap();
        let keys = "Один: да, два: нет.";
        for wording in [russian, english] {
            assert_eq!(texts(wording.summons(Some(&name))), ["Клиент Анна.", keys]);
            assert_eq!(texts(wording.summons(None)), ["Вам звонит клиент.", keys]);
        }
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
