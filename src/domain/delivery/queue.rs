//! Which message goes next: those of one call strictly one after the other, those of different calls
//! beside each other.

use std::collections::{BTreeSet, HashMap, VecDeque};

use jiff::Timestamp;

/// So many messages are on their way to one webhook at once.
pub const MOST_AT_ONCE: usize = 8;

/// After so many failures in a row, one message at a time tries whether it is over.
pub const FAILURES_IN_A_ROW: u32 = 3;

/// The messages that wait for one webhook, by their numbers.
#[derive(Debug, Default)]
pub struct Queue {
    /// Each call's messages, the oldest first.
    calls: HashMap<String, VecDeque<u64>>,
    /// The call of each call's oldest message.
    oldest: HashMap<u64, String>,
    /// Of these, those that are not on their way, with when they may be.
    due: BTreeSet<(Timestamp, u64)>,
    on_their_way: BTreeSet<u64>,
    length: usize,
    failures: u32,
}

impl Queue {
    /// Takes a message, which comes after those of its call that are there.
    pub fn add(&mut self, number: u64, call: &str, due: Timestamp) {
        let messages = self.calls.entry(call.to_owned()).or_default();
        messages.push_back(number);
        self.length += 1;
        if messages.len() == 1 {
            self.oldest.insert(number, call.to_owned());
            self.due.insert((due, number));
        }
    }

    /// The next one to be sent now; it is on its way then.
    pub fn next(&mut self, now: Timestamp) -> Option<u64> {
        let (due, number) = *self.due.first()?;
        if due > now || self.is_full() {
            return None;
        }
        self.due.remove(&(due, number));
        self.on_their_way.insert(number);
        Some(number)
    }

    /// When it is worth asking for the next one, if nothing happens before.
    #[must_use]
    pub fn wakes(&self) -> Option<Timestamp> {
        if self.is_full() {
            return None;
        }
        self.due.first().map(|(due, _)| *due)
    }

    /// A message is not there any more: taken, given up, or deleted. The next of its call is due.
    pub fn remove(&mut self, number: u64, now: Timestamp) {
        self.on_their_way.remove(&number);
        self.take_out(number, now);
    }

    /// The next of the call, which is due then.
    fn take_out(&mut self, number: u64, due: Timestamp) -> Option<u64> {
        let call = self.oldest.remove(&number)?;
        let messages = self.calls.get_mut(&call)?;
        messages.pop_front();
        self.length = self.length.saturating_sub(1);
        let Some(next) = messages.front().copied() else {
            self.calls.remove(&call);
            return None;
        };
        self.due.insert((due, next));
        self.oldest.insert(next, call);
        Some(next)
    }

    /// How many messages it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Messages with lesser numbers are not there any more, but for those on their way.
    pub fn forget_before(&mut self, number: u64) {
        let deleted = self.due.iter().filter(|(_, one)| *one < number);
        let mut deleted: Vec<(Timestamp, u64)> = deleted.copied().collect();
        while let Some((due, one)) = deleted.pop() {
            self.due.remove(&(due, one));
            let next = self.take_out(one, due);
            deleted.extend(next.filter(|next| *next < number).map(|next| (due, next)));
        }
    }

    /// A message is to be tried again.
    pub fn put_back(&mut self, number: u64, due: Timestamp) {
        if self.on_their_way.remove(&number) {
            self.due.insert((due, number));
        }
    }

    /// Whoever takes messages has answered, well or not. True if this is news: nothing goes any more,
    /// or it goes again. When it goes again, nobody waits for the end of a long pause.
    pub fn answered(&mut self, well: bool, now: Timestamp) -> bool {
        let was_failing = self.is_failing();
        self.failures = if well {
            0
        } else {
            self.failures.saturating_add(1)
        };
        if was_failing && well {
            let waiting = std::mem::take(&mut self.due).into_iter();
            self.due = waiting
                .map(|(due, number)| (due.min(now), number))
                .collect();
        }
        was_failing != self.is_failing()
    }

    fn is_failing(&self) -> bool {
        self.failures >= FAILURES_IN_A_ROW
    }

    fn is_full(&self) -> bool {
        let most = if self.is_failing() { 1 } else { MOST_AT_ONCE };
        self.on_their_way.len() >= most
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn later(seconds: i64) -> Timestamp {
        NOW + SignedDuration::from_secs(seconds)
    }

    fn queue(messages: &[(u64, &str)]) -> Queue {
        let mut queue = Queue::default();
        for (number, call) in messages {
            queue.add(*number, call, NOW);
        }
        queue
    }

    fn all_due(queue: &mut Queue, now: Timestamp) -> Vec<u64> {
        std::iter::from_fn(|| queue.next(now)).collect()
    }

    #[test]
    fn a_calls_second_message_waits_until_the_first_was_taken() {
        let mut queue = queue(&[(1, "a"), (2, "a"), (3, "a")]);
        assert_eq!(all_due(&mut queue, NOW), [1]);
        queue.remove(1, later(1));
        assert_eq!(all_due(&mut queue, later(1)), [2]);
        queue.remove(2, later(2));
        assert_eq!(all_due(&mut queue, later(2)), [3]);
        queue.remove(3, later(3));
        assert_eq!(queue.wakes(), None);
        assert!(queue.is_empty());
        assert!(queue.calls.is_empty() && queue.oldest.is_empty());
    }

    #[test]
    fn a_message_that_failed_keeps_those_after_it_waiting_and_no_other_call() {
        let mut queue = queue(&[(1, "a"), (2, "a"), (3, "b")]);
        assert_eq!(all_due(&mut queue, NOW), [1, 3]);
        queue.put_back(1, later(5));
        queue.remove(3, later(1));
        assert_eq!(queue.wakes(), Some(later(5)));
        assert_eq!(all_due(&mut queue, later(4)), [0; 0]);
        assert_eq!(all_due(&mut queue, later(5)), [1]);
    }

    #[test]
    fn so_many_calls_go_beside_each_other_and_no_more() {
        let calls: Vec<String> = (0..20).map(|call| call.to_string()).collect();
        let mut queue = Queue::default();
        for (number, call) in (0..).zip(&calls) {
            queue.add(number, call, NOW);
        }
        assert_eq!(all_due(&mut queue, NOW), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(queue.wakes(), None, "only an answer makes room");
        queue.remove(3, NOW);
        assert_eq!(all_due(&mut queue, NOW), [8]);
    }

    #[test]
    fn a_receiver_that_fails_is_tried_by_one_message_at_a_time() {
        let mut queue = queue(&[(1, "a"), (2, "b"), (3, "c"), (4, "d")]);
        assert_eq!(all_due(&mut queue, NOW), [1, 2, 3, 4]);
        for number in 1..=3 {
            queue.put_back(number, later(5));
            assert_eq!(
                queue.answered(false, later(5)),
                number == 3,
                "the third is news"
            );
        }
        queue.put_back(4, later(5));
        assert!(!queue.answered(false, later(5)));
        assert_eq!(all_due(&mut queue, later(5)), [1]);
        queue.remove(1, later(6));
        assert!(queue.answered(true, later(6)), "it goes again");
        assert_eq!(all_due(&mut queue, later(6)), [2, 3, 4]);
    }

    #[test]
    fn when_a_receiver_is_back_nobody_waits_for_the_end_of_a_long_pause() {
        let mut queue = queue(&[(1, "a"), (2, "b"), (3, "c")]);
        assert_eq!(all_due(&mut queue, NOW), [1, 2, 3]);
        for number in 1..=3 {
            queue.put_back(number, later(if number == 1 { 5 } else { 3600 }));
            queue.answered(false, NOW);
        }
        assert_eq!(all_due(&mut queue, later(5)), [1]);
        queue.remove(1, later(6));
        assert!(queue.answered(true, later(6)));
        assert_eq!(all_due(&mut queue, later(6)), [2, 3]);
    }

    #[test]
    fn what_was_deleted_in_the_store_is_forgotten_but_for_what_is_on_its_way() {
        let mut queue = queue(&[(1, "a"), (2, "b"), (3, "b"), (4, "c"), (5, "b"), (6, "a")]);
        assert_eq!(queue.next(NOW), Some(1));
        queue.forget_before(5);
        assert_eq!(queue.len(), 3);
        assert_eq!(all_due(&mut queue, NOW), [5]);
        queue.remove(1, NOW);
        assert_eq!(all_due(&mut queue, NOW), [6]);
        queue.remove(5, NOW);
        queue.remove(6, NOW);
        assert!(queue.is_empty() && queue.calls.is_empty() && queue.due.is_empty());
    }

    #[test]
    fn a_message_that_was_deleted_on_its_way_lets_the_next_of_its_call_go() {
        let mut queue = queue(&[(1, "a"), (2, "a")]);
        assert_eq!(queue.next(NOW), Some(1));
        queue.remove(1, NOW);
        queue.put_back(1, NOW);
        assert_eq!(all_due(&mut queue, NOW), [2]);
    }
}
