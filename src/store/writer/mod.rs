//! The one thread that writes. It takes all changes that wait, writes them as one group, and answers
//! when all of it is on disk.

mod added;
mod clients;
mod erasing;
mod group;
mod rewriting;
mod rewritten;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;
use std::{io, thread};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::metrics;

use super::change::{Change, Done};
use super::error::StoreError;
use super::known::Known;
use super::shared::Shared;

use group::write_group;
use rewriting::Rewriting;

/// How many requests may wait. Whoever comes then waits for a place.
const MAILBOX: usize = 1_024;
/// A group that has so many changes is closed.
const GROUP: usize = 4_096;

/// So many of the latest events are kept with the client at least, once there are so many.
const KEPT_WITH_CLIENT: usize = 16;
/// With more of them, the others become a block.
const MOST_WITH_CLIENT: usize = 48;

/// Changes, and where to say what became of them.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) changes: Vec<Change>,
    pub(super) answer: oneshot::Sender<Result<Vec<Done>, StoreError>>,
}

/// Begins to write. It ends when the last sender is dropped.
pub(super) fn start(
    shared: Arc<Shared>,
    known: Known,
) -> io::Result<(mpsc::Sender<Request>, JoinHandle<()>)> {
    let (sender, mailbox) = mpsc::channel(MAILBOX);
    let clock = Builder::new_current_thread().enable_time().build()?;
    let writer = Writer {
        rewriting: Rewriting::new(&shared),
        shared,
        mailbox,
        clock,
        known: Some(known),
    };
    let thread = thread::Builder::new().name("store".to_owned());
    Ok((sender, thread.spawn(move || writer.run())?))
}

struct Writer {
    shared: Arc<Shared>,
    mailbox: mpsc::Receiver<Request>,
    /// For waiting no longer than until it is time to rewrite.
    clock: Runtime,
    /// `None` after an error: then it may be ahead of the disk.
    known: Option<Known>,
    rewriting: Rewriting,
}

/// What came of waiting.
enum Next {
    Request(Request),
    Nothing,
    Closed,
}

impl Writer {
    fn run(mut self) {
        loop {
            let next = self.next();
            let started = Instant::now();
            let group = match next {
                Next::Request(first) => {
                    let group = self.group(first);
                    self.serve(group);
                    Some(started.elapsed())
                }
                Next::Nothing => None,
                Next::Closed => return,
            };
            self.rewriting.go_on(&self.shared, group);
        }
    }

    fn next(&mut self) -> Next {
        if self.rewriting.is_under_way() {
            return match self.mailbox.try_recv() {
                Ok(request) => Next::Request(request),
                Err(TryRecvError::Empty) => Next::Nothing,
                Err(TryRecvError::Disconnected) => Next::Closed,
            };
        }
        let rest = self.rewriting.rest(&self.shared);
        let next = self.mailbox.recv();
        let next = match rest {
            None => self.clock.block_on(next),
            Some(rest) => {
                let next = self.clock.block_on(async { timeout(rest, next).await });
                let Ok(next) = next else {
                    return Next::Nothing;
                };
                next
            }
        };
        next.map_or(Next::Closed, Next::Request)
    }

    /// Takes what else waits.
    fn group(&mut self, first: Request) -> Vec<Request> {
        let mut size = first.changes.len();
        let mut group = vec![first];
        while size < GROUP
            && let Ok(next) = self.mailbox.try_recv()
        {
            size += next.changes.len();
            group.push(next);
        }
        group
    }

    /// A group of which one request can't be carried out is carried out request by request, so that
    /// the others don't suffer from it.
    fn serve(&mut self, group: Vec<Request>) {
        let started = Instant::now();
        self.shared.begins_to_write();
        let written = self.write(&group);
        let is_well = written.as_ref().err().is_none_or(is_about_a_value);
        self.shared.has_written(is_well);
        metrics::written(started.elapsed(), written.is_ok());
        match written {
            Ok(done) => answer_all(group, done),
            Err(reason) if group.len() > 1 && is_of_a_single_request(&reason) => {
                for request in group {
                    self.serve(vec![request]);
                }
            }
            Err(reason) => {
                self.rewriting.give_up();
                self.shared.has_failed(&reason);
                for request in group {
                    let _ = request.answer.send(Err(reason.clone()));
                }
            }
        }
    }

    fn write(&mut self, group: &[Request]) -> Result<Vec<Vec<Done>>, StoreError> {
        let known = self.known.take();
        let work = AssertUnwindSafe(|| write_group(&self.shared, known, group));
        let written = catch_unwind(work).unwrap_or(Err(StoreError::BrokeOff))?;
        self.known = Some(written.known);
        self.shared.has_worked();
        if written.has_erased {
            let after = self.shared.settings.rewrite_after;
            self.rewriting.has_erased(after);
        }
        Ok(written.done)
    }
}

fn answer_all(group: Vec<Request>, done: Vec<Vec<Done>>) {
    for (request, done) in group.into_iter().zip(done) {
        // Whoever has stopped waiting does not need it.
        let _ = request.answer.send(Ok(done));
    }
}

fn is_about_a_value(reason: &StoreError) -> bool {
    matches!(reason, StoreError::Value(_) | StoreError::Newer(_))
}

fn is_of_a_single_request(reason: &StoreError) -> bool {
    match reason {
        StoreError::Value(_) | StoreError::Newer(_) | StoreError::BrokeOff => true,
        StoreError::Disk(_) | StoreError::Damaged(_) => false,
        StoreError::Reopening | StoreError::Closed => false,
    }
}
