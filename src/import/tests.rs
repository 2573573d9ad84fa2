use std::io::Write;

use serde_json::json;

use super::*;

fn source(text: impl AsRef<[u8]>) -> Result<Source, String> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_ref()).unwrap();
    Source::open(file.path(), None).map_err(|error| error.to_string())
}

/// All objects of a file, and the lines that are none.
fn read(text: impl AsRef<[u8]>) -> (Vec<serde_json::Value>, Vec<u64>, Vec<Refused>) {
    let mut source = source(text).unwrap();
    let (mut objects, mut lines, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(group) = source.next_group().unwrap() {
        let body = String::from_utf8(group.body).unwrap();
        objects.extend(body.lines().map(|line| serde_json::from_str(line).unwrap()));
        lines.extend(group.lines);
        refused.extend(group.refused);
    }
    (objects, lines, refused)
}

#[test]
fn a_row_becomes_the_object_that_would_be_sent() {
    let (objects, lines, refused) = read(
        "id,type,time,client,employee,phones,case,about,version,cancelled\n\
         e1,call.talked,2026-11-21T10:00:00,,anna,8 916 555-12-12; +44 20 7946 0958,,,2,да\n\
         e2,invoice.paid,2026-11-21T10:00:00Z,c1,,,i1,счёт 1,,\n",
    );
    assert_eq!(
        objects,
        [
            json!({"id": "e1", "type": "call.talked", "time": "2026-11-21T10:00:00",
                   "employee": "anna", "phones": ["8 916 555-12-12", "+44 20 7946 0958"],
                   "version": 2, "cancelled": true}),
            json!({"id": "e2", "type": "invoice.paid", "time": "2026-11-21T10:00:00Z",
                   "client": "c1", "case": "i1", "about": "счёт 1"}),
        ]
    );
    assert_eq!(lines, [2, 3]);
    assert_eq!(refused, []);
}

#[test]
fn a_table_of_a_russian_spreadsheet_is_read_too() {
    let (objects, ..) =
        read("\u{feff}ID;Last;First;Extension;Leave\r\n1;Белых;Анна;35;2026-12-28/2027-01-08\r\n");
    let leave = json!([{"from": "2026-12-28", "until": "2027-01-08"}]);
    assert_eq!(
        objects,
        [json!({"id": "1", "last": "Белых", "first": "Анна", "extension": "35", "leave": leave})]
    );
}

#[test]
fn a_row_that_can_not_be_meant_is_refused_with_its_line_and_the_others_hold() {
    let (objects, lines, refused) =
        read("id,type,version\na,x,1\nb,x,first\n\"c\nc\",x,3\nd,x,4,5\n");
    assert_eq!(objects.len(), 2);
    assert_eq!(lines, [2, 4]);
    let told: Vec<(u64, &str)> = refused
        .iter()
        .map(|one| (one.line, one.reason.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (3, "version: \"first\" is no whole number"),
            (6, "it has 4 cells, but there are 3 columns")
        ]
    );
}

#[test]
fn lines_of_json_go_as_they_are_with_their_numbers() {
    let (objects, lines, _) = read("\n{\"type\": \"x\", \"id\": \"1\"}\n\n  {\"id\": \"2\"}  \r\n");
    assert_eq!(
        objects,
        [json!({"type": "x", "id": "1"}), json!({"id": "2"})]
    );
    assert_eq!(lines, [2, 4]);
}

#[test]
fn a_line_without_end_is_refused_and_the_next_one_holds() {
    let long = "x".repeat(3 * 1024 * 1024);
    let text = format!("{{\"type\":\"a\"}}\n{{\"id\":\"{long}\"}}\n{{\"type\":\"b\"}}\n");
    let (objects, lines, refused) = read(text);
    assert_eq!(objects, [json!({"type": "a"}), json!({"type": "b"})]);
    assert_eq!(lines, [1, 3]);
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].line, 2);
}

#[test]
fn what_a_file_is_shows_in_its_names() {
    for (text, kind) in [
        ("id,type,time\n", Kind::Events),
        ("id,last,extension\n", Kind::Employees),
        ("id,last,phones\n", Kind::Clients),
        ("{\"time\": 1}", Kind::Events),
        ("{\"department\": \"x\", \"phones\": []}", Kind::Employees),
        ("{\"organisation\": \"x\"}", Kind::Clients),
    ] {
        assert_eq!(source(text).unwrap().kind, kind, "{text}");
    }
}

#[test]
fn a_file_that_is_nothing_of_ours_is_refused_with_what_to_do() {
    for (text, expected) in [
        (&b"id,last,first\n"[..], "say it with --as"),
        (b"", "say it with --as"),
        (
            b"id,type,emploee\n",
            "events have no column \"emploee\"; they have: id, type",
        ),
        (b"id,type,\xCF\xE5\xF2\xF0\n", "save it as \"CSV UTF-8\""),
        (b"{]", "say it with --as"),
    ] {
        let error = source(text).map(|source| source.kind).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    let missing = Source::open(Path::new("/nowhere/x.csv"), None);
    assert!(matches!(missing, Err(ImportError::Unreadable { .. })));
}

#[test]
fn a_long_file_comes_in_groups() {
    let mut text = "id,type\n".to_owned();
    for number in 0..GROUP + 10 {
        text.push_str(&format!("{number},x\n"));
    }
    let mut source = source(text).unwrap();
    assert_eq!(source.next_group().unwrap().unwrap().lines.len(), GROUP);
    assert_eq!(source.next_group().unwrap().unwrap().lines.len(), 10);
    assert!(source.next_group().unwrap().is_none());
}

#[test]
fn lines_of_a_large_file_come_by_clients_and_those_of_a_client_in_their_order() {
    let count = 2 * GROUP;
    let line = |number: usize| {
        let client = number % 7;
        json!({"id": format!("e{number}"), "type": "invoice.paid", "time": "", "client": format!("c{client}")})
            .to_string()
    };
    let file: Vec<String> = (0..count).map(line).collect();
    let (objects, lines, _) = read(file.join("\n"));
    assert_eq!(objects.len(), count);
    let of_client = |line: &u64| (line - 1) % 7;
    assert!(lines.is_sorted_by_key(|line| (of_client(line), *line)));
    let mut sorted = lines;
    sorted.sort_unstable();
    assert!(sorted.into_iter().eq(1..=count as u64), "every line once");
}
