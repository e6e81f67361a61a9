//! Pages of lists that stand newest first: one query each, one row more than asked for.
//!
//! Owns how a cursor becomes an id and back. Never knows what is listed.

use std::str::FromStr;

use gantry_core::failure::Fault;
use gantry_core::paging::{Cursor, Find, MAX_LIMIT, Page};

/// Reads one page; a cursor that is none begins the list anew.
pub(crate) async fn read_page<T, I>(
    find: &Find,
    read: impl AsyncFnOnce(Option<I>, u64) -> Result<Vec<T>, Fault>,
    id: impl Fn(&T) -> I,
) -> Result<Page<T>, Fault>
where
    I: FromStr + ToString,
{
    let limit = find.limit.clamp(1, MAX_LIMIT);
    let before = find.after.as_ref().and_then(|cursor| cursor.place().parse().ok());
    let mut items = read(before, u64::from(limit) + 1).await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > wanted;
    items.truncate(wanted);
    let next = items.last().filter(|_| more).map(|last| Cursor::at(id(last).to_string()));
    Ok(Page { items, next })
}
