//! What the types of events are worth.

use super::*;
use crate::domain::rating::{CaseStep, KindName};

#[test]
fn a_type_of_event_takes_what_it_leaves_out_from_its_default_and_then_from_other() {
    let text = "[rating.other]\nweight = 7.0\ncap_a_day = 2\n\
                [rating.type.\"invoice.issued\"]\nweight = 300.0\n\
                [rating.type.\"visit\"]\nhalf_lives = [[\"2w\", 1.0]]\n";
    let rules = read_text(text).unwrap().rating;
    let kind = |name: &str| rules.of(&KindName::parse(name).unwrap()).unwrap().clone();
    assert_eq!(kind("invoice.issued").weight.points(), 300.0);
    assert_eq!(kind("invoice.issued").case, CaseStep::Opens);
    assert_eq!(kind("invoice.issued").cap_a_day, Some(2));
    assert_eq!(kind("visit").weight.points(), 7.0);
    let fortnight = kind("visit").half_lives.left_after(14.0 * 86_400.0);
    assert!((fortnight - 0.5).abs() < 1e-12);
    assert_eq!(kind("email.received").cap_a_day, Some(5));
    assert_eq!(kind("never heard of").weight.points(), 7.0);
}

#[test]
fn a_type_of_event_can_be_made_to_count_for_nothing() {
    let text = "[rating.type.\"mailing.sent\"]\nweight = 0.0\n[rating.other]\nweight = 0.0";
    let rules = read_text(text).unwrap().rating;
    for name in ["mailing.sent", "anything"] {
        let kind = rules.of(&KindName::parse(name).unwrap()).unwrap();
        assert_eq!(kind.weight.points(), 0.0);
    }
}
