//! How many instructions what lies on a call's way takes: `make bench-steps`. They are the same in
//! every run, where seconds are noisy.

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
    (scene::wording(), scene.menu(&ranking))
}

fn call() -> (Call, Instant) {
    let (wording, menu) = offered();
    (scene::new_call(&wording, &menu), Instant::now())
}

#[library_benchmark]
fn an_event_of_asterisk_is_read() -> ari::Event {
    scene::read(black_box(scene::CALLER_COMES))
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
#[bench::of_1000(Kept::new())]
fn a_client_is_looked_up_in_the_store(kept: Kept) -> (usize, Kept) {
    (kept.look_up(7).len(), kept)
}

#[library_benchmark]
#[bench::of_4_phrases(Spoken::new())]
fn a_menu_is_joined_of_phrases(spoken: Spoken) -> (Clip, Spoken) {
    (spoken.join(), spoken)
}

#[library_benchmark]
#[bench::usual(Spoken::new())]
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
        a_menu_is_joined_of_phrases,
        a_menu_that_was_made_before_is_found
    ]
);
main!(library_benchmark_groups = on_a_calls_way);
