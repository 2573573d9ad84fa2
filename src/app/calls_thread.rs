//! The thread in which calls are served, and nothing else: what happens in a call wakes no other thread,
//! and whatever a CRM asks for is not in its way.
//!
//! Nothing may block in it. What waits for a disk or calculates for long is given to the threads that
//! tokio keeps for that, and phrases, callback jobs and the contract live in the other runtime.

use std::future::Future;
use std::io;
use std::panic::resume_unwind;
use std::thread;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

/// How many threads at most wait for disks, or calculate, for calls.
const MOST_HELPERS: usize = 32;

/// They stay: when memory is short, no new one can be had.
const HELPERS_STAY: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Runs `work` in its thread to the end, and tells it when `stop` has completed.
///
/// # Errors
/// What the system says when there is no thread to be had.
pub(super) async fn run<Work, Result>(
    work: impl FnOnce(Stopping) -> Work + Send + 'static,
    stop: impl Future<Output = ()>,
) -> io::Result<Result>
where
    Work: Future<Output = Result>,
    Result: Send + 'static,
{
    let runtime = Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(MOST_HELPERS)
        .thread_keep_alive(HELPERS_STAY)
        .build()?;
    // The first of them. When the system has no thread to give, whoever needs one waits for those that
    // there are; if there is none, tokio panics.
    runtime.spawn_blocking(|| {});
    let (ask_to_stop, asked_to_stop) = oneshot::channel();
    let (finish, mut finished) = oneshot::channel();
    let thread = thread::Builder::new()
        .name("calls".to_owned())
        .spawn(move || {
            let result = runtime.block_on(work(Stopping(asked_to_stop)));
            // A disk that hangs keeps nobody from ending.
            runtime.shutdown_background();
            let _ = finish.send(result);
        })?;
    let result = tokio::select! {
        result = &mut finished => result,
        () = stop => {
            let _ = ask_to_stop.send(());
            finished.await
        }
    };
    match result {
        Ok(result) => Ok(result),
        // It ends without a result only if it panics, and is over then.
        Err(_) => match thread.join() {
            Err(panic) => resume_unwind(panic),
            Ok(()) => Err(io::Error::other("the thread of the calls has ended")),
        },
    }
}

/// Asks the work to stop.
pub(super) struct Stopping(oneshot::Receiver<()>);

impl Stopping {
    /// Completes when that was asked, or when nobody is left who could.
    pub(super) fn asked(self) -> impl Future<Output = ()> {
        self.0.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn its_result_comes_back_without_being_asked_to_stop() -> io::Result<()> {
        let name = |_| async { thread::current().name().map(str::to_owned) };
        let name = run(name, pending()).await?;
        assert_eq!(name.as_deref(), Some("calls"));
        Ok(())
    }

    #[tokio::test]
    async fn it_is_told_to_stop_and_waited_for() -> io::Result<()> {
        let work = |stopping: Stopping| async {
            stopping.asked().await;
            tokio::task::yield_now().await;
            7
        };
        assert_eq!(run(work, ready(())).await?, 7);
        Ok(())
    }

    #[tokio::test]
    #[should_panic(expected = "a defect, on purpose")]
    async fn its_panic_is_ours() {
        let work = |_| async { panic!("a defect, on purpose") };
        let _: io::Result<()> = run(work, pending()).await;
    }
}
