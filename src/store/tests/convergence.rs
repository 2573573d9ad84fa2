//! The order and the number of deliveries make no difference to what readers see.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// A few ids of everything, so that many changes are about the same one.
fn some_change() -> impl Strategy<Value = Change> {
    let client = || prop::sample::select(vec!["1", "2", "tel:+79160000001"]);
    let who = || prop::sample::select(vec!["anna", "boris"]);
    let phones = || vec(0..4_u32, 0..3);
    prop_oneof![
        4 => (client(), 0..6_u8, 1..3_u64, who(), phones(), 0..5_i64, 0..5_i64, any::<bool>())
            .prop_map(|(client, id, version, who, phones, time, arrived, cancelled)| {
                let mut event = event(&id.to_string(), who, &phones);
                event.version = version;
                event.time = at(NOW + time);
                if cancelled {
                    event.body = Body::Cancelled;
                }
                Change::Event {
                    client: client_id(client),
                    event,
                    arrived: at(NOW + arrived),
                }
            }),
        1 => (client(), 0..3_u8, phones(), 1..3_u64).prop_map(|(id, name, phones, version)| {
            put_client(id, client_card(&name.to_string(), &phones), version)
        }),
        1 => (who(), who(), 1..3_u64).prop_map(|(id, name, version)| {
            put_employee(id, name, version)
        }),
        1 => (who(), 1..3_u64).prop_map(|(id, version)| remove_employee(id, version)),
        1 => (client(), 0..3_u8, 0..3_i64).prop_map(|(client, call, time)| {
            observe(client, &call.to_string(), NOW + time)
        }),
        1 => (0..2_u8).prop_map(|id| Change::PutToken(token(&id.to_string(), "CRM"))),
        1 => (0..2_u8).prop_map(|id| Change::RemoveToken(id.to_string())),
    ]
}

/// All that can be asked for.
#[derive(Debug, PartialEq)]
struct Seen {
    clients: Vec<Client>,
    of_phones: Vec<Vec<Client>>,
    observed: Vec<Vec<Observed>>,
    employees: Vec<Option<(EmployeeCard, u64)>>,
    tokens: Vec<Token>,
    counts: (u64, usize),
}

fn seen(store: &Store) -> Seen {
    let clients = store.clients_after(None, 100).unwrap();
    let alone = client_id("tel:+79160000001");
    let observed = [client_id("1"), client_id("2"), alone];
    let of_phones = (0..4).map(|number| store.clients_of(&phone(number)).unwrap());
    let counts = store.counts();
    Seen {
        of_phones: of_phones.collect(),
        observed: observed.map(|id| store.observed(&id).unwrap()).to_vec(),
        employees: ["anna", "boris"]
            .map(|id| store.employee(&employee_id(id)))
            .to_vec(),
        tokens: store.tokens().to_vec(),
        counts: (counts.clients, counts.employees),
        clients,
    }
}

/// Changes with some of them twice, in groups of some size.
fn delivered(changes: &[Change], group: usize) -> Seen {
    let (directory, store) = new();
    for group in changes.chunks(group) {
        store.write_blocking(group.to_vec()).unwrap();
    }
    let before = seen(&store);
    drop(store);
    assert_eq!(before, seen(&open(directory.path())));
    before
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_and_number_of_deliveries_gives_the_same_store(
        (once, shuffled) in vec(some_change(), 0..40).prop_flat_map(|changes| {
            let again = prop::sample::subsequence(changes.clone(), 0..=changes.len());
            let all = (Just(changes.clone()), again)
                .prop_map(|(changes, again)| [changes, again].concat())
                .prop_shuffle();
            (Just(changes), all)
        }),
        groups in (1..9_usize, 1..9_usize),
    ) {
        prop_assert_eq!(delivered(&once, groups.0), delivered(&shuffled, groups.1));
    }

    #[test]
    fn a_number_finds_exactly_those_who_have_it(changes in vec(some_change(), 0..60)) {
        let seen = delivered(&changes, 7);
        for (number, found) in (0..4).zip(&seen.of_phones) {
            let has = |client: &&Client| client.phones().contains(&phone(number));
            let expected: Vec<Client> = seen.clients.iter().filter(has).cloned().collect();
            prop_assert_eq!(found, &expected);
        }
    }
}
