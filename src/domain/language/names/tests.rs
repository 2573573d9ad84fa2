use proptest::prelude::*;

use super::*;

/// Part, gender, and the six forms; `=` is the nominative.
const GOLD: &str = include_str!("../../../../tests/data/names.tsv");
const MORE: &str = include_str!("../../../../tests/data/more_names.tsv");

fn part(text: &str) -> NamePart {
    match text {
        "last" => NamePart::Last,
        "first" => NamePart::First,
        _ => NamePart::Middle,
    }
}

fn gender(text: &str) -> Gender {
    match text {
        "m" => Gender::Male,
        _ => Gender::Female,
    }
}

/// The lines whose forms are not ours.
fn wrong(table: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        let fields: Vec<_> = line.split_whitespace().collect();
        assert_eq!(fields.len(), 8, "{line}");
        for (case, expected) in Case::ALL.into_iter().zip(&fields[2..]) {
            let expected = if *expected == "=" {
                fields[2]
            } else {
                expected
            };
            let (part, gender) = (part(fields[0]), Some(gender(fields[1])));
            let form = decline_part(part, fields[2], gender, case, &NameDictionary::new());
            if form != expected {
                wrong.push(format!(
                    "{} {case}: {form}, not {expected}",
                    fields[..3].join(" ")
                ));
            }
        }
    }
    wrong
}

#[test]
fn every_name_of_the_list_is_declined_as_a_russian_would() {
    assert_eq!(wrong(GOLD), [""; 0]);
}

#[test]
fn further_names_common_and_hard_are_declined_too() {
    assert!(MORE.lines().filter(|line| !line.starts_with('#')).count() > 150);
    assert_eq!(wrong(MORE), [""; 0]);
}

fn declined(name: (&str, &str, &str), gender: Option<Gender>, case: Case) -> [String; 3] {
    let name = PersonName::new(name.0, name.1, name.2).unwrap();
    let name = decline(&name, gender, case, &NameDictionary::new());
    [name.last(), name.first(), name.middle()].map(|part| part.unwrap_or_default().to_owned())
}

#[test]
fn a_whole_name_is_declined_by_the_gender_that_it_tells() {
    let name = ("Чулкова", "Евгения", "");
    assert_eq!(
        declined(name, None, Case::Instrumental),
        ["Чулковой", "Евгенией", ""]
    );
    let name = ("Шмидт", "Анна", "Ивановна");
    assert_eq!(
        declined(name, None, Case::Dative),
        ["Шмидт", "Анне", "Ивановне"]
    );
    let name = ("Шмидт", "Пётр", "Ильич");
    assert_eq!(
        declined(name, None, Case::Dative),
        ["Шмидту", "Петру", "Ильичу"]
    );
}

#[test]
fn a_name_of_unknown_gender_stays_as_it_is() {
    let name = ("Шевчук", "Саша", "");
    assert_eq!(declined(name, None, Case::Dative), ["Шевчук", "Саша", ""]);
    let male = declined(name, Some(Gender::Male), Case::Dative);
    assert_eq!(male, ["Шевчуку", "Саше", ""]);
}

#[test]
fn the_given_gender_wins_over_what_the_name_tells() {
    let name = ("Иванов", "Никита", "");
    let form = declined(name, Some(Gender::Female), Case::Dative);
    assert_eq!(form, ["Иванов", "Никите", ""]);
}

#[test]
fn a_name_in_other_letters_stays_as_it_is() {
    let table = [
        ("Smith", "John", ""),
        ("Müller", "Zoë", ""),
        ("😀", "И.", "П"),
        ("Іваненко", "Їжак", ""),
    ];
    for name in table {
        let form = declined(name, Some(Gender::Male), Case::Dative);
        assert_eq!(form, [name.0, name.1, name.2]);
    }
}

#[test]
fn a_name_of_several_words_is_declined_as_people_do() {
    let table = [
        (("фон Браун", "Вернер", ""), ["фон Брауна", "Вернера", ""]),
        (("Ван Гог", "Винсент", ""), ["Ван Гога", "Винсента", ""]),
        (
            ("Гарсия Маркес", "Габриэль", ""),
            ["Гарсии Маркеса", "Габриэля", ""],
        ),
        (("Ким", "Чен Ир", ""), ["Кима", "Чен Ира", ""]),
        (
            ("Алиев", "Ахмед", "Мамед оглы"),
            ["Алиева", "Ахмеда", "Мамед оглы"],
        ),
        (
            ("Воробьев", "Лев", "Ильич"),
            ["Воробьева", "Льва", "Ильича"],
        ),
    ];
    for (name, genitive) in table {
        assert_eq!(declined(name, Some(Gender::Male), Case::Genitive), genitive);
    }
}

#[test]
fn letters_and_their_marks_may_be_written_apart() {
    let name = ("Толсто\u{438}\u{306}", "Семе\u{308}н", "");
    let form = declined(name, Some(Gender::Male), Case::Dative);
    assert_eq!(form, ["Толстому", "Семёну", ""]);
}

fn forms(stem: &str) -> Forms {
    Forms::new(["", "1", "2", "3", "4", "5"].map(|ending| format!("{stem}{ending}")))
}

#[test]
fn the_operators_dictionary_wins_over_everything() {
    let mut dictionary = NameDictionary::new();
    dictionary.insert(NamePart::Last, None, forms("Иванов"));
    dictionary.insert(NamePart::First, Some(Gender::Female), forms("Саша"));
    let form = |part, text, gender| decline_part(part, text, gender, Case::Dative, &dictionary);
    assert_eq!(form(NamePart::Last, "Иванов", None), "Иванов2");
    assert_eq!(
        form(NamePart::Last, "ИВАНОВ", Some(Gender::Male)),
        "ИВАНОВ2"
    );
    assert_eq!(form(NamePart::First, "Саша", Some(Gender::Female)), "Саша2");
    assert_eq!(form(NamePart::First, "Саша", Some(Gender::Male)), "Саше");
}

#[test]
fn the_dictionary_shows_no_names() {
    let mut dictionary = NameDictionary::new();
    dictionary.insert(NamePart::Last, None, forms("Иванов"));
    assert_eq!(format!("{dictionary:?}"), "NameDictionary(1 names)");
}

/// Surname, first name, patronymic, and all of them in their order.
fn as_read(text: &str) -> [String; 4] {
    let read = read(text).unwrap();
    let name = &read.name;
    let parts = [name.last(), name.first(), name.middle()];
    let [last, first, middle] = parts.map(|part| part.unwrap_or_default().to_owned());
    [last, first, middle, read.in_order(name)]
}

#[test]
fn the_parts_of_a_name_are_told_apart() {
    let table = [
        ("Чулкова Евгения", "Чулкова", "Евгения", ""),
        ("Евгения Чулкова", "Чулкова", "Евгения", ""),
        (
            "Пушкин Александр Сергеевич",
            "Пушкин",
            "Александр",
            "Сергеевич",
        ),
        (
            "Александр Сергеевич Пушкин",
            "Пушкин",
            "Александр",
            "Сергеевич",
        ),
        (
            "Шостакович Дмитрий Дмитриевич",
            "Шостакович",
            "Дмитрий",
            "Дмитриевич",
        ),
        ("Дмитрий Шостакович", "Шостакович", "Дмитрий", ""),
        ("Анна Ивановна", "", "Анна", "Ивановна"),
        ("Шостакович Дмитрий", "Шостакович", "Дмитрий", ""),
        ("Алиев Ахмед Мамед оглы", "Алиев", "Ахмед", "Мамед оглы"),
        ("Никита", "", "Никита", ""),
        ("Чулкова", "Чулкова", "", ""),
        ("Бахтияр Каримов", "Каримов", "Бахтияр", ""),
        ("Лев Толстой", "Толстой", "Лев", ""),
        ("Джон Рональд Толкин", "Толкин", "Джон", "Рональд"),
        ("де Голль Шарль", "де Голль", "Шарль", ""),
        ("Юрий Павлович", "", "Юрий", "Павлович"),
        ("Анна Кузьминична", "", "Анна", "Кузьминична"),
        ("Иван Юрьевич", "", "Иван", "Юрьевич"),
        ("Адам Мицкевич", "Мицкевич", "Адам", ""),
    ];
    for (text, last, first, middle) in table {
        let expected = [last, first, middle, text].map(str::to_owned);
        assert_eq!(as_read(text), expected);
    }
}

#[test]
fn nothing_is_no_name() {
    assert!(read(" ").is_err());
}

proptest! {
    #[test]
    fn whatever_is_written_can_be_declined(text in "\\PC{0,40}", index in 0_usize..6) {
        let case = Case::ALL[index];
        for part in NamePart::ALL {
            for gender in [None, Some(Gender::Male), Some(Gender::Female)] {
                let form = decline_part(part, &text, gender, case, &NameDictionary::new());
                if case == Case::Nominative || gender.is_none() {
                    prop_assert_eq!(&form, &text);
                }
            }
        }
        let _ = read(&text);
    }

    #[test]
    fn every_russian_word_keeps_its_beginning(text in "[А-ЯЁ][а-яё]{3,12}", index in 0_usize..6) {
        for part in NamePart::ALL {
            for gender in [Gender::Male, Gender::Female] {
                let form = decline_part(part, &text, Some(gender), Case::ALL[index], &NameDictionary::new());
                let first = |text: &str| text.chars().next();
                prop_assert!(first(&form) == first(&text) || form.starts_with('Е'), "{} {}", text, form);
            }
        }
    }
}
