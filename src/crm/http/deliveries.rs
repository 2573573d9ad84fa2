//! Takes deliveries of many documents: an array, a stream of lines, or just one.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;

use super::Contract;
use super::access::MayWrite;
use super::bodies::Format;
use super::problem::Problem;
use crate::crm::wire::{
    CardsReport, ClientDocument, CloudEventDocument, Elements, EmployeeDocument, EventDocument,
    EventsReport, Intake, Kind, Lines,
};

/// So many changes are written at once. Larger groups are no faster, and cost memory.
const GROUP: usize = 500;

/// After so many bytes of documents others get their turn.
const BYTES_A_TURN: usize = 64 << 10;

/// A delivery on its way in.
struct Delivery<'a> {
    contract: &'a Contract,
    intake: Intake<'a>,
    /// It is one document by itself: if that is refused, the request is.
    is_single: bool,
}

/// Take events
///
/// One event, an array of events, a stream of lines with an event in each, a CloudEvent, or an array of
/// them. One bad event does not refuse the others. What is counted as accepted is on disk.
#[utoipa::path(
    post, path = "/v1/events", tag = "events",
    request_body(
        description = "One event or many; a stream of lines may have any length.",
        content(
            (EventDocument<'static> = "application/json"),
            (Vec<EventDocument<'static>> = "application/json"),
            (EventDocument<'static> = "application/x-ndjson"),
            (CloudEventDocument<'static> = "application/cloudevents+json"),
            (Vec<CloudEventDocument<'static>> = "application/cloudevents-batch+json"),
        )
    ),
    responses(
        (status = 200, description = "What became of each.", body = EventsReport),
        (status = 400, description = "No JSON, or half a body.", body = Problem),
        (status = 408, description = "The body did not come in time.", body = Problem),
        (status = 413, description = "Larger than the limit.", body = Problem),
        (status = 415, description = "Another format.", body = Problem),
        (status = 422, description = "A single event was refused.", body = EventsReport),
        (status = 503, description = "Nothing is acknowledged; send it again.", body = Problem),
    )
)]
pub(super) async fn events(
    State(contract): State<Arc<Contract>>,
    _: MayWrite,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    const KNOWN: [Format; 4] = [
        Format::Json,
        Format::Lines,
        Format::CloudEvent,
        Format::CloudEvents,
    ];
    let format = Format::of(&headers, &KNOWN)?;
    let kind = match format {
        Format::Json | Format::Lines => Kind::Event,
        Format::CloudEvent | Format::CloudEvents => Kind::CloudEvent,
    };
    let delivery = Delivery::take(&contract, kind, format, &headers, body).await?;
    let is_single = delivery.is_single;
    let report = delivery.intake.events_report();
    Ok(answer(is_single && report.refused > 0, report))
}

/// Take many employees
///
/// An array, a stream of lines, or one employee; each with its `id`.
#[utoipa::path(
    post, path = "/v1/employees", tag = "employees",
    request_body(content(
        (Vec<EmployeeDocument<'static>> = "application/json"),
        (EmployeeDocument<'static> = "application/x-ndjson"),
    )),
    responses(
        (status = 200, description = "What became of each.", body = CardsReport),
        (status = 422, description = "A single employee was refused.", body = CardsReport),
    )
)]
pub(super) async fn employees(
    State(contract): State<Arc<Contract>>,
    _: MayWrite,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    cards(&contract, Kind::Employee, &headers, body).await
}

/// Take many clients
///
/// An array, a stream of lines, or one client; each with its `id`.
#[utoipa::path(
    post, path = "/v1/clients", tag = "clients",
    request_body(content(
        (Vec<ClientDocument<'static>> = "application/json"),
        (ClientDocument<'static> = "application/x-ndjson"),
    )),
    responses(
        (status = 200, description = "What became of each.", body = CardsReport),
        (status = 422, description = "A single client was refused.", body = CardsReport),
    )
)]
pub(super) async fn clients(
    State(contract): State<Arc<Contract>>,
    _: MayWrite,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    cards(&contract, Kind::Client, &headers, body).await
}

pub(super) async fn cards(
    contract: &Contract,
    kind: Kind,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let format = Format::of(headers, &[Format::Json, Format::Lines])?;
    let delivery = Delivery::take(contract, kind, format, headers, body).await?;
    let is_single = delivery.is_single;
    let report: CardsReport = delivery.intake.cards_report();
    Ok(answer(is_single && report.refused > 0, report))
}

fn answer(is_refused: bool, report: impl Serialize) -> Response {
    let status = if is_refused {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    (status, Json(report)).into_response()
}

impl<'a> Delivery<'a> {
    async fn take(
        contract: &'a Contract,
        kind: Kind,
        format: Format,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<Self, Problem> {
        let mut delivery = Self {
            contract,
            intake: Intake::new(&contract.reader, kind),
            is_single: false,
        };
        if format == Format::Lines {
            delivery.lines(body).await?;
        } else {
            let json = contract.json(headers, body).await?;
            match Elements::of(json.text()).filter(|_| format != Format::CloudEvent) {
                Some(elements) => delivery.elements(elements).await?,
                None if format == Format::CloudEvents => {
                    let detail = "a batch of CloudEvents is a JSON array";
                    return Err(Problem::bad_request(detail));
                }
                None => {
                    delivery.is_single = true;
                    delivery
                        .intake
                        .take(json.text().as_bytes(), None, Timestamp::now());
                }
            }
        }
        delivery.write().await?;
        Ok(delivery)
    }

    async fn elements(&mut self, elements: Elements<'_>) -> Result<(), Problem> {
        let mut bytes = 0;
        for element in elements {
            self.intake.take(element.as_bytes(), None, Timestamp::now());
            bytes += element.len() + 1;
            if bytes >= BYTES_A_TURN {
                bytes = 0;
                tokio::task::yield_now().await;
            }
            self.write_group().await?;
        }
        Ok(())
    }

    /// What came before a line that breaks off stays: the sender sends all of it again.
    async fn lines(&mut self, mut body: Body) -> Result<(), Problem> {
        let mut lines = Lines::default();
        while let Some(piece) = self.contract.piece(&mut body).await? {
            for part in piece.chunks(BYTES_A_TURN) {
                let now = Timestamp::now();
                lines.push(part, |line| take_line(&mut self.intake, line, now));
                self.write_group().await?;
                tokio::task::yield_now().await;
            }
        }
        lines.finish(|line| take_line(&mut self.intake, line, Timestamp::now()));
        Ok(())
    }

    async fn write_group(&mut self) -> Result<(), Problem> {
        if self.intake.waiting() >= GROUP {
            self.write().await?;
        }
        Ok(())
    }

    async fn write(&mut self) -> Result<(), Problem> {
        let changes = self.intake.changes();
        if !changes.is_empty() {
            let done = self.contract.write(changes).await?;
            self.intake.written(&done);
        }
        Ok(())
    }
}

fn take_line(intake: &mut Intake<'_>, line: crate::crm::wire::Line<'_>, now: Timestamp) {
    match line.text {
        Some(text) => intake.take(text, Some(line.number), now),
        None => intake.too_long(Some(line.number)),
    }
}
