//! Working hours as one text: "mon-fri 09:00-18:00, sat 10:00-14:00", «пн-пт 9:00-18:00».

use jiff::civil::{Time, Weekday};

use crate::domain::rating::{Shift, WorkingHours};

/// The longest text, in bytes.
const LONGEST: usize = 500;

/// The most shifts of a week.
const MOST_SHIFTS: usize = 50;

/// Somebody who never works has hours too.
const NEVER: [&str; 2] = ["never", "никогда"];

/// Every day of the week.
const DAILY: [&str; 3] = ["daily", "ежедневно", "ежедн"];

const WEEK: [(Weekday, &str, &str); 7] = [
    (Weekday::Monday, "mon", "пн"),
    (Weekday::Tuesday, "tue", "вт"),
    (Weekday::Wednesday, "wed", "ср"),
    (Weekday::Thursday, "thu", "чт"),
    (Weekday::Friday, "fri", "пт"),
    (Weekday::Saturday, "sat", "сб"),
    (Weekday::Sunday, "sun", "вс"),
];

/// Reads working hours.
///
/// # Errors
/// What is not understood, and how hours are written.
pub fn parse(text: &str) -> Result<WorkingHours, String> {
    if text.len() > LONGEST {
        return Err(format!("hours: more than {LONGEST} bytes"));
    }
    let text = text.to_lowercase().replace(['–', '—'], "-");
    let text = text.replace(" - ", "-");
    if NEVER.contains(&text.trim()) {
        return Ok(WorkingHours::default());
    }
    let mut week = Week::default();
    for word in words(&text) {
        week.take(word).map_err(|()| not_understood(word))?;
    }
    week.finish().ok_or_else(|| not_understood(text.trim()))
}

/// Writes working hours so that [`parse`] reads them as the same.
#[must_use]
pub fn write(hours: &WorkingHours) -> String {
    let shifts = sorted(hours.0.clone());
    let mut days: Vec<(usize, usize, String)> = Vec::new();
    for (number, (day, ..)) in WEEK.iter().enumerate() {
        let times: Vec<String> = shifts
            .iter()
            .filter(|shift| shift.weekday == *day)
            .map(|shift| format!("{}-{}", clock(shift.from), end(shift.until)))
            .collect();
        if times.is_empty() {
            continue;
        }
        let times = times.join(" ");
        match days.last_mut() {
            Some((_, last, same)) if *last + 1 == number && *same == times => *last = number,
            Some(_) | None => days.push((number, number, times)),
        }
    }
    if days.is_empty() {
        return NEVER[0].to_owned();
    }
    let groups = days.iter().map(|(first, last, times)| {
        let (first, last) = (WEEK[*first].1, WEEK[*last].1);
        if first == last {
            format!("{first} {times}")
        } else {
            format!("{first}-{last} {times}")
        }
    });
    groups.collect::<Vec<_>>().join(", ")
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', ' ', '\t', '\u{a0}'])
        .filter(|word| !word.is_empty())
}

/// What has been read: days without times yet, and shifts.
#[derive(Default)]
struct Week {
    days: Vec<Weekday>,
    days_have_times: bool,
    shifts: Vec<Shift>,
}

impl Week {
    fn take(&mut self, word: &str) -> Result<(), ()> {
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return self.times(word);
        }
        if self.days_have_times {
            self.days.clear();
            self.days_have_times = false;
        }
        self.days.extend(days(word).ok_or(())?);
        Ok(())
    }

    fn times(&mut self, word: &str) -> Result<(), ()> {
        let (from, until) = word.split_once('-').ok_or(())?;
        let (from, until) = (time(from).ok_or(())?, time(until).ok_or(())?);
        if self.days.is_empty() || self.shifts.len() + self.days.len() > MOST_SHIFTS {
            return Err(());
        }
        self.days_have_times = true;
        self.shifts.extend(self.days.iter().map(|weekday| Shift {
            weekday: *weekday,
            from,
            until,
        }));
        Ok(())
    }

    fn finish(self) -> Option<WorkingHours> {
        let complete = self.days_have_times && !self.shifts.is_empty();
        complete.then(|| WorkingHours(sorted(self.shifts)))
    }
}

fn sorted(mut shifts: Vec<Shift>) -> Vec<Shift> {
    let order = |shift: &Shift| {
        (
            shift.weekday.to_monday_zero_offset(),
            shift.from,
            shift.until,
        )
    };
    shifts.sort_by_key(order);
    shifts.dedup();
    shifts
}

/// A day, a range of days, or every day.
fn days(word: &str) -> Option<Vec<Weekday>> {
    let all = WEEK.map(|(day, ..)| day);
    if DAILY.contains(&word) {
        return Some(all.to_vec());
    }
    let (first, last) = match word.split_once('-') {
        Some((first, last)) => (day(first)?, day(last)?),
        None => (day(word)?, day(word)?),
    };
    let length = (last + 7 - first) % 7 + 1;
    Some((first..first + length).map(|day| all[day % 7]).collect())
}

fn day(word: &str) -> Option<usize> {
    WEEK.iter()
        .position(|(_, english, russian)| word == *english || word == *russian)
}

/// `9`, `9:00`, `09:00`; `24:00` is midnight.
fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once([':', '.']).unwrap_or((text, "00"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !(1..=2).contains(&hour.len()) || minute.len() != 2 || !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
    let (hour, minute) = if (hour, minute) == (24, 0) {
        (0, 0)
    } else {
        (hour, minute)
    };
    Time::new(hour, minute, 0, 0).ok()
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// Midnight is the end of a day there.
fn end(until: Time) -> String {
    match until == Time::midnight() {
        true => "24:00".to_owned(),
        false => clock(until),
    }
}

fn not_understood(what: &str) -> String {
    let what = super::fields::shortened(what, 40);
    format!(
        "hours: \"{what}\" is not understood; write \"mon-fri 09:00-18:00, sat 10:00-14:00\", days first"
    )
}
