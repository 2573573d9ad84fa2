//! Keys, rights, and files that are whole or absent.

use super::*;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn keys_differ_where_parts_are_divided_differently() {
    let one = Key::of([b"ab".as_slice(), b"c"]);
    let other = Key::of([b"a".as_slice(), b"bc"]);
    assert_ne!(one, other);
    assert_eq!(one, Key::of([b"ab".as_slice(), b"c"]));
}

#[test]
fn what_is_made_can_be_read_by_every_user() {
    let parent = tempfile::tempdir().unwrap();
    let root = parent.path().join("a/b");
    let files = Files::open(&root).unwrap();
    let path = files.phrase(&Key::of([b"x".as_slice()]));
    files.write(&path, b"sound").unwrap();

    assert_eq!(mode(&path), 0o644);
    let made = path
        .ancestors()
        .skip(1)
        .take_while(|above| *above != parent.path());
    for directory in made {
        assert_eq!(mode(directory), 0o755, "{}", directory.display());
    }
}

#[test]
fn a_file_that_can_not_be_written_leaves_nothing_behind() {
    let root = tempfile::tempdir().unwrap();
    let files = Files::open(root.path()).unwrap();
    fs::write(root.path().join("clips"), b"in the way").unwrap();

    let refused = files.write(&files.clip(&Key::of([])), b"sound");

    assert!(
        matches!(
            refused,
            Err(SpeechError::File {
                action: "write",
                ..
            })
        ),
        "{refused:?}"
    );
    assert_eq!(fs::read_dir(files.unfinished()).unwrap().count(), 0);
}

#[test]
fn an_unusable_directory_is_named_with_its_reason() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    fs::write(&file, b"").unwrap();
    let table = [
        (file.join("clips"), "file is a file, not a directory"),
        (parent.path().join("a,b"), "a comma"),
        (parent.path().join("a&b"), "an &"),
    ];
    for (directory, reason) in table {
        let message = Files::open(&directory).unwrap_err().to_string();
        assert!(
            message.contains(&directory.display().to_string()),
            "{message}"
        );
        assert!(message.contains(reason), "{message}");
    }
}

#[test]
fn a_file_abandoned_long_ago_is_removed_at_the_start_and_a_new_one_is_not() {
    let root = tempfile::tempdir().unwrap();
    Files::open(root.path()).unwrap();
    let (old, new) = (
        root.path().join("unfinished/1-1"),
        root.path().join("unfinished/1-2"),
    );
    fs::write(&old, b"").unwrap();
    fs::write(&new, b"").unwrap();
    let long_ago = std::time::SystemTime::now() - ABANDONED * 2;
    fs::File::open(&old)
        .unwrap()
        .set_modified(long_ago)
        .unwrap();

    Files::open(root.path()).unwrap();

    assert!(!old.exists());
    assert!(new.exists());
}
