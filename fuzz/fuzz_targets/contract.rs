//! Whatever bytes a CRM sends, no parser of the contract panics, each document is either read or
//! refused, and a card that was read is written as what is read as the same card.

#![no_main]

use jiff::Timestamp;
use jiff::tz::{TimeZone, offset};
use libfuzzer_sys::fuzz_target;
use vizavi::crm::wire::{
    ClientDocument, Elements, EmployeeDocument, Intake, Kind, Lines, Reader, without_mark,
};
use vizavi::store::Change;

fuzz_target!(|data: &[u8]| {
    let Some((choice, body)) = data.split_first() else {
        return;
    };
    let kind = match choice % 4 {
        0 => Kind::Event,
        1 => Kind::CloudEvent,
        2 => Kind::Employee,
        _ => Kind::Client,
    };
    let reader = Reader::new(TimeZone::fixed(offset(3)));
    one_document(&reader, kind, body);
    lines(&reader, kind, body);
    if let Some(elements) = std::str::from_utf8(body).ok().map(without_mark).and_then(Elements::of) {
        elements.for_each(|element| one_document(&reader, kind, element.as_bytes()));
    }
});

fn one_document(reader: &Reader, kind: Kind, document: &[u8]) {
    let mut intake = Intake::new(reader, kind);
    intake.take(document, None, Timestamp::UNIX_EPOCH);
    let changes = intake.changes();
    changes.iter().for_each(|change| reads_the_same_again(reader, change));
    assert_eq!(changes.len() as u64 + intake.events_report().refused, 1);
}

fn lines(reader: &Reader, kind: Kind, stream: &[u8]) {
    let mut intake = Intake::new(reader, kind);
    let mut lines = Lines::default();
    for piece in stream.chunks(7) {
        lines.push(piece, |line| {
            intake.take(line.text.unwrap_or_default(), Some(line.number), Timestamp::UNIX_EPOCH);
        });
    }
    lines.finish(|_| {});
}

fn reads_the_same_again(reader: &Reader, change: &Change) {
    let again = match change {
        Change::PutEmployee { id, card, version } => {
            let document = EmployeeDocument::of(id, card, *version, reader.moments());
            let text = serde_json::to_string(&document).expect("it is written");
            reader.employee(&text, Some(id), Timestamp::UNIX_EPOCH)
        }
        Change::PutClient { id, card, version } => {
            let text = serde_json::to_string(&ClientDocument::of(id, card, *version));
            reader.client(&text.expect("it is written"), Some(id), Timestamp::UNIX_EPOCH)
        }
        _ => return,
    };
    let again = again.expect("what was written is read").change;
    assert_eq!(format!("{again:?}"), format!("{change:?}"));
}
