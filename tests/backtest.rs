//! The backtest, as a library and as a command, on small logs whose results can be worked out by hand.

use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Output};

use indicatif::ProgressBar;
use serde_json::Value;
use vizavi::backtest::{Backtest, Log, QuerySet, Report};

const HEADER: &str = "ts,client,employee,type,case,query\n";

/// Long after the history of a log.
const TEST_BEGINS: u64 = 2_000_000;

fn log(lines: &str) -> Log {
    Log::read(format!("{HEADER}{lines}").as_bytes()).unwrap()
}

fn backtest(queries: QuerySet, closing: &[&str], lines: &str) -> Report {
    let closing = closing.iter().map(|kind| (*kind).to_owned()).collect();
    let backtest = Backtest { queries, closing };
    let report = backtest.on(&log(lines).rows, &ProgressBar::hidden());
    report.unwrap()
}

/// So many queries about somebody else: four times as many as follow make those the test.
fn history(count: u64) -> String {
    let mut lines = String::new();
    for number in 0..count {
        let _ = writeln!(lines, "{number},somebody,old,call,,1");
    }
    lines
}

#[test]
fn each_method_is_right_as_often_as_one_finds_by_hand() {
    // The client has had a, a, b, c; the busiest of the week are old (by far), then a.
    let lines = format!(
        "{}100,client,a,call,,0\n101,client,a,call,,0\n102,client,b,call,,0\n103,client,c,call,,0\n\
         200,client,a,call,,1\n300,client,c,call,,1\n400,client,d,call,,1\n500,nobody,old,call,,1\n\
         600,nobody,a,call,,1\n",
        history(20)
    );
    let report = backtest(QuerySet::Flagged, &[], &lines);
    assert_eq!(report.n, 5);
    // Most frequent: a is first in a a b c; c is second in (a a) a c b; nothing for the other three.
    assert_eq!(report.methods.most_frequent, [0.2, 0.4, 0.4]);
    // Most recent: a is third in c b a; c is second in a c b; nothing for the other three.
    assert_eq!(report.methods.most_recent, [0.0, 0.2, 0.4]);
    // Filled: `nobody` gets old first, and next time has old and then a.
    assert_eq!(report.methods.most_recent_fill, [0.2, 0.6, 0.8]);
}

#[test]
fn a_return_comes_after_an_hour_and_is_not_written_by_a_timer() {
    let table = [
        ("7200,client,a,call,,0", 1),
        ("3600,client,a,call,,0", 1),
        ("3599,client,a,call,,0", 0),
        ("7200,client,a,Closed,,1", 0),
        ("7200,other,a,call,,1", 0),
    ];
    for (line, returns) in table {
        let backtest = Backtest {
            queries: QuerySet::Returns,
            closing: Vec::new(),
        };
        let rows = log(&format!("0,client,b,call,,0\n{line}\n")).rows;
        let found = backtest
            .on(&rows, &ProgressBar::hidden())
            .map_or(0, |report| report.n);
        assert_eq!(found, returns, "{line}");
    }
}

/// Sixty clients with a random history of 240 queries, then one query of each at one moment.
fn clients_at_one_moment(planted_before: &str, planted_at: &str, planted_after: &str) -> String {
    let mut random = fastrand::Rng::with_seed(7);
    let mut lines = String::new();
    for number in 0..240_u64 {
        let (client, employee) = (number % 60, random.u32(0..8));
        let time = number * 7_000;
        let _ = writeln!(lines, "{time},c{client},e{employee},call,,1");
    }
    lines.push_str(planted_before);
    lines.push_str(planted_at);
    for client in 0..60 {
        let answer = client % 8;
        let _ = writeln!(lines, "{TEST_BEGINS},c{client},e{answer},call,,1");
    }
    lines.push_str(planted_at);
    lines.push_str(planted_after);
    lines
}

/// Events that say for each client who will handle them.
fn answers(time: u64) -> String {
    let mut lines = String::new();
    for client in 0..60 {
        let answer = client % 8;
        for _ in 0..3 {
            let _ = writeln!(lines, "{time},c{client},e{answer},call,,0");
        }
    }
    lines
}

#[test]
fn no_method_sees_an_event_at_or_after_the_query() {
    let honest = backtest(QuerySet::Flagged, &[], &clients_at_one_moment("", "", ""));
    assert_eq!(honest.n, 60);
    let planted = clients_at_one_moment("", &answers(TEST_BEGINS), &answers(TEST_BEGINS + 1));
    let planted = backtest(QuerySet::Flagged, &[], &planted);
    assert_eq!(planted.methods, honest.methods);
    assert_eq!(planted.parameters(), honest.parameters());

    // The same events a second earlier give everything away: they would have been noticed.
    let given_away = clients_at_one_moment(&answers(TEST_BEGINS - 1), "", "");
    let given_away = backtest(QuerySet::Flagged, &[], &given_away).methods;
    for rates in [
        given_away.most_recent,
        given_away.most_recent_fill,
        given_away.decay,
        given_away.engine,
    ] {
        assert_eq!(rates, [1.0; 3]);
    }
    assert!(honest.methods.engine[0] < 0.5);
}

#[test]
fn parameters_are_chosen_without_the_test() {
    let one = clients_at_one_moment("", "", "");
    let (history, test) = one.split_at(one.find(&TEST_BEGINS.to_string()).unwrap());
    let other = test.replace(",call,", ",mail,").replace("e1", "e2");
    let one = backtest(QuerySet::Flagged, &[], &one);
    let other = backtest(QuerySet::Flagged, &[], &format!("{history}{other}"));
    assert_ne!(one.methods, other.methods);
    assert_eq!(one.parameters(), other.parameters());
    assert!(one.parameters().contains("chosen on 120 queries before"));
}

/// A ticket with a is open; a later one with b is closed; the client returns for the open one.
fn tickets() -> String {
    let mut lines = String::new();
    for number in 0..40_u64 {
        let begin = number * 100_000;
        let _ = writeln!(lines, "{begin},c{number},a,opened,one {number},0");
        let _ = writeln!(lines, "{},c{number},b,opened,two {number},0", begin + 10);
        let _ = writeln!(lines, "{},c{number},b,done,two {number},0", begin + 20);
        let _ = writeln!(lines, "{},c{number},a,opened,one {number},1", begin + 9_000);
    }
    lines
}

#[test]
fn a_closed_case_matters_to_the_engine_alone_and_only_if_its_closing_is_named() {
    let without = backtest(QuerySet::Flagged, &[], &tickets());
    let with = backtest(QuerySet::Flagged, &["done"], &tickets());
    assert_eq!(with.methods.engine[0], 1.0);
    assert_eq!(without.methods.engine[0], 0.0);
    assert_eq!(with.methods.decay, without.methods.decay);
    assert_eq!(with.methods.hard_windows, without.methods.hard_windows);
}

fn command(lines: &str, options: &[&str]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("log.csv");
    fs::write(&file, format!("{HEADER}{lines}")).unwrap();
    Command::new(env!("CARGO_BIN_EXE_vizavi"))
        .arg("backtest")
        .arg(file)
        .args(options)
        .output()
        .unwrap()
}

#[test]
fn the_command_prints_a_table_then_the_parameters() {
    let output = command(&clients_at_one_moment("", "", ""), &[]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let first: Vec<&str> = text.lines().take(8).collect();
    assert!(first[0].starts_with("method"));
    assert!(first[1].starts_with("most frequent "));
    assert!(first[6].starts_with("engine "));
    assert_eq!(first[7], "n = 60");
    assert!(text.contains("Parameters, chosen on 120 queries before 1970-01-24T03:33:20Z"));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn as_json_there_are_only_the_numbers_and_the_rest_is_on_standard_error() {
    let lines = format!("{}nonsense\n", clients_at_one_moment("", "", ""));
    let output = command(&lines, &["--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["n"], 60);
    let methods = json["methods"].as_object().unwrap();
    let mut names: Vec<&str> = methods.keys().map(String::as_str).collect();
    names.sort_unstable();
    let expected = [
        "decay",
        "engine",
        "hard_windows",
        "most_frequent",
        "most_recent",
        "most_recent_fill",
    ];
    assert_eq!(names, expected);
    assert!(
        methods
            .values()
            .all(|rates| rates.as_array().unwrap().len() == 3)
    );
    assert_eq!(json.as_object().unwrap().len(), 2);
    let notes = String::from_utf8(output.stderr).unwrap();
    assert!(notes.contains("Parameters, chosen on"));
    assert!(
        notes.contains("line 302: it has 1 fields, the first line names 6"),
        "{notes}"
    );
}

#[test]
fn the_command_says_what_is_wrong_and_fails() {
    let table: [(&str, &[&str], &str); 4] = [
        ("", &[], "it has no events"),
        ("1,c,e,t,,0\n", &[], "no row of the log has query = 1"),
        (
            "1,c,e,t,,1\n",
            &["--queries", "returns"],
            "no client comes back",
        ),
        (
            "1,c,e,t,,1\n",
            &["--closing", "t,u"],
            "no events of type \"u\"; its types are: t",
        ),
    ];
    for (lines, options, expected) in table {
        let output = command(lines, options);
        assert_eq!(output.status.code(), Some(1));
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains(expected), "{message}");
    }
}
