use std::time::Duration;

use super::*;
use crate::speech::{Kind, MonthlyBudget, ServiceKey, YandexKey};

#[derive(Deserialize)]
struct File {
    speech: RawSpeech,
}

fn read(text: &str) -> Result<Settings, String> {
    let file = TomlFile::of("/etc/vizavi/vizavi.toml", text);
    let raw: File = file.parse().map_err(|error| error.to_string())?;
    raw.speech.check(&file).map_err(|error| error.to_string())
}

#[test]
fn an_empty_section_is_espeak_for_both_languages() {
    let settings = read("[speech]\n").unwrap();
    assert_eq!(settings.russian, ["command"]);
    assert_eq!(settings.english, ["command"]);
    let [service] = settings.services.as_slice() else {
        panic!("{:?}", settings.services);
    };
    let Kind::Command(command) = &service.kind else {
        panic!("{service:?}");
    };
    assert_eq!(command.russian[..3], ["espeak-ng", "-v", "ru"]);
}

#[test]
fn a_command_alone_still_is_enough() {
    let settings = read("[speech]\ncommand.ru = [\"piper\"]\n").unwrap();
    let Kind::Command(command) = &settings.services[0].kind else {
        panic!("{settings:?}");
    };
    assert_eq!(command.russian, ["piper"]);
    assert_eq!(command.english[0], "espeak-ng");
}

#[test]
fn a_chain_has_its_services_with_their_limits() {
    let settings = read(
        "[speech]\nvoices.ru = [\"yandex\", \"people\", \"command\"]\n\
         [speech.service.yandex]\nkind = \"yandex-v3\"\nkey_variable = \"YANDEX_API_KEY\"\n\
         base_url = \"http://127.0.0.1:1/\"\nseconds = 6\nrequests_a_second = 5\nat_once = 2\n\
         requests_a_month = 1000\nvoice.ru = \"alena\"\nspeed = 1.1\n\
         [speech.service.people]\nkind = \"recordings\"\ndirectory = \"spoken\"\n",
    )
    .unwrap();
    assert_eq!(settings.russian, ["yandex", "people", "command"]);
    assert_eq!(settings.english, ["command"]);
    let service = |name: &str| {
        let mut services = settings.services.iter();
        services.find(|service| service.name == name).unwrap()
    };
    let yandex = service("yandex");
    assert_eq!(yandex.time_limit, Duration::from_secs(6));
    assert_eq!(yandex.requests_a_second.unwrap().get(), 5);
    assert_eq!(yandex.at_once.get(), 2);
    assert_eq!(yandex.budget, Some(MonthlyBudget::Requests(1000)));
    let Kind::YandexV3(kind) = &yandex.kind else {
        panic!("{yandex:?}");
    };
    assert_eq!(kind.online.base_url, "http://127.0.0.1:1");
    assert_eq!(kind.online.voices.russian, "alena");
    assert_eq!(kind.online.voices.english, "john");
    assert_eq!(kind.online.speed.as_deref(), Some("1.1"));
    let variable = ServiceKey::Variable("YANDEX_API_KEY".to_owned());
    assert_eq!(kind.key, YandexKey::Api(variable));
    assert_eq!(
        service("people").kind,
        Kind::Recordings("/etc/vizavi/spoken".into())
    );
}

#[test]
fn every_kind_needs_little() {
    for rest in [
        "kind = \"yandex-v3\"\nkey = \"k\"",
        "kind = \"yandex-v1\"\naccount_file = \"key.json\"",
        "kind = \"openai\"\nbase_url = \"http://127.0.0.1:8000\"\nvoice.ru = \"x\"",
        "kind = \"salute\"\nkey = \"k\"\nca_file = \"ca.pem\"",
        "kind = \"voicefabric\"\nkey = \"k\"",
        "kind = \"crt-cloud\"\nuser = \"u\"\nkey = \"k\"",
        "kind = \"command\"\ncommand.ru = [\"piper\"]",
        "kind = \"recordings\"\ndirectory = \"spoken\"",
    ] {
        let text = format!("[speech]\nvoices.ru = [\"a\"]\n[speech.service.a]\n{rest}\n");
        let settings = read(&text).unwrap();
        assert_eq!(settings.russian, ["a"], "{rest}");
    }
}

#[test]
fn a_mistake_says_where_it_is_and_what_was_expected() {
    let chain = "[speech]\nvoices.ru = [\"a\"]\n[speech.service.a]\n";
    let mistakes = [
        (
            "[speech]\nvoices.ru = []".to_owned(),
            "line 2: voices.ru must name a service",
        ),
        (
            "[speech]\nvoices.ru = [\"command\",\n\"yandx\"]".to_owned(),
            "line 3: there is no service \"yandx\"; there is command",
        ),
        (
            "[speech]\nvoices.en = [\"command\", \"command\"]".to_owned(),
            "line 2: \"command\" is named twice",
        ),
        (
            format!("{chain}kind = \"yandex\""),
            "line 4: unknown variant `yandex`",
        ),
        (
            format!("{chain}kind = \"yandex-v3\""),
            "line 4: a service of the kind \"yandex-v3\" needs key_variable",
        ),
        (
            format!("{chain}kind = \"yandex-v3\"\nkey = \"k\"\nkey_variable = \"K\""),
            "line 6: key and key_variable exclude each other",
        ),
        (
            format!("{chain}kind = \"yandex-v1\"\nkey = \"k\"\naccount_file = \"a\""),
            "line 6: account_file and key exclude each other",
        ),
        (
            format!("{chain}kind = \"yandex-v3\"\nkey = \"k\"\nbase_url = \"tts\""),
            "line 6: base_url must be an address that begins with http:// or https://",
        ),
        (
            format!("{chain}kind = \"yandex-v3\"\nkey = \"k\"\nmodel = \"m\""),
            "line 6: model is no setting of the kind \"yandex-v3\"; it has base_url",
        ),
        (
            format!("{chain}kind = \"yandex-v3\"\nkey = \"k\"\nspeed = 9.0"),
            "line 6: speed is 9; it must be 0.1 to 4",
        ),
        (
            format!("{chain}kind = \"yandex-v3\"\nkey = \"k\"\nseconds = 0"),
            "line 6: seconds is 0; it must be 1 to 120",
        ),
        (
            format!("{chain}kind = \"yandex-v3\"\nkey = \"k\"\nrequests_a_second = 0"),
            "line 6: requests_a_second is 0; it must be 1 to 1000",
        ),
        (
            format!(
                "{chain}kind = \"salute\"\nkey = \"k\"\ncharacters_a_month = 1\nrequests_a_month = 1"
            ),
            "line 7: characters_a_month and requests_a_month exclude each other",
        ),
        (
            format!("{chain}kind = \"openai\""),
            "line 2: the service \"a\" does not speak \"ru\"; set its voice.ru",
        ),
        (
            format!("{chain}kind = \"crt-cloud\"\nkey = \"k\""),
            "line 4: a service of the kind \"crt-cloud\" needs user",
        ),
        (
            format!("{chain}kind = \"command\""),
            "line 4: a service of the kind \"command\" needs command.ru",
        ),
        (
            format!("{chain}kind = \"recordings\""),
            "line 4: a service of the kind \"recordings\" needs directory",
        ),
        (
            "[speech]\n\n[speech.service.command]\nkind = \"recordings\"".to_owned(),
            "line 3: the service \"command\" is there already",
        ),
        (
            "[speech]\n[speech.service.\"a b\"]\nkind = \"recordings\"".to_owned(),
            "line 2: \"a b\": a service's name is",
        ),
    ];
    for (text, expected) in mistakes {
        let error = read(&text).unwrap_err();
        assert!(error.contains(expected), "{text:?} gave {error:?}");
    }
}

#[test]
fn a_key_is_not_shown_by_debug() {
    let text = "[speech]\n[speech.service.a]\nkind = \"voicefabric\"\nkey = \"hush\"";
    assert!(!format!("{:?}", read(text).unwrap()).contains("hush"));
}
