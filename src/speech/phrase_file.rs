//! A phrase in a file: its samples, and how to see that nothing of them is missing.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::phrases::Samples;

/// The first bytes of a phrase's file.
const MARK: [u8; 4] = *b"vzp1";
/// The mark, the number of samples, and the beginning of their digest.
const HEADER: usize = 16;

pub(super) fn to_file(samples: &[i16]) -> Vec<u8> {
    let sound: Vec<u8> = samples
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect();
    let mut file = header(&sound).to_vec();
    file.extend(sound);
    file
}

fn header(sound: &[u8]) -> [u8; HEADER] {
    let count = u32::try_from(sound.len() / 2).unwrap_or(u32::MAX);
    let mut header = [0; HEADER];
    header[..4].copy_from_slice(&MARK);
    header[4..8].copy_from_slice(&count.to_le_bytes());
    header[8..].copy_from_slice(&Sha256::digest(sound)[..8]);
    header
}

/// The samples of a phrase's file; `None` if there is no such file, or it is damaged.
pub(super) fn read(path: &Path) -> Option<Samples> {
    let file = match std::fs::read(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "a phrase can't be read and is made again");
            return None;
        }
    };
    let Some(samples) = from_file(&file) else {
        tracing::warn!(path = %path.display(), "a phrase's file is damaged and is made again");
        return None;
    };
    Some(samples)
}

fn from_file(file: &[u8]) -> Option<Samples> {
    let (head, sound) = file.split_at_checked(HEADER)?;
    let whole = head == header(sound) && !sound.is_empty();
    whole.then(|| {
        let (samples, _) = sound.as_chunks::<2>();
        samples
            .iter()
            .map(|bytes| i16::from_le_bytes(*bytes))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_come_back_from_their_file() {
        let samples: Vec<i16> = vec![0, 1, -1, i16::MAX, i16::MIN];
        assert_eq!(
            from_file(&to_file(&samples)).as_deref(),
            Some(samples.as_slice())
        );
    }

    #[test]
    fn a_file_that_was_cut_or_changed_anywhere_is_noticed() {
        let file = to_file(&[1, 2, 3, 4]);
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
}
