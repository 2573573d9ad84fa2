//! A phrase in a file: its samples, and how to see that nothing of them is missing.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::sound::{Sound, Width};

/// The first bytes of a phrase's file.
const MARK: [u8; 4] = *b"vzp2";
/// The mark, the number of samples, and a checksum of each width.
const HEADER: usize = 16;
/// That a phrase was used is noted in its file no more often: nothing is deleted that was used lately.
const NOTED_EVERY: Duration = Duration::from_secs(60 * 60);

/// By what a file can be told from one that was there before under the same name: any write changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Version {
    inode: u64,
    /// Seconds and nanoseconds.
    changed: (i64, i64),
    length: u64,
}

impl Version {
    fn of(facts: &Metadata) -> Self {
        Self {
            inode: facts.ino(),
            changed: (facts.ctime(), facts.ctime_nsec()),
            length: facts.len(),
        }
    }
}

/// Which version of a phrase's file is there. `None` if none is, and if it has to be opened again
/// to note that it was used.
pub(super) fn version(path: &Path) -> Option<Version> {
    let facts = path.metadata().ok()?;
    used_lately(&facts).then(|| Version::of(&facts))
}

/// The whole file of a phrase.
pub(super) fn to_file(sound: &Sound) -> Vec<u8> {
    let (narrow, wide) = (sound.samples(Width::Narrow), sound.samples(Width::Wide));
    let mut file = vec![0; HEADER];
    file.reserve_exact((narrow.len() + wide.len()) * 2);
    file.extend(narrow.iter().flat_map(|sample| sample.to_le_bytes()));
    let middle = file.len();
    file.extend(wide.iter().flat_map(|sample| sample.to_le_bytes()));
    let header = header(wide.len(), &file[HEADER..middle], &file[middle..]);
    file[..HEADER].copy_from_slice(&header);
    file
}

fn header(samples: usize, narrow: &[u8], wide: &[u8]) -> [u8; HEADER] {
    let count = u32::try_from(samples).unwrap_or(u32::MAX);
    let mut header = [0; HEADER];
    header[..4].copy_from_slice(&MARK);
    header[4..8].copy_from_slice(&count.to_le_bytes());
    header[8..12].copy_from_slice(&crc32fast::hash(narrow).to_le_bytes());
    header[12..].copy_from_slice(&crc32fast::hash(wide).to_le_bytes());
    header
}

/// The sound of a phrase's file; `None` if there is no such file, or it is damaged. Notes that it was used.
/// If only ordinary calls are to hear it, the other half of the file is not read.
pub(super) fn read(path: &Path, only: Option<Width>) -> Option<Sound> {
    let (sound, _) = read_with_version(path, only)?;
    Some(sound)
}

/// The same, and which version of the file it was.
pub(super) fn read_with_version(path: &Path, only: Option<Width>) -> Option<(Sound, Version)> {
    let (file, version) = match bytes_of(path, only) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "a phrase can't be read and is made again");
            return None;
        }
    };
    let sound = match only {
        Some(Width::Narrow) => narrow_from_file(&file),
        Some(Width::Wide) | None => from_file(&file),
    };
    let Some(sound) = sound else {
        tracing::warn!(path = %path.display(), "a phrase's file is damaged and is made again");
        return None;
    };
    Some((sound, version))
}

fn used_lately(facts: &Metadata) -> bool {
    let passed = |last| SystemTime::now().duration_since(last);
    facts
        .modified()
        .is_ok_and(|last| passed(last).is_ok_and(|passed| passed < NOTED_EVERY))
}

fn bytes_of(path: &Path, only: Option<Width>) -> io::Result<(Vec<u8>, Version)> {
    let mut file = File::open(path)?;
    let mut facts = file.metadata()?;
    if !used_lately(&facts) && file.set_modified(SystemTime::now()).is_ok() {
        facts = file.metadata()?;
    }
    let length = match only {
        // The narrow samples come first and are a third of all, or one more.
        Some(Width::Narrow) => (facts.len().div_ceil(3) + HEADER as u64).min(facts.len()),
        Some(Width::Wide) | None => facts.len(),
    };
    // Its length is known: at one go.
    let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
    file.read_exact(&mut bytes)?;
    Ok((bytes, Version::of(&facts)))
}

fn narrow_from_file(file: &[u8]) -> Option<Sound> {
    let (head, sound) = file.split_at_checked(HEADER)?;
    let count: [u8; 4] = head[4..8].try_into().ok()?;
    let count = u32::from_le_bytes(count) as usize;
    let (narrow, _) = sound.split_at_checked(Sound::narrow_length(count) * 2)?;
    let checksum = crc32fast::hash(narrow).to_le_bytes();
    let whole = head[..4] == MARK && head[8..12] == checksum && count > 0;
    whole.then(|| Sound::narrow(samples(narrow)))
}

fn from_file(file: &[u8]) -> Option<Sound> {
    let (head, sound) = file.split_at_checked(HEADER)?;
    let count: [u8; 4] = head[4..8].try_into().ok()?;
    let count = u32::from_le_bytes(count) as usize;
    let (narrow, wide) = sound.split_at_checked(Sound::narrow_length(count) * 2)?;
    let whole = wide.len() == count * 2 && head == header(count, narrow, wide);
    if !whole || count == 0 {
        return None;
    }
    Sound::kept(samples(wide), samples(narrow))
}

fn samples(bytes: &[u8]) -> Vec<i16> {
    let (samples, _) = bytes.as_chunks::<2>();
    samples
        .iter()
        .map(|bytes| i16::from_le_bytes(*bytes))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(samples: &[i16]) -> Sound {
        Sound::of(samples.to_vec()).unwrap()
    }

    #[test]
    fn samples_come_back_from_their_file() {
        for samples in [vec![0, 1, -1, i16::MAX, i16::MIN], vec![7; 1000]] {
            let sound = sound(&samples);
            assert_eq!(from_file(&to_file(&sound)).as_ref(), Some(&sound));
        }
    }

    #[test]
    fn a_file_that_was_cut_or_changed_anywhere_is_noticed() {
        let file = to_file(&sound(&[1, 2, 3, 4]));
        for length in 0..file.len() {
            assert!(from_file(&file[..length]).is_none(), "cut to {length}");
        }
        for at in 0..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(from_file(&changed).is_none(), "changed at {at}");
        }
        let longer = [file.as_slice(), &[0, 0]].concat();
        assert!(from_file(&longer).is_none());
    }

    #[test]
    fn the_half_for_ordinary_calls_is_read_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        for length in [1, 2, 3, 4, 5, 1000, 1001] {
            let sound = sound(&vec![77; length]);
            std::fs::write(&path, to_file(&sound)).unwrap();
            let narrow = read(&path, Some(Width::Narrow)).unwrap();
            assert_eq!(narrow.samples(Width::Narrow), sound.samples(Width::Narrow));
            assert!(narrow.samples(Width::Wide).is_empty());
        }
        let mut damaged = to_file(&sound(&[77; 1000]));
        damaged[HEADER + 500] ^= 1;
        std::fs::write(&path, &damaged).unwrap();
        assert_eq!(read(&path, Some(Width::Narrow)), None);
        std::fs::write(&path, &damaged[..HEADER + 100]).unwrap();
        assert_eq!(read(&path, Some(Width::Narrow)), None);
    }

    #[test]
    fn a_phrase_that_was_not_used_for_long_is_used_when_it_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        std::fs::write(&path, to_file(&sound(&[1; 100]))).unwrap();
        let long_ago = SystemTime::now() - Duration::from_secs(86_400);
        let file = File::options().write(true).open(&path).unwrap();
        file.set_modified(long_ago).unwrap();
        read(&path, None).unwrap();
        let modified = path.metadata().unwrap().modified().unwrap();
        assert!(modified.elapsed().unwrap() < NOTED_EVERY);
    }

    #[test]
    fn whoever_knows_a_phrase_opens_its_file_again_when_its_use_has_to_be_noted() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        assert_eq!(version(&path), None, "it is not there");
        std::fs::write(&path, to_file(&sound(&[1; 100]))).unwrap();
        let (_, first) = read_with_version(&path, None).unwrap();
        assert_eq!(version(&path), Some(first));
        let file = File::options().write(true).open(&path).unwrap();
        file.set_modified(SystemTime::now() - NOTED_EVERY).unwrap();
        assert_eq!(version(&path), None);
        let (_, second) = read_with_version(&path, None).unwrap();
        assert_eq!(version(&path), Some(second), "as it is after it was noted");
    }
}
