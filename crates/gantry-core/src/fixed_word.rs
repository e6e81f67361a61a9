//! Words that a record cannot be called by, where an address names it by a word of people's choice.
//!
//! Owns which words those are. A record of such a name could never be reached: the address is a form, or leads a browser
//! one level up. Records that addresses name by generated ids need none of this.

/// Words that addresses have where others have the name of a realm or of a tenant. A test compares them with the table
/// of addresses.
const FIXED: &[&str] = &["new"];

/// What is wrong with a name that [`is_reachable`] does not let pass.
pub const UNREACHABLE: &str = "must not be `new`, `.` or `..`, since no address could lead to it";

/// Whether an address can lead to something of that name.
pub fn is_reachable(name: &str) -> bool {
    !FIXED.contains(&name) && !matches!(name, "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_has_itself_is_nobodys_name() {
        for wrong in ["new", ".", ".."] {
            assert!(!is_reachable(wrong), "{wrong}");
        }
        for right in ["News", "new-1", "...", "acme"] {
            assert!(is_reachable(right), "{right}");
        }
    }
}
