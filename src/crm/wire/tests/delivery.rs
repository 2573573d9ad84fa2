//! Many documents in one delivery.

use super::{arrived, reader};
use crate::crm::wire::{Elements, Intake, Kind, LONGEST_LINE, Line, Lines, MOST_COMPLAINTS};
use crate::domain::rating::{Applied, Change};
use crate::store::Done;

/// The lines of a stream that comes in pieces of this length.
fn lines(stream: &[u8], length: usize) -> Vec<(u64, Option<String>)> {
    let mut found = Vec::new();
    let mut keep = |line: Line<'_>| {
        let text = line
            .text
            .map(|text| String::from_utf8(text.to_vec()).unwrap());
        found.push((line.number, text));
    };
    let mut lines = Lines::default();
    for piece in stream.chunks(length) {
        lines.push(piece, &mut keep);
    }
    lines.finish(&mut keep);
    found
}

#[test]
fn a_stream_is_cut_into_the_same_lines_whatever_its_pieces() {
    let stream = "\u{feff}{\"a\":1}\r\n\n  \n{\"б\":2}\n{\"c\":3}".as_bytes();
    let expected = vec![
        (1, Some("{\"a\":1}".to_owned())),
        (4, Some("{\"б\":2}".to_owned())),
        (5, Some("{\"c\":3}".to_owned())),
    ];
    for length in 1..=stream.len() {
        assert_eq!(lines(stream, length), expected, "pieces of {length}");
    }
}

#[test]
fn a_line_without_an_end_is_not_kept() {
    let mut stream = vec![b'x'; LONGEST_LINE + 1];
    stream.extend_from_slice(b"\n{}\n");
    for length in [1000, LONGEST_LINE, stream.len()] {
        assert_eq!(
            lines(&stream, length),
            [(1, None), (2, Some("{}".to_owned()))]
        );
    }
    let stream = vec![b'x'; 3 * LONGEST_LINE];
    assert_eq!(lines(&stream, 4096), [(1, None)]);
    let stream = vec![b'x'; LONGEST_LINE];
    assert!(lines(&stream, 4096)[0].1.is_some());
}

#[test]
fn an_array_gives_its_elements_as_they_are() {
    let elements = |array: &'static str| Elements::of(array).unwrap().collect::<Vec<_>>();
    assert_eq!(elements(" [ ] "), Vec::<&str>::new());
    assert_eq!(
        elements(" [{\"a\": [1, 2]} , 5,\"x,]\"\n,[[]]]"),
        ["{\"a\": [1, 2]}", "5", "\"x,]\"", "[[]]"]
    );
    assert!(Elements::of("{}").is_none());
}

#[test]
fn one_bad_event_does_not_refuse_the_others() {
    let reader = reader();
    let mut intake = Intake::new(&reader, Kind::Event);
    let good = br#"{"id":"1","client":"7","cancelled":true}"#;
    intake.take(good, Some(1), arrived());
    intake.take(b"{\"id\":\"\xff\"}", Some(2), arrived());
    intake.take(b"{", Some(3), arrived());
    intake.too_long(Some(4));
    intake.take(good, Some(6), arrived());
    assert_eq!(intake.changes().len(), 2);
    let done = |change| {
        Done::Event(Applied {
            change,
            from_the_future: true,
        })
    };
    intake.written(&[done(Change::Added), done(Change::Repeated)]);
    let report = intake.events_report();
    let counts = (
        report.accepted,
        report.repeated,
        report.refused,
        report.from_the_future,
    );
    assert_eq!(counts, (1, 1, 3, 2));
    let places: Vec<_> = report
        .refusals
        .iter()
        .map(|one| (one.index, one.line))
        .collect();
    assert_eq!(places, [(1, Some(2)), (2, Some(3)), (3, Some(4))]);
    assert_eq!(report.refusals[0].reason, "not UTF-8, from byte 8 on");
}

#[test]
fn a_report_is_no_longer_than_it_says() {
    let reader = reader();
    let mut intake = Intake::new(&reader, Kind::Client);
    for _ in 0..MOST_COMPLAINTS + 5 {
        intake.take(b"5", None, arrived());
        intake.take(br#"{"id":"1","phones":["x"]}"#, None, arrived());
    }
    let report = intake.cards_report();
    assert_eq!(report.refused, MOST_COMPLAINTS as u64 + 5);
    assert_eq!(report.refusals.len(), MOST_COMPLAINTS);
    assert_eq!(report.warnings.len(), MOST_COMPLAINTS);
}
