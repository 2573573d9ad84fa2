//! An attempt told in events, with virtual time. Each test names every action, so one too many fails
//! it like one too few.

mod briefing;
mod dialling;
mod queueing;
mod random;
mod talking;

use std::time::{Duration, Instant};

use super::super::super::call::{Failure, PlaybackEnding, PlaybackId, PromptId};
use super::super::super::directory::Endpoint;
use super::super::super::menu::Key;
use super::super::super::prompt::{Clip, Haste, Prompt};
use super::*;
use crate::domain::callback::JobId;

pub(super) const QUEUE_TIME: Duration = Duration::from_secs(120);
pub(super) const BRIEFING_AFTER: Duration = Duration::from_secs(5);
pub(super) const KEY_TIME: Duration = Duration::from_secs(4);
pub(super) const RING_TIME: Duration = Duration::from_secs(30);
pub(super) const PROMPT_TIME: Duration = Duration::from_secs(20);
pub(super) const MARGIN: Duration = Duration::from_secs(3);
pub(super) const LENGTH: Duration = Duration::from_secs(10);
pub(super) const GRACE: Duration = Duration::from_millis(1500);
/// Until the patient's telephone is stopped, and until that is believed without a sign.
pub(super) const RINGING: Duration = Duration::from_secs(31);
pub(super) const STOPPING: Duration = Duration::from_secs(3);

/// An attempt and the clock that it lives by.
pub(super) struct Scene {
    pub(super) attempt: Attempt,
    pub(super) now: Instant,
}

impl Scene {
    pub(super) fn new(detection: Detection, silence: Silence) -> Self {
        Self {
            attempt: Attempt::new(order(detection, silence)),
            now: Instant::now(),
        }
    }

    /// The call waits in the queue.
    pub(super) fn queueing(detection: Detection, silence: Silence) -> Self {
        let mut scene = Self::new(detection, silence);
        scene.after([Event::Begin]);
        scene.after((1..=6).map(ready));
        assert_eq!(scene.attempt.state_name(), "queueing");
        scene
    }

    /// The operator is there, and hears nothing yet.
    pub(super) fn settling(detection: Detection, silence: Silence) -> Self {
        let mut scene = Self::queueing(detection, silence);
        scene.after([Event::OperatorPickedUp, arrived(Verdict::Unknown)]);
        scene
    }

    /// The operator hears the briefing as playback 1.
    pub(super) fn briefing(silence: Silence) -> Self {
        let mut scene = Self::settling(Detection::Key, silence);
        scene.after([key('#')]);
        scene
    }

    /// The operator pressed 1, and hears «соединяю» as playback 2.
    pub(super) fn dialling() -> Self {
        let mut scene = Self::briefing(Silence::Connects);
        scene.after([key('1'), dialled()]);
        assert_eq!(scene.attempt.state_name(), "dialling");
        scene
    }

    /// The two talk, and no lease runs.
    pub(super) fn talking() -> Self {
        let mut scene = Self::dialling();
        scene.after([
            Event::PatientAnswered,
            Event::Bridged,
            Event::LeaseCleared(Side::Patient),
            Event::LeaseCleared(Side::Operator),
        ]);
        assert_eq!(scene.attempt.deadline(), None);
        scene
    }

    /// A process before this one brought the two together.
    pub(super) fn taken_over(story: Story) -> Self {
        let mut scene = Self::talking();
        let order = scene.attempt.order().clone();
        scene.attempt = Attempt::taken_over(order, story, scene.now);
        scene
    }

    /// Lets events happen without a look at the actions.
    pub(super) fn after(&mut self, events: impl IntoIterator<Item = Event>) {
        for event in events {
            self.attempt.on_event(self.now, event);
        }
    }

    /// Exactly these actions answer the event.
    #[track_caller]
    pub(super) fn assert_actions(
        &mut self,
        event: Event,
        expected: impl IntoIterator<Item = Action>,
    ) {
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(self.attempt.on_event(self.now, event), expected);
    }

    /// Nothing happens until the deadline, which is this far away; these actions answer it.
    #[track_caller]
    pub(super) fn assert_deadline(
        &mut self,
        after: Duration,
        expected: impl IntoIterator<Item = Action>,
    ) {
        let deadline = self.attempt.deadline().unwrap();
        assert_eq!(
            deadline.at - self.now,
            after,
            "waits for {}",
            deadline.waits_for
        );
        self.now = deadline.at;
        self.assert_actions(Event::DeadlineReached, expected);
    }

    /// The attempt has ended: it has no deadline and answers nothing any more.
    #[track_caller]
    pub(super) fn assert_over(&mut self) {
        assert_eq!(self.attempt.state_name(), "ended");
        assert_eq!(self.attempt.deadline(), None);
        self.assert_actions(Event::DeadlineReached, []);
        self.assert_actions(Event::PatientAnswered, []);
        self.assert_actions(hung_up(), []);
    }
}

pub(super) fn order(detection: Detection, silence: Silence) -> Order {
    let prompt = || Prompt {
        phrases: Vec::new(),
    };
    Order {
        job: JobId::parse("crm-17").unwrap(),
        number: 2,
        patient: Patient {
            endpoint: Endpoint::parse("PJSIP/+79161112233@carrier").unwrap(),
            number: "+79161112233".to_owned(),
            name: "Smirnova Anna".to_owned(),
            shown_number: "+74959262644".to_owned(),
            shown_name: "Clinic".to_owned(),
        },
        operators: Operators {
            owner: Vec::new(),
            queue: "operators".to_owned(),
            priority: 10,
        },
        prompts: Prompts {
            briefing: prompt(),
            plain: prompt(),
            connecting: prompt(),
            busy: prompt(),
            no_answer: prompt(),
            sorry: prompt(),
            apology: prompt(),
        },
        policy: Policy {
            detection,
            queue_time: QUEUE_TIME,
            briefing_after: BRIEFING_AFTER,
            key_time: KEY_TIME,
            silence,
            ring_time: RING_TIME,
            prompt_time: PROMPT_TIME,
            lease_margin: MARGIN,
        },
    }
}

pub(super) fn clip(prompt: u32) -> Clip {
    Clip {
        media: format!("sound:/clips/{prompt}"),
        length: LENGTH,
    }
}

/// The prompts in the order in which they are asked for: briefing, connecting, busy, no answer,
/// sorry, apology; the plain briefing when it is needed.
pub(super) fn ready(prompt: u32) -> Event {
    Event::PromptReady {
        prompt: PromptId(prompt),
        clip: clip(prompt),
    }
}

pub(super) fn arrived(verdict: Verdict) -> Event {
    Event::OperatorArrived {
        verdict,
        operator: OperatorNumber("90".to_owned()),
    }
}

pub(super) fn hung_up() -> Event {
    Event::OperatorLeft(Departure::HungUp)
}

pub(super) fn key(key: char) -> Event {
    Event::KeyPressed(Key::parse(key).unwrap())
}

pub(super) fn played(playback: u32) -> Event {
    Event::PlaybackEnded {
        playback: PlaybackId(playback),
        ending: PlaybackEnding::Played,
    }
}

pub(super) fn dialled() -> Event {
    Event::PatientDialled {
        channel_name: "PJSIP/carrier-1".to_owned(),
        rings: false,
    }
}

pub(super) fn ended(sip: u16) -> Event {
    Event::PatientEnded(cause(sip))
}

pub(super) fn cause(sip: u16) -> Cause {
    Cause {
        q850: None,
        sip: Some(sip),
    }
}

pub(super) fn failed(step: Step, failure: Failure) -> Event {
    Event::StepFailed { step, failure }
}

pub(super) fn play(playback: u32, prompt: u32) -> Action {
    Action::Play {
        playback: PlaybackId(playback),
        clip: clip(prompt),
    }
}

pub(super) fn stop(playback: u32) -> Action {
    Action::StopPlayback(PlaybackId(playback))
}

pub(super) fn tie() -> Action {
    Action::TieOperatorTo {
        channel_name: "PJSIP/carrier-1".to_owned(),
    }
}

/// What answers an acceptance while playback 1 has ended.
pub(super) fn dialling_actions(words: u32) -> [Action; 5] {
    [
        Action::GrantLease(LENGTH + GRACE + RINGING + STOPPING + MARGIN),
        play(words, 2),
        Action::OriginatePatient {
            ring_time: RING_TIME,
            apology: Some(clip(6)),
        },
        Action::CreateBridge,
        Action::Tell(News::PatientDialled),
    ]
}
