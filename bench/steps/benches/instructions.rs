//! How many instructions what lies on a call's way takes: `make bench-steps`. They are the same in
//! every run, where seconds are noisy.
//!
//! Each is done once before it is counted: what is read or calculated once in a process's life is no part of
//! a call. Only the thread that asks is counted, so that joining phrases, which is another's work, is not here.

mod scene;

use std::hint::black_box;
use std::time::Instant;

use gungraun::{library_benchmark, library_benchmark_group, main};
use vizavi::ari;
use vizavi::domain::call::Call;
use vizavi::domain::menu::{Menu, Wording};
use vizavi::domain::prompt::{Clip, Prompt};
use vizavi::domain::rating::Ranking;

use scene::{Kept, Scene, Spoken};

fn ranked() -> (Scene, Ranking) {
    let scene = Scene::with_events(8);
    let ranking = scene.ranking();
    (scene, ranking)
}

fn offered() -> (Wording, Menu) {
    let (scene, ranking) = ranked();
    let (wording, menu) = (scene::wording(), scene.menu(&ranking));
    black_box(scene::words(&wording, &menu));
    (wording, menu)
}

fn call() -> (Call, Instant) {
    let (wording, menu) = offered();
    let now = Instant::now();
    black_box(scene::whole_call(scene::new_call(&wording, &menu), now));
    (scene::new_call(&wording, &menu), now)
}

fn event() -> &'static str {
    black_box(scene::read(scene::CALLER_COMES));
    scene::CALLER_COMES
}

fn kept() -> Kept {
    let kept = Kept::new();
    black_box(kept.look_up(7));
    kept
}

fn spoken() -> Spoken {
    let spoken = Spoken::new();
    black_box(spoken.find());
    spoken
}

#[library_benchmark]
#[bench::usual(event())]
fn an_event_of_asterisk_is_read(event: &str) -> ari::Event {
    scene::read(black_box(event))
}

#[library_benchmark]
#[bench::of_8_events(Scene::with_events(8))]
#[bench::of_500_events(Scene::with_events(500))]
fn a_client_is_ranked(scene: Scene) -> (Scene, Ranking) {
    let ranking = scene.ranking();
    (scene, ranking)
}

#[library_benchmark]
#[bench::usual(ranked())]
fn a_menu_is_made_of_a_ranking((scene, ranking): (Scene, Ranking)) -> (Menu, Scene, Ranking) {
    (scene.menu(&ranking), scene, ranking)
}

#[library_benchmark]
#[bench::usual(offered())]
fn a_menu_is_put_into_words((wording, menu): (Wording, Menu)) -> (Prompt, Wording, Menu) {
    (scene::words(&wording, &menu), wording, menu)
}

#[library_benchmark]
#[bench::usual(call())]
fn all_steps_of_a_call_are_decided((call, now): (Call, Instant)) -> usize {
    scene::whole_call(call, now)
}

#[library_benchmark]
#[bench::of_1000(kept())]
fn a_client_is_looked_up_in_the_store(kept: Kept) -> (usize, Kept) {
    (kept.look_up(7).len(), kept)
}

#[library_benchmark]
#[bench::usual(spoken())]
fn a_menu_that_was_made_before_is_found(spoken: Spoken) -> (Option<Clip>, Spoken) {
    (spoken.find(), spoken)
}

library_benchmark_group!(
    name = on_a_calls_way,
    benchmarks = [
        an_event_of_asterisk_is_read,
        a_client_is_ranked,
        a_menu_is_made_of_a_ranking,
        a_menu_is_put_into_words,
        all_steps_of_a_call_are_decided,
        a_client_is_looked_up_in_the_store,
        a_menu_that_was_made_before_is_found
    ]
);
main!(library_benchmark_groups = on_a_calls_way);
