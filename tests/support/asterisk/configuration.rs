//! The Asterisk that `make pbx` provides, and one instance's configuration for it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{AsteriskError, Reach, attempt, certificate, ports::Ports, project};

/// What `target/pbx` says.
pub(super) struct Pbx {
    pub(super) asterisk: PathBuf,
    modules: String,
    data: String,
}

impl Pbx {
    /// Finds it, and has it unpacked if it isn't there yet.
    pub(super) fn find() -> Result<Self, AsteriskError> {
        let target = project().join("target/pbx");
        let file = target.join("directories");
        if !file.exists() {
            let made = attempt(
                "running scripts/pbx",
                Command::new(project().join("scripts/pbx")).status(),
            )?;
            if !made.success() {
                return Err(AsteriskError::NotUnpacked);
            }
        }
        let text = attempt("reading target/pbx/directories", fs::read_to_string(file))?;
        let value = |key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(key));
            line.map(str::to_owned).ok_or(AsteriskError::NotUnpacked)
        };
        Ok(Self {
            asterisk: target.join("asterisk"),
            modules: value("modules=")?,
            data: value("data=")?,
        })
    }

    /// Writes an instance's files into its directory, with the words between @ signs filled in.
    pub(super) fn write_configuration(
        &self,
        run: &Path,
        ports: &Ports,
        (password, reach): (&str, Reach),
    ) -> Result<(), AsteriskError> {
        for directory in [
            "etc",
            "lib",
            "cache",
            "spool/recording",
            "log/cdr-csv",
            "log/cdr-custom",
        ] {
            attempt(
                format!("making {directory}"),
                fs::create_dir_all(run.join(directory)),
            )?;
        }
        let words = [
            ("@RUN@", run.display().to_string()),
            ("@MODULES@", self.modules.clone()),
            ("@DATA@", self.data.clone()),
            ("@SIP_ADDRESS@", reach.address().to_string()),
            ("@SIP_PORT@", ports.sip.to_string()),
            ("@HTTP_PORT@", ports.http.to_string()),
            ("@HTTPS_PORT@", ports.https.to_string()),
            ("@RTP_START@", ports.rtp_start.to_string()),
            ("@RTP_END@", ports.rtp_end.to_string()),
            ("@ARI_PASSWORD@", password.to_owned()),
        ];
        attempt("making certificates", certificate::write(run))?;
        // The demo's own files come last: its fallback takes the place of the shipped example.
        for source in ["asterisk-conf/vizavi", "asterisk-conf/demo"] {
            fill_in(&project().join(source), &run.join("etc"), &words)?;
        }
        if reach == Reach::Network {
            fill_in(
                &project().join("asterisk-conf/live"),
                &run.join("etc"),
                &words,
            )?;
        }
        Ok(())
    }
}

/// The file that `asterisk -C` wants.
pub(super) fn main_file(run: &Path) -> PathBuf {
    run.join("etc/asterisk.conf")
}

fn fill_in(from: &Path, to: &Path, words: &[(&str, String)]) -> Result<(), AsteriskError> {
    let what = || format!("copying {}", from.display());
    for entry in attempt(what(), fs::read_dir(from))? {
        let file = attempt(what(), entry)?;
        let template = attempt(what(), fs::read_to_string(file.path()))?;
        let text = words
            .iter()
            .fold(template, |text, (word, value)| text.replace(word, value));
        attempt(what(), fs::write(to.join(file.file_name()), text))?;
    }
    Ok(())
}
