//! What others are told of a call: each thing once, and nothing waits for it.

use super::*;

fn told(scene: &mut Scene, events: impl IntoIterator<Item = Event>) -> Vec<News> {
    let actions = events
        .into_iter()
        .flat_map(|event| scene.call.on_event(scene.now, event))
        .collect::<Vec<_>>();
    let news = actions.iter().filter_map(|action| {
        if let Action::Tell(news) = action {
            Some(*news)
        } else {
            None
        }
    });
    news.collect()
}

#[test]
fn a_call_tells_that_it_began_who_was_offered_and_that_two_talk() {
    let mut scene = Scene::new();
    let events = [Event::Arrived, ready(1), ready(2), played(1), played(2)];
    assert_eq!(told(&mut scene, events), [News::Started, News::Offered]);
    let events = [key(1), Event::LegAnswered(LEG), Event::Bridged(LEG)];
    assert_eq!(told(&mut scene, events), [News::Connected]);
    assert_eq!(told(&mut scene, [Event::LeaseCleared]), []);
}

#[test]
fn who_chooses_before_the_menu_was_heard_was_offered_it_all_the_same() {
    let mut scene = Scene::new();
    let events = [Event::Arrived, key(2)];
    assert_eq!(told(&mut scene, events), [News::Started, News::Offered]);
}

#[test]
fn a_menu_that_is_read_out_again_is_no_news() {
    let mut scene = Scene::offering();
    let events = [
        played(2),
        Event::DeadlineReached,
        ready(3),
        ready(4),
        played(3),
    ];
    assert_eq!(told(&mut scene, events), []);
    assert_eq!(scene.call.state_name(), "offering");
}

#[test]
fn the_greeting_alone_offers_nobody() {
    let mut scene = Scene::new();
    let events = [
        Event::Arrived,
        ready(1),
        Event::CallerLeft(Departure::HungUp),
    ];
    assert_eq!(told(&mut scene, events), [News::Started]);
}
