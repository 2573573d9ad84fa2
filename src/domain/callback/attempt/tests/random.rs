//! Whatever happens in whatever order, an attempt ends once and leaves nothing behind, and the
//! patient is never dialled before an operator has accepted.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;

use super::*;

fn any_event() -> impl Strategy<Value = Event> {
    let id = 1..12u32;
    let failures = select(vec![
        Failure::Gone,
        Failure::Refused,
        Failure::NotSent,
        Failure::Unknown,
    ]);
    let steps = select(vec![
        Step::OriginateOperator,
        Step::GrantLease,
        Step::Play,
        Step::OriginatePatient,
        Step::Bridge,
        Step::ClearLease(Side::Operator),
        Step::ClearLease(Side::Patient),
    ]);
    let verdicts = select(vec![
        Verdict::Unknown,
        Verdict::Human,
        Verdict::Machine,
        Verdict::NotSure,
    ]);
    let plain = select(vec![
        Event::Begin,
        Event::OperatorPickedUp,
        dialled(),
        Event::PatientRinging,
        Event::PatientProgress,
        Event::PatientAnswered,
        Event::PatientAnswered,
        Event::PatientWentOn,
        Event::Bridged,
        Event::Bridged,
        Event::LeaseCleared(Side::Operator),
        Event::LeaseCleared(Side::Patient),
    ]);
    let rare = select(vec![
        hung_up(),
        Event::OperatorLeft(Departure::ToDialplan),
        Event::Cancel,
        Event::Stop,
    ]);
    let statuses = select(vec![0u16, 200, 404, 480, 486, 487, 503, 603]);
    prop_oneof![
        6 => (1..8u32).prop_map(ready),
        1 => (1..8u32).prop_map(|prompt| Event::PromptFailed(PromptId(prompt))),
        4 => verdicts.prop_map(arrived),
        6 => select("1111123*0#".chars().collect::<Vec<_>>()).prop_map(key),
        4 => id.clone().prop_map(played),
        1 => id.prop_map(|playback| Event::PlaybackEnded {
            playback: PlaybackId(playback),
            ending: PlaybackEnding::Failed,
        }),
        2 => statuses.prop_map(ended),
        8 => plain,
        1 => rare,
        1 => (steps, failures).prop_map(|(step, failure)| failed(step, failure)),
        6 => Just(Event::DeadlineReached),
    ]
}

fn any_setting() -> impl Strategy<Value = (Detection, Silence)> {
    let detections = vec![Detection::Off, Detection::Amd, Detection::Key];
    let silences = vec![Silence::Connects, Silence::Postpones];
    (select(detections), select(silences))
}

/// What an attempt has opened and not closed, and what the operator has done.
#[derive(Default)]
struct Ledger {
    operator: bool,
    patient: bool,
    bridge: bool,
    early_media: bool,
    playing: Option<PlaybackId>,
    accepted: bool,
    dialled: u32,
    finished: Vec<Outcome>,
}

impl Ledger {
    /// What the event says about the world, and whether it is an acceptance: written down here anew,
    /// from what was asked for, not from the code.
    fn hear(
        &mut self,
        event: &Event,
        state: &str,
        setting: (Detection, Silence),
        human: &mut bool,
    ) {
        if let Event::OperatorLeft(_) = event {
            self.operator = false;
            self.playing = None;
        }
        if let Event::PatientEnded(_) | Event::PatientWentOn = event {
            self.patient = false;
        }
        if let (Event::OperatorArrived { verdict, .. }, "queueing") = (event, state) {
            *human = match setting.0 {
                Detection::Off => true,
                Detection::Amd => *verdict == Verdict::Human,
                Detection::Key => false,
            };
        }
        // Before the briefing nothing is accepted, neither by a key nor by silence.
        if state != "briefing" {
            return;
        }
        let briefed = self.playing.is_some();
        if let Event::KeyPressed(pressed) = event {
            *human = true;
            self.accepted |= briefed && pressed.as_char() == '1';
        }
        if *event == Event::DeadlineReached {
            self.accepted |= briefed && *human && setting.1 == Silence::Connects;
        }
    }

    fn take(&mut self, actions: Vec<Action>) {
        for action in actions {
            assert!(self.finished.is_empty(), "{action:?} after the end");
            match action {
                Action::OriginateOperator { .. } => {
                    assert!(!self.operator, "a second operator");
                    self.operator = true;
                }
                Action::OriginatePatient { .. } => {
                    assert!(self.accepted, "nobody accepted");
                    self.dialled += 1;
                    assert_eq!(self.dialled, 1, "dialled twice");
                    self.patient = true;
                }
                Action::CreateBridge => {
                    assert!(
                        !std::mem::replace(&mut self.bridge, true),
                        "a second bridge"
                    );
                }
                Action::DestroyBridge => self.bridge = false,
                Action::HangUpOperator | Action::ReleaseOperator => {
                    self.operator = false;
                    self.playing = None;
                }
                Action::HangUpPatient | Action::SendPatientToQueue => self.patient = false,
                Action::StartEarlyMedia => {
                    assert!(!std::mem::replace(&mut self.early_media, true), "twice");
                }
                Action::EndEarlyMedia => {
                    assert!(std::mem::replace(&mut self.early_media, false), "nothing");
                }
                Action::Bridge => assert!(!self.early_media, "in two bridges"),
                Action::Play { playback, .. } => {
                    assert!(!self.early_media, "over the network");
                    self.playing = Some(playback);
                }
                Action::Finish(outcome) => {
                    assert!(!self.early_media, "its bridge is left");
                    self.finished.push(outcome);
                }
                Action::Prepare { .. }
                | Action::GrantLease(_)
                | Action::ClearLease(_)
                | Action::StopPlayback(_)
                | Action::StartRingback
                | Action::StopRingback
                | Action::TieOperatorTo { .. }
                | Action::WithdrawPatient
                | Action::Tell(_) => {}
            }
        }
    }
}

fn play_out(setting: (Detection, Silence), events: Vec<Event>) -> Ledger {
    let mut scene = Scene::new(setting.0, setting.1);
    let mut ledger = Ledger::default();
    let mut human = false;
    let mut on = |scene: &mut Scene, ledger: &mut Ledger, event: Event| {
        if event == Event::DeadlineReached
            && let Some(deadline) = scene.attempt.deadline()
        {
            assert!(deadline.at >= scene.now, "a deadline in the past");
            scene.now = deadline.at;
        }
        ledger.hear(&event, scene.attempt.state_name(), setting, &mut human);
        let lost = matches!(
            &event,
            Event::StepFailed {
                failure: Failure::Gone,
                ..
            }
        );
        let actions = scene.attempt.on_event(scene.now, event);
        if lost
            && actions
                .iter()
                .any(|action| matches!(action, Action::Finish(_)))
        {
            // It was the operator's leg that was gone.
            ledger.operator = false;
        }
        ledger.take(actions);
    };
    on(&mut scene, &mut ledger, Event::Begin);
    for event in events {
        on(&mut scene, &mut ledger, event);
    }
    // Nothing more is heard of anybody; a talk, also one whose leases could not be cleared, is ended
    // by the operator.
    for round in 0..30 {
        let last = match scene.attempt.deadline() {
            Some(_) if round < 20 => Event::DeadlineReached,
            Some(_) | None => hung_up(),
        };
        on(&mut scene, &mut ledger, last);
    }
    ledger
}

fn assert_clean(ledger: &Ledger, stopped: bool) {
    assert_eq!(ledger.finished.len(), 1, "{:?}", ledger.finished);
    let talks_on = stopped && ledger.finished == [Outcome::Connected];
    assert!(talks_on || !ledger.operator, "the operator's leg is left");
    assert!(talks_on || !ledger.patient, "the patient's leg is left");
    assert!(talks_on || !ledger.bridge, "the bridge is left");
    if matches!(
        ledger.finished[0],
        Outcome::Machine | Outcome::OperatorMissing
    ) {
        assert_eq!(ledger.dialled, 0);
    }
}

/// As far as an operator who hears the briefing.
fn briefed(verdict: Verdict) -> Vec<Event> {
    let mut story: Vec<Event> = (1..=6).map(ready).collect();
    story.extend([
        Event::OperatorPickedUp,
        arrived(verdict),
        Event::DeadlineReached,
    ]);
    story
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_patient_is_dialled_unasked_and_nothing_is_left(
        setting in any_setting(),
        events in vec(any_event(), 0..40),
    ) {
        let stopped = events.contains(&Event::Stop);
        assert_clean(&play_out(setting, events), stopped);
    }

    #[test]
    fn from_the_briefing_on_nothing_is_left_either(
        setting in any_setting(),
        verdict in select(vec![Verdict::Unknown, Verdict::Human, Verdict::NotSure]),
        events in vec(any_event(), 0..30),
    ) {
        let stopped = events.contains(&Event::Stop);
        let mut story = briefed(verdict);
        story.extend(events);
        assert_clean(&play_out(setting, story), stopped);
    }

    #[test]
    fn from_the_acceptance_on_nothing_is_left_either(
        setting in any_setting(),
        answered in any::<bool>(),
        events in vec(any_event(), 0..30),
    ) {
        let stopped = events.contains(&Event::Stop);
        let mut story = briefed(Verdict::Human);
        story.push(key('1'));
        story.extend(answered.then_some(Event::PatientAnswered));
        story.extend(events);
        assert_clean(&play_out(setting, story), stopped);
    }
}

#[test]
fn the_random_stories_come_as_far_as_a_talk() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut dialled, mut talks) = (0, 0);
    for _ in 0..500 {
        let strategy = (any_setting(), vec(any_event(), 0..30));
        let (setting, events) = strategy.new_tree(&mut runner).unwrap().current();
        let mut story = briefed(Verdict::Human);
        story.extend(events);
        let ledger = play_out(setting, story.clone());
        dialled += ledger.dialled;
        story.insert(9, key('1'));
        story.insert(10, Event::PatientAnswered);
        let ledger = play_out(setting, story);
        talks += u32::from(ledger.finished == [Outcome::Connected]);
    }
    assert!(
        dialled > 100 && talks > 25,
        "{dialled} dialled, {talks} talks"
    );
}
