//! What a question names after its `?`.

use jiff::Timestamp;
use percent_encoding::percent_decode_str;

use super::problem::Problem;
use crate::crm::wire::{Moments, nearest};
use crate::domain::language::Language;
use crate::domain::phone::PhoneNumber;

/// What a page has, unless the question says otherwise.
const USUAL_PAGE: usize = 100;

/// The most that a page has.
const LONGEST_PAGE: usize = 1000;

/// What PBXs and carriers write in place of a number that is withheld.
const WITHHELD: [&str; 8] = [
    "anonymous",
    "restricted",
    "unavailable",
    "unknown",
    "withheld",
    "private",
    "asterisk",
    "<unknown>",
];

/// The parameters of one question, each at most once.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads them. A `+` stays a plus: what it means depends on the parameter.
    pub(super) fn parse(query: Option<&str>, known: &[&str]) -> Result<Self, Problem> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for pair in query.unwrap_or_default().split('&') {
            if pair.is_empty() {
                continue;
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if !known.contains(&name) {
                return Err(unknown(name, known));
            }
            if pairs.iter().any(|(other, _)| other == name) {
                return Err(Problem::bad_request(format!("{name} is there twice")));
            }
            let value = percent_decode_str(value).decode_utf8().map_err(|_| {
                Problem::bad_request(format!("{name} is not UTF-8 with percent signs"))
            })?;
            pairs.push((name.to_owned(), value.into_owned()));
        }
        Ok(Self(pairs))
    }

    /// A parameter as it was written, with its plus signs.
    pub(super) fn raw(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A parameter as forms write it: a `+` is a blank. Blank ones are as if they were not there.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let text = self.raw(name)?.replace('+', " ");
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A caller's number. `None` if it is empty or withheld.
    ///
    /// The first `+` of a number is meant as one, also if it was not encoded, or came as a blank
    /// before a country code.
    pub(super) fn phone(&self) -> Result<Option<PhoneNumber>, Problem> {
        let Some(raw) = self.raw("phone") else {
            return Ok(None);
        };
        let trimmed = raw.trim();
        let text = match trimmed.strip_prefix('+') {
            Some(rest) => format!("+{}", rest.replace('+', " ")),
            None => trimmed.replace('+', " "),
        };
        let is_blank = text.chars().all(|c| c == '+' || c.is_whitespace());
        if is_blank || WITHHELD.contains(&text.to_lowercase().as_str()) {
            return Ok(None);
        }
        let parsed = PhoneNumber::parse(&text);
        parsed
            .map(Some)
            .map_err(|error| Problem::bad_request(format!("phone: {error}")))
    }

    /// A moment; `now` if none is named.
    pub(super) fn at(&self, moments: &Moments, now: Timestamp) -> Result<Timestamp, Problem> {
        let at = self.moment("at", |text| moments.time(text))?;
        Ok(at.unwrap_or(now))
    }

    /// A moment, if one is named. A `+` before an offset is meant as one.
    pub(super) fn moment(
        &self,
        name: &str,
        read: impl FnOnce(&str) -> Result<Timestamp, String>,
    ) -> Result<Option<Timestamp>, Problem> {
        const DAY: usize = "2026-11-20".len();
        let Some(raw) = self.raw(name).map(str::trim).filter(|raw| !raw.is_empty()) else {
            return Ok(None);
        };
        let mut text = raw.to_owned();
        if text.as_bytes().get(DAY) == Some(&b'+') {
            text.replace_range(DAY..=DAY, " ");
        }
        // Where forms are written by rule, the offset's plus has become a blank.
        if let Some(blank) = text.rfind(' ').filter(|blank| *blank > DAY) {
            text.replace_range(blank..=blank, "+");
        }
        let moment = read(&text).map(Some);
        moment.map_err(|reason| Problem::bad_request(format!("{name}: {reason}")))
    }

    /// The language of reasons.
    pub(super) fn language(&self, usual: Language) -> Result<Language, Problem> {
        let Some(code) = self.text("lang") else {
            return Ok(usual);
        };
        let mut known = Language::ALL.into_iter();
        known
            .find(|language| language.code() == code)
            .ok_or_else(|| Problem::bad_request("lang is ru or en"))
    }

    /// How many a page may have at most.
    pub(super) fn limit(&self) -> Result<usize, Problem> {
        let Some(limit) = self.number("limit")? else {
            return Ok(USUAL_PAGE);
        };
        let limit = usize::try_from(limit).ok();
        limit
            .filter(|limit| (1..=LONGEST_PAGE).contains(limit))
            .ok_or_else(|| Problem::bad_request(format!("limit is 1 to {LONGEST_PAGE}")))
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str) -> Result<Option<u64>, Problem> {
        let number = self.text(name).map(|text| text.parse());
        number
            .transpose()
            .map_err(|_| Problem::bad_request(format!("{name} is a whole number")))
    }
}

fn unknown(name: &str, known: &[&str]) -> Problem {
    let shown: String = name.chars().take(40).collect();
    Problem::bad_request(match nearest(&shown, known) {
        Some(meant) => format!("there is no parameter \"{shown}\"; is \"{meant}\" meant?"),
        None if known.is_empty() => format!("there is no parameter \"{shown}\" here"),
        None => format!(
            "there is no parameter \"{shown}\"; there are {}",
            known.join(", ")
        ),
    })
}

#[cfg(test)]
mod tests {
    use jiff::tz::{TimeZone, offset};

    use super::*;

    fn phone(query: &str) -> Option<String> {
        let query = Query::parse(Some(query), &["phone", "at"]).unwrap();
        query
            .phone()
            .unwrap()
            .map(|phone| phone.as_str().to_owned())
    }

    #[test]
    fn a_plus_of_a_number_is_meant_as_one_however_it_comes() {
        for query in [
            "phone=+74959262644",
            "phone=%2B74959262644",
            "phone=%2b7+(495)+926-26-44",
            "phone=%2074959262644",
            "phone=74959262644",
            "phone=84959262644",
            "phone=8+(495)+926-26-44",
            "phone=8%20(495)%20926-26-44",
            "at=&phone=4959262644",
        ] {
            assert_eq!(phone(query).as_deref(), Some("+74959262644"), "{query}");
        }
        assert_eq!(phone("phone=+4930123456").as_deref(), Some("+4930123456"));
    }

    #[test]
    fn an_empty_or_withheld_number_is_none() {
        for query in [
            "",
            "at=",
            "phone",
            "phone=",
            "phone=+%20",
            "phone=Anonymous",
            "phone=unknown",
        ] {
            assert_eq!(phone(query), None, "{query}");
        }
    }

    #[test]
    fn a_time_keeps_its_offset_however_it_comes() {
        let moments = Moments::new(TimeZone::fixed(offset(3)));
        let now = Timestamp::UNIX_EPOCH;
        for query in [
            "at=2026-11-20T10:15:00+03:00",
            "at=2026-11-20T10%3A15%3A00%2B03%3A00",
            "at=2026-11-20T10:15:00%2003:00",
            "at=2026-11-20T07:15:00Z",
            "at=2026-11-20T10:15:00",
            "at=2026-11-20+10:15:00",
            "at=2026-11-20%2010:15:00+03:00",
        ] {
            let parsed = Query::parse(Some(query), &["at"]).unwrap();
            let at = parsed.at(&moments, now).unwrap();
            assert_eq!(at.to_string(), "2026-11-20T07:15:00Z", "{query}");
        }
        let none = Query::parse(None, &["at"]).unwrap();
        assert_eq!(none.at(&moments, now).unwrap(), now);
        let wrong = Query::parse(Some("at=tomorrow"), &["at"]).unwrap();
        assert!(wrong.at(&moments, now).is_err());
    }

    #[test]
    fn a_misspelt_parameter_does_not_vanish() {
        for query in ["fone=1", "phone=1&phone=2", "phone=%ff", "%00=1", "=5"] {
            assert!(
                Query::parse(Some(query), &["phone", "at"]).is_err(),
                "{query}"
            );
        }
    }
}
