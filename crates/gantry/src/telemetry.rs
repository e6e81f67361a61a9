//! Logs and figures: where they go and how they look.
//!
//! Log lines go to standard error, one event each: whatever a stranger wrote into a user agent or a
//! name, it cannot end a line, colour it or turn it around (attack catalogue INP-11). Never logs a
//! secret; the types that hold one have nothing to print.

use std::io::{self, Write};
use std::sync::OnceLock;
use std::time::Duration;

use gantry_core::failure::Fault;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{LogFormat, LogSettings};

/// Seconds, for every histogram: from a warm page to a request that gave up.
const BUCKETS: &[f64] = &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

static FIGURES: OnceLock<PrometheusHandle> = OnceLock::new();

/// Begins to log. Called once, by the command line; tests have a log of their own.
pub fn log(settings: &LogSettings) -> Result<(), Fault> {
    let filter = EnvFilter::try_new(&settings.filter).map_err(|error| Fault::caused("the log filter cannot be read", error))?;
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(OneLine(io::stderr)).with_ansi(false);
    let begun = match settings.format {
        LogFormat::Text => registry.with(layer.with_target(true)).try_init(),
        LogFormat::Json => registry.with(layer.json().flatten_event(true)).try_init(),
    };
    begun.map_err(|error| Fault::caused("logging cannot begin", error))
}

/// Begins to count, once in a process, and returns what renders the counts.
pub fn figures() -> Result<PrometheusHandle, Fault> {
    if let Some(handle) = FIGURES.get() {
        return Ok(handle.clone());
    }
    let builder = PrometheusBuilder::new().set_buckets(BUCKETS).map_err(|error| Fault::caused("the metrics cannot be set up", error))?;
    let recorder = builder.build_recorder();
    let handle = FIGURES.get_or_init(|| recorder.handle()).clone();
    // A second recorder, made by a start at the same moment, is dropped; the first one counts.
    let _first = metrics::set_global_recorder(recorder);
    Ok(handle)
}

/// How often the figures are put in order, so that they take no room between two looks at them.
pub const UPKEEP: Duration = Duration::from_secs(5);

/// Writes each event as one line that shows nothing but what is there.
#[derive(Debug, Clone, Copy)]
pub struct OneLine<M>(pub M);

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for OneLine<M> {
    type Writer = OneLineWriter<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        OneLineWriter(self.0.make_writer())
    }
}

/// The writer of one event. The formatter hands each event over whole, with a line feed at its end.
#[derive(Debug)]
pub struct OneLineWriter<W>(W);

impl<W: Write> Write for OneLineWriter<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let body = text.strip_suffix('\n').unwrap_or(&text);
        self.0.write_all(visible(body).as_bytes())?;
        self.0.write_all(b"\n")?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Text with every character that moves, hides or ends something spelt out, as JSON would.
fn visible(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_deceptive(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing into a string never fails.
                let _written = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Control characters, line and paragraph separators, and what changes the direction of writing or
/// has no width.
fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    const FORGED: &str = "eve\r\n2026-01-01 INFO all is well\u{1b}[2K\u{202e}txt\u{2028}\"}\0";

    fn logged(json: bool) -> String {
        let log = Log::default();
        let writer = log.clone();
        let layer = tracing_subscriber::fmt::layer().with_writer(OneLine(move || writer.clone())).with_ansi(false);
        let tell = || {
            tracing::warn!(name = FORGED, shown = %FORGED, "refused {FORGED}");
            tracing::warn!("second");
        };
        if json {
            tracing::subscriber::with_default(tracing_subscriber::registry().with(layer.json().flatten_event(true)), tell);
        } else {
            tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), tell);
        }
        let bytes = log.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn inp_11_an_event_is_one_line_whatever_strangers_wrote() {
        for json in [false, true] {
            let text = logged(json);
            assert_eq!(text.lines().count(), 2, "{text:?}");
            assert!(!text.chars().any(|c| c != '\n' && is_deceptive(c)), "{text:?}");
            assert!(text.contains("all is well"), "nothing is lost: {text:?}");
        }
        for line in logged(true).lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
        }
    }
}
