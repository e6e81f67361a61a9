//! The groups of somebody in Entra ID, whether they fit into the token or not.
//!
//! Groups are object ids, in the token and from Graph alike. App roles, which the `roles` claim carries by name, count
//! beside them as `role:{value}`, so that a rule can name either. Above 200 groups the token carries a pointer instead
//! (`_claim_names`, `hasgroups`); then Graph is asked at the one host that belongs to the connection's cloud, and the
//! address that the token suggests (`_claim_sources`) is never looked at (attack catalogue ENT-05). What cannot
//! be had is `Unavailable`, never an empty list.
//!
//! A token without any groups claim may mean none, or that the registration does not ask for them. Where Graph may be
//! asked, it decides; else nothing is known, and nothing changes.
//!
//! Graph answers with all groups and directory roles of the person, also those that a registration which sends «groups
//! assigned to the application» or «security groups» leaves out. A rule names each group that it means, so more of
//! them give nobody more than the rule says.
//!
//! Sources: Microsoft identity platform, «ID token claims reference» and «Configure group claims and app roles»
//! (overage); Microsoft Graph v1.0, «directoryObject: getMemberObjects» (least privilege for oneself: `User.Read`).

use std::time::Duration;

use gantry_core::external_identity::Groups;
use gantry_core::secret::Secret;
use gantry_core::sign_in_trace::SignInProblem;
use serde_json::{Map, Value, json};

use crate::connector::Failed;
use crate::line::Line;
use crate::outbound::Call;

/// The most groups of one person. Entra ID itself has its limit near 2 000 for most of what it does.
const MAX_GROUPS: usize = 5_000;
/// The longest name of one, in bytes.
const MAX_NAME: usize = 256;
/// The most pages that Graph is asked for.
const MAX_PAGES: usize = 20;
/// However many pages, all of them within this: less than a conversation has, so that a sign-in does not fail for its groups.
const DEADLINE: Duration = Duration::from_secs(3);
/// The scope that Graph demands for the question.
pub(crate) const SCOPE: &str = "User.Read";

/// What a token says of groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Claimed {
    /// Nothing.
    NotSent,
    /// These, all of them.
    Listed(Vec<String>),
    /// There are more than it carries.
    Overage,
    /// Something that cannot be read.
    Unreadable,
}

impl Claimed {
    /// The word for it in traces.
    pub(crate) const fn as_str(&self) -> &'static str {
        match self {
            Self::NotSent => "not sent",
            Self::Listed(_) => "listed",
            Self::Overage => "overage",
            Self::Unreadable => "unreadable",
        }
    }

    /// Whether there may be others than the token says.
    pub(crate) const fn is_incomplete(&self) -> bool {
        !matches!(self, Self::Listed(_))
    }

    /// Reads the claims. Any sign of overage counts for more than a list beside it.
    pub(crate) fn of(claims: &Map<String, Value>) -> Self {
        let pointer = claims.get("_claim_names").is_some_and(|names| names.get("groups").is_some());
        let flagged = claims.get("hasgroups").is_some_and(|flag| !matches!(flag.as_bool(), Some(false)) && flag.as_str() != Some("false"));
        if pointer || flagged {
            return Self::Overage;
        }
        match claims.get("groups") {
            None => Self::NotSent,
            Some(value) => words(value).map_or(Self::Unreadable, Self::Listed),
        }
    }
}

/// App roles by name, as groups; empty if there is no claim, none if it cannot be read.
pub(crate) fn app_roles(claims: &Map<String, Value>) -> Option<Vec<String>> {
    let Some(roles) = claims.get("roles") else { return Some(Vec::new()) };
    Some(words(roles)?.into_iter().map(|role| format!("role:{role}")).collect())
}

/// What is known in the end: the token's list or Graph's, and the app roles.
pub(crate) fn combine(claimed: &Claimed, asked: Option<Vec<String>>, roles: Option<Vec<String>>) -> Groups {
    let Some(roles) = roles else { return Groups::Unavailable };
    let groups = match (claimed, asked) {
        (Claimed::Listed(groups), _) => groups.clone(),
        (Claimed::NotSent | Claimed::Overage | Claimed::Unreadable, Some(asked)) => asked,
        (Claimed::NotSent, None) if roles.is_empty() => return Groups::NotSent,
        (Claimed::NotSent, None) => Vec::new(),
        (Claimed::Overage | Claimed::Unreadable, None) => return Groups::Unavailable,
    };
    let mut all: Vec<String> = groups.into_iter().chain(roles).collect();
    all.sort_unstable();
    all.dedup();
    Groups::Known(all)
}

/// A list of words within the limits.
fn words(value: &Value) -> Option<Vec<String>> {
    let list = value.as_array().filter(|list| list.len() <= MAX_GROUPS)?;
    list.iter().map(|word| word.as_str().filter(|word| (1..=MAX_NAME).contains(&word.len())).map(str::to_owned)).collect()
}

/// Asks Graph for everything that the person belongs to. Graph is not what the sign-in needs, so its failures are not the
/// provider's.
pub(crate) async fn ask(line: &Line<'_>, base: &str, token: &Secret) -> Result<Vec<String>, Failed> {
    let late = || Failed::new(SignInProblem::GroupsUnavailable, "Graph took too long");
    tokio::time::timeout(DEADLINE, walk(line, base, token)).await.unwrap_or_else(|_| Err(late()))
}

async fn walk(line: &Line<'_>, base: &str, token: &Secret) -> Result<Vec<String>, Failed> {
    let failed = |detail: &str| Failed::new(SignInProblem::GroupsUnavailable, detail);
    let start = format!("{base}/v1.0/me/getMemberObjects");
    let mut answer = line.send_aside(Call::post_json(&start, &json!({ "securityEnabledOnly": false })).bearer(token)).await?;
    let mut groups = Vec::new();
    for _ in 0..MAX_PAGES {
        if answer.status != 200 {
            return Err(failed(&format!("Graph answered with the status {}", answer.status)));
        }
        let body = serde_json::from_slice(&answer.body).unwrap_or_default();
        let (values, next) = page(&body, base).map_err(failed)?;
        groups.extend(values);
        if groups.len() > MAX_GROUPS {
            return Err(failed("there are too many groups"));
        }
        let Some(next) = next else { return Ok(groups) };
        answer = line.send_aside(Call::get(next).bearer(token)).await?;
    }
    Err(failed("Graph has too many pages"))
}

/// The ids on a page of Graph's, and where the next one is: at the same host, or nowhere.
fn page<'p>(page: &'p Value, base: &str) -> Result<(Vec<String>, Option<&'p str>), &'static str> {
    let values = page.get("value").and_then(words).ok_or("Graph's answer holds no list of ids")?;
    let next = match page.get("@odata.nextLink") {
        None | Some(Value::Null) => None,
        Some(next) => Some(next.as_str().filter(|next| is_below(next, base)).ok_or("Graph's next page is elsewhere")?),
    };
    Ok((values, next))
}

fn is_below(address: &str, base: &str) -> bool {
    address.strip_prefix(base).is_some_and(|rest| rest.starts_with("/v1.0/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claimed(value: &Value) -> Claimed {
        Claimed::of(value.as_object().unwrap())
    }

    fn listed(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn ent_05_overage_and_odd_claims_are_never_an_empty_list() {
        assert_eq!(claimed(&json!({ "groups": ["a", "b"] })), Claimed::Listed(listed(&["a", "b"])));
        assert_eq!(claimed(&json!({ "groups": [] })), Claimed::Listed(Vec::new()));
        assert_eq!(claimed(&json!({})), Claimed::NotSent);
        assert_eq!(claimed(&json!({ "hasgroups": false })), Claimed::NotSent);
        for overage in [
            json!({ "_claim_names": { "groups": "src1" }, "_claim_sources": { "src1": { "endpoint": "https://evil.example" } } }),
            json!({ "_claim_names": { "groups": null } }),
            json!({ "hasgroups": true }),
            json!({ "hasgroups": "true" }),
            json!({ "hasgroups": 1, "groups": [] }),
            json!({ "_claim_names": { "groups": "src1" }, "groups": ["a"] }),
        ] {
            assert_eq!(claimed(&overage), Claimed::Overage, "{overage}");
        }
        for odd in [json!("a"), json!(null), json!([1]), json!(["a", null]), json!([""]), json!({ "0": "a" }), json!(["x".repeat(300)])] {
            assert_eq!(claimed(&json!({ "groups": odd })), Claimed::Unreadable, "{odd}");
        }
        for lost in [Claimed::Overage, Claimed::Unreadable] {
            assert_eq!(combine(&lost, None, Some(listed(&["role:Admin"]))), Groups::Unavailable);
        }
    }

    #[test]
    fn what_is_known_is_the_list_or_graphs_and_the_app_roles() {
        let roles = || Some(listed(&["role:Admin"]));
        assert_eq!(combine(&Claimed::NotSent, None, Some(Vec::new())), Groups::NotSent);
        assert_eq!(combine(&Claimed::NotSent, None, roles()), Groups::Known(listed(&["role:Admin"])));
        assert_eq!(combine(&Claimed::NotSent, Some(Vec::new()), Some(Vec::new())), Groups::Known(Vec::new()));
        assert_eq!(combine(&Claimed::Overage, Some(listed(&["b", "a", "a"])), roles()), Groups::Known(listed(&["a", "b", "role:Admin"])));
        assert_eq!(combine(&Claimed::Listed(listed(&["a"])), None, None), Groups::Unavailable);
        assert_eq!(app_roles(json!({ "roles": ["Admin"] }).as_object().unwrap()), roles());
        assert_eq!(app_roles(json!({ "roles": "Admin" }).as_object().unwrap()), None);
    }

    #[test]
    fn ent_05_a_page_is_a_list_of_ids_and_the_next_one_is_at_the_same_host() {
        let base = "https://graph.example";
        let read = |value: &Value| page(value, base).map(|(values, next)| (values, next.map(str::to_owned)));
        let next = "https://graph.example/v1.0/me/next";
        assert_eq!(read(&json!({ "value": ["a"], "@odata.nextLink": next })), Ok((listed(&["a"]), Some(next.to_owned()))));
        assert_eq!(read(&json!({ "value": [] })), Ok((Vec::new(), None)));
        for elsewhere in [
            "https://evil.example/v1.0/x",
            "https://graph.example.evil.example/v1.0/",
            "https://graph.example@evil.example/v1.0/",
            "http://graph.example/v1.0/",
            "/v1.0/next",
            "",
        ] {
            assert!(read(&json!({ "value": ["a"], "@odata.nextLink": elsewhere })).is_err(), "{elsewhere}");
        }
        for broken in
            [json!({}), json!({ "value": "a" }), json!({ "value": [1] }), json!([]), json!(null), json!({ "error": { "code": "x" } })]
        {
            assert!(read(&broken).is_err(), "{broken}");
        }
    }
}
