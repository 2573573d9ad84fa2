//! Leads what Asterisk tells to the call that it is about.

use std::sync::Arc;

use super::names::CallId;
use super::release::release_leg;
use super::supervision::{self, Arrival};
use super::translation::{self, CallerNews, Meaning};
use super::{Switchboard, fallback};
use crate::ari::{self, Channel, ChannelState, Timestamp};
use crate::domain::call::{Event, LegEnding};
use crate::metrics;

/// Which argument of `Stasis()` is the number that was called. Dialplans older than that have none.
const CALLED_ARGUMENT: usize = 1;

/// Which one says in what formats the channel speaks. Dialplans older than that have none either.
const FORMATS_ARGUMENT: usize = 2;

impl Switchboard {
    pub(super) fn on_event(&mut self, event: &ari::Event) {
        if self.attempts.on_event(event) {
            return;
        }
        self.measure(event);
        match translation::meaning(event) {
            Meaning::NewCaller => {
                if let ari::Event::StasisStart {
                    channel, at, args, ..
                } = event
                {
                    self.begin_call(channel.clone(), args.as_slice(), *at);
                }
            }
            Meaning::Replaced { old, new } => self.replace(&old, &new),
            Meaning::Answered(channel) => {
                if let Some((call, leg)) = self.calls.leg_of(&channel) {
                    self.tell_call(&call, Event::LegAnswered(leg));
                }
            }
            Meaning::OfCaller(channel, news) => self.tell_caller_news(&channel, news),
            Meaning::OfCall(call, event) => self.tell_of_leg_channel(&call, event),
            Meaning::Nothing => {}
        }
    }

    fn begin_call(&mut self, caller: Channel, arguments: &[String], at: Timestamp) {
        let argument = |place: usize| arguments.get(place).map(String::as_str);
        let id = self.ids.next();
        let desk = Arc::clone(&self.desk);
        if desk.vitals.lacks_fallback() {
            tokio::spawn(fallback::look_for(Arc::clone(&desk), caller.id.clone()));
        }
        let profile = desk.profiles.of(&caller, argument(CALLED_ARGUMENT));
        let formats = argument(FORMATS_ARGUMENT).unwrap_or_default();
        let speech = desk.speech.for_channel(formats);
        let arrival = Arrival {
            caller,
            profile,
            speech,
            at,
        };
        let entry = supervision::begin(desk, id.clone(), arrival, &mut self.supervisors);
        if self.stopping {
            // It came through the gate before that was closed.
            entry.tell(Event::Stop);
        }
        self.calls.insert(id, entry);
    }

    fn tell_caller_news(&mut self, channel: &ari::ChannelId, news: CallerNews) {
        let Some(call) = self.calls.of_caller(channel) else {
            if let CallerNews::Left(_) = news {
                self.replacement_left(channel);
            }
            return;
        };
        call.tell(match news {
            CallerNews::Key(key) => Event::KeyPressed(key),
            CallerNews::Left(departure) => Event::CallerLeft(departure),
        });
    }

    /// A telephone has transferred the call: another channel is the leg from now on.
    pub(super) fn replace(&mut self, old: &ari::ChannelId, new: &Channel) {
        let Some((call, leg)) = self.calls.leg_of(old) else {
            tracing::debug!(channel = %new.id, "a channel of no call was replaced");
            return;
        };
        self.calls.replace(&call, leg, &new.id);
        self.tell_call(&call, Event::LegReplaced(leg));
        // After an attended transfer nobody needs to pick up any more.
        if new.state == ChannelState::Up {
            self.tell_call(&call, Event::LegAnswered(leg));
        }
    }

    /// The channel that took a leg's place is gone, and with it the leg.
    fn replacement_left(&mut self, channel: &ari::ChannelId) {
        if let Some((call, leg)) = self.calls.leg_of(channel)
            && let Some(call) = self.calls.of_call(&call)
        {
            let why = LegEnding::HungUp;
            call.tell(Event::LegEnded { leg, why });
        }
    }

    /// A leg's own channel ends after a transfer, and the leg goes on in another.
    fn tell_of_leg_channel(&mut self, call: &CallId, event: Event) {
        if let Event::LegEnded { leg, .. } = event
            && let Some(call) = self.calls.of_call(call)
            && call.ledger.is_replaced(leg)
        {
            return;
        }
        self.tell_call(call, event);
    }

    pub(super) fn tell_call(&mut self, call: &CallId, event: Event) {
        if let Some(call) = self.calls.of_call(call) {
            call.tell(event);
            return;
        }
        if let Event::LegAnswered(leg) = event {
            // Somebody picked up for a call that is over, or that was a process before this one's.
            let requests = self.desk.requests.clone();
            let channel = call.leg(leg);
            tokio::spawn(async move { release_leg(&requests, &channel).await });
        }
    }

    /// Notes the times that callers feel.
    fn measure(&mut self, event: &ari::Event) {
        if let ari::Event::PlaybackStarted { at, playback } = event
            && let Some(call) = self.calls.of_id(playback.id.as_str())
            && let Some(after_ms) = call.stopwatch.sound(*at)
        {
            call.span
                .in_scope(|| tracing::debug!(after_ms, "the caller hears the first sound"));
            metrics::first_sound(after_ms);
        }
        if let ari::Event::ChannelDtmfReceived { at, channel, .. } = event
            && let Some(call) = self.calls.of_caller(&channel.id)
        {
            call.stopwatch.key(*at);
        }
        if let ari::Event::ChannelStateChange { at, channel } = event
            && let Some(call) = self.calls.of_id(channel.id.as_str())
            && let Some(after_ms) = call.stopwatch.rings(*at)
        {
            call.span
                .in_scope(|| tracing::debug!(after_ms, "the telephone rings after the key"));
            metrics::rings(after_ms);
        }
    }
}
