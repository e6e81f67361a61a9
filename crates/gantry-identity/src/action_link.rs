//! Making single-use links.
//!
//! Owns their life and what is stored of them: a digest. Never their pages or the addresses they
//! lead to; whoever sends one appends the token to an address of its realm.

use gantry_core::action_link::{Action, ActionLink};
use gantry_core::clock::Timestamp;
use gantry_core::failure::Fault;
use gantry_core::id::{ActionLinkId, UserId};
use gantry_core::realm::seconds;
use gantry_core::secret::{Digest, Secret, SecretKind};
use gantry_store::RealmTx;

/// Writes a link and returns its token, which is kept nowhere.
pub(crate) async fn issue(
    tx: &RealmTx,
    action: Action,
    user: Option<UserId>,
    resume: Option<&str>,
    now: Timestamp,
) -> Result<Secret, Fault> {
    let token = SecretKind::ActionLink.generate();
    let link = ActionLink {
        id: ActionLinkId::new(),
        realm_id: tx.realm_id(),
        digest: token.digest(),
        expires_at: now.plus(seconds(action.lifetime())),
        action,
        user_id: user,
        resume: resume.map(str::to_owned),
        created_at: now,
        consumed_at: None,
    };
    tx.action_links().insert(&link).await?;
    Ok(token)
}

/// The digest of what has the form of a token; anything else is not worth a look-up.
pub(crate) fn digest_of(token: &Secret) -> Option<Digest> {
    SecretKind::ActionLink.unwrap(token.expose()).map(|_| token.digest())
}
