//! The process of an Asterisk, which can't outlive the test.

use std::{
    fs::OpenOptions,
    io,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
};

/// Kills its whole process group when Asterisk ends, or when its own input ends. That input is a
/// pipe from the test: it ends with the test's process, also when that one is killed.
const GUARD: &str = r#"("$@" </dev/null; kill -KILL 0) & cat >/dev/null; kill -KILL 0"#;

pub(super) struct Process {
    guard: Child,
    lifeline: Option<ChildStdin>,
}

impl Process {
    pub(super) fn start(asterisk: &Path, configuration: &Path, console: &Path) -> io::Result<Self> {
        let output = OpenOptions::new().create(true).append(true).open(console)?;
        let mut guard = Command::new("sh")
            .args(["-c", GUARD, "sh"])
            .arg(asterisk)
            .arg("-f")
            .arg("-C")
            .arg(configuration)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()?;
        let lifeline = guard.stdin.take();
        Ok(Self { guard, lifeline })
    }

    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.guard.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.lifeline = None;
        // Nothing can be done about a failure here, and the guard does its work without us.
        let _ = self.guard.wait();
    }
}
