//! One process at a time, in a directory of its own.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};

use super::*;

#[test]
fn who_has_the_store_is_said_to_whoever_comes_second() {
    let (directory, store) = new();
    let message = Store::open(&settings(directory.path()))
        .unwrap_err()
        .to_string();
    let process = format!("process {} (", std::process::id());
    assert!(message.contains(&process), "{message}");
    assert!(message.contains("since 2"), "{message}");
    let clone = store.clone();
    store.close();
    assert!(Store::open(&settings(directory.path())).is_err());
    clone.close();
    open(directory.path());
}

#[test]
fn nobody_else_may_read_the_directory() {
    let directory = TempDir::new().unwrap();
    let made = directory.path().join("var/lib");
    let there = directory.path().join("there");
    fs::create_dir(&there).unwrap();
    fs::set_permissions(&there, fs::Permissions::from_mode(0o755)).unwrap();
    for path in [made, there] {
        drop(open(&path));
        let mode = fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

#[test]
fn a_directory_of_another_user_is_refused() {
    let directory = TempDir::new().unwrap();
    // Only root may give a directory away; for anybody else there is nothing to see here.
    if chown(directory.path(), Some(1), None).is_err() {
        return;
    }
    let message = Store::open(&settings(directory.path()))
        .unwrap_err()
        .to_string();
    assert!(message.contains("belongs to daemon"), "{message}");
    assert!(message.contains("sudo -u daemon"), "{message}");
}

#[test]
fn a_directory_that_can_not_be_made_is_named() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let path = file.join("store");
    let message = Store::open(&settings(&path)).unwrap_err().to_string();
    assert!(message.contains(&path.display().to_string()), "{message}");
}
