//! A job is read again as it was written, and garbage is an error and never a panic.

use std::time::Duration;

use jiff::tz;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::domain::callback::{AttemptRecord, AttemptResult, Decline, Outcome, Progress};
use crate::domain::language::Language;

fn some_moment() -> impl Strategy<Value = Timestamp> {
    (1_700_000_000_i64..1_900_000_000, 0..1_000_000_000)
        .prop_map(|(second, nanos)| Timestamp::new(second, nanos).unwrap())
}

fn some_zone() -> impl Strategy<Value = TimeZone> {
    let named = ["Europe/Moscow", "Asia/Yekaterinburg", "UTC"];
    prop_oneof![
        prop::sample::select(named.to_vec()).prop_map(|name| TimeZone::get(name).unwrap()),
        (-12_i8..13).prop_map(|hours| TimeZone::fixed(tz::offset(hours))),
    ]
}

fn some_outcome() -> impl Strategy<Value = Outcome> {
    let mut all = vec![
        Outcome::Connected,
        Outcome::Busy,
        Outcome::NoAnswer,
        Outcome::Rejected,
        Outcome::Unreachable,
        Outcome::InvalidNumber,
        Outcome::Machine,
        Outcome::NetworkFailure,
        Outcome::OperatorMissing,
        Outcome::Cancelled,
    ];
    let declined = [Decline::Postponed, Decline::WrongOrDone, Decline::HungUp];
    all.extend(declined.map(Outcome::OperatorDeclined));
    prop::sample::select(all)
}

fn some_progress() -> impl Strategy<Value = Progress> {
    prop::sample::select(vec![
        Progress::Begun,
        Progress::Dialled,
        Progress::Connected,
    ])
}

fn some_state() -> impl Strategy<Value = State> {
    prop_oneof![
        (some_moment(), some_moment()).prop_map(|(since, next)| State::Waiting { since, next }),
        (any::<u32>(), some_moment(), any::<bool>(), some_progress()).prop_map(
            |(attempt, since, cancelled, progress)| State::Running {
                attempt,
                since,
                cancelled,
                progress,
            }
        ),
        (prop::sample::select(Ending::ALL.to_vec()), some_moment())
            .prop_map(|(ending, at)| State::Ended { ending, at }),
    ]
}

prop_compose! {
    fn some_attempt()(
        number in any::<u32>(),
        began in some_moment(),
        ended in some_moment(),
        outcome in option::of(some_outcome()),
        causes in (option::of(any::<u16>()), option::of(any::<u16>())),
        talked in option::of((0_u64..10_000).prop_map(Duration::from_secs)),
        operator in option::of("\\PC{1,20}"),
    ) -> AttemptRecord {
        let (cause, sip) = causes;
        let result = AttemptResult { ended, outcome, cause, sip, talked, operator };
        AttemptRecord { number, began, result }
    }
}

prop_compose! {
    fn some_wanted()(
        name in option::of(("[А-Яа-я]{1,9}", "[A-Za-z]{0,9}", "[а-я]{0,9}")),
        gender in option::of(prop::sample::select(vec![Gender::Female, Gender::Male])),
        destination in prop_oneof![
            (10_000_000_000..99_999_999_999_u64)
                .prop_map(|digits| Destination::Phone(PhoneNumber::of_digits(digits))),
            "[0-9]{1,6}".prop_map(|digits| Destination::Extension(Extension::parse(&digits).unwrap())),
        ],
        moments in (
            option::of(some_moment()), option::of(some_moment()), option::of(some_moment()),
        ),
        texts in (option::of("\\PC{1,50}"), option::of("\\PC{1,50}"), option::of("\\PC{1,50}")),
        language in option::of(prop::sample::select(Language::ALL.to_vec())),
        priority in 0_u8..10,
        attempts in option::of(1_u32..20),
        owner in option::of(("[a-z]{1,9}", option::of(some_moment()))),
        zone in option::of(some_zone()),
    ) -> Wanted {
        let (appointment, not_before, not_after) = moments;
        let (specialist, reason, say) = texts;
        Wanted {
            id: JobId::parse("crm-17").unwrap(),
            person: name.map(|(last, first, middle)| PersonName::new(&last, &first, &middle).unwrap()),
            gender, destination, appointment, specialist, reason, say, language, priority,
            not_before, not_after, attempts,
            owner: owner.map(|(employee, released)| Owner {
                employee: EmployeeId::parse(&employee).unwrap(),
                released,
            }),
            zone,
        }
    }
}

prop_compose! {
    fn some_job()(
        wanted in some_wanted(),
        created in some_moment(),
        opened in some_moment(),
        state in some_state(),
        numbers in (any::<u32>(), any::<u32>(), any::<u32>()),
        history in vec(some_attempt(), 0..5),
    ) -> Job {
        let (begun, used, mistakes) = numbers;
        Job { wanted, created, opened, state, begun, used, mistakes, history }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_job_is_read_as_it_was_written(job in some_job()) {
        let bytes = encode_callback(&job).unwrap();
        let read = decode_callback(&job.wanted.id, &bytes);
        prop_assert_eq!(read, Ok(job));
    }

    #[test]
    fn garbage_is_no_job_and_no_reason_to_panic(
        job in some_job(),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = encode_callback(&job).unwrap();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        let _ = decode_callback(&job.wanted.id, &bytes);
        let _ = decode_callback(&job.wanted.id, &bytes[..place]);
    }
}
