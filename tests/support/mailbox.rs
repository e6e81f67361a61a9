//! The mails that Gantry wrote: the files of its data directory, as they are without an SMTP server.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// A mail as its reader has it.
#[derive(Debug, Clone)]
pub struct ReceivedMail {
    /// The whole message, transfer encoding undone.
    pub text: String,
}

impl ReceivedMail {
    /// The first link that contains this text.
    #[track_caller]
    pub fn link(&self, part: &str) -> String {
        let links = self.text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>')).filter(|word| word.starts_with("http"));
        links
            .filter(|link| link.contains(part))
            .map(str::to_owned)
            .next()
            .unwrap_or_else(|| panic!("no link with `{part}` in\n{}", self.text))
    }
}

/// All mails to an address, oldest first.
pub fn mails_to(data_dir: &Path, address: &str) -> Vec<ReceivedMail> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(data_dir.join("mail")).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    files.sort_by_key(|path| std::fs::metadata(path).and_then(|meta| meta.modified()).ok());
    let texts = files.iter().filter_map(|path| std::fs::read_to_string(path).ok());
    texts.filter(|text| is_to(text, address)).map(|text| ReceivedMail { text: unfold(&text) }).collect()
}

/// Waits for the `count`th mail to an address.
pub async fn nth_mail_to(data_dir: &Path, address: &str, count: usize) -> ReceivedMail {
    for _ in 0..400 {
        let mails = mails_to(data_dir, address);
        if let Some(mail) = mails.get(count - 1) {
            return mail.clone();
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("mail {count} to {address} did not come");
}

fn is_to(message: &str, address: &str) -> bool {
    let headers = message.split("\r\n\r\n").next().unwrap_or_default();
    headers.lines().any(|line| line.to_ascii_lowercase().starts_with("to:") && line.contains(address))
}

/// Undoes quoted-printable as far as links need it.
fn unfold(message: &str) -> String {
    message.replace("=\r\n", "").replace("=\n", "").replace("=3D", "=").replace("&amp;", "&").replace("&#x3D;", "=")
}
