//! The pages about the contract: their commands are run, and answered as they say.

use std::path::Path;

use serde_json::Value;
use tokio::process::Command;

use super::support::Served;

/// Stands for any value in an answer of a page.
const ANYTHING: &str = "…";

/// A command of a page, and the answer that the page gives to it.
struct Step {
    command: String,
    answer: Value,
}

/// Every `sh` block with the next `json` block after it.
fn steps(page: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut command = None;
    for block in page.split("\n```").skip(1).step_by(2) {
        let (language, text) = block.split_once('\n').unwrap();
        match language {
            "sh" => assert!(
                command.replace(text.to_owned()).is_none(),
                "no answer: {text}"
            ),
            // Without a command before it, it is something else than an answer of ours.
            "json" => steps.extend(command.take().map(|command| Step {
                command,
                answer: serde_json::from_str(text).unwrap(),
            })),
            _ => {}
        }
    }
    assert!(command.is_none(), "the last command has no answer");
    steps
}

/// Whether an answer is as a page says.
fn is_as_told(answer: &Value, told: &Value) -> bool {
    match (answer, told) {
        (_, Value::String(told)) if told == ANYTHING => true,
        (Value::Object(answer), Value::Object(told)) => {
            answer.len() == told.len()
                && told.iter().all(|(name, told)| {
                    answer
                        .get(name)
                        .is_some_and(|answer| is_as_told(answer, told))
                })
        }
        (Value::Array(answer), Value::Array(told)) => {
            answer.len() == told.len()
                && answer
                    .iter()
                    .zip(told)
                    .all(|(answer, told)| is_as_told(answer, told))
        }
        _ => answer == told,
    }
}

async fn holds(page: &str, fewest: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(page);
    let steps = steps(&std::fs::read_to_string(path).unwrap());
    assert!(steps.len() >= fewest, "only {} steps", steps.len());
    let served = Served::new().await;
    for Step { command, answer } in steps {
        let output = Command::new("sh")
            .args(["-euc", &command])
            .env("VIZAVI", format!("http://{}", served.address))
            .env("TOKEN", &served.tokens.administer)
            .output()
            .await
            .unwrap();
        let (out, err) = (
            output.stdout,
            String::from_utf8_lossy(&output.stderr).into_owned(),
        );
        assert!(output.status.success(), "{command}\n{err}");
        let out: Value = serde_json::from_slice(&out).unwrap_or_default();
        assert!(
            is_as_told(&out, &answer),
            "{command}\nanswers {out}\nnot {answer}"
        );
    }
}

#[tokio::test]
async fn the_english_page_is_right() {
    holds("contract.md", 12).await;
}

#[tokio::test]
async fn the_russian_page_is_right() {
    holds("contract.ru.md", 12).await;
}

#[test]
fn both_pages_have_the_same_commands() {
    let read = |page: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("docs")
            .join(page);
        steps(&std::fs::read_to_string(path).unwrap())
    };
    let (english, russian) = (read("contract.md"), read("contract.ru.md"));
    let commands = |steps: &[Step]| -> Vec<String> {
        steps
            .iter()
            .map(|step| step.command.replace("&lang=en", ""))
            .collect()
    };
    assert_eq!(commands(&english), commands(&russian));
}
