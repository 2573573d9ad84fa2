//! Clips of phrases that are in memory: nothing is heard, made or forgotten otherwise than without it.

use super::*;

const ALAW: &str = "(alaw)";

/// The same phrases with pauses that are longer by so many milliseconds: another clip.
fn with_longer_pauses(prompt: &Prompt, milliseconds: u64) -> Prompt {
    let mut prompt = prompt.clone();
    for phrase in &mut prompt.phrases {
        phrase.pause += Duration::from_millis(milliseconds);
    }
    prompt
}

async fn heard(speech: &Speech, prompt: &Prompt) -> Vec<u8> {
    let clip = speech.prepare(prompt, Haste::Next).await.unwrap();
    file(&clip, "alaw")
}

fn one() -> Prompt {
    prompt(&[("Соединяю.", 0)])
}

fn twice(pause: u64) -> Prompt {
    prompt(&[("Соединяю.", pause), ("Соединяю.", 0)])
}

#[tokio::test]
async fn a_menu_of_phrases_at_hand_is_byte_for_byte_the_menu_of_phrases_that_are_read() {
    let studio = Studio::new();
    let speech = studio.open().for_channel(ALAW);
    // Made of what was just spoken, then of what is read, then of what is at hand.
    for longer in 0..3 {
        heard(&speech, &with_longer_pauses(&menu(), longer)).await;
    }
    for longer in 0..3 {
        let menu = with_longer_pauses(&menu(), longer);
        let with_memory = heard(&speech, &menu).await;
        fs::remove_dir_all(studio.clips().join("clips")).unwrap();
        let reopened = studio.open().for_channel(ALAW);
        assert_eq!(heard(&reopened, &menu).await, with_memory);
        fs::remove_dir_all(studio.clips().join("clips")).unwrap();
        let everybody = studio.open();
        assert_eq!(heard(&everybody, &menu).await, with_memory);
    }
    assert_eq!(studio.syntheses(), 4);
}

#[tokio::test]
async fn a_phrase_that_was_cleaned_away_is_spoken_again_though_it_is_at_hand() {
    let studio = Studio::new();
    let speech = studio.open().for_channel(ALAW);
    for pause in [1, 2] {
        heard(&speech, &twice(pause)).await;
    }
    assert_eq!(studio.syntheses(), 1);
    let path = studio.files(".phrase").remove(0);
    fs::remove_file(&path).unwrap();

    heard(&speech, &twice(3)).await;

    assert_eq!(studio.syntheses(), 2);
    assert!(path.exists());
}

#[tokio::test]
async fn everything_is_made_again_when_the_directory_was_emptied() {
    let studio = Studio::new();
    let speech = studio.open().for_channel(ALAW);
    let before = [
        heard(&speech, &twice(1)).await,
        heard(&speech, &twice(2)).await,
    ];
    fs::remove_dir_all(studio.clips()).unwrap();
    let after = [
        heard(&speech, &twice(1)).await,
        heard(&speech, &twice(2)).await,
    ];
    assert_eq!(after, before);
    assert_eq!(studio.syntheses(), 2);
}

#[tokio::test]
async fn a_phrase_that_was_replaced_is_heard_as_it_is_now() {
    let studio = Studio::new();
    let speech = studio.open().for_channel(ALAW);
    heard(&speech, &one()).await;
    heard(&speech, &twice(1)).await;
    let path = studio.files(".phrase").remove(0);
    let other = prompt(&[("Никто не ответил.", 0)]);
    let others_sound = heard(&speech, &other).await;
    let others = studio.files(".phrase");
    let others = others.iter().find(|file| **file != path).unwrap();
    fs::rename(others, &path).unwrap();
    fs::remove_dir_all(studio.clips().join("clips")).unwrap();

    assert_eq!(heard(&speech, &one()).await, others_sound);
}

#[tokio::test]
async fn a_phrase_that_was_damaged_is_spoken_again_though_it_is_at_hand() {
    let studio = Studio::new();
    let speech = studio.open().for_channel(ALAW);
    heard(&speech, &one()).await;
    heard(&speech, &twice(1)).await;
    let path = studio.files(".phrase").remove(0);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..100]).unwrap();

    heard(&speech, &twice(2)).await;

    assert_eq!(studio.syntheses(), 2);
    assert_eq!(fs::read(&path).unwrap(), whole);
}
