//! `vizavi decline`

use std::error::Error;
use std::io::Write;

use clap::{Args, ValueEnum};
use serde_json::{Map, Value};
use vizavi::domain::language::Case;
use vizavi::domain::language::names::{self, NameDictionary, NamePart};
use vizavi::domain::person::Gender;

const EXAMPLES: &str = "\
Examples:
  vizavi decline \"Чулкова Евгения\"
  vizavi decline \"Шмидт\" --part last --gender f
  vizavi decline \"Александр Сергеевич Пушкин\" --case dative
  vizavi decline \"Ильич\" --part middle --json";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DeclineArguments {
    /// One to three words: surname, first name, patronymic, in the order in which people write them
    name: String,
    /// It is only this part of a name
    #[arg(long, value_enum)]
    part: Option<Part>,
    /// Whose name it is, if the name does not tell
    #[arg(long, value_enum)]
    gender: Option<WhoseName>,
    /// Only this case
    #[arg(long, value_enum)]
    case: Option<CaseName>,
    /// Print an object with a form for each case
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Part {
    /// The surname
    Last,
    /// The first name
    First,
    /// The patronymic
    Middle,
}

#[derive(Clone, Copy, ValueEnum)]
enum WhoseName {
    /// A man's
    #[value(alias = "male")]
    M,
    /// A woman's
    #[value(alias = "female")]
    F,
}

/// A case, as arguments name it.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum CaseName {
    Nominative,
    Genitive,
    Dative,
    Accusative,
    Instrumental,
    Prepositional,
}

impl From<CaseName> for Case {
    fn from(name: CaseName) -> Self {
        match name {
            CaseName::Nominative => Self::Nominative,
            CaseName::Genitive => Self::Genitive,
            CaseName::Dative => Self::Dative,
            CaseName::Accusative => Self::Accusative,
            CaseName::Instrumental => Self::Instrumental,
            CaseName::Prepositional => Self::Prepositional,
        }
    }
}

impl From<Part> for NamePart {
    fn from(part: Part) -> Self {
        match part {
            Part::Last => Self::Last,
            Part::First => Self::First,
            Part::Middle => Self::Middle,
        }
    }
}

impl From<WhoseName> for Gender {
    fn from(whose: WhoseName) -> Self {
        match whose {
            WhoseName::M => Self::Male,
            WhoseName::F => Self::Female,
        }
    }
}

/// One form with `--case`; otherwise all six, a line or a field for each.
pub(crate) fn decline(arguments: &DeclineArguments) -> Result<(), Box<dyn Error>> {
    let mut output = std::io::stdout();
    let forms = forms(arguments)?;
    let wanted = |case| arguments.case.is_none_or(|only| Case::from(only) == case);
    let forms = forms.into_iter().filter(|(case, _)| wanted(*case));
    if arguments.json {
        let fields = forms.map(|(case, form)| (case.name().to_owned(), Value::String(form)));
        writeln!(output, "{}", Value::Object(fields.collect::<Map<_, _>>()))?;
        return Ok(());
    }
    for (case, form) in forms {
        match arguments.case {
            Some(_) => writeln!(output, "{form}")?,
            None => writeln!(output, "{case:<13}  {form}")?,
        }
    }
    Ok(())
}

fn forms(arguments: &DeclineArguments) -> Result<Vec<(Case, String)>, Box<dyn Error>> {
    let dictionary = NameDictionary::new();
    let given = arguments.gender.map(Gender::from);
    if let Some(part) = arguments.part {
        let name = vizavi::domain::person::part(&arguments.name)?.ok_or("the name is empty")?;
        let part = NamePart::from(part);
        let gender = given.or_else(|| names::gender_of_part(part, &name));
        tell_if_unknown(gender)?;
        let form = |case| names::decline_part(part, &name, gender, case, &dictionary);
        return Ok(Case::ALL.map(|case| (case, form(case))).to_vec());
    }
    let read = names::read(&arguments.name)?;
    let gender = given.or_else(|| names::gender_of(&read.name));
    tell_if_unknown(gender)?;
    let form = |case| read.in_order(&names::decline(&read.name, gender, case, &dictionary));
    Ok(Case::ALL.map(|case| (case, form(case))).to_vec())
}

fn tell_if_unknown(gender: Option<Gender>) -> std::io::Result<()> {
    if gender.is_some() {
        return Ok(());
    }
    writeln!(
        std::io::stderr(),
        "vizavi: the name does not tell whose it is and stays as it is; add --gender m or --gender f"
    )
}
