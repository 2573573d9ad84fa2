//! How long what lies on a call's way takes, one by one: `make bench-steps`.

mod scene;

use std::hint::black_box;
use std::time::Instant;

use divan::Bencher;

use scene::{Kept, Scene, Spoken};

fn main() {
    divan::main();
}

#[divan::bench]
fn an_event_of_asterisk_is_read(bencher: Bencher<'_, '_>) {
    bencher.bench(|| scene::read(black_box(scene::CALLER_COMES)));
}

#[divan::bench(args = [8, 500])]
fn a_client_with_so_many_events_is_ranked(bencher: Bencher<'_, '_>, events: u32) {
    let scene = Scene::with_events(events);
    bencher.bench(|| black_box(&scene).ranking());
}

#[divan::bench]
fn a_menu_is_made_of_a_ranking(bencher: Bencher<'_, '_>) {
    let scene = Scene::with_events(8);
    let ranking = scene.ranking();
    bencher.bench(|| scene.menu(black_box(&ranking)));
}

#[divan::bench]
fn a_menu_is_put_into_words(bencher: Bencher<'_, '_>) {
    let scene = Scene::with_events(8);
    let (wording, menu) = (scene::wording(), scene.menu(&scene.ranking()));
    bencher.bench(|| scene::words(black_box(&wording), black_box(&menu)));
}

#[divan::bench]
fn all_steps_of_a_call_are_decided(bencher: Bencher<'_, '_>) {
    let scene = Scene::with_events(8);
    let (wording, menu) = (scene::wording(), scene.menu(&scene.ranking()));
    let now = Instant::now();
    bencher
        .with_inputs(|| scene::new_call(&wording, &menu))
        .bench_values(|call| scene::whole_call(call, now));
}

#[divan::bench]
fn a_client_is_looked_up_in_the_store(bencher: Bencher<'_, '_>) {
    let kept = Kept::new();
    let mut client = 0;
    bencher.bench_local(|| {
        client += 7;
        kept.look_up(client)
    });
}

/// As a channel hears it, as Asterisk names its formats: an ordinary call, and one with the double rate.
#[divan::bench(sample_size = 1, args = ["(alaw)", "(slin16)"])]
fn a_menu_is_joined_of_phrases(bencher: Bencher<'_, '_>, formats: &str) {
    let spoken = Spoken::for_channel(formats);
    bencher.bench_local(|| spoken.join());
}

#[divan::bench]
fn a_menu_that_was_made_before_is_found(bencher: Bencher<'_, '_>) {
    let spoken = Spoken::new();
    bencher.bench_local(|| spoken.find());
}
