//! A file that is wrong: the message says where, and what was expected. The table has a row for each
//! mistake.

use super::*;

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
