//! What a real Asterisk 22.10 sent, read back. `recorded.jsonl` is one leg that was called, heard
//! two prompts, sat in a bridge, pressed a key and was hung up; then one that was busy; then our name
//! was taken. Only `asterisk_id` is changed.

use super::*;

const RECORDED: &str = include_str!("recorded.jsonl");

fn recorded() -> Vec<Event> {
    RECORDED.lines().map(Event::read).collect()
}

fn first(of_type: &str) -> &'static str {
    let wanted = format!("\"type\":\"{of_type}\"");
    let found = RECORDED.lines().find(|line| line.contains(&wanted));
    found.unwrap_or_else(|| panic!("no {of_type} was recorded"))
}

#[test]
fn every_recorded_event_of_a_type_that_we_know_is_read() {
    let unknown = [
        "ChannelCallerId",
        "ChannelConnectedLine",
        "ChannelDialplan",
        "ChannelVarset",
    ];
    for line in RECORDED.lines() {
        let ignored = unknown
            .iter()
            .any(|name| line.contains(&format!("\"type\":\"{name}\"")));
        assert_eq!(Event::read(line) == Event::Other, ignored, "{line}");
    }
}

#[test]
fn a_start_brings_the_channel_and_its_arguments() {
    let Event::StasisStart {
        at, channel, args, ..
    } = Event::read(first("StasisStart"))
    else {
        panic!("not a StasisStart");
    };
    assert_eq!(channel.id, ChannelId::new("leg-1"));
    assert_eq!(channel.caller.number, "+74959262644");
    assert_eq!(channel.caller.name, "Чулкова");
    assert_eq!(channel.dialplan.extension, "200");
    assert_eq!(channel.language, "en");
    assert_eq!(args.as_slice(), ["agent", "call-1"]);
    assert!(channel.created_at <= at);
}

#[test]
fn a_prompt_that_was_stopped_is_done_and_a_missing_one_failed() {
    let mut ends = Vec::new();
    for event in recorded() {
        if let Event::PlaybackFinished { playback, .. } = event {
            ends.push((playback.id, playback.state));
        }
    }
    let expected = [
        (PlaybackId::new("p-1"), PlaybackState::Done),
        (PlaybackId::new("p-2"), PlaybackState::Failed),
    ];
    assert_eq!(ends, expected);
}

#[test]
fn a_busy_leg_is_dialled_and_told_busy() {
    let mut told = Vec::new();
    for event in recorded() {
        if let Event::Dial { peer, status, .. } = event
            && peer.id.as_str() == "leg-2"
        {
            told.push(status);
        }
    }
    assert_eq!(told, ["", "BUSY"]);
}

#[test]
fn a_key_press_is_one_character_and_its_length() {
    let event = Event::read(first("ChannelDtmfReceived"));
    assert!(
        matches!(
            event,
            Event::ChannelDtmfReceived {
                digit: '1',
                duration_ms: 100,
                ..
            }
        ),
        "{event:?}"
    );
}

#[test]
fn a_sip_status_is_kept_when_asterisk_sends_it() {
    let line = first("ChannelDestroyed").replacen("{", r#"{"tech_cause":486,"#, 1);
    let event = Event::read(&line);
    assert!(
        matches!(
            event,
            Event::ChannelDestroyed {
                tech_cause: Some(486),
                cause: 17,
                ..
            }
        ),
        "{event:?}"
    );
}

#[test]
fn fields_that_are_new_to_us_are_ignored() {
    let line =
        first("StasisStart").replace(r#""language":"#, r#""brand_new":{"a":[1]},"language":"#);
    assert_eq!(Event::read(&line), Event::read(first("StasisStart")));
}

#[test]
fn what_it_is_may_be_said_anywhere_and_with_escapes() {
    for kind in ["StasisStart", "ChannelDestroyed", "PlaybackFinished"] {
        let said_first = format!(r#"{{"type":"{kind}","#);
        let fields = first(kind).strip_prefix(&said_first);
        let fields = fields.and_then(|fields| fields.strip_suffix('}'));
        let fields = fields.unwrap_or_else(|| panic!("{kind} does not say first what it is"));
        for text in [
            format!(r#"{{{fields},"type":"{kind}"}}"#),
            format!(r#"{{ "type" : "{kind}",{fields}}}"#),
            first(kind).replacen('a', r"\u0061", 1),
        ] {
            assert_eq!(Event::read(&text), Event::read(first(kind)), "{text}");
        }
    }
}

#[test]
fn a_channel_without_its_optional_fields_is_read() {
    let line = r#"{"type":"StasisEnd","timestamp":"2026-11-21T02:45:40.174+0000","channel":
        {"id":"a","name":"PJSIP/34-1","state":"Sleeping","creationtime":"2026-11-21T02:45:37.197+0000"}}"#;
    let Event::StasisEnd { channel, .. } = Event::read(line) else {
        panic!("not a StasisEnd")
    };
    assert_eq!(channel.state, crate::ari::ChannelState::Unknown);
    assert_eq!(channel.caller.number, "");
}

#[test]
fn what_cannot_be_read_is_ignored() {
    let without_channel = r#"{"type":"StasisEnd","timestamp":"2026-11-21T02:45:40.174+0000"}"#;
    for text in ["", "null", "[]", "{}", r#"{"type":7}"#, without_channel] {
        assert_eq!(Event::read(text), Event::Other, "{text}");
    }
}

#[test]
fn the_log_of_an_unreadable_event_names_the_field_but_not_its_value() {
    let reason = |json: &str| match tagged::read::<Event>(json) {
        Ok(event) => panic!("it was read: {event:?}"),
        Err(reason) => without_content(&reason.to_string()),
    };
    let without_channel = r#"{"type":"StasisEnd","timestamp":"2026-11-21T02:45:40.174+0000"}"#;
    assert!(reason(without_channel).contains("`channel`"));
    let odd = first("ChannelDestroyed")
        .replace(r#""cause":17"#, r#""cause":"+74959262644, expected u64""#);
    assert_eq!(reason(&odd), "invalid type, expected i64");
    let no_moment = first("StasisEnd").replace("2026-11-21T", "+74959262644 ");
    assert!(
        !reason(&no_moment).contains("495"),
        "{}",
        reason(&no_moment)
    );
}

#[test]
fn an_event_in_a_log_shows_no_name_and_no_number() {
    for event in recorded() {
        let printed = format!("{event:?}");
        for personal in ["Чулкова", "495926", "call-1", "Local/"] {
            assert!(!printed.contains(personal), "{printed}");
        }
    }
}
