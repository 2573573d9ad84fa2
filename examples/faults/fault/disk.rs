//! A small disk that can be full.

use std::fs::{self, File};
use std::io::Write;
use std::process::Command;

use tempfile::TempDir;

use crate::support::company::Result;

/// A small disk of its own.
pub(super) struct Disk {
    pub(super) place: TempDir,
}

const FILLER: &str = "filler";

impl Disk {
    pub(super) fn can_be_made() -> bool {
        Self::make().is_ok()
    }

    pub(super) fn make() -> Result<Self> {
        let place = tempfile::tempdir()?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=64m", "tmpfs"])
            .arg(place.path())
            .output()?;
        if mounted.status.success() {
            return Ok(Self { place });
        }
        Err("a small disk can't be mounted".into())
    }

    /// Writes until nothing more goes on it. The application's own temporary directory lies in it.
    pub(super) fn fill(&self) -> Result<()> {
        let mut filler = File::create(self.place.path().join(FILLER))?;
        for size in [1 << 20, 4096, 1] {
            while filler.write_all(&vec![1; size]).is_ok() {}
        }
        Ok(())
    }

    pub(super) fn clear(&self) -> Result<()> {
        let _ = fs::remove_file(self.place.path().join(FILLER));
        Ok(())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount")
            .arg("-l")
            .arg(self.place.path())
            .status();
    }
}
