//! Records by the words they are known by: the queries of the table `search_term`.
//!
//! Owns how a question is answered with bounded work: one word or property leads along the table's key, candidates
//! are taken in batches, and what the others say of them is read by their ids. A page that took too many candidates
//! ends early and says where the next one begins. Which words a record has is decided in `terms`.

use std::collections::{BTreeSet, HashMap, HashSet};

use gantry_core::failure::Fault;
use gantry_core::id::{TenantId, UserId};
use gantry_core::paging::{Cursor, Find, MAX_LIMIT, Page};
use gantry_core::search::{Hit, SearchKind, asked, property};
use gantry_core::tenant::TenantRole;
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};

use crate::RealmTx;
use crate::entity::search_term::{Column, Entity, Model};

mod lead;
mod pages;
pub(crate) mod terms;

use lead::{Criterion, Place};
pub(crate) use pages::{in_order, is_narrowed, newest, page_of};
use terms::Terms;

/// Candidates of one query.
const BATCH: usize = 250;
/// Candidates of one page.
const MAX_EXAMINED: usize = 3000;
/// The most properties that one question may ask for.
const MAX_FACETS: usize = 8;
/// A criterion with fewer records than this leads without a look at the others.
const FEW: u64 = 400;

/// Records by the words they are known by, within one realm.
#[derive(Debug)]
pub struct Search<'t>(pub(crate) &'t RealmTx);

impl Search<'_> {
    /// The ids of the records of a kind that have all the words and properties: newest first where a property leads, in
    /// order of the word that was found where a word does. A page may be short, even empty, and still have a next one.
    ///
    /// Without words and properties there is nothing to go by, and nothing is found.
    pub async fn find(&self, kind: SearchKind, find: &Find) -> Result<Page<String>, Fault> {
        let Some(words) = asked(&find.text) else { return Ok(Page::empty()) };
        if let ([id], []) = (words.as_slice(), find.facets.as_slice())
            && self.is_id(kind, id).await?
        {
            return Ok(Page { items: vec![id.clone()], next: None });
        }
        let facets = find.facets.iter().take(MAX_FACETS).map(|facet| Criterion::Exact(property(facet)));
        let criteria: Vec<Criterion> = words.into_iter().map(Criterion::Prefix).chain(facets).collect();
        let start = match &find.after {
            Some(cursor) => Place::parse(cursor.place()),
            None => Some(Place::start(self.choose(kind, &criteria).await?)),
        };
        let Some(start) = start else { return Ok(Page::empty()) };
        let Some(lead) = criteria.get(start.lead) else { return Ok(Page::empty()) };
        self.page(&Question { kind, lead, criteria: &criteria, limit: find.limit.clamp(1, MAX_LIMIT) as usize }, start).await
    }

    /// The first few records of each of these kinds that have all the words.
    pub async fn anywhere(&self, kinds: &[SearchKind], text: &str, each: u32) -> Result<Vec<Hit>, Fault> {
        let find = Find { text: text.to_owned(), limit: each, ..Find::default() };
        let mut hits = Vec::new();
        for kind in kinds.iter().copied() {
            hits.extend(self.find(kind, &find).await?.items.into_iter().map(|id| Hit { kind, id }));
        }
        Ok(hits)
    }

    /// Writes by what a record is known from now on.
    pub(crate) async fn write(&self, kind: SearchKind, id: &str, terms: Terms) -> Result<(), Fault> {
        let before: BTreeSet<String> = self.0.run().all(self.of_id(id)).await?.into_iter().map(|row| row.term).collect();
        let after = terms.into_set();
        let gone: Vec<&str> = before.difference(&after).map(String::as_str).filter(|term| !terms::is_place(term)).collect();
        if !gone.is_empty() {
            let delete = self.0.delete::<Entity>().filter(Column::Id.eq(id)).filter(Column::Term.is_in(gone));
            self.0.run().delete(delete).await?;
        }
        let row = |term: &String| Model {
            realm_id: self.0.realm_id().to_string(),
            kind: kind.to_string(),
            term: term.clone(),
            id: id.to_owned(),
        };
        self.0.run().insert_all::<Entity>(after.difference(&before).map(row).collect()).await
    }

    /// Writes what a person is in a tenant from now on; none: nothing any more.
    pub(crate) async fn write_place(&self, user: UserId, tenant: TenantId, role: Option<TenantRole>) -> Result<(), Fault> {
        let any = std::iter::once(None).chain(TenantRole::ALL.iter().copied().map(Some));
        let all = any.map(|role| property(&terms::place(tenant, role)));
        let delete = self.0.delete::<Entity>().filter(Column::Id.eq(user.to_string())).filter(Column::Term.is_in(all));
        self.0.run().delete(delete).await?;
        let Some(role) = role else { return Ok(()) };
        let row = |role| Model {
            realm_id: self.0.realm_id().to_string(),
            kind: SearchKind::User.to_string(),
            term: property(&terms::place(tenant, role)),
            id: user.to_string(),
        };
        self.0.run().insert_all::<Entity>([None, Some(role)].map(row).into()).await
    }

    /// Forgets a record: nothing finds it from the commit on.
    pub(crate) async fn forget(&self, id: &str) -> Result<(), Fault> {
        self.0.run().delete(self.0.delete::<Entity>().filter(Column::Id.eq(id))).await.map(|_| ())
    }

    fn of_id(&self, id: &str) -> Select<Entity> {
        self.0.select::<Entity>().filter(Column::Id.eq(id))
    }

    async fn is_id(&self, kind: SearchKind, text: &str) -> Result<bool, Fault> {
        Ok(self.0.run().one(self.of_id(text).filter(Column::Kind.eq(kind.as_str()))).await?.is_some())
    }

    /// The first criterion that few records meet; else the first.
    async fn choose(&self, kind: SearchKind, criteria: &[Criterion]) -> Result<usize, Fault> {
        if criteria.len() < 2 {
            return Ok(0);
        }
        for (index, criterion) in criteria.iter().enumerate() {
            let many = self.rows(kind, criterion).offset(FEW);
            if self.0.run().one(many).await?.is_none() {
                return Ok(index);
            }
        }
        Ok(0)
    }

    /// The rows by which records meet a criterion, in the order of a page that it leads.
    fn rows(&self, kind: SearchKind, criterion: &Criterion) -> Select<Entity> {
        let select = self.0.select::<Entity>().filter(Column::Kind.eq(kind.as_str())).filter(criterion.condition());
        match criterion {
            Criterion::Exact(_) => select.order_by_desc(Column::Id),
            Criterion::Prefix(_) => select.order_by_asc(Column::Term).order_by_asc(Column::Id),
        }
    }

    async fn page(&self, question: &Question<'_>, mut place: Place) -> Result<Page<String>, Fault> {
        let (mut items, mut seen, mut examined) = (Vec::new(), HashSet::new(), 0);
        loop {
            let rows = self.rows(question.kind, question.lead).filter(place.beyond(question.lead)).limit(BATCH as u64);
            let rows = self.0.run().all(rows).await?;
            let (count, meeting) = (rows.len(), self.meeting(question, &rows).await?);
            for row in rows {
                if meeting.contains(&(row.id.clone(), row.term.clone())) && seen.insert(row.id.clone()) {
                    if items.len() == question.limit {
                        return Ok(Page { items, next: Some(place.cursor()) });
                    }
                    items.push(row.id.clone());
                }
                place = Place { lead: place.lead, term: row.term, id: row.id };
            }
            examined += count;
            if count < BATCH {
                return Ok(Page { items, next: None });
            }
            if examined >= MAX_EXAMINED {
                return Ok(Page { items, next: Some(place.cursor()) });
            }
        }
    }

    /// Those of the leading rows whose record meets every criterion, and has no earlier row that would lead to it: a
    /// record with two words that begin alike is found once, on whichever page the first of them is.
    async fn meeting(&self, question: &Question<'_>, rows: &[Model]) -> Result<HashSet<(String, String)>, Fault> {
        if question.criteria.len() == 1 && matches!(question.lead, Criterion::Exact(_)) {
            return Ok(rows.iter().map(|row| (row.id.clone(), row.term.clone())).collect());
        }
        let any = question.criteria.iter().fold(Condition::any(), |any, criterion| any.add(criterion.condition()));
        let ids = rows.iter().map(|row| row.id.as_str());
        let mut terms_of: HashMap<String, Vec<String>> = HashMap::new();
        if !rows.is_empty() {
            for row in self.0.run().all(self.0.select::<Entity>().filter(Column::Id.is_in(ids)).filter(any)).await? {
                terms_of.entry(row.id).or_default().push(row.term);
            }
        }
        let meets = |terms: &[String]| question.criteria.iter().all(|criterion| terms.iter().any(|term| criterion.is_met_by(term)));
        let first = |terms: &[String]| terms.iter().filter(|term| question.lead.is_met_by(term)).min().cloned();
        let met = terms_of.into_iter().filter(|(_, terms)| meets(terms));
        Ok(met.filter_map(|(id, terms)| first(&terms).map(|term| (id, term))).collect())
    }
}

/// What a page is asked for.
struct Question<'q> {
    kind: SearchKind,
    lead: &'q Criterion,
    criteria: &'q [Criterion],
    limit: usize,
}

impl Place {
    fn cursor(&self) -> Cursor {
        Cursor::at(self.to_text())
    }

    /// What comes after this place.
    fn beyond(&self, lead: &Criterion) -> Condition {
        if self.id.is_empty() {
            return Condition::all();
        }
        Condition::all().add(match lead {
            Criterion::Exact(_) => Column::Id.lt(self.id.as_str()),
            // Both columns at once, so that the key is entered at the very row.
            Criterion::Prefix(_) => Expr::tuple([Expr::col(Column::Term), Expr::col(Column::Id)])
                .gt(Expr::tuple([Expr::value(self.term.as_str()), Expr::value(self.id.as_str())])),
        })
    }
}
