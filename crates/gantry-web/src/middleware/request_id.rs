//! The name under which logs and the person who saw an error page know a request.
//!
//! Never taken from a header, so that nobody writes into our logs.

use std::cell::RefCell;

use gantry_core::secret::random_bytes;

/// Bytes of one name.
const LENGTH: usize = 16;
/// Names that are drawn at once: asking for random bytes costs more than the bytes do.
const BATCH: usize = 64;

thread_local! {
    static DRAWN: RefCell<Vec<[u8; LENGTH]>> = const { RefCell::new(Vec::new()) };
}

/// 128 random bits in hexadecimal.
pub(super) fn next() -> String {
    let bytes = DRAWN.with_borrow_mut(|drawn| {
        if drawn.is_empty() {
            let fresh = random_bytes::<{ LENGTH * BATCH }>();
            drawn.extend(fresh.as_chunks::<LENGTH>().0);
        }
        drawn.pop().unwrap_or_default()
    });
    format!("{:032x}", u128::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_requests_share_a_name() {
        let names: BTreeSet<String> = (0..BATCH * 3).map(|_| next()).collect();
        assert_eq!(names.len(), BATCH * 3);
        assert!(names.iter().all(|name| name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit())));
    }
}
