//! Numbers with the thing that is counted: «одна минута, две минуты, пять минут».

use super::numbers::{Plural, cardinal};
use super::{Agreement, Case, Language};

/// A thing that can be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noun {
    /// What a Russian number agrees with.
    pub agreement: Agreement,
    /// Whether it lives: «вижу двух клиентов», but «вижу два дома».
    pub animate: bool,
    /// The Russian singular, in the order of [`Case::ALL`].
    pub singular: [&'static str; 6],
    /// The Russian plural, in the order of [`Case::ALL`].
    pub plural: [&'static str; 6],
    /// What follows five: the genitive plural, except «лет», «раз».
    pub many: &'static str,
    /// The English singular and plural.
    pub english: [&'static str; 2],
}

/// A number and its noun, which agree.
#[must_use]
pub fn counted(number: u64, noun: &Noun, language: Language, case: Case) -> String {
    match language {
        Language::English => {
            let form = usize::from(number != 1);
            let number = cardinal(number, language, Agreement::Neuter, case);
            format!("{number} {}", noun.english[form])
        }
        Language::Russian => {
            let (number, form) = (number_of(number, noun, case), form(number, noun, case));
            format!("{number} {form}")
        }
    }
}

/// Of what lives, one to four are seen in the genitive; but «вижу двадцать два клиента».
fn number_of(number: u64, noun: &Noun, case: Case) -> String {
    let say = |number, case| cardinal(number, Language::Russian, noun.agreement, case);
    let one_man = noun.agreement == Agreement::Masculine && ends_in_one(number);
    if case != Case::Accusative || !noun.animate {
        return say(number, case);
    }
    if (2..=4).contains(&number) || number == 1 && one_man {
        return say(number, Case::Genitive);
    }
    if one_man {
        return format!("{} одного", say(number - 1, case));
    }
    say(number, case)
}

fn form(number: u64, noun: &Noun, case: Case) -> &'static str {
    // Zero, thousands and millions are nouns themselves, and what they count is in the genitive.
    if number.is_multiple_of(1000) {
        return noun.many;
    }
    match (Plural::of(number, Language::Russian), case) {
        (Plural::One, _) => singular(number, noun, case),
        (Plural::Few, Case::Accusative) if noun.animate && number < 5 => noun.plural[case.index()],
        (Plural::Few, Case::Nominative | Case::Accusative)
            if noun.agreement == Agreement::Plural =>
        {
            noun.many
        }
        (Plural::Few, Case::Nominative | Case::Accusative) => noun.singular[Case::Genitive.index()],
        (Plural::Other, Case::Nominative | Case::Accusative | Case::Genitive) => noun.many,
        (
            Plural::Few | Plural::Other,
            Case::Genitive | Case::Dative | Case::Instrumental | Case::Prepositional,
        ) => noun.plural[case.index()],
    }
}

fn singular(number: u64, noun: &Noun, case: Case) -> &'static str {
    debug_assert!(ends_in_one(number));
    match noun.agreement {
        Agreement::Plural => noun.plural[case.index()],
        Agreement::Masculine | Agreement::Feminine | Agreement::Neuter => {
            noun.singular[case.index()]
        }
    }
}

fn ends_in_one(number: u64) -> bool {
    Plural::of(number, Language::Russian) == Plural::One
}

mod nouns;

#[cfg(test)]
mod tests {
    use super::*;

    fn russian(number: u64, noun: &Noun, case: Case) -> String {
        counted(number, noun, Language::Russian, case)
    }

    #[test]
    fn a_noun_agrees_with_its_number() {
        let table = [
            (0, "ноль минут"),
            (1, "одна минута"),
            (2, "две минуты"),
            (5, "пять минут"),
            (11, "одиннадцать минут"),
            (12, "двенадцать минут"),
            (21, "двадцать одна минута"),
            (104, "сто четыре минуты"),
            (111, "сто одиннадцать минут"),
            (1000, "одна тысяча минут"),
        ];
        for (number, words) in table {
            assert_eq!(russian(number, &Noun::MINUTE, Case::Nominative), words);
        }
    }

    #[test]
    fn a_number_and_its_noun_are_declined_together() {
        let table = [
            (1, Case::Accusative, "одну минуту"),
            (1, Case::Instrumental, "одной минутой"),
            (2, Case::Dative, "двум минутам"),
            (3, Case::Genitive, "трёх минут"),
            (4, Case::Instrumental, "четырьмя минутами"),
            (5, Case::Prepositional, "пяти минутах"),
            (21, Case::Dative, "двадцати одной минуте"),
            (1000, Case::Dative, "одной тысяче минут"),
        ];
        for (number, case, words) in table {
            assert_eq!(russian(number, &Noun::MINUTE, case), words);
        }
    }

    #[test]
    fn what_lives_has_another_accusative() {
        let table = [
            (1, "одного клиента"),
            (2, "двух клиентов"),
            (5, "пять клиентов"),
            (21, "двадцать одного клиента"),
            (22, "двадцать два клиента"),
        ];
        for (number, words) in table {
            assert_eq!(russian(number, &Noun::CLIENT, Case::Accusative), words);
        }
    }

    #[test]
    fn years_times_and_days_and_nights_are_counted_as_people_do() {
        let table = [
            (&Noun::YEAR, 2, Case::Nominative, "два года"),
            (&Noun::YEAR, 5, Case::Nominative, "пять лет"),
            (&Noun::YEAR, 5, Case::Genitive, "пяти лет"),
            (&Noun::TIME, 5, Case::Nominative, "пять раз"),
            (&Noun::TIME, 3, Case::Nominative, "три раза"),
            (&Noun::DAY_AND_NIGHT, 1, Case::Nominative, "одни сутки"),
            (&Noun::DAY_AND_NIGHT, 2, Case::Nominative, "двое суток"),
            (&Noun::DAY_AND_NIGHT, 3, Case::Genitive, "трёх суток"),
            (&Noun::DAY_AND_NIGHT, 7, Case::Nominative, "семь суток"),
        ];
        for (noun, number, case, words) in table {
            assert_eq!(russian(number, noun, case), words);
        }
    }

    #[test]
    fn english_has_two_forms() {
        let say = |number| counted(number, &Noun::CALL, Language::English, Case::Nominative);
        assert_eq!(say(1), "one call");
        assert_eq!(say(0), "zero calls");
        assert_eq!(say(21), "twenty-one calls");
    }
}
