//! Settings read from a text. Here is how, and what concerns the file as a whole: defaults, the
//! environment, secrets. What one part of the settings says is in the file of its name.

mod menu;
mod mistakes;
mod rating;

use super::*;

fn read_text(text: &str) -> Result<Settings, String> {
    let file = TomlFile::of("/etc/vizavi/vizavi.toml", text);
    let raw = file.parse::<Raw>().map_err(|error| error.to_string())?;
    raw.check(&file, &Secrets::default())
        .map_err(|error| error.to_string())
}

#[test]
fn the_printed_defaults_are_the_defaults() {
    let printed: Raw = toml::from_str(DEFAULT).unwrap();
    assert_eq!(printed, Raw::default());
}

#[test]
fn an_empty_file_is_enough() {
    let settings = read_text("").unwrap();
    assert_eq!(settings.menu.policy.rounds, 3);
    assert_eq!(settings.store.directory, Path::new("/var/lib/vizavi/store"));
    assert_eq!(settings.rating.kinds.len(), 20);
    assert!(settings.crm.is_none());
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = TomlFile::of("vizavi.toml", "[ari]\npassword = \"in the file\"");
    let settings = file.parse::<Raw>().unwrap().check(
        &file,
        &Secrets {
            ari_password: Some("from outside".into()),
            ..Secrets::default()
        },
    );
    assert_eq!(settings.unwrap().ari.password.expose(), "from outside");
}

#[test]
fn a_password_is_not_shown_by_debug() {
    let settings = read_text("[ari]\npassword = \"hush\"").unwrap();
    assert!(!format!("{settings:?}").contains("hush"));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = read(Path::new("/nowhere/vizavi.toml"))
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("/nowhere/vizavi.toml can't be read (No such file"),
        "{error}"
    );
}
