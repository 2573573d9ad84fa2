//! `vizavi number`

use std::error::Error;
use std::io::Write;

use clap::{Args, ValueEnum};
use vizavi::domain::language::{Agreement, Case, LARGEST_NUMBER, Language, cardinal, ordinal};

use super::decline::CaseName;

const EXAMPLES: &str = "\
Examples:
  vizavi number 34                                   тридцать четыре
  vizavi number 21 --gender f --case instrumental    двадцатью одной
  vizavi number 12 --ordinal --case genitive         двенадцатого
  vizavi number 34 --lang en --ordinal               thirty-fourth";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct NumberArguments {
    /// A whole number from 0 to 999999999999
    #[arg(value_parser = clap::value_parser!(u64).range(..=LARGEST_NUMBER))]
    number: u64,
    /// The language
    #[arg(long, value_enum, default_value = "ru")]
    lang: LanguageCode,
    /// Which one of several: «первый», "first"
    #[arg(long)]
    ordinal: bool,
    /// The gender of what is counted; English has one form
    #[arg(long, value_enum, default_value = "m")]
    gender: GenderLetter,
    /// The case; English has one form
    #[arg(long, value_enum, default_value = "nominative")]
    case: CaseName,
}

#[derive(Clone, Copy, ValueEnum)]
enum LanguageCode {
    /// Russian
    Ru,
    /// English
    En,
}

#[derive(Clone, Copy, ValueEnum)]
enum GenderLetter {
    /// Masculine: «один»
    M,
    /// Feminine: «одна»
    F,
    /// Neuter: «одно»
    N,
    /// Only a plural: «одни»
    P,
}

pub(crate) fn number(arguments: &NumberArguments) -> Result<(), Box<dyn Error>> {
    let language = match arguments.lang {
        LanguageCode::Ru => Language::Russian,
        LanguageCode::En => Language::English,
    };
    let agreement = match arguments.gender {
        GenderLetter::M => Agreement::Masculine,
        GenderLetter::F => Agreement::Feminine,
        GenderLetter::N => Agreement::Neuter,
        GenderLetter::P => Agreement::Plural,
    };
    let say = if arguments.ordinal { ordinal } else { cardinal };
    let words = say(
        arguments.number,
        language,
        agreement,
        Case::from(arguments.case),
    );
    Ok(writeln!(std::io::stdout(), "{words}")?)
}
