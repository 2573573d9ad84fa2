//! The socket for this machine's own programs. Whoever may open it may do everything.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::net::UnixListener;

/// The socket's name in its directory.
pub const SOCKET: &str = "vizavi.sock";

/// Only for our own user.
const MODE: u32 = 0o600;

/// The socket as long as it is ours.
pub(super) struct Socket {
    pub(super) listener: UnixListener,
    path: PathBuf,
}

impl Socket {
    /// Makes it, in place of one that a process has left behind. Nobody else can open it at any
    /// moment: it gets its name once its mode is right.
    pub(super) fn open(directory: &Path) -> io::Result<Self> {
        let path = directory.join(SOCKET);
        let new = directory.join(format!(".{SOCKET}.new"));
        remove(&new)?;
        let listener = UnixListener::bind(&new)?;
        fs::set_permissions(&new, Permissions::from_mode(MODE))?;
        fs::rename(&new, &path)?;
        Ok(Self { listener, path })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = remove(&self.path);
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
