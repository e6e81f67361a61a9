//! One act upon many things of a list: how many, and in which order.
//!
//! Owns no act. Each thing goes through the rule that does it to one alone, with that rule's checks and its line in the
//! audit trail; whoever calls undoes all where one is refused (`Store::transact_whole_from`).

use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;

/// The most things at once: each costs statements in the one transaction that the rest waits for.
pub const AT_ONCE: usize = 100;

/// Each of the things once, in one order for everybody, so that two admins who do something to the same do not wait for
/// each other for ever.
pub fn in_order<T: Ord>(mut ids: Vec<T>) -> Result<Vec<T>, Refusal> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "Nothing was chosen"));
    }
    if ids.len() > AT_ONCE {
        return Err(Refusal::new(ErrorCode::InvalidRequest, "At most 100 entries can be chosen at once"));
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_counts_once_and_there_are_at_most_a_hundred() {
        assert_eq!(in_order(vec![3, 1, 3, 2]), Ok(vec![1, 2, 3]));
        assert_eq!(in_order([0; 500].to_vec()), Ok(vec![0]));
        assert!(in_order((0..AT_ONCE).collect()).is_ok());
        assert!(in_order((0..=AT_ONCE).collect()).is_err());
        assert!(in_order(Vec::<u8>::new()).is_err());
    }
}
