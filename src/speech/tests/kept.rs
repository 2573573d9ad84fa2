//! What is kept, made again, shared and refused.

use super::*;

#[tokio::test]
async fn a_prompt_is_ready_once_it_was_prepared() {
    let studio = Studio::new();
    let speech = studio.open();
    assert_eq!(speech.ready(&menu()), None);
    let clip = speech.prepare(&menu(), Haste::Next).await.unwrap();
    assert_eq!(speech.ready(&menu()), Some(clip.clone()));
    assert_eq!(speech.prepare(&menu(), Haste::Next).await.unwrap(), clip);
    assert_eq!(studio.syntheses(), 4);
}

#[tokio::test]
async fn clips_survive_a_restart() {
    let studio = Studio::new();
    let clip = studio.open().prepare(&menu(), Haste::Next).await.unwrap();
    let reopened = studio.open();
    assert_eq!(reopened.ready(&menu()), Some(clip));
    assert_eq!(studio.syntheses(), 4);
}

#[tokio::test]
async fn a_phrase_is_spoken_once_for_all_prompts_that_have_it() {
    let studio = Studio::new();
    let speech = studio.open();
    speech
        .prepare(&prompt(&[("Соединяю.", 0)]), Haste::Next)
        .await
        .unwrap();
    speech
        .prepare(
            &prompt(&[("Соединяю.", 100), ("Соединяю.", 0)]),
            Haste::Next,
        )
        .await
        .unwrap();
    assert_eq!(studio.syntheses(), 1);
}

#[tokio::test]
async fn many_callers_at_once_cause_one_synthesis_of_each_phrase() {
    let studio = Studio::new();
    let speech = studio.open();
    let callers = (0..50).map(|_| {
        let speech = speech.clone();
        async move { speech.prepare(&menu(), Haste::Next).await }
    });
    let clips = futures_util::future::try_join_all(callers).await.unwrap();
    assert!(clips.iter().all(|clip| *clip == clips[0]));
    assert_eq!(studio.syntheses(), 4);
}

#[tokio::test]
async fn no_more_programs_run_at_once_than_the_settings_allow() {
    let studio = Studio::new();
    let running = studio.directory.path().join("running");
    fs::create_dir(&running).unwrap();
    let mut settings = Settings::new(studio.clips());
    let script = format!(
        "cd {}; touch $$; ls | wc -l >> ../seen; sleep 0.05; rm $$; exec espeak-ng --stdin --stdout",
        running.display()
    );
    let command = CommandSettings {
        russian: vec!["sh".to_owned(), "-c".to_owned(), script],
        ..CommandSettings::default()
    };
    settings.services = vec![ServiceSettings::command(COMMAND, command)];
    settings.services[0].at_once = NonZeroUsize::new(2).unwrap();
    let phrases = (0..10)
        .map(|number| phrase(&format!("a{number}"), 0))
        .collect();

    Speech::open(settings)
        .unwrap()
        .prepare(&Prompt { phrases }, Haste::Next)
        .await
        .unwrap();

    let seen = fs::read_to_string(studio.directory.path().join("seen")).unwrap();
    let seen: Vec<usize> = seen
        .lines()
        .map(|line| line.trim().parse().unwrap())
        .collect();
    assert_eq!(seen.len(), 10);
    assert!(seen.iter().all(|programs| *programs <= 2), "{seen:?}");
}

#[tokio::test]
async fn a_caller_who_hangs_up_does_not_lose_the_clip_for_the_next() {
    let studio = Studio::new();
    let speech = studio.open_with("sleep 0.2; exec espeak-ng -v ru --stdin --stdout");
    let prompt = prompt(&[("Соединяю.", 0)]);

    let caller = tokio::time::timeout(
        Duration::from_millis(50),
        speech.prepare(&prompt, Haste::Next),
    )
    .await;

    assert!(caller.is_err(), "the caller was to hang up before the end");
    wait_until(|| speech.ready(&prompt).is_some()).await;
    assert_eq!(studio.syntheses(), 1);
    assert_eq!(studio.files("").len(), 4, "{:?}", studio.files(""));
}

async fn wait_until(mut condition: impl FnMut() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(5), "waited in vain");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_clip_that_lost_or_cut_a_file_is_made_again() {
    for ending in ["sln16", "alaw", "ulaw"] {
        let (studio, clip) = Studio::new().open_and_prepare(&menu()).await;
        let whole = file(&clip, ending);
        let path = formats::with_ending(&base(&clip), ending);
        for damage in [Some(&whole[..whole.len() / 2]), Some(&[]), None] {
            match damage {
                Some(bytes) => fs::write(&path, bytes).unwrap(),
                None => fs::remove_file(&path).unwrap(),
            }
            let speech = studio.open();
            assert_eq!(speech.ready(&menu()), None, "{ending}");
            assert_eq!(speech.prepare(&menu(), Haste::Next).await.unwrap(), clip);
            assert_eq!(file(&clip, ending), whole, "{ending}");
        }
        assert_eq!(studio.syntheses(), 4, "the phrases were whole");
    }
}

#[tokio::test]
async fn a_remembered_clip_whose_files_were_removed_is_not_ready() {
    let studio = Studio::new();
    let speech = studio.open();
    speech.prepare(&menu(), Haste::Next).await.unwrap();
    fs::remove_dir_all(studio.clips().join("clips")).unwrap();
    assert_eq!(speech.ready(&menu()), None);
    speech.prepare(&menu(), Haste::Next).await.unwrap();
    assert!(speech.ready(&menu()).is_some());
}

#[tokio::test]
async fn a_damaged_phrase_is_spoken_again() {
    let studio = Studio::new();
    let speech = studio.open();
    speech
        .prepare(&prompt(&[("Соединяю.", 0)]), Haste::Next)
        .await
        .unwrap();
    let path = studio.files(".phrase").remove(0);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 1]).unwrap();

    speech
        .prepare(&prompt(&[("Соединяю.", 9), ("Соединяю.", 0)]), Haste::Next)
        .await
        .unwrap();

    assert_eq!(studio.syntheses(), 2);
    assert_eq!(fs::read(&path).unwrap(), whole);
}

#[tokio::test]
async fn another_voice_is_another_clip() {
    let studio = Studio::new();
    let prompt = prompt(&[("Соединяю.", 0)]);
    let one = studio.open().prepare(&prompt, Haste::Next).await.unwrap();
    let faster = studio.open_with("exec espeak-ng -s 250 -v ru --stdin --stdout");
    assert_eq!(faster.ready(&prompt), None);
    let other = faster.prepare(&prompt, Haste::Next).await.unwrap();
    assert!(other.media != one.media && other.length < one.length);
}

#[tokio::test]
async fn the_language_and_the_pauses_are_part_of_a_clip() {
    let studio = Studio::new();
    let speech = studio.open();
    let first = prompt(&[("Hello", 100), ("Hello", 0)]);
    let mut english = first.clone();
    english.phrases[0].language = Language::English;
    let mut longer = first.clone();
    longer.phrases[0].pause = Duration::from_millis(101);
    let mut same = first.clone();
    same.phrases[1].pause = Duration::from_secs(1);

    let clip = speech.prepare(&first, Haste::Next).await.unwrap();

    assert_ne!(
        speech.prepare(&english, Haste::Next).await.unwrap().media,
        clip.media
    );
    assert_ne!(
        speech.prepare(&longer, Haste::Next).await.unwrap().media,
        clip.media
    );
    assert_eq!(
        speech.ready(&same),
        Some(clip),
        "no silence follows the last phrase"
    );
}

#[tokio::test]
async fn warming_counts_what_is_ready_and_what_failed() {
    let studio = Studio::new();
    let speech = studio.open();
    let prompts = [menu(), prompt(&[("...", 0)]), prompt(&[("Соединяю.", 0)])];
    let mut steps = Vec::new();
    let end = speech
        .warm(prompts, |step| {
            steps.push((step.ready, step.failed, step.total));
        })
        .await;
    assert_eq!(
        end,
        Warming {
            total: 3,
            ready: 2,
            failed: 1
        }
    );
    assert_eq!(steps, [(1, 0, 3), (1, 1, 3), (2, 1, 3)]);
    assert!(speech.ready(&menu()).is_some());
}

#[tokio::test]
async fn a_failure_is_told_and_the_next_caller_tries_again() {
    let studio = Studio::new();
    let prompt = prompt(&[("Анна", 0)]);
    let broken = studio.open_with("cat >/dev/null; echo out of order >&2; exit 1");
    let error = broken.prepare(&prompt, Haste::Next).await.unwrap_err();
    assert!(error.to_string().contains("out of order"), "{error}");
    broken.prepare(&prompt, Haste::Next).await.unwrap_err();
    assert_eq!(studio.syntheses(), 2);

    let garbage = studio.open_with("cat");
    let error = garbage.prepare(&prompt, Haste::Next).await.unwrap_err();
    let SpeechError::NotSpoken { reason, .. } = &error else {
        panic!("{error}");
    };
    assert!(
        matches!(reason, Unspoken::Failed(ServiceError::BadSound(_))),
        "{error}"
    );
    assert!(studio.files("").is_empty(), "{:?}", studio.files(""));
}

#[tokio::test]
async fn a_prompt_beyond_measure_is_refused() {
    let studio = Studio::new();
    let speech = studio.open();
    let nothing = Prompt {
        phrases: Vec::new(),
    };
    assert!(matches!(
        speech.prepare(&nothing, Haste::Next).await,
        Err(SpeechError::NothingToSay)
    ));
    let many = prompt(&[("а", 0); workshop::MOST_PHRASES + 1]);
    assert!(matches!(
        speech.prepare(&many, Haste::Next).await,
        Err(SpeechError::PromptTooLong { .. })
    ));
    let pause = prompt(&[("а", 10_001)]);
    assert!(matches!(
        speech.prepare(&pause, Haste::Next).await,
        Err(SpeechError::PromptTooLong { .. })
    ));
    let long = prompt(&[("а", 10_000); 40]);
    let error = speech.prepare(&long, Haste::Next).await.unwrap_err();
    assert!(error.to_string().contains("at most 300 seconds"), "{error}");
}

#[tokio::test]
async fn every_user_can_read_the_clips() {
    let (_studio, clip) = Studio::new()
        .open_and_prepare(&prompt(&[("Соединяю.", 0)]))
        .await;
    for ending in ["sln16", "alaw", "ulaw"] {
        let path = formats::with_ending(&base(&clip), ending);
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644, "{ending}");
    }
}

#[tokio::test]
async fn for_a_channel_whose_formats_are_known_nothing_else_is_written() {
    let (studio, _) = Studio::new()
        .open_and_prepare(&prompt(&[("Соединяю.", 0)]))
        .await;
    let narrow = studio.open().for_channel("(alaw)");
    assert!(
        narrow.ready(&prompt(&[("Соединяю.", 0)])).is_some(),
        "it is there for everybody"
    );
    let clip = narrow.prepare(&menu(), Haste::Next).await.unwrap();
    let heard = file(&clip, "alaw");
    for other in ["ulaw", "sln16"] {
        assert!(
            !formats::with_ending(&base(&clip), other).exists(),
            "{other}"
        );
    }
    assert_eq!(narrow.ready(&menu()), Some(clip.clone()));
    let everybody = studio.open();
    assert_eq!(everybody.ready(&menu()), None, "others hear other formats");
    assert_eq!(everybody.prepare(&menu(), Haste::Next).await.unwrap(), clip);
    assert_eq!(file(&clip, "alaw"), heard, "the same is heard");
}
