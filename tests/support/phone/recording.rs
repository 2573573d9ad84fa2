//! What a phone hears, on the clock of the wall.
//!
//! baresip appends each received RTP packet to a file and writes nothing while nothing is received, so by itself its recording
//! loses every pause in the stream. Here the growth of that file is watched, and each piece is put where it was heard.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::support::sound::{samples_from_bytes, samples_in};

/// How often the file is looked at.
const LOOKS_EVERY: Duration = Duration::from_millis(10);
/// A piece that comes no later than this behind the one before goes on without a gap: packets come in steps of 20 ms, and
/// neither they nor we are punctual.
const UNPUNCTUALITY: Duration = Duration::from_millis(60);
const WAV_HEADER: u64 = 44;

/// All that was received, placed in time; sample n was heard n / 8000 s after the beginning, and what wasn't received is zeros.
#[derive(Debug, Default)]
struct Tape(Vec<i16>);

impl Tape {
    /// Adds a piece whose last sample came `now` after the beginning.
    fn append(&mut self, now: Duration, piece: &[i16]) {
        let began = samples_in(now).saturating_sub(piece.len());
        if began > self.0.len() + samples_in(UNPUNCTUALITY) {
            self.0.resize(began, 0);
        }
        self.0.extend_from_slice(piece);
    }

    /// Everything up to `now`.
    fn until(&self, now: Duration) -> Vec<i16> {
        let mut samples = self.0.clone();
        let silent_since = samples_in(now).saturating_sub(samples_in(UNPUNCTUALITY));
        if samples.len() < silent_since {
            samples.resize(silent_since, 0);
        }
        samples
    }
}

/// A running recording. Dropped, it stops.
#[derive(Debug)]
pub(super) struct Recording {
    begun: Instant,
    tape: Arc<Mutex<Tape>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Recording {
    /// Watches the files that baresip writes into `directory`. A thread of its own, not a task: a test that computes for long
    /// must not bend the time line.
    pub(super) fn of(directory: PathBuf, begun: Instant) -> Self {
        let tape = Arc::new(Mutex::new(Tape::default()));
        let stop = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let (tape, stop) = (Arc::clone(&tape), Arc::clone(&stop));
            move || {
                let mut files = HashMap::new();
                while !stop.load(Ordering::Relaxed) {
                    for piece in news(&directory, &mut files) {
                        lock(&tape).append(begun.elapsed(), &piece);
                    }
                    thread::sleep(LOOKS_EVERY);
                }
            }
        });
        Self {
            begun,
            tape,
            stop,
            thread: Some(thread),
        }
    }

    /// All that was heard from `from` until now.
    pub(super) fn since(&self, from: Instant) -> Vec<i16> {
        let samples = lock(&self.tape).until(self.begun.elapsed());
        let first = samples_in(from.saturating_duration_since(self.begun));
        samples.get(first..).unwrap_or_default().to_vec()
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock(tape: &Mutex<Tape>) -> MutexGuard<'_, Tape> {
    tape.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the files have gained since the last look. A directory that has gone has no news.
fn news(directory: &Path, read_so_far: &mut HashMap<PathBuf, u64>) -> Vec<Vec<i16>> {
    let Ok(files) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let heard = files
        .flatten()
        .map(|file| file.path())
        .filter(|path| path.to_string_lossy().ends_with("-dec.wav"));
    heard
        .filter_map(|path| {
            grown(&path, read_so_far.entry(path.clone()).or_insert(WAV_HEADER))
                .ok()
                .flatten()
        })
        .collect()
}

fn grown(path: &Path, position: &mut u64) -> io::Result<Option<Vec<i16>>> {
    let length = fs::metadata(path)?.len();
    // Two calls within one second have one file name: the second call's file takes the place of the first's.
    if length < *position {
        *position = WAV_HEADER;
    }
    let gained = length.saturating_sub(*position) / 2 * 2;
    if gained == 0 {
        return Ok(None);
    }
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(*position))?;
    let mut bytes = Vec::new();
    file.take(gained).read_to_end(&mut bytes)?;
    *position += bytes.len() as u64;
    Ok(Some(samples_from_bytes(&bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKET: [i16; 160] = [1000; 160];

    fn heard_at(times_ms: &[u64]) -> Tape {
        let mut tape = Tape::default();
        for time in times_ms {
            tape.append(Duration::from_millis(*time), &PACKET);
        }
        tape
    }

    #[test]
    fn packets_that_follow_each_other_are_recorded_without_a_gap() {
        let tape = heard_at(&[1000, 1025, 1038, 1062]);
        assert_eq!(tape.0.len(), 8000 - 160 + 4 * 160);
        assert!(tape.0[8000 - 160..].iter().all(|sample| *sample == 1000));
    }

    #[test]
    fn a_pause_in_the_stream_stays_a_pause_in_the_recording() {
        let tape = heard_at(&[1000, 3000]);
        assert_eq!(tape.0.len(), 24_000);
        assert!(tape.0[8000..24_000 - 160].iter().all(|sample| *sample == 0));
    }

    #[test]
    fn a_late_look_at_a_file_that_grew_makes_no_gap() {
        let mut tape = heard_at(&[1000]);
        tape.append(Duration::from_millis(1500), &[1000; 4000]);
        assert_eq!(tape.0.len(), 12_000);
        assert!(tape.0[8000..].iter().all(|sample| *sample == 1000));
    }

    #[test]
    fn silence_at_the_end_is_heard_too() {
        let tape = heard_at(&[1000]);
        assert_eq!(tape.until(Duration::from_secs(3)).len(), 24_000 - 480);
    }
}
