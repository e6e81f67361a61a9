//! Pages of records: those that a search found, in its order, and all of them, newest first.

use std::collections::HashMap;
use std::fmt::Display;
use std::str::FromStr;

use gantry_core::failure::Fault;
use gantry_core::paging::{Cursor, Find, MAX_LIMIT, Page};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

use crate::RealmTx;
use crate::entity::OfRealm;

/// Whether a list is narrowed by words or properties.
pub(crate) fn is_narrowed(find: &Find) -> bool {
    !find.facets.is_empty() || !find.text.trim().is_empty()
}

/// The realm's rows of a table, newest first from the cursor on, one more than the page takes. None: the cursor is of
/// another list.
pub(crate) fn newest<E: OfRealm, Id: FromStr + Display>(tx: &RealmTx, key: E::Column, find: &Find) -> Option<Select<E>> {
    let select = tx.select::<E>().order_by_desc(key).limit(u64::from(limit(find)) + 1);
    match &find.after {
        None => Some(select),
        Some(cursor) => cursor.place().parse::<Id>().ok().map(|after| select.filter(key.lt(after.to_string()))),
    }
}

/// The page that such rows make.
pub(crate) fn page_of<T>(rows: impl Iterator<Item = Result<T, Fault>>, find: &Find, id: impl Fn(&T) -> String) -> Result<Page<T>, Fault> {
    let mut items = rows.collect::<Result<Vec<T>, Fault>>()?;
    let most = limit(find) as usize;
    let more = items.len() > most;
    items.truncate(most);
    let next = items.last().filter(|_| more).map(|last| Cursor::at(id(last)));
    Ok(Page { items, next })
}

/// The records that a search found, in its order; one that went meanwhile is left out.
pub(crate) fn in_order<T>(
    found: Page<String>,
    rows: impl Iterator<Item = Result<T, Fault>>,
    id: impl Fn(&T) -> String,
) -> Result<Page<T>, Fault> {
    let mut records = rows.map(|row| row.map(|record| (id(&record), record))).collect::<Result<HashMap<String, T>, Fault>>()?;
    Ok(Page { items: found.items.iter().filter_map(|id| records.remove(id)).collect(), next: found.next })
}

fn limit(find: &Find) -> u32 {
    find.limit.clamp(1, MAX_LIMIT)
}
