//! What is written is read again as it was, and garbage is an error and never a panic.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::block::Delivery;
use super::ids::{Parts, Table};
use super::*;
use crate::domain::access::{Scope, Token};
use crate::domain::call::{
    CallRecord, Departure, FallbackReason, LegEnding, Moment, Occurrence, Outcome, Step,
};
use crate::domain::directory::{ClientCard, EmployeeCard, Endpoint, Extension, Name};
use crate::domain::menu::{Key, MenuKind};
use crate::domain::person::{Gender, PersonName};
use crate::domain::rating::{
    About, Body, CaseId, ClientId, Employee, EmployeeId, Event, EventId, Happening, KindName,
    Leave, Observed, Shift, WorkingHours,
};

/// Ids as they occur, and as they don't.
fn some_id() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zа-я:#]{0,5}[0-9]{1,25}",
        "[a-z_-]{0,4}[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "[0-9a-fA-F-]{36}",
        "\\PC{1,12}",
    ]
}

fn some_moment() -> impl Strategy<Value = Timestamp> {
    let whole = -377_705_023_201_i64..=253_402_207_200;
    let usual = 1_700_000_000_i64..1_800_000_000;
    let nanos = prop_oneof![
        Just(0),
        (0..1_000).prop_map(|millis| millis * 1_000_000),
        (0..1_000_000).prop_map(|micros| micros * 1_000),
        0..1_000_000_000,
    ];
    (prop_oneof![1 => whole, 9 => usual], nanos)
        .prop_map(|(second, nanos)| Timestamp::new(second, nanos).unwrap_or(Timestamp::MIN))
}

fn some_phones() -> impl Strategy<Value = Vec<PhoneNumber>> {
    vec(
        (10_000_000_000..99_999_999_999_u64).prop_map(PhoneNumber::of_digits),
        0..4,
    )
}

fn parsed<T, E: std::fmt::Debug>(parse: impl Fn(&str) -> Result<T, E>) -> impl Strategy<Value = T>
where
    T: std::fmt::Debug,
{
    some_id().prop_map(move |text| parse(&text).unwrap())
}

fn some_employee_id() -> impl Strategy<Value = EmployeeId> {
    parsed(EmployeeId::parse)
}

prop_compose! {
    fn some_delivery()(
        id in parsed(EventId::parse),
        version in any::<u64>(),
        time in some_moment(),
        arrived in some_moment(),
        kind in prop_oneof![parsed(KindName::parse), Just(KindName::parse("mail").unwrap())],
        employee in prop_oneof![some_employee_id(), Just(EmployeeId::parse("anna").unwrap())],
        case in option::of(parsed(CaseId::parse)),
        phones in some_phones(),
        about in option::of(".{0,80}"),
        cancelled in any::<bool>(),
    ) -> Delivery {
        let about = about.and_then(|text| About::new(&text));
        let happening = Happening { kind, employee, case, phones, about };
        let body = if cancelled { Body::Cancelled } else { Body::Happened(happening) };
        (Event { id, version, body, time }, arrived)
    }
}

fn some_language() -> impl Strategy<Value = Option<Language>> {
    option::of(prop::sample::select(Language::ALL.to_vec()))
}

fn some_name() -> impl Strategy<Value = PersonName> {
    ("[А-Яа-я]{1,9}", "[A-Za-z]{0,9}", "[а-я]{0,9}")
        .prop_map(|(last, first, middle)| PersonName::new(&last, &first, &middle).unwrap())
}

prop_compose! {
    fn some_client_card()(
        person in option::of(some_name()),
        organisation in option::of("\\PC{0,20}"),
        phones in some_phones(),
        language in some_language(),
    ) -> ClientCard {
        ClientCard { person, organisation, phones, language }
    }
}

prop_compose! {
    fn some_duty()(
        alias_of in option::of(some_employee_id()),
        until in option::of(some_moment()),
        successor in option::of(some_employee_id()),
        technical in any::<bool>(),
        leave in vec((some_moment(), some_moment()), 0..3),
        shifts in option::of(vec((0..7_i8, 0..24_i8, 0..60_i8, 0..1_000_000_000), 0..3)),
    ) -> Employee {
        let leave = leave.into_iter().map(|(from, until)| Leave { from, until });
        let shift = |(day, hour, minute, nanos)| Shift {
            weekday: Weekday::from_monday_zero_offset(day).unwrap(),
            from: Time::new(hour, minute, 0, nanos).unwrap(),
            until: Time::new(minute % 24, hour, 59, 0).unwrap(),
        };
        let hours = shifts.map(|shifts| WorkingHours(shifts.into_iter().map(shift).collect()));
        Employee { alias_of, until, successor, technical, leave: leave.collect(), hours }
    }
}

prop_compose! {
    fn some_employee_card()(
        name in prop_oneof![
            some_name().prop_map(Name::Person),
            "\\PC{0,20}".prop_map(Name::Department),
        ],
        gender in option::of(prop::sample::select(vec![Gender::Female, Gender::Male])),
        extension in option::of("[0-9]{1,6}"),
        endpoints in vec("PJSIP/[0-9a-z@.]{1,9}", 0..3),
        language in some_language(),
        duty in some_duty(),
    ) -> EmployeeCard {
        EmployeeCard {
            name,
            gender,
            extension: extension.map(|digits| Extension::parse(&digits).unwrap()),
            endpoints: endpoints.iter().map(|text| Endpoint::parse(text).unwrap()).collect(),
            language,
            duty,
        }
    }
}

prop_compose! {
    fn some_observed()(
        call in "\\PC{0,20}",
        at in some_moment(),
        offered in vec(some_employee_id(), 0..4),
        chosen in vec(some_employee_id(), 0..3),
        talked in option::of((some_employee_id(), any::<u64>(), 0..1_000_000_000_u32)),
    ) -> Observed {
        let talked = talked.map(|(who, seconds, nanos)| (who, Duration::new(seconds, nanos)));
        Observed { call, at, offered, chosen, talked }
    }
}

fn some_step() -> impl Strategy<Value = Occurrence> {
    let ending = prop::sample::select(vec![
        LegEnding::NoAnswer,
        LegEnding::Busy,
        LegEnding::Refused,
        LegEnding::Unreachable,
        LegEnding::HungUp,
    ]);
    let key = prop::sample::select("0123456789*#ABCD".chars().collect::<Vec<_>>());
    let about = prop::sample::select(vec![
        Occurrence::Dialled,
        Occurrence::Rings,
        Occurrence::Answered,
        Occurrence::LegReleased,
        Occurrence::TalkBegan,
        Occurrence::HandedOn,
        Occurrence::Waits,
        Occurrence::CallbackWanted,
        Occurrence::CallbackKept,
    ]);
    prop_oneof![
        prop::sample::select(vec![
            Occurrence::Came,
            Occurrence::Prompt,
            Occurrence::TalkEnded,
            Occurrence::TakenOver,
            Occurrence::Stopping,
            Occurrence::Released,
            Occurrence::Failed(Step::GrantLease),
            Occurrence::Left(Departure::HungUp),
            Occurrence::Left(Departure::ToDialplan),
        ]),
        vec(some_employee_id(), 0..4).prop_map(Occurrence::Offered),
        key.prop_map(|key| Occurrence::Key(Key::parse(key).unwrap())),
        (about, some_employee_id())
            .prop_map(|(about, who): (fn(EmployeeId) -> Occurrence, _)| about(who)),
        (some_employee_id(), ending).prop_map(|(who, why)| Occurrence::LegEnded(who, why)),
        some_reason().prop_map(Occurrence::ToFallback),
    ]
}

fn some_reason() -> impl Strategy<Value = FallbackReason> {
    prop::sample::select(vec![
        FallbackReason::Asked,
        FallbackReason::NoChoice,
        FallbackReason::NobodyToOffer,
        FallbackReason::NobodyAnswered,
        FallbackReason::NothingToPlay,
        FallbackReason::LeaseRanOut,
        FallbackReason::Trouble(Step::Bridge),
        FallbackReason::Stopping,
    ])
}

prop_compose! {
    fn some_call()(
        (call, at, named) in ("\\PC{0,20}", some_moment(), any::<bool>()),
        caller in option::of(1..99_999_999_999_u64),
        client in option::of("[a-z0-9-]{1,20}"),
        menu in option::of(prop::sample::select(vec![MenuKind::Personal, MenuKind::Default])),
        offered in vec(some_employee_id(), 0..4),
        chosen in vec(some_employee_id(), 0..3),
        talked in option::of((some_employee_id(), any::<u32>())),
        outcome in prop_oneof![
            prop::sample::select(vec![Outcome::Talked, Outcome::TalksOn, Outcome::CallbackLeft, Outcome::HungUp, Outcome::Stuck]),
            some_reason().prop_map(Outcome::Fallback),
        ],
        length in any::<u32>(),
        steps in vec((any::<u32>(), some_step()), 0..9),
    ) -> CallRecord {
        let milliseconds = |time: u32| Duration::from_millis(time.into());
        let steps = steps.into_iter().map(|(at, what)| Moment { at: milliseconds(at), what });
        CallRecord {
            call, at, named, menu, offered, chosen, outcome,
            caller: caller.map(PhoneNumber::of_digits),
            client: client.map(|id| ClientId::parse(&id).unwrap()),
            talked: talked.map(|(who, time)| (who, milliseconds(time))),
            length: milliseconds(length),
            steps: steps.collect(),
        }
    }
}

prop_compose! {
    fn some_token()(
        id in "[a-z]{1,9}",
        name in "\\PC{0,20}",
        scopes in vec(
            prop::sample::select(vec![Scope::Write, Scope::Read, Scope::Administer]),
            0..3,
        ),
        hash in any::<[u8; 32]>(),
        created in some_moment(),
    ) -> Token {
        Token { id, name, scopes, hash, created }
    }
}

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
