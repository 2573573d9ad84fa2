//! Times and days as CRMs write them: with an offset, or in the company's local time.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// How a time is written, for a reason.
const TIME: &str = "a time is written as 2026-11-20T10:15:00+03:00, or without an offset for the \
                    company's local time";

/// How a time or a day is written, for a reason.
const TIME_OR_DAY: &str = "a day is written as 2026-11-20, a time as 2026-11-20T10:15:00+03:00";

/// The length of a day in its one spelling.
const DAY_LENGTH: usize = "2026-11-20".len();

/// Reads and writes times and days.
#[derive(Clone, Debug)]
pub struct Moments {
    zone: TimeZone,
}

impl Moments {
    /// With this local time.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        Self { zone }
    }

    /// The local time.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// A time by RFC 3339. Without an offset, as 1C writes it, it is the company's local time; one
    /// that an hour's change has made ambiguous is the earlier of the two.
    ///
    /// # Errors
    /// How a time is written.
    pub fn time(&self, text: &str) -> Result<Timestamp, String> {
        self.any_time(text.trim()).ok_or_else(|| TIME.to_owned())
    }

    /// The first moment of a day, or a time.
    ///
    /// # Errors
    /// How a time or a day is written.
    pub fn beginning(&self, text: &str) -> Result<Timestamp, String> {
        let text = text.trim();
        let moment = match day(text) {
            Some(day) => self.start_of(day),
            None => self.any_time(text),
        };
        moment.ok_or_else(|| TIME_OR_DAY.to_owned())
    }

    /// The first moment after a day, or a time.
    ///
    /// # Errors
    /// How a time or a day is written.
    pub fn ending(&self, text: &str) -> Result<Timestamp, String> {
        let text = text.trim();
        let moment = match day(text) {
            Some(day) => day.tomorrow().ok().and_then(|next| self.start_of(next)),
            None => self.any_time(text),
        };
        moment.ok_or_else(|| TIME_OR_DAY.to_owned())
    }

    /// What [`Moments::beginning`] reads as this moment.
    #[must_use]
    pub fn write_beginning(&self, moment: Timestamp) -> String {
        match self.day_that_begins_at(moment) {
            Some(day) => day.to_string(),
            None => self.write_time(moment),
        }
    }

    /// What [`Moments::ending`] reads as this moment.
    #[must_use]
    pub fn write_ending(&self, moment: Timestamp) -> String {
        let day = self.day_that_begins_at(moment);
        match day.and_then(|day| day.yesterday().ok()) {
            Some(last) => last.to_string(),
            None => self.write_time(moment),
        }
    }

    /// A time by RFC 3339, with the company's offset.
    #[must_use]
    pub fn write_time(&self, moment: Timestamp) -> String {
        moment
            .display_with_offset(self.zone.to_offset(moment))
            .to_string()
    }

    fn any_time(&self, text: &str) -> Option<Timestamp> {
        if text.len() <= DAY_LENGTH || !text.is_ascii() {
            return None;
        }
        let time = &text[DAY_LENGTH..];
        if time.contains('[') {
            return None;
        }
        if time.contains(['Z', 'z', '+', '-']) {
            return text.parse().ok();
        }
        let local: DateTime = text.parse().ok()?;
        self.zone.to_timestamp(local).ok()
    }

    fn start_of(&self, day: Date) -> Option<Timestamp> {
        let start = day.to_zoned(self.zone.clone()).ok()?;
        Some(start.timestamp())
    }

    fn day_that_begins_at(&self, moment: Timestamp) -> Option<Date> {
        let day = self.zone.to_datetime(moment).date();
        (self.start_of(day) == Some(moment)).then_some(day)
    }
}

fn day(text: &str) -> Option<Date> {
    if text.len() != DAY_LENGTH {
        return None;
    }
    text.parse().ok()
}
