//! An event as a CloudEvent 1.0. Extension attributes are not ours and are passed over.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::event::{self, EventDocument};
use super::text::given;
use super::{Read, Reader, Refused, Text, fields};

/// The attributes that we read.
const ATTRIBUTES: &[&str] = &[
    "specversion",
    "id",
    "source",
    "type",
    "time",
    "subject",
    "data",
    "datacontenttype",
];

/// What `data` has.
const DATA_FIELDS: &[&str] = &[
    "client",
    "employee",
    "phones",
    "case",
    "about",
    "version",
    "cancelled",
];

/// An event as a CloudEvent 1.0 in JSON. Other attributes may be there and are passed over.
#[derive(Deserialize, ToSchema)]
#[schema(as = CloudEvent)]
pub struct CloudEventDocument<'a> {
    /// `1.0`.
    #[serde(borrow)]
    #[schema(value_type = String)]
    specversion: Option<Text<'a>>,
    /// With `source`, which event it is: `source#id`, up to 200 bytes together.
    #[schema(value_type = String)]
    id: Option<Text<'a>>,
    /// Who says so. Two sources may use the same id.
    #[schema(value_type = String)]
    source: Option<Text<'a>>,
    /// The type of event.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: Option<Text<'a>>,
    /// When it happened.
    #[schema(value_type = Option<String>)]
    time: Option<Text<'a>>,
    /// The client, unless `data` names one.
    #[schema(value_type = Option<String>)]
    subject: Option<Text<'a>>,
    /// JSON, if it is given.
    #[schema(value_type = Option<String>)]
    datacontenttype: Option<Text<'a>>,
    /// The other fields.
    #[schema(value_type = CloudEventData<'static>)]
    data: Option<&'a RawValue>,
}

/// What a CloudEvent's `data` has. The fields mean what they mean in our own shape.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CloudEventData)]
pub struct CloudEventData<'a> {
    /// The client.
    #[serde(borrow)]
    #[schema(value_type = Option<String>)]
    client: Option<Text<'a>>,
    /// The employee.
    #[schema(value_type = Option<String>)]
    employee: Option<Text<'a>>,
    /// The client's telephones.
    #[schema(value_type = Option<Vec<String>>)]
    phones: Option<Vec<Text<'a>>>,
    /// What the event belongs to.
    #[schema(value_type = Option<String>)]
    case: Option<Text<'a>>,
    /// What it is about, for people.
    #[schema(value_type = Option<String>)]
    about: Option<Text<'a>>,
    /// A higher version corrects a lower one.
    version: Option<u64>,
    /// It never happened.
    cancelled: Option<bool>,
}

pub(super) fn read(document: &str, reader: &Reader, arrived: Timestamp) -> Result<Read, Refused> {
    let outer: CloudEventDocument<'_> = serde_json::from_str(document).map_err(|error| {
        // The attributes of others are no mistakes, so the names are not looked at.
        let known = fields::parsed::<CloudEventDocument<'_>>(document, ATTRIBUTES, "a CloudEvent");
        Refused {
            id: known.err().and_then(|refused| refused.id),
            reason: fields::shortened(&error.to_string(), 300),
        }
    })?;
    let id = joined_id(&outer);
    let shown = id.as_deref().ok().or(given(outer.id.as_ref()));
    let refused = |reason| Refused {
        id: shown.map(str::to_owned),
        reason,
    };
    let event = in_our_shape(&outer, id.clone().map_err(refused)?).map_err(refused)?;
    event::read(&event, reader, arrived).map_err(refused)
}

fn joined_id(outer: &CloudEventDocument<'_>) -> Result<String, String> {
    if given(outer.specversion.as_ref()) != Some("1.0") {
        return Err("specversion must be \"1.0\"".to_owned());
    }
    let id = given(outer.id.as_ref()).ok_or("id is missing")?;
    let source = given(outer.source.as_ref()).ok_or("source is missing")?;
    Ok(format!("{source}#{id}"))
}

fn in_our_shape<'a>(
    outer: &CloudEventDocument<'a>,
    id: String,
) -> Result<EventDocument<'a>, String> {
    let format = given(outer.datacontenttype.as_ref()).unwrap_or("application/json");
    let format = format.split(';').next().unwrap_or_default().trim();
    if format != "application/json" && !format.ends_with("+json") {
        return Err("datacontenttype must be \"application/json\"".to_owned());
    }
    let data = outer.data.map_or("{}", RawValue::get);
    let data: CloudEventData<'a> =
        fields::parsed(data, DATA_FIELDS, "data").map_err(|refused| refused.reason)?;
    let named = given(data.client.as_ref()).is_some();
    Ok(EventDocument {
        id: Some(Text::from(id)),
        kind: outer.kind.clone(),
        time: outer.time.clone(),
        client: if named {
            data.client
        } else {
            outer.subject.clone()
        },
        employee: data.employee,
        phones: data.phones,
        case: data.case,
        about: data.about,
        version: data.version,
        cancelled: data.cancelled,
    })
}
