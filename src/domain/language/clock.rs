//! Times and dates in words.

use jiff::civil::{Date, Time, Weekday};

use super::counting::{Noun, counted};
use super::numbers::{cardinal, number_in_words, ordinal};
use super::{Agreement, Case, Language};

/// «января» … «декабря»; the day before it carries the case.
const RUSSIAN_MONTHS: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A time of day, to the minute.
///
/// Russian has 24 hours and the case: «на четырнадцать тридцать» (accusative), «к четырнадцати
/// тридцати» (dative), «в девять часов», «в девять ноль пять». English has twelve: "two thirty
/// p.m.", "nine oh five a.m.", "noon", "midnight".
#[must_use]
pub fn time_in_words(time: Time, language: Language, case: Case) -> String {
    let (hour, minute) = (part(time.hour()), part(time.minute()));
    match language {
        Language::Russian => russian_time(hour, minute, case),
        Language::English => english_time(hour, minute),
    }
}

/// The day and month: «двенадцатого марта» (genitive: on which day), «двенадцатое марта» (nominative),
/// "March the twelfth".
#[must_use]
pub fn date_in_words(date: Date, language: Language, case: Case) -> String {
    let day = ordinal(part(date.day()), language, Agreement::Neuter, case);
    let month = usize::try_from(date.month() - 1).unwrap_or_default() % 12;
    match language {
        Language::Russian => format!("{day} {}", RUSSIAN_MONTHS[month]),
        Language::English => format!("{} the {day}", ENGLISH_MONTHS[month]),
    }
}

/// When something is, with the day of the week: «в четверг, двенадцатого марта», "on Thursday, March
/// the twelfth".
#[must_use]
pub fn day_in_words(date: Date, language: Language) -> String {
    let weekday = on_weekday(date.weekday(), language);
    let date = date_in_words(date, language, Case::Genitive);
    format!("{weekday}, {date}")
}

/// A year, after a date: «две тысячи двадцать шестого года», "two thousand and twenty-six".
#[must_use]
pub fn year_in_words(date: Date, language: Language) -> String {
    let year = u64::from(date.year().unsigned_abs());
    match language {
        Language::Russian => {
            let year = ordinal(year, language, Agreement::Masculine, Case::Genitive);
            format!("{year} года")
        }
        Language::English => number_in_words(year, language),
    }
}

fn russian_time(hour: u64, minute: u64, case: Case) -> String {
    let language = Language::Russian;
    if minute == 0 {
        return counted(hour, &Noun::HOUR, language, case);
    }
    if hour == 0 {
        let hours = counted(hour, &Noun::HOUR, language, case);
        let minutes = counted(minute, &Noun::MINUTE, language, case);
        return format!("{hours} {minutes}");
    }
    let hour = cardinal(hour, language, Agreement::Masculine, case);
    let zero = if minute < 10 { "ноль " } else { "" };
    let minute = cardinal(minute, language, Agreement::Masculine, case);
    format!("{hour} {zero}{minute}")
}

fn english_time(hour: u64, minute: u64) -> String {
    let half = if hour < 12 { "a.m." } else { "p.m." };
    let hour_in_words = number_in_words((hour + 11) % 12 + 1, Language::English);
    let minute_in_words = number_in_words(minute, Language::English);
    match (hour, minute) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "noon".to_owned(),
        (_, 0) => format!("{hour_in_words} {half}"),
        (_, 1..=9) => format!("{hour_in_words} oh {minute_in_words} {half}"),
        (_, _) => format!("{hour_in_words} {minute_in_words} {half}"),
    }
}

fn on_weekday(day: Weekday, language: Language) -> &'static str {
    match (day, language) {
        (Weekday::Monday, Language::Russian) => "в понедельник",
        (Weekday::Tuesday, Language::Russian) => "во вторник",
        (Weekday::Wednesday, Language::Russian) => "в среду",
        (Weekday::Thursday, Language::Russian) => "в четверг",
        (Weekday::Friday, Language::Russian) => "в пятницу",
        (Weekday::Saturday, Language::Russian) => "в субботу",
        (Weekday::Sunday, Language::Russian) => "в воскресенье",
        (Weekday::Monday, Language::English) => "on Monday",
        (Weekday::Tuesday, Language::English) => "on Tuesday",
        (Weekday::Wednesday, Language::English) => "on Wednesday",
        (Weekday::Thursday, Language::English) => "on Thursday",
        (Weekday::Friday, Language::English) => "on Friday",
        (Weekday::Saturday, Language::English) => "on Saturday",
        (Weekday::Sunday, Language::English) => "on Sunday",
    }
}

/// A part of a time or date: never negative.
fn part(value: i8) -> u64 {
    u64::from(value.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn a_time_is_said_as_a_receptionist_says_it() {
        let table = [
            ((14, 30), "четырнадцать тридцать", "two thirty p.m."),
            ((9, 5), "девять ноль пять", "nine oh five a.m."),
            ((9, 0), "девять часов", "nine a.m."),
            ((1, 0), "один час", "one a.m."),
            ((2, 0), "два часа", "two a.m."),
            ((21, 0), "двадцать один час", "nine p.m."),
            ((22, 42), "двадцать два сорок два", "ten forty-two p.m."),
            ((10, 1), "десять ноль один", "ten oh one a.m."),
            (
                (11, 21),
                "одиннадцать двадцать один",
                "eleven twenty-one a.m.",
            ),
            ((12, 0), "двенадцать часов", "noon"),
            ((12, 15), "двенадцать пятнадцать", "twelve fifteen p.m."),
            ((0, 0), "ноль часов", "midnight"),
            (
                (0, 31),
                "ноль часов тридцать одна минута",
                "twelve thirty-one a.m.",
            ),
        ];
        for ((hour, minute), russian, english) in table {
            let time = time(hour, minute, 0, 0);
            let case = Case::Nominative;
            assert_eq!(time_in_words(time, Language::Russian, case), russian);
            assert_eq!(time_in_words(time, Language::English, case), english);
        }
    }

    #[test]
    fn a_russian_time_has_its_case() {
        let table = [
            ((14, 30), Case::Accusative, "четырнадцать тридцать"),
            ((14, 30), Case::Dative, "четырнадцати тридцати"),
            ((9, 0), Case::Genitive, "девяти часов"),
            ((1, 0), Case::Dative, "одному часу"),
            ((0, 1), Case::Accusative, "ноль часов одну минуту"),
            ((18, 5), Case::Dative, "восемнадцати ноль пяти"),
        ];
        for ((hour, minute), case, words) in table {
            let time = time(hour, minute, 0, 0);
            assert_eq!(time_in_words(time, Language::Russian, case), words);
        }
    }

    #[test]
    fn a_date_has_its_day_in_its_case() {
        let day = date(2026, 3, 12);
        let table = [
            (Case::Genitive, "двенадцатого марта"),
            (Case::Accusative, "двенадцатое марта"),
            (Case::Dative, "двенадцатому марта"),
        ];
        for (case, words) in table {
            assert_eq!(date_in_words(day, Language::Russian, case), words);
        }
        assert_eq!(
            date_in_words(day, Language::English, Case::Genitive),
            "March the twelfth"
        );
    }

    #[test]
    fn a_day_has_its_weekday() {
        let table = [
            (date(2026, 3, 12), "в четверг, двенадцатого марта"),
            (date(2026, 3, 3), "во вторник, третьего марта"),
            (date(2026, 12, 30), "в среду, тридцатого декабря"),
        ];
        for (day, words) in table {
            assert_eq!(day_in_words(day, Language::Russian), words);
        }
        assert_eq!(
            day_in_words(date(2026, 1, 1), Language::English),
            "on Thursday, January the first"
        );
    }

    #[test]
    fn a_year_ends_a_date() {
        let day = date(2026, 3, 12);
        assert_eq!(
            year_in_words(day, Language::Russian),
            "две тысячи двадцать шестого года"
        );
        assert_eq!(
            year_in_words(day, Language::English),
            "two thousand and twenty-six"
        );
    }
}
