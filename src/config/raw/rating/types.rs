//! The types of event that are known before anything is set.

use std::collections::BTreeMap;

use toml::Spanned;

use super::kind::{RawKind, RawStep, RawTitle};
use crate::config::raw::unplaced;

/// What a type has: its name, weight, cap a day, what it does to its case, and its titles.
type Row = (
    &'static str,
    f64,
    Option<u32>,
    Option<RawStep>,
    &'static str,
    &'static str,
);

/// Titles are in Russian and in English.
const ROWS: [Row; 20] = [
    (
        "call.talked",
        60.0,
        None,
        None,
        "разговор по телефону",
        "talk on the telephone",
    ),
    (
        "call.missed",
        40.0,
        Some(3),
        None,
        "пропущенный звонок",
        "missed call",
    ),
    (
        "client.assigned",
        40.0,
        None,
        None,
        "закреплён за сотрудником",
        "assigned to the employee",
    ),
    ("meeting.held", 100.0, None, None, "встреча", "meeting"),
    (
        "email.received",
        30.0,
        Some(5),
        None,
        "письмо от клиента",
        "e-mail from the client",
    ),
    (
        "email.sent",
        20.0,
        Some(3),
        None,
        "письмо клиенту",
        "e-mail to the client",
    ),
    (
        "message.received",
        30.0,
        Some(5),
        None,
        "сообщение от клиента",
        "message from the client",
    ),
    (
        "message.sent",
        20.0,
        Some(3),
        None,
        "сообщение клиенту",
        "message to the client",
    ),
    ("mailing.sent", 1.0, Some(1), None, "рассылка", "mailing"),
    (
        "document.sent",
        60.0,
        Some(5),
        None,
        "документ отправлен",
        "document sent",
    ),
    (
        "order.placed",
        100.0,
        None,
        Some(RawStep::Opens),
        "заказ оформлен",
        "order placed",
    ),
    (
        "order.completed",
        40.0,
        None,
        Some(RawStep::Closes),
        "заказ выполнен",
        "order completed",
    ),
    (
        "invoice.issued",
        100.0,
        None,
        Some(RawStep::Opens),
        "счёт выставлен",
        "invoice issued",
    ),
    (
        "invoice.paid",
        40.0,
        None,
        Some(RawStep::Closes),
        "счёт оплачен",
        "invoice paid",
    ),
    (
        "contract.drafted",
        100.0,
        None,
        Some(RawStep::Opens),
        "договор подготовлен",
        "contract drafted",
    ),
    (
        "contract.signed",
        60.0,
        None,
        Some(RawStep::Closes),
        "договор подписан",
        "contract signed",
    ),
    (
        "ticket.opened",
        80.0,
        None,
        Some(RawStep::Opens),
        "заявка открыта",
        "ticket opened",
    ),
    (
        "ticket.assigned",
        100.0,
        None,
        Some(RawStep::Opens),
        "заявка передана",
        "ticket assigned",
    ),
    (
        "ticket.resolved",
        60.0,
        None,
        Some(RawStep::Resolves),
        "заявка решена",
        "ticket resolved",
    ),
    (
        "ticket.closed",
        20.0,
        None,
        Some(RawStep::Closes),
        "заявка закрыта",
        "ticket closed",
    ),
];

/// Who looks after a client stays known for long.
const ASSIGNED: &str = "client.assigned";

/// What holds for every type that is not named.
pub(super) fn other() -> RawKind {
    RawKind {
        weight: Some(unplaced(50.0)),
        half_lives: Some(unplaced(vec![
            ("4h".to_owned(), 1.0),
            ("3d".to_owned(), 0.3),
            ("30d".to_owned(), 0.1),
        ])),
        valid_for: Some(unplaced("400d".to_owned())),
        cap_a_day: Some(0),
        case: Some(RawStep::None),
        title: None,
    }
}

/// The types that most companies have.
pub(super) fn known() -> BTreeMap<Spanned<String>, RawKind> {
    ROWS.into_iter().map(of_row).collect()
}

fn of_row((name, weight, cap_a_day, case, ru, en): Row) -> (Spanned<String>, RawKind) {
    let kind = RawKind {
        weight: Some(unplaced(weight)),
        half_lives: (name == ASSIGNED).then(|| unplaced(vec![("365d".to_owned(), 1.0)])),
        valid_for: None,
        cap_a_day,
        case,
        title: Some(RawTitle {
            ru: ru.to_owned(),
            en: en.to_owned(),
        }),
    };
    (unplaced(name.to_owned()), kind)
}
