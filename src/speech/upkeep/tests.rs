//! What goes and what stays when the directory is tidied up.

use super::*;

struct Scene {
    _directory: tempfile::TempDir,
    files: Files,
}

impl Scene {
    /// Clips of 100 bytes, each used an hour before the one that follows, the last one ten hours
    /// ago.
    fn with_clips(count: u8) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let files = Files::open(directory.path()).unwrap();
        let scene = Self {
            _directory: directory,
            files,
        };
        for number in 0..count {
            let hours = u64::from(count - number) + 9;
            scene.clip(number, hours);
        }
        scene
    }

    fn clip(&self, number: u8, hours_ago: u64) {
        for (ending, bytes) in [("alaw", 25), ("ulaw", 25), ("sln16", 50)] {
            let path = formats::with_ending(&self.files.clip(&key(number)), ending);
            self.files.write(&path, &vec![0; bytes]).unwrap();
            let then = SystemTime::now() - Duration::from_secs(hours_ago * 3600);
            File::open(path).unwrap().set_modified(then).unwrap();
        }
    }

    fn left(&self) -> Vec<u8> {
        let there = |number: &u8| formats::master(&self.files.clip(&key(*number))).exists();
        (0..20).filter(there).collect()
    }

    fn tidy(&self, limit: u64) -> Tidied {
        tidy(&self.files, limit, |_| false).unwrap()
    }
}

fn key(number: u8) -> Key {
    Key::of([[number].as_slice()])
}

#[test]
fn below_the_limit_nothing_goes() {
    let scene = Scene::with_clips(5);
    let tidied = scene.tidy(500);
    assert_eq!(tidied.deleted, 0);
    assert_eq!(tidied.before, usage(&scene.files).unwrap());
    assert_eq!((tidied.before.clips, tidied.before.bytes), (5, 500));
}

#[test]
fn what_was_used_longest_ago_goes_first_with_all_its_files() {
    let scene = Scene::with_clips(10);
    let tidied = scene.tidy(500);
    // Down to nine tenths of the limit.
    assert_eq!((tidied.deleted, tidied.freed), (6, 600));
    assert_eq!(scene.left(), [6, 7, 8, 9]);
    assert_eq!(usage(&scene.files).unwrap().bytes, 400);
}

#[test]
fn what_was_used_lately_stays_however_much_it_is() {
    let scene = Scene::with_clips(2);
    for number in 2..10 {
        scene.clip(number, 5);
    }
    scene.tidy(100);
    assert_eq!(scene.left(), [2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn a_clip_that_is_used_again_is_new_again() {
    let scene = Scene::with_clips(10);
    touch(&scene.files, [key(0), key(19)]);
    scene.tidy(500);
    assert_eq!(scene.left(), [0, 7, 8, 9]);
}

#[test]
fn what_is_asked_for_while_others_go_stays() {
    let scene = Scene::with_clips(10);
    let needed = key(1).to_string();
    tidy(&scene.files, 500, |name| name == needed).unwrap();
    assert_eq!(scene.left(), [1, 7, 8, 9]);
}

#[test]
fn phrases_go_as_clips_do() {
    let scene = Scene::with_clips(0);
    let path = scene.files.phrase(&key(1));
    scene.files.write(&path, &[0; 80]).unwrap();
    let long_ago = SystemTime::now() - Duration::from_secs(90_000);
    File::open(&path).unwrap().set_modified(long_ago).unwrap();
    assert_eq!(scene.tidy(100).deleted, 0);
    assert_eq!(scene.tidy(10).deleted, 1);
    assert!(!path.exists());
}

#[test]
fn an_empty_directory_is_tidy() {
    let scene = Scene::with_clips(0);
    assert_eq!(scene.tidy(0), Tidied::default());
}
