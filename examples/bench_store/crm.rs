//! The CRM of a made-up company: who its clients are, what happened, and the company's rules. The
//! same every time.

use std::collections::HashMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use vizavi::domain::directory::{EmployeeCard, Extension, Name};
use vizavi::domain::person::PersonName;
use vizavi::domain::phone::PhoneNumber;
use vizavi::domain::rating::{
    Body, CaseId, CaseStep, ClientId, Employee, EmployeeId, Event, EventId, HalfLife, HalfLives,
    Happening, Kind, KindName, Rules, Title, Weight,
};
use vizavi::store::Change;

const EMPLOYEES: u64 = 300;
/// What a client may have at most.
const MOST_EVENTS: u32 = 500;
/// The beginning of the year that all of it happens in.
const BEGINNING: i64 = 1_760_000_000;
const YEAR: i64 = 365 * 86_400;
const KINDS: [&str; 15] = [
    "invoice.issued",
    "invoice.paid",
    "order.created",
    "order.shipped",
    "order.cancelled",
    "ticket.opened",
    "ticket.commented",
    "ticket.resolved",
    "ticket.closed",
    "mail.received",
    "mail.sent",
    "call.incoming",
    "call.outgoing",
    "meeting.held",
    "contract.signed",
];

/// All of the company.
pub(crate) struct Crm {
    pub(crate) clients: u32,
    pub(crate) events: u32,
    /// Where each client's events begin among all of them.
    starts: Vec<u32>,
    /// Events come in this step, so that those of one client come all over the year.
    step: u64,
    kinds: Vec<KindName>,
    employees: Vec<EmployeeId>,
}

impl Crm {
    pub(crate) fn new(clients: u32, events: u32) -> Self {
        let starts = starts(clients, events);
        let kinds = KINDS.iter().filter_map(|kind| KindName::parse(kind).ok());
        let employees = (0..EMPLOYEES).map(|number| format!("u{}", 1000 + number));
        let employees = employees.filter_map(|id| EmployeeId::parse(&id).ok());
        Self {
            clients,
            events,
            starts,
            step: coprime(u64::from(events)),
            kinds: kinds.collect(),
            employees: employees.collect(),
        }
    }

    /// When all of it has happened.
    pub(crate) fn end(&self) -> Timestamp {
        moment(BEGINNING + YEAR)
    }

    pub(crate) fn client(&self, number: u32) -> ClientId {
        // A number of at most eight digits is an id.
        ClientId::parse(&format!("c-{number:08}")).unwrap_or_else(|_| ClientId::of_phone(&phone(0)))
    }

    /// Every tenth client shares their number with the one before.
    pub(crate) fn phone(&self, client: u32) -> PhoneNumber {
        phone(if client % 10 == 9 { client - 1 } else { client })
    }

    /// What happened as the so-manieth.
    pub(crate) fn change(&self, number: u32) -> Change {
        let all = u64::from(self.events);
        let slot = u64::from(number) * self.step % all;
        let slot = u32::try_from(slot).unwrap_or_default();
        let client = self.starts.partition_point(|start| *start <= slot) - 1;
        let client = u32::try_from(client).unwrap_or_default();
        let time = BEGINNING + YEAR * i64::from(number) / i64::from(self.events);
        self.event(client, u64::from(slot), moment(time))
    }

    /// An event that nobody has heard of.
    pub(crate) fn new_event(&self, number: u32) -> Change {
        let slot = u64::from(self.events) + u64::from(number);
        let client = mixed(slot) % u64::from(self.clients);
        self.event(u32::try_from(client).unwrap_or_default(), slot, self.end())
    }

    fn event(&self, client: u32, slot: u64, time: Timestamp) -> Change {
        let chance = mixed(slot);
        let pick = |from: u64, count: usize| usize::try_from(chance >> from).unwrap_or(0) % count;
        // Three people look after a client, the first of them mostly.
        let place = [0, 0, 0, 0, 1, 1, 2][pick(8, 7)];
        let who = mixed(u64::from(client) * 3 + place) % EMPLOYEES;
        let case = (chance & 1 == 0)
            .then(|| format!("case-{}", u64::from(client) * 8 + (chance >> 50) % 4));
        let names_phone = chance & 2 == 0;
        let happening = Happening {
            kind: self.kinds[pick(16, self.kinds.len())].clone(),
            employee: self.employees[usize::try_from(who).unwrap_or(0)].clone(),
            case: case.and_then(|case| CaseId::parse(&case).ok()),
            phones: names_phone
                .then(|| self.phone(client))
                .into_iter()
                .collect(),
            about: None,
        };
        let id = event_id(slot, chance);
        Change::Event {
            client: self.client(client),
            event: Event {
                id: EventId::parse(&id).unwrap_or_else(|_| unreachable!("it is short")),
                version: 1,
                body: Body::Happened(happening),
                time,
            },
            arrived: time + SignedDuration::from_millis((chance >> 40 & 4095) as i64),
        }
    }

    pub(crate) fn staff(&self) -> Vec<Change> {
        let card = |(number, id): (usize, &EmployeeId)| {
            Some(Change::PutEmployee {
                id: id.clone(),
                card: Box::new(EmployeeCard {
                    name: Name::Person(
                        PersonName::new(&format!("Surname {number}"), "First", "").ok()?,
                    ),
                    gender: None,
                    extension: Extension::parse(&format!("{}", 100 + number)).ok(),
                    endpoints: Vec::new(),
                    language: None,
                    duty: Employee::default(),
                }),
                version: 1,
            })
        };
        self.employees.iter().enumerate().filter_map(card).collect()
    }

    /// Every type has rules of its own; four of them have to do with cases, two have a cap.
    pub(crate) fn rules(&self) -> Rules {
        let mut kinds = HashMap::new();
        for (number, name) in (0_u32..).zip(&self.kinds) {
            let kind = Kind {
                weight: Weight::new(f64::from(20 + number * 7)).unwrap_or_default(),
                half_lives: half_lives(number),
                valid_for: Some(Duration::from_secs(180 * 86_400)),
                cap_a_day: name.as_str().starts_with("mail").then_some(3),
                case: case_step(name.as_str()),
                title: Some(Title {
                    russian: format!("событие {number}"),
                    english: name.as_str().replace('.', " "),
                }),
            };
            kinds.insert(name.clone(), kind);
        }
        Rules {
            kinds,
            ..Rules::default()
        }
    }
}

fn half_lives(number: u32) -> HalfLives {
    if !number.is_multiple_of(3) {
        return HalfLives::default();
    }
    let week = HalfLife {
        period: Duration::from_secs(7 * 86_400),
        share: 1.0,
    };
    HalfLives::new(&[week]).unwrap_or_default()
}

fn case_step(kind: &str) -> CaseStep {
    match kind.rsplit('.').next() {
        Some("issued" | "opened" | "created") => CaseStep::Opens,
        Some("resolved") => CaseStep::Resolves,
        Some("paid" | "closed" | "shipped" | "cancelled") => CaseStep::Closes,
        Some(_) | None => CaseStep::Leaves,
    }
}

/// Half of the ids are UUIDs, half are a word and a number.
fn event_id(slot: u64, chance: u64) -> String {
    if chance & 4 == 0 {
        return format!("invoice-{}", 1_000_000 + slot);
    }
    let (high, low) = (chance, mixed(chance));
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0xfff,
        low & 0xffff_ffff_ffff
    )
}

fn phone(number: u32) -> PhoneNumber {
    PhoneNumber::of_digits(79_000_000_000 + u64::from(number))
}

fn moment(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or_default()
}

/// Most clients have two to sixteen events, a few have hundreds.
fn starts(clients: u32, events: u32) -> Vec<u32> {
    let chances = (0..u64::from(clients)).map(|client| {
        let chance = ((mixed(client) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        chance.powf(-0.75) - 1.0
    });
    let chances: Vec<f64> = chances.collect();
    let most = f64::from(MOST_EVENTS - 1);
    let count = |chance: &f64, factor: f64| (2.0 + factor * chance).min(most);
    // The factor that gives as many events as there are.
    let (mut low, mut high) = (0.0, 1_000.0);
    for _ in 0..60 {
        let factor = (low + high) / 2.0;
        let sum: f64 = chances.iter().map(|chance| count(chance, factor)).sum();
        if sum < f64::from(events) {
            low = factor;
        } else {
            high = factor;
        }
    }
    let mut sum = 0.0;
    let mut starts = Vec::with_capacity(chances.len());
    for chance in &chances {
        starts.push(sum as u32);
        sum += count(chance, low);
    }
    starts
}

fn coprime(all: u64) -> u64 {
    fn common(one: u64, other: u64) -> u64 {
        if other == 0 {
            one
        } else {
            common(other, one % other)
        }
    }
    let mut step = all * 618 / 1000 + 1;
    while common(step, all) != 1 {
        step += 1;
    }
    step
}

/// A number that looks like chance (the finaliser of SplitMix64).
pub(crate) fn mixed(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}
