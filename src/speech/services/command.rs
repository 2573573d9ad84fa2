//! A synthesiser that is a program: text on standard input, a sound file on standard output.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};

use crate::domain::language::Language;

use crate::speech::sound::Decoded;

use super::{Service, ServiceError, presentable, samples_of_file};

/// The most that a program may write for one phrase, in bytes: over a minute of any usual sound.
const LARGEST_SOUND: usize = 16 * 1024 * 1024;
/// How much of a program's complaint is read, in bytes.
const LONGEST_COMPLAINT: u64 = 4096;

/// Which program speaks, for each language.
///
/// An argument list is the program and its arguments, as they are given to the system: no shell
/// reads them. `{language}` in an argument becomes the language's two-letter code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandSettings {
    /// The argument list for Russian.
    pub russian: Vec<String>,
    /// The argument list for English.
    pub english: Vec<String>,
}

impl Default for CommandSettings {
    /// espeak-ng, a little slower than its own default: a telephone is no headphone.
    fn default() -> Self {
        Self {
            russian: espeak("{language}", "150"),
            english: espeak("en-gb", "155"),
        }
    }
}

/// `--stdin` takes the text as a whole; without it espeak-ng cuts after 1000 bytes.
/// `-b 1` is UTF-8, whatever the environment says.
fn espeak(voice: &str, words_per_minute: &str) -> Vec<String> {
    [
        "espeak-ng",
        "-v",
        voice,
        "-s",
        words_per_minute,
        "-b",
        "1",
        "--stdin",
        "--stdout",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// A synthesiser that runs a program for each phrase.
#[derive(Clone, Debug)]
pub(super) struct CommandSynthesiser {
    settings: CommandSettings,
}

impl CommandSynthesiser {
    pub(super) fn new(settings: CommandSettings) -> Self {
        Self { settings }
    }

    /// The argument list for a language. It is the synthesiser's identity too: whatever is changed
    /// in it changes the voice.
    fn arguments(&self, language: Language) -> Vec<String> {
        let list = match language {
            Language::Russian => &self.settings.russian,
            Language::English => &self.settings.english,
        };
        list.iter()
            .map(|argument| argument.replace("{language}", language.code()))
            .collect()
    }

    /// Speaks a cleaned text; returns the sound file that the program wrote.
    ///
    /// Dropping the future ends the program.
    ///
    /// # Errors
    /// The program is missing, fails, or writes too much.
    async fn run(&self, text: &str, language: Language) -> Result<Vec<u8>, ServiceError> {
        let arguments = self.arguments(language);
        let Some((program, arguments)) = arguments.split_first() else {
            return Err(ServiceError::NoProgram {
                language: language.code(),
            });
        };
        let child = start(program, arguments)?;
        let outcome = converse(child, text).await;
        outcome
            .map_err(|source| unusable(program, source))?
            .judge(program, text)
    }
}

fn start(program: &str, arguments: &[String]) -> Result<Child, ServiceError> {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|source| {
            if source.kind() == io::ErrorKind::NotFound {
                return missing(program);
            }
            unusable(program, source)
        })
}

fn missing(program: &str) -> ServiceError {
    let name = program.rsplit('/').next().unwrap_or(program);
    let package = match name {
        "espeak-ng" | "espeak" | "flite" | "festival" | "piper" => Some(name),
        "text2wave" => Some("festival"),
        "RHVoice-test" | "RHVoice-client" => Some("rhvoice"),
        _ => None,
    };
    let advice = package.map_or_else(
        || "install it, or correct its path in the settings".to_owned(),
        |package| format!("install the package {package}, or correct the path in the settings"),
    );
    ServiceError::ProgramMissing {
        program: program.to_owned(),
        advice,
    }
}

fn unusable(program: &str, source: io::Error) -> ServiceError {
    ServiceError::ProgramUnusable {
        program: program.to_owned(),
        source: Arc::new(source),
    }
}

/// What came of running a program to its end.
struct Outcome {
    status: ExitStatus,
    sound: Vec<u8>,
    complaint: Vec<u8>,
}

/// Writes the text and reads both outputs at the same time, so that no full pipe stops the program.
async fn converse(mut child: Child, text: &str) -> io::Result<Outcome> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (fed, sound, complaint) = tokio::join!(
        feed(stdin, text),
        collect(stdout, LARGEST_SOUND as u64 + 1),
        collect_and_drain(stderr),
    );
    fed?;
    let (sound, complaint) = (sound?, complaint?);
    let status = child.wait().await?;
    Ok(Outcome {
        status,
        sound,
        complaint,
    })
}

async fn feed(stdin: Option<ChildStdin>, text: &str) -> io::Result<()> {
    let Some(mut stdin) = stdin else {
        return Ok(());
    };
    let line = format!("{text}\n");
    match stdin.write_all(line.as_bytes()).await {
        // A program that ended early says why with its exit status and its standard error.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Reads at most `limit` bytes and closes the pipe: a program that writes on is ended by that.
async fn collect(pipe: Option<impl AsyncRead + Unpin>, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.take(limit).read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

/// Keeps the beginning and reads the rest away.
async fn collect_and_drain(pipe: Option<impl AsyncRead + Unpin>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        (&mut pipe)
            .take(LONGEST_COMPLAINT)
            .read_to_end(&mut bytes)
            .await?;
        tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await?;
    }
    Ok(bytes)
}

impl Outcome {
    fn judge(self, program: &str, text: &str) -> Result<Vec<u8>, ServiceError> {
        if self.sound.len() > LARGEST_SOUND {
            return Err(ServiceError::TooMuchSound {
                program: program.to_owned(),
                limit: LARGEST_SOUND,
            });
        }
        if self.status.success() && !self.sound.is_empty() {
            return Ok(self.sound);
        }
        let status = if self.status.success() {
            "it wrote no sound".to_owned()
        } else {
            self.status.to_string()
        };
        Err(ServiceError::ProgramFailed {
            program: program.to_owned(),
            status,
            complaint: presentable(&String::from_utf8_lossy(&self.complaint), &[text]),
        })
    }
}

impl Service for CommandSynthesiser {
    fn voice(&self, language: Language) -> Option<Vec<String>> {
        Some(self.arguments(language)).filter(|list| !list.is_empty())
    }

    async fn speak(&self, text: &str, language: Language) -> Result<Decoded, ServiceError> {
        samples_of_file(self.run(text, language).await?).await
    }
}

#[cfg(test)]
mod tests;
