//! `vizavi rank`

use std::fmt::Write as _;
use std::io::Write as _;

use axum::http::Method;
use clap::Args;
use serde::Deserialize;
use vizavi::domain::language::Language;

use super::door::{self, Door, Result};
use super::{ConfigFile, to_the_second};

#[derive(Args)]
pub(crate) struct RankArguments {
    #[command(flatten)]
    config: ConfigFile,
    /// The caller's telephone number, in any usual spelling
    phone: String,
    /// The moment of the call, such as 2026-11-21T10:00; now if it is not given
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// What the reasons are told in: ru or en; what callers are spoken to in if it is not given
    #[arg(long, value_name = "LANGUAGE", value_parser = ["ru", "en"])]
    lang: Option<String>,
    /// Print the answer of the contract as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Deserialize)]
struct Ranking {
    phone: Option<String>,
    at: String,
    client: Option<Client>,
    candidates: Vec<Candidate>,
}

#[derive(Deserialize)]
struct Client {
    id: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Candidate {
    employee: String,
    name: Option<String>,
    score: f64,
    offered: bool,
    explanation: String,
}

/// Whom a caller wants, best first, each with the reasons.
pub(crate) fn rank(arguments: &RankArguments) -> Result<()> {
    let settings = arguments.config.read()?;
    let russian = match arguments.lang.as_deref() {
        Some(language) => language == "ru",
        None => settings.menu.language == Language::Russian,
    };
    let mut path = format!("/v1/ranking?phone={}", door::encoded(&arguments.phone));
    path.push_str(if russian { "&lang=ru" } else { "&lang=en" });
    if let Some(at) = &arguments.at {
        path.push_str("&at=");
        path.push_str(&door::encoded(at));
    }
    door::block_on(async {
        let door = Door::open(&settings)?;
        let answer = door.send(Method::GET, &path, Vec::new()).await?;
        let ranking: Ranking = answer.good()?;
        if arguments.json {
            answer.print()?;
        } else {
            write!(std::io::stdout(), "{}", told(&ranking, russian))?;
        }
        door.close();
        Ok(())
    })
}

fn told(ranking: &Ranking, russian: bool) -> String {
    let say = |ru: &'static str, en: &'static str| if russian { ru } else { en };
    let mut text = String::new();
    let phone = ranking.phone.as_deref();
    let phone = phone.unwrap_or(say("номер скрыт", "the number is withheld"));
    let _ = write!(text, "{phone}, {}", to_the_second(&ranking.at));
    match &ranking.client {
        Some(client) => {
            let name = client.name.as_deref().unwrap_or_default();
            let _ = writeln!(text, ": {} {name}", client.id);
        }
        None => {
            let nobody = say(
                "клиент неизвестен, или их несколько",
                "no client that is known, or several",
            );
            let _ = writeln!(text, ": {nobody}");
        }
    }
    if ranking.candidates.is_empty() {
        let _ = writeln!(
            text,
            "{}",
            say(
                "Никто: такой звонящий слышит общее меню.",
                "Nobody: such a caller hears the menu for everybody."
            )
        );
    }
    for (place, candidate) in ranking.candidates.iter().enumerate() {
        let name = candidate.name.as_deref().unwrap_or(&candidate.employee);
        let mark = if candidate.offered { ' ' } else { '-' };
        let _ = writeln!(
            text,
            "{mark}{:>2}. {name}: {:.1}",
            place + 1,
            candidate.score
        );
        let _ = writeln!(text, "      {}", candidate.explanation);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranking(json: &str) -> Ranking {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn it_is_told_best_first_with_reasons_and_who_is_not_offered() {
        let ranking = ranking(
            r#"{"phone": "+74959262644", "at": "2026-11-21T10:00:00.123456+03:00",
                "client": {"id": "c-17", "name": "Ромашка"},
                "candidates": [
                  {"employee": "a", "name": "Чулкова Евгения", "score": 41.26, "offered": true,
                   "explanation": "счёт выставлен 2 часа назад: 41"},
                  {"employee": "b", "name": null, "score": 9.0, "offered": false,
                   "explanation": "письмо: 9; не предлагается: неизвестен"}]}"#,
        );
        assert_eq!(
            told(&ranking, true),
            "+74959262644, 2026-11-21T10:00:00+03:00: c-17 Ромашка\n  \
             1. Чулкова Евгения: 41.3\n      счёт выставлен 2 часа назад: 41\n\
             - 2. b: 9.0\n      письмо: 9; не предлагается: неизвестен\n"
        );
    }

    #[test]
    fn a_caller_whom_nobody_knows_hears_the_menu_for_everybody() {
        let json = r#"{"phone": null, "at": "x", "client": null, "candidates": []}"#;
        let text = told(&ranking(json), false);
        assert!(text.starts_with("the number is withheld, x: no client"));
        assert!(text.ends_with("hears the menu for everybody.\n"));
    }
}
