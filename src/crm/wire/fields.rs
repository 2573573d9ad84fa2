//! A document's fields: what is wrong with one that doesn't have the shape it should have.

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::value::RawValue;

use super::{Refused, Text};
use crate::domain::rating::LONGEST_ID;

/// From this likeness on, one name is taken for a misspelling of the other: 0 to 1.
const LIKE: f64 = 0.7;

/// The longest name of a field that is shown in a reason, in characters.
const LONGEST_SHOWN: usize = 40;

/// Reads a document. What is wrong is told in the words of who wrote it.
pub(super) fn parsed<'a, T: Deserialize<'a>>(
    document: &'a str,
    known: &[&str],
    what: &str,
) -> Result<T, Refused> {
    serde_json::from_str(document).map_err(|error| {
        let outline = serde_json::from_str::<Outline<'_>>(document).ok();
        let unknown = outline.as_ref().and_then(|outline| {
            let mut names = outline.names.iter().map(String::as_str);
            names.find(|name| !known.contains(name))
        });
        Refused {
            id: outline.as_ref().and_then(Outline::id),
            reason: match unknown {
                Some(name) => no_field(name, known, what),
                None => not_read(&error, outline.is_some(), what),
            },
        }
    })
}

/// The known name that a name was probably meant to be.
#[must_use]
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name = name.to_lowercase();
    let likeness = |other: &&str| strsim::jaro_winkler(&name, other);
    let best = known
        .iter()
        .copied()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(&best) >= LIKE).then_some(best)
}

/// At most `most` characters of a text that somebody sent.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most).collect();
    short.push('…');
    short
}

fn no_field(name: &str, known: &[&str], what: &str) -> String {
    let shown = shortened(name, LONGEST_SHOWN);
    match nearest(&shown, known) {
        Some(meant) => format!("\"{shown}\" is no field of {what}; is \"{meant}\" meant?"),
        None => format!(
            "\"{shown}\" is no field of {what}; the fields are {}",
            known.join(", ")
        ),
    }
}

fn not_read(error: &serde_json::Error, is_object: bool, what: &str) -> String {
    if error.is_data() && !is_object {
        return format!("{what} is a JSON object, such as {{\"id\": \"1\"}}");
    }
    shortened(&error.to_string(), 300)
}

/// The names of an object's fields, and its id.
struct Outline<'a> {
    names: Vec<String>,
    id: Option<&'a RawValue>,
}

impl Outline<'_> {
    fn id(&self) -> Option<String> {
        let id: Text<'_> = serde_json::from_str(self.id?.get()).ok()?;
        Some(shortened(id.as_str(), LONGEST_ID))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Outline<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OutlineVisitor)
    }
}

struct OutlineVisitor;

impl<'de> Visitor<'de> for OutlineVisitor {
    type Value = Outline<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let mut outline = Outline {
            names: Vec::new(),
            id: None,
        };
        while let Some(name) = fields.next_key::<String>()? {
            if name == "id" {
                outline.id = Some(fields.next_value()?);
            } else {
                fields.next_value::<IgnoredAny>()?;
            }
            if outline.names.len() >= 100 {
                return Err(de::Error::custom("too many fields"));
            }
            outline.names.push(name);
        }
        Ok(outline)
    }
}
