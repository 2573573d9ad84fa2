//! A process that can't outlive the tests.

use std::ffi::OsStr;
use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Sender, channel};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread;

type Order = (Command, Sender<io::Result<Child>>);

/// `setpriv --pdeathsig` counts the death of the *thread* that started the process, and threads of an async runtime come and go.
/// So all processes are started by this one, which ends with the test process itself.
static STARTER: LazyLock<Mutex<Sender<Order>>> = LazyLock::new(|| {
    let (sender, orders) = channel::<Order>();
    thread::spawn(move || {
        for (mut command, reply) in orders {
            // Nobody waits for the answer any more: the child must not stay.
            if let Err(unwanted) = reply.send(command.spawn())
                && let Ok(child) = unwanted.0
            {
                drop(Process(child));
            }
        }
    });
    Mutex::new(sender)
});

/// A running process. Dropped, it is killed and gone before `drop` returns, a panic or not. When the test process itself is
/// killed, the kernel kills this one.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    /// Starts `program`. `set_up` adds its arguments and redirections.
    ///
    /// # Errors
    /// When `setpriv` (util-linux) isn't there. A missing `program` shows itself only as an early end of the process.
    pub(crate) fn start(
        program: impl AsRef<OsStr>,
        set_up: impl FnOnce(&mut Command),
    ) -> io::Result<Self> {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(program);
        set_up(&mut command);
        let (reply, answer) = channel();
        let starter = STARTER.lock().unwrap_or_else(PoisonError::into_inner);
        starter.send((command, reply)).map_err(io::Error::other)?;
        drop(starter);
        answer.recv().map_err(io::Error::other)?.map(Self)
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// How it has ended, if it has.
    pub(crate) fn status(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().ok().flatten()
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when it has already ended and been waited for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
