//! Which event comes next: any, and some more often than others.

use super::super::super::super::menu::Presence;
use super::*;

/// Random events, the same ones in every run.
pub(super) struct Dice(pub(super) fastrand::Rng);

impl Dice {
    fn one_of<T: Copy, const N: usize>(&mut self, all: [T; N]) -> T {
        all[self.0.usize(..N)]
    }

    fn leg(&mut self) -> LegId {
        LegId(self.0.u32(1..5))
    }

    fn prompt(&mut self) -> PromptId {
        PromptId(self.0.u32(1..12))
    }

    pub(super) fn event(&mut self) -> Event {
        match self.0.u32(0..72) {
            0 => Event::CallerLeft(self.one_of([Departure::HungUp, Departure::ToDialplan])),
            1 => Event::Stop,
            2 => self.failure(),
            3 => Event::PromptFailed(self.prompt()),
            4 => not_played(self.0.u32(1..12)),
            5..14 => ready(self.0.u32(1..12)),
            14..22 => played(self.0.u32(1..12)),
            22..29 => key(self.0.u32(0..10)),
            29 => Event::KeyPressed(Key::parse(self.one_of(['*', '#', 'A'])).unwrap()),
            30..34 => Event::LegAnswered(self.leg()),
            34..38 => self.leg_ended(),
            38..42 => Event::Bridged(self.leg()),
            42..46 => Event::LeaseCleared,
            46 => Event::LegRinging(self.leg()),
            47..49 => Event::LegReplaced(self.leg()),
            49 => Event::CallerKnown(Box::new(known(menu(&[(1, "anna", "77")])))),
            50 => Event::Arrived,
            51..54 => self.seen(),
            54..57 => Event::LegKeyPressed {
                leg: self.leg(),
                key: Key::digit(self.0.u32(1..4)).unwrap(),
            },
            57 => Event::LegFreed(self.leg()),
            58..60 => Event::CallbackKept,
            60 => Event::CallbackNotKept,
            _ => Event::DeadlineReached,
        }
    }

    fn failure(&mut self) -> Event {
        let failures = [
            Failure::Gone,
            Failure::Refused,
            Failure::NotSent,
            Failure::Unknown,
        ];
        let steps = [
            Step::Answer,
            Step::GrantLease,
            Step::ClearLease,
            Step::Play,
            Step::Bridge,
            Step::Continue,
            Step::HangUpCaller,
        ];
        failed(self.one_of(steps), self.one_of(failures))
    }

    fn leg_ended(&mut self) -> Event {
        let endings = [
            LegEnding::NoAnswer,
            LegEnding::Busy,
            LegEnding::Refused,
            LegEnding::Unreachable,
            LegEnding::HungUp,
        ];
        Event::LegEnded {
            leg: self.leg(),
            why: self.one_of(endings),
        }
    }

    fn seen(&mut self) -> Event {
        let all = [
            Presence::Free,
            Presence::Busy,
            Presence::Absent,
            Presence::Unknown,
        ];
        Event::Seen {
            person: EmployeeId::parse(self.one_of(["eugenia", "dmitry"])).unwrap(),
            presence: self.one_of(all),
        }
    }
}
