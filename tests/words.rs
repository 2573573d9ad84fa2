//! Names and numbers in words, by the commands that print them.

use std::process::{Command, Output};

use serde_json::{Value, json};

fn vizavi(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vizavi"))
        .args(arguments)
        .output()
        .unwrap()
}

/// What a command prints, which must succeed.
fn printed(arguments: &[&str]) -> String {
    let output = vizavi(arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

fn refusal(arguments: &[&str]) -> String {
    let output = vizavi(arguments);
    assert!(!output.status.success(), "{arguments:?} is accepted");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_whole_name_is_printed_in_its_six_cases() {
    let text = printed(&["decline", "Чулкова Евгения"]);
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        lines,
        [
            ["nominative", "Чулкова", "Евгения"],
            ["genitive", "Чулковой", "Евгении"],
            ["dative", "Чулковой", "Евгении"],
            ["accusative", "Чулкову", "Евгению"],
            ["instrumental", "Чулковой", "Евгенией"],
            ["prepositional", "Чулковой", "Евгении"],
        ]
    );
}

#[test]
fn the_forms_can_be_had_as_json() {
    let text = printed(&["decline", "Ильич", "--part", "middle", "--json"]);
    let forms: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        forms,
        json!({
            "nominative": "Ильич", "genitive": "Ильича", "dative": "Ильичу",
            "accusative": "Ильича", "instrumental": "Ильичом", "prepositional": "Ильиче",
        })
    );
}

#[test]
fn a_name_keeps_the_order_in_which_it_is_written() {
    let table = [
        (
            "Александр Сергеевич Пушкин",
            "Александру Сергеевичу Пушкину",
        ),
        (
            "Пушкин Александр Сергеевич",
            "Пушкину Александру Сергеевичу",
        ),
        (
            "Шостакович Дмитрий Дмитриевич",
            "Шостаковичу Дмитрию Дмитриевичу",
        ),
        ("Лев Толстой", "Льву Толстому"),
        ("Алиева Лейла Мамед кызы", "Алиевой Лейле Мамед кызы"),
        ("John Smith", "John Smith"),
    ];
    for (name, dative) in table {
        let form = printed(&["decline", name, "--case", "dative"]);
        assert_eq!(form.trim_end(), dative);
    }
}

#[test]
fn the_gender_can_be_given() {
    let dative = |arguments: &[&str]| {
        let arguments = [&["decline", "Шмидт", "--case", "dative"], arguments].concat();
        printed(&arguments).trim_end().to_owned()
    };
    assert_eq!(dative(&[]), "Шмидт");
    assert_eq!(dative(&["--gender", "f"]), "Шмидт");
    assert_eq!(dative(&["--gender", "m"]), "Шмидту");
    assert_eq!(dative(&["--gender", "m", "--part", "last"]), "Шмидту");
}

#[test]
fn a_name_that_does_not_tell_its_gender_stays_and_the_command_says_so() {
    let output = vizavi(&["decline", "Шевчук Саша", "--case", "dative"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "Шевчук Саша\n");
    assert!(String::from_utf8_lossy(&output.stderr).contains("--gender"));
}

#[test]
fn a_number_is_printed_in_words() {
    let table: [(&[&str], &str); 6] = [
        (&["34"], "тридцать четыре"),
        (&["2", "--gender", "f"], "две"),
        (&["12", "--ordinal", "--case", "genitive"], "двенадцатого"),
        (&["4", "--ordinal", "--gender", "n"], "четвёртое"),
        (&["34", "--lang", "en"], "thirty-four"),
        (&["34", "--lang", "en", "--ordinal"], "thirty-fourth"),
    ];
    for (arguments, words) in table {
        let arguments = [&["number"], arguments].concat();
        assert_eq!(printed(&arguments).trim_end(), words);
    }
}

#[test]
fn what_can_not_be_said_is_refused_with_the_reason() {
    let table: [(&[&str], &str); 4] = [
        (&["decline", " "], "a name has at least"),
        (&["decline", "Чулкова", "--case", "vocative"], "genitive"),
        (&["number", "1000000000000"], "999999999999"),
        (&["number", "many"], "invalid"),
    ];
    for (arguments, reason) in table {
        let refusal = refusal(arguments);
        assert!(refusal.contains(reason), "{refusal}");
    }
}
