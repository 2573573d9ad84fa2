//! Whatever happens in whatever order, a call ends once and leaves nothing behind: every state has met every
//! event.

mod dice;
mod holdings;
mod met;

use super::*;
use dice::Dice;
use holdings::Holdings;
use met::Met;

/// The calls that are there, one after the other.
fn scene(number: u32) -> Scene {
    match number % 12 {
        0 => Scene::new(),
        1 => Scene::while_asking(menu(&[(1, "eugenia", "34")])),
        2 => Scene::with_extensions(menu(&[(1, "eugenia", "34"), (2, "dmitry", "02")])),
        3 => telephones::scene(Ringing::Together),
        4 => telephones::scene(Ringing::InTurn),
        5 => waiting::scene_of(WaitSound::Ringing),
        6 => waiting::scene_of(WaitSound::Music),
        7 => languages::two_languages(),
        8 => accepting::scene(),
        9 => promising::scene(),
        10 => promising::wished(),
        _ => talking::taken_over(Instant::now()),
    }
}

#[test]
fn every_state_meets_every_event_and_a_call_ends_once_and_leaves_nothing() {
    let mut dice = Dice(fastrand::Rng::with_seed(34));
    let mut met = Met::default();
    let mut digits_awaited = 0;
    for number in 0..10_000 {
        let mut scene = scene(number);
        let mut holdings = Holdings::default();
        if scene.call.state_name() == "taken over" {
            holdings.legs.insert(LEG);
            holdings.bridges.insert(BRIDGE);
        }
        let before_the_call = (0..dice.0.u32(0..2))
            .map(|_| dice.event())
            .collect::<Vec<_>>();
        let in_it = (0..dice.0.u32(1..40)).map(|_| dice.event());
        let events = before_the_call
            .into_iter()
            .chain([Event::Arrived])
            .chain(in_it);
        let last = [Event::CallerLeft(Departure::HungUp), Event::DeadlineReached];
        for event in events.chain(last) {
            holdings.let_go(&event);
            if event == Event::DeadlineReached
                && let Some(deadline) = scene.call.deadline()
            {
                digits_awaited += u32::from(deadline.waits_for == "a digit");
                scene.now = deadline.at;
            }
            let before = scene.call.state_name();
            holdings.take(scene.call.on_event(scene.now, event.clone()));
            met.note(before, &event, scene.call.state_name());
            let deadline = scene.call.deadline();
            assert!(
                deadline.is_none_or(|deadline| deadline.at >= scene.now),
                "{deadline:?} lies in the past after {event:?}"
            );
        }
        holdings.assert_nothing_is_left();
    }
    met.assert_complete();
    assert!(
        digits_awaited > 100,
        "only {digits_awaited} waits for a digit"
    );
}
