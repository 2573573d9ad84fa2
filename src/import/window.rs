//! Lines that are read ahead and put in the order of their clients: a client with several events among
//! them is found and written once, and so is what lies beside them on disk.

use std::borrow::Cow;
use std::ops::Range;

use serde::Deserialize;

use super::{GROUP, Group, Kind};

/// So many bytes of objects are read ahead.
pub(super) const SIZE: usize = 32 << 20;

/// Lines that were read, and how far they have been handed out.
#[derive(Default)]
pub(super) struct Window {
    read: Group,
    /// In the order in which they go.
    order: Vec<Line>,
    handed_out: usize,
    /// Where the lines are in the file, in bytes.
    place: Range<u64>,
}

struct Line {
    /// The beginning of the client's id: it only says what lies beside what.
    client: u128,
    number: u64,
    /// Where its object is in what was read.
    object: Range<usize>,
}

/// What of an object says whose it is.
#[derive(Deserialize)]
struct Whose<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    client: Option<Cow<'a, str>>,
}

impl Window {
    pub(super) fn new(read: Group, kind: Kind, place: Range<u64>) -> Self {
        let mut end = 0;
        let objects = read.body.split_inclusive(|byte| *byte == b'\n');
        let lines = objects.zip(&read.lines).map(|(object, number)| {
            let start = end;
            end += object.len();
            Line {
                client: client(object, kind),
                number: *number,
                object: start..end,
            }
        });
        let mut order: Vec<Line> = lines.collect();
        // What goes together anyway needs no order; what one client has twice stays in its own.
        if order.len() > GROUP {
            order.sort_unstable_by_key(|line| (line.client, line.number));
        }
        Self {
            read,
            order,
            handed_out: 0,
            place,
        }
    }

    /// The next lines that go together; `None` when all have gone.
    pub(super) fn next_group(&mut self) -> Option<Group> {
        let rest = &self.order[self.handed_out..];
        let refused = std::mem::take(&mut self.read.refused);
        if rest.is_empty() && refused.is_empty() {
            return None;
        }
        let next = &rest[..rest.len().min(GROUP)];
        self.handed_out += next.len();
        let objects = next.iter().map(|line| &self.read.body[line.object.clone()]);
        Some(Group {
            body: objects.collect::<Vec<_>>().concat(),
            lines: next.iter().map(|line| line.number).collect(),
            refused,
            end: self.end(),
        })
    }

    /// How much of the file has gone with what was handed out.
    fn end(&self) -> u64 {
        let all = self.order.len().max(1) as f64;
        let length = (self.place.end - self.place.start) as f64;
        self.place.start + (length * self.handed_out as f64 / all) as u64
    }
}

fn client(object: &[u8], kind: Kind) -> u128 {
    let Ok(whose) = serde_json::from_slice::<Whose<'_>>(object) else {
        return 0;
    };
    let id = match kind {
        Kind::Events => whose.client,
        Kind::Clients | Kind::Employees => whose.id,
    };
    let id = id.unwrap_or_default();
    let mut beginning = [0; 16];
    for (place, byte) in beginning.iter_mut().zip(id.bytes()) {
        *place = byte;
    }
    u128::from_be_bytes(beginning)
}
