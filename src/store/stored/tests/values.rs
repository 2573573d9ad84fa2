//! Everything that the store writes, as it may be: values made at random, among them those that nobody
//! would think of.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::super::block::Delivery;
use crate::domain::access::{Scope, Token};
use crate::domain::call::{
    CallRecord, Departure, FallbackReason, LegEnding, Moment, Occurrence, Outcome, Step,
};
use crate::domain::directory::{ClientCard, EmployeeCard, Endpoint, Extension, Name};
use crate::domain::language::Language;
use crate::domain::menu::{Key, MenuKind};
use crate::domain::person::{Gender, PersonName};
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{
    About, Body, CaseId, ClientId, Employee, EmployeeId, Event, EventId, Happening, KindName,
    Leave, Observed, Shift, WorkingHours,
};

/// Ids as they occur, and as they don't.
pub(super) fn some_id() -> impl Strategy<Value = String> {
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
    pub(super) fn some_delivery()(
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
    pub(super) fn some_client_card()(
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
    pub(super) fn some_employee_card()(
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
    pub(super) fn some_observed()(
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
    pub(super) fn some_call()(
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
    pub(super) fn some_token()(
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
