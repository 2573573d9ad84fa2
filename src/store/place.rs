//! The store's directory: whose it is, which of the directories in it has the data, what is put aside.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::error::OpenError;

/// Names the directory that has the data.
const CURRENT: &str = "current";
/// Says that a running store has found its files damaged.
const MARKER: &str = "damaged";
/// With less room than this, nothing is written.
const ROOM: usize = 8 << 20;
const DATA: &str = "data-";
const FIRST: &str = "data-1";

/// The directory of a store.
#[derive(Clone, Debug)]
pub(super) struct Place {
    directory: PathBuf,
}

impl Place {
    /// Makes the directory, or sees that it is ours and nobody else may read it.
    pub(super) fn prepare(directory: &Path) -> Result<Self, OpenError> {
        let unusable = |reason: io::Error| {
            OpenError::unusable(directory, &format!("{reason}; see who may write there"))
        };
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(directory).map_err(unusable)?;
        let found = fs::metadata(directory).map_err(unusable)?;
        refuse_another_user(directory, found.uid()).map_err(|reason| OpenError::Unusable {
            directory: directory.to_owned(),
            reason,
        })?;
        if found.mode() & 0o077 != 0 {
            let ours = Permissions::from_mode(0o700);
            fs::set_permissions(directory, ours).map_err(unusable)?;
        }
        Ok(Self {
            directory: directory.to_owned(),
        })
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// The directory that has the data, if there is any.
    pub(super) fn current(&self) -> io::Result<Option<PathBuf>> {
        match fs::read_to_string(self.directory.join(CURRENT)) {
            Ok(name) if self.has(name.trim()) => Ok(Some(self.directory.join(name.trim()))),
            Ok(_) => Ok(self.oldest()?.map(|name| self.directory.join(name))),
            // Not there, or no text any more.
            Err(reason)
                if matches!(reason.kind(), ErrorKind::NotFound | ErrorKind::InvalidData) =>
            {
                Ok(self.oldest()?.map(|name| self.directory.join(name)))
            }
            Err(reason) => Err(reason),
        }
    }

    /// Where the first data go.
    pub(super) fn first(&self) -> PathBuf {
        self.directory.join(FIRST)
    }

    /// Whether a complete store has ever been in `data`.
    pub(super) fn is_complete(&self, data: &Path) -> bool {
        let name = data.file_name().map(|name| name.to_string_lossy());
        let current = fs::read_to_string(self.directory.join(CURRENT));
        current.is_ok_and(|current| name.is_some_and(|name| name == current.trim()))
    }

    /// Where data go that replace those in `data`.
    pub(super) fn after(data: &Path) -> PathBuf {
        let name = data.file_name().map(|name| name.to_string_lossy());
        let next = name.and_then(|name| number(&name)).unwrap_or_default() + 1;
        data.with_file_name(format!("{DATA}{next}"))
    }

    /// From now on, `data` has the data. They are on the disk then, and so is this.
    pub(super) fn set_current(&self, data: &Path) -> io::Result<()> {
        for entry in fs::read_dir(data)? {
            File::open(entry?.path())?.sync_all()?;
        }
        File::open(data)?.sync_all()?;
        let name = data.file_name().unwrap_or_default();
        let new = self.directory.join("current.new");
        let mut file = File::create(&new)?;
        file.write_all(name.as_encoded_bytes())?;
        file.sync_all()?;
        fs::rename(new, self.directory.join(CURRENT))?;
        self.sync()
    }

    /// Deletes what a copy that was never finished has left, or a store that was replaced.
    pub(super) fn tidy(&self, current: &Path) -> io::Result<()> {
        for name in self.generations()? {
            let path = self.directory.join(name);
            if path != current {
                fs::remove_dir_all(path)?;
            }
        }
        Ok(())
    }

    /// Puts damaged data out of the way, where they can still be looked at.
    pub(super) fn put_aside(&self, data: &Path) -> io::Result<PathBuf> {
        let time = Timestamp::now().strftime("%Y%m%dT%H%M%S%3fZ");
        let mut aside = data.as_os_str().to_owned();
        aside.push(format!(".damaged-{time}"));
        let aside = PathBuf::from(aside);
        fs::rename(data, &aside)?;
        self.forget(CURRENT)?;
        self.forget(MARKER)?;
        self.sync()?;
        Ok(aside)
    }

    /// Writes as much as a group of changes may be, and deletes it.
    pub(super) fn try_to_write(&self) -> io::Result<()> {
        let path = self.directory.join("room");
        let outcome = File::create(&path).and_then(|mut file| {
            file.write_all(&vec![0; ROOM])?;
            file.sync_all()
        });
        self.forget("room")?;
        outcome
    }

    /// Leaves word for the next start that the files are damaged.
    pub(super) fn mark_damaged(&self, reason: &str) -> io::Result<()> {
        fs::write(self.directory.join(MARKER), reason)
    }

    pub(super) fn is_marked_damaged(&self) -> bool {
        self.directory.join(MARKER).exists()
    }

    fn forget(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.directory.join(name)) {
            Err(reason) if reason.kind() != ErrorKind::NotFound => Err(reason),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn sync(&self) -> io::Result<()> {
        File::open(&self.directory)?.sync_all()
    }

    fn has(&self, name: &str) -> bool {
        number(name).is_some() && self.directory.join(name).is_dir()
    }

    /// A copy that was not finished is newer than what it is a copy of.
    fn oldest(&self) -> io::Result<Option<String>> {
        let generations = self.generations()?;
        Ok(generations.into_iter().min_by_key(|name| number(name)))
    }

    fn generations(&self) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.directory)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if self.has(&name) {
                found.push(name);
            }
        }
        Ok(found)
    }
}

/// The number of a directory with data: 2 of "data-2".
fn number(name: &str) -> Option<u64> {
    name.strip_prefix(DATA)?.parse().ok()
}

fn refuse_another_user(directory: &Path, owner: u32) -> Result<(), String> {
    // The directory of a process belongs to whoever it runs as.
    let Ok(own) = fs::metadata("/proc/self") else {
        return Ok(());
    };
    if own.uid() == owner {
        return Ok(());
    }
    let (we, they) = (user(own.uid()), user(owner));
    Err(format!(
        "it belongs to {they}, and this program runs as {we}; run it as {they} (sudo -u {they} …), or give {directory} to {we}",
        directory = directory.display(),
    ))
}

/// The name of a user, or the number if there is no name.
fn user(id: u32) -> String {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let named = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let found = fields.nth(1)?.parse() == Ok(id);
        found.then(|| name.to_owned())
    });
    named.unwrap_or_else(|| format!("#{id}"))
}
