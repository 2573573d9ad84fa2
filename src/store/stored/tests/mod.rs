//! What is written is read again as it was, and garbage is an error and never a panic. What values
//! there may be is in `values`.

mod values;

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use self::values::{
    some_call, some_client_card, some_delivery, some_employee_card, some_id, some_observed,
    some_token,
};
use super::block::Delivery;
use super::ids::{Parts, Table};
use super::*;
use crate::domain::rating::{Body, CaseId, EmployeeId, Event, EventId, Happening, KindName};

/// Some words are in it, and some are not.
fn dictionary() -> Dictionary {
    let mut dictionary = Dictionary::default();
    for (number, word) in (0..).zip(["invoice.issued", "mail"]) {
        dictionary.kinds.add(KindName::parse(word).unwrap(), number);
    }
    for (number, word) in (0..).zip(["u1001", "anna"]) {
        dictionary
            .employees
            .add(EmployeeId::parse(word).unwrap(), number);
    }
    dictionary
}

fn read(block: &Block<'_>) -> Vec<Delivery> {
    let mut deliveries = Vec::new();
    block.read(&mut deliveries, &dictionary()).unwrap();
    deliveries
}

/// What any value may turn into on a bad disk: garbage, or with one byte changed.
fn none_of_it_panics(bytes: &[u8]) {
    if let Ok(head) = Head::decode(bytes) {
        let _ = head.card();
        let _ = head.events.read(&mut Vec::new(), &dictionary());
    }
    if let Ok(block) = decode_block(bytes) {
        let _ = block.read(&mut Vec::new(), &dictionary());
    }
    let _ = decode_employee(bytes);
    let _ = decode_observed(bytes);
    let _ = decode_call(bytes);
    let _ = decode_token("id", bytes);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_id_is_read_as_it_was_given(texts in vec(some_id(), 1..9)) {
        let mut table = Table::default();
        let stored: Vec<_> = texts
            .iter()
            .map(|text| Parts::of(text).stored(&mut table))
            .collect();
        let mut read = String::new();
        for (id, text) in stored.iter().zip(&texts) {
            id.put(&table, &mut read).unwrap();
            prop_assert_eq!(&read, text);
            for other in &texts {
                prop_assert_eq!(id.is(&Parts::of(other), &table), other == text);
            }
        }
    }

    #[test]
    fn a_block_is_read_as_it_was_written(deliveries in vec(some_delivery(), 0..20)) {
        let bytes = encode_block(&Block::of(&deliveries, &dictionary()).unwrap()).unwrap();
        let block = decode_block(&bytes).unwrap();
        prop_assert_eq!(block.len(), deliveries.len());
        for (event, _) in &deliveries {
            prop_assert!(block.has(&event.id));
        }
        prop_assert_eq!(read(&block), deliveries);
    }

    #[test]
    fn events_are_added_to_a_block_that_was_read(
        before in vec(some_delivery(), 0..9),
        after in vec(some_delivery(), 0..9),
    ) {
        let bytes = encode_block(&Block::of(&before, &dictionary()).unwrap()).unwrap();
        let mut block = decode_block(&bytes).unwrap();
        for (event, arrived) in &after {
            block.add(event, *arrived, &dictionary()).unwrap();
        }
        prop_assert_eq!(read(&block), [before, after].concat());
    }

    #[test]
    fn a_client_is_read_as_they_were_written(
        card in option::of((any::<u64>(), some_client_card())),
        deliveries in vec(some_delivery(), 0..5),
    ) {
        let with_version = card.as_ref().map(|(version, card)| (*version, card));
        let mut head = Head::with_card(with_version);
        head.events = Block::of(&deliveries, &dictionary()).unwrap();
        let bytes = head.encode().unwrap();
        let head = Head::decode(&bytes).unwrap();
        prop_assert_eq!(head.card().unwrap(), card);
        prop_assert_eq!(read(&head.events), deliveries);
    }

    #[test]
    fn an_employee_is_read_as_they_were_written(
        version in any::<u64>(),
        card in option::of(some_employee_card()),
    ) {
        let bytes = encode_employee(version, card.as_ref()).unwrap();
        prop_assert_eq!(decode_employee(&bytes), Ok((version, card)));
    }

    #[test]
    fn a_call_of_the_journal_is_read_as_it_was_written(call in some_call()) {
        let bytes = encode_call(&call).unwrap();
        prop_assert_eq!(decode_call(&bytes), Ok(call));
    }

    #[test]
    fn a_call_is_read_as_it_was_written(call in some_observed()) {
        let bytes = encode_observed(&call).unwrap();
        prop_assert_eq!(decode_observed(&bytes), Ok(call));
    }

    #[test]
    fn a_token_is_read_as_it_was_written(token in option::of(some_token())) {
        let bytes = encode_token(token.as_ref()).unwrap();
        let id = token.as_ref().map_or("", |token| &token.id);
        prop_assert_eq!(decode_token(id, &bytes), Ok(token.clone()));
    }

    #[test]
    fn garbage_is_no_value(mut bytes in vec(any::<u8>(), 0..200), shape in any::<bool>()) {
        if shape && !bytes.is_empty() {
            bytes[0] = SHAPE;
        }
        none_of_it_panics(&bytes);
    }

    #[test]
    fn a_value_with_one_byte_changed_is_no_reason_to_panic(
        deliveries in vec(some_delivery(), 1..5),
        card in some_client_card(),
        employee in some_employee_card(),
        call in some_observed(),
        kept in some_call(),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut head = Head::with_card(Some((1, &card)));
        head.events = Block::of(&deliveries, &dictionary()).unwrap();
        for mut bytes in [
            head.encode().unwrap(),
            encode_block(&head.events).unwrap(),
            encode_employee(1, Some(&employee)).unwrap(),
            encode_observed(&call).unwrap(),
            encode_call(&kept).unwrap(),
        ] {
            let place = place.index(bytes.len());
            bytes[place] = byte;
            none_of_it_panics(&bytes);
            none_of_it_panics(&bytes[..place]);
        }
    }
}

#[test]
fn a_later_shape_is_told_from_damage() {
    assert_eq!(
        decode_employee(&[SHAPE + 1, 0]),
        Err(Unreadable::Newer(SHAPE + 1))
    );
    assert_eq!(decode_employee(&[0, 0]), Err(Unreadable::Damaged));
    assert_eq!(decode_employee(&[]), Err(Unreadable::Damaged));
    let mut too_long = encode_employee(1, None).unwrap();
    too_long.push(0);
    assert_eq!(decode_employee(&too_long), Err(Unreadable::Damaged));
}

#[test]
fn a_usual_event_takes_few_bytes() {
    let deliveries: Vec<Delivery> = (0..16)
        .map(|number| {
            let happening = Happening {
                kind: KindName::parse("invoice.issued").unwrap(),
                employee: EmployeeId::parse("u1001").unwrap(),
                case: CaseId::parse("case-12345").ok(),
                phones: vec![PhoneNumber::of_digits(79_161_234_567)],
                about: None,
            };
            let event = Event {
                id: EventId::parse(&format!("invoice-{}", 1_234_567 + number)).unwrap(),
                version: 1,
                body: Body::Happened(happening),
                time: Timestamp::from_second(1_795_165_200 + number * 86_400).unwrap(),
            };
            let arrived = event.time + jiff::SignedDuration::from_millis(700);
            (event, arrived)
        })
        .collect();
    let bytes = encode_block(&Block::of(&deliveries, &dictionary()).unwrap()).unwrap();
    assert!(bytes.len() < 16 * 24, "{}", bytes.len());
}
