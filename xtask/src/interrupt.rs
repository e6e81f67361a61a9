//! Turns Ctrl-C and termination signals into a flag, so that what was started is stopped by ordinary unwinding.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tokio::signal::unix::{SignalKind, signal};

use crate::trouble::Trouble;

/// Tells whether somebody wants the program to end.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Starts listening on a thread of its own.
    pub(crate) fn watch() -> Result<Self, Trouble> {
        let raised = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&raised);
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_io().build().map_err(Trouble::during("listening for signals"))?;
        thread::spawn(move || runtime.block_on(raise_on_signal(&flag)));
        Ok(Self(raised))
    }

    /// Fails once a signal came.
    pub(crate) fn check(&self) -> Result<(), Trouble> {
        if self.0.load(Ordering::Relaxed) { Err(Trouble::Interrupted) } else { Ok(()) }
    }
}

async fn raise_on_signal(flag: &AtomicBool) {
    let listeners = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()), signal(SignalKind::hangup()));
    let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) = listeners else { return };
    loop {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
        flag.store(true, Ordering::Relaxed);
    }
}
