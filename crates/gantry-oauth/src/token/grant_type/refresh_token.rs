//! `refresh_token` (RFC 6749 §6, RFC 9700 §4.14).
//!
//! The family's generation is moved on last, after every check, so that a refused scope or resource
//! leaves the token unharmed. A token that was already moved on from is either a retry, within the
//! realm's window, and gets the same successor; or a theft, and everything under the grant falls.

use gantry_core::audit::AuditEvent;
use gantry_core::clock::Timestamp;
use gantry_core::failure::{Failure, Fault, Refusal};
use gantry_core::grant::Grant;
use gantry_core::grant_type::GrantType;
use gantry_core::realm::{TokenPolicy, seconds};
use gantry_core::refresh_family::{PresentedRefreshToken, RefreshFamily, Standing};
use gantry_core::scope_set::ScopeSet;
use gantry_core::secret::Secret;

use super::{Part, Redeeming, Share, fallen_grant, invalid_grant};
use crate::tenancy::{self, Barrier, ForTenant};
use crate::token::authorize_again::authorization_uri;
use crate::token::entitlement::{Entitlement, LiveRefreshToken, Refresh, Subject};
use crate::token::may_issue::may_issue;
use crate::token::policy::{RefreshLifetimes, rotates};

/// How often the family is read again because another node moved it on meanwhile.
const MAX_TRIES: usize = 3;

/// What comes with the token.
pub(in crate::token) struct Redemption {
    pub(in crate::token) token: Secret,
    pub(in crate::token) scope: Option<ScopeSet>,
    pub(in crate::token) resources: Vec<String>,
    /// The tenant of the answer, for this one access token.
    pub(in crate::token) org_id: Option<String>,
}

/// Redeems a refresh token.
pub(in crate::token) async fn redeem(redeeming: Redeeming<'_>, asked: &Redemption) -> Result<Entitlement, Failure> {
    let Some(presented) = PresentedRefreshToken::parse(asked.token.expose()) else {
        return Err(invalid_grant("not_a_refresh_token").into());
    };
    for _ in 0..MAX_TRIES {
        let (family, claim) = claim(redeeming, &presented).await?;
        let client = redeeming.client.client();
        let held = may_issue(redeeming.tx, redeeming.request.realm.realm(), client, family.grant_id, redeeming.now).await?;
        let holder = held.map_err(fallen_grant)?;
        let tenant = tenant(redeeming, &holder.grant, asked.org_id.as_deref()).await?;
        let part = Part { scope: asked.scope.as_ref(), resources: &asked.resources, tenant: tenant.as_ref() };
        let Share { scopes, audiences } = redeeming.share(&holder.grant, part)?;
        // The one conditional statement that decides, after all checks.
        let Some(token) = settle(redeeming, &family, claim).await? else { continue };
        return Ok(Entitlement {
            grant_type: GrantType::RefreshToken,
            subject: Subject::Person(Box::new(holder)),
            tenant,
            scopes,
            audiences,
            refresh: Refresh::Token(token),
            trace: None,
        });
    }
    Err(Fault::new("a refresh family was moved on again and again").unavailable().into())
}

/// The tenant of the answer, if the grant still holds for it and rests on a sign-in that the tenant takes.
async fn tenant(redeeming: Redeeming<'_>, grant: &Grant, org_id: Option<&str>) -> Result<Option<ForTenant>, Failure> {
    let chosen = match redeeming.tenant(grant, org_id).await? {
        Ok(chosen) => chosen,
        Err(Barrier::ConnectionRequired) => {
            let default = match (org_id, grant.default_tenant) {
                (None, Some(id)) => redeeming.tx.tenants().find(id).await?.map(|tenant| tenant.org_id),
                (Some(_), _) | (None, None) => None,
            };
            let org_id = org_id.or(default.as_deref()).unwrap_or_default();
            return Err(mended_by_sign_in(Barrier::ConnectionRequired, redeeming, grant, org_id).into());
        }
        Err(barrier) => return Err(barrier.lost().into()),
    };
    let too_old = |chosen: &&ForTenant| tenancy::is_too_old(&chosen.tenant, grant.authenticated_at, redeeming.now);
    match chosen.as_ref().filter(too_old) {
        Some(chosen) => Err(mended_by_sign_in(Barrier::SignInTooOld, redeeming, grant, &chosen.tenant.org_id).into()),
        None => Ok(chosen),
    }
}

/// A refusal that says where the person can sign in as the tenant demands.
fn mended_by_sign_in(barrier: Barrier, redeeming: Redeeming<'_>, grant: &Grant, org_id: &str) -> Refusal {
    let Redeeming { request, client, paths, .. } = redeeming;
    barrier.lost().authorization_uri(authorization_uri(request.realm, paths, client.client(), grant, org_id))
}

/// What a token entitles to, as far as its family tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// To the next generation.
    Rotate,
    /// To itself once more: this client's tokens do not rotate.
    Keep,
    /// To the successor that was already handed out.
    Retry,
}

/// What a family says to a token that it made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Entitled(Claim),
    /// Too old, or revoked: nobody did anything wrong.
    Expired(&'static str),
    /// In the wrong hands.
    Stolen(&'static str),
}

/// Judges a token by its family: pure, so that its order can be read and tested.
fn judge(redeeming: &Judging<'_>, family: &RefreshFamily, standing: Standing) -> Verdict {
    let now = redeeming.now;
    if !redeeming.is_owner {
        return Verdict::Stolen("token_of_another_client");
    }
    if family.revoked_at.is_some() {
        return Verdict::Expired("family_revoked");
    }
    let expired = family.idle_expires_at <= now || family.absolute_expires_at <= now;
    match standing {
        Standing::Live if expired => Verdict::Expired("family_expired"),
        Standing::Live if redeeming.rotates => Verdict::Entitled(Claim::Rotate),
        Standing::Live => Verdict::Entitled(Claim::Keep),
        // By the clock only here, to bound a retry; "older" itself is a number (RTK-03).
        Standing::Previous if now.since(family.rotated_at) < seconds(redeeming.policy.refresh_retry_window) && !expired => {
            Verdict::Entitled(Claim::Retry)
        }
        Standing::Previous | Standing::Older => Verdict::Stolen("token_replayed"),
        Standing::Forged => Verdict::Expired("token_forged"),
    }
}

struct Judging<'p> {
    policy: &'p TokenPolicy,
    is_owner: bool,
    rotates: bool,
    now: Timestamp,
}

/// Finds the family and judges the token; a stolen one takes everything under the grant with it.
async fn claim(redeeming: Redeeming<'_>, presented: &PresentedRefreshToken) -> Result<(RefreshFamily, Claim), Failure> {
    let Redeeming { tx, now, request, client, .. } = redeeming;
    let Some(family) = tx.families().find(presented.family).await? else {
        return Err(invalid_grant("family_unknown").into());
    };
    let standing = family.standing(presented);
    if standing == Standing::Forged {
        // Anybody can write a family's id into a token, so this must not harm the family.
        return Err(invalid_grant("token_forged").into());
    }
    let policy = &request.realm.realm().settings.tokens;
    let is_owner = family.client_id == client.client().id;
    let judging = Judging { policy, is_owner, rotates: rotates(policy, client.client()), now };
    match judge(&judging, &family, standing) {
        Verdict::Entitled(claim) => Ok((family, claim)),
        Verdict::Expired(why) => Err(invalid_grant(why).into()),
        Verdict::Stolen(why) => Err(revoke(redeeming, &family, why).await?.into()),
    }
}

async fn revoke(redeeming: Redeeming<'_>, family: &RefreshFamily, why: &'static str) -> Result<Refusal, Fault> {
    let Redeeming { tx, now, request, client, .. } = redeeming;
    let family_fell = tx.families().revoke(family.id, now).await?;
    let grant_fell = tx.grants().revoke(family.grant_id, now).await?;
    if family_fell || grant_fell {
        let line = request.audit(AuditEvent::RefreshReplayed, now).client(client.client().id).target(&family.grant_id).reason(why);
        tx.audit().insert(&line).await?;
    }
    Ok(invalid_grant(why))
}

/// Moves the family on and gives the token that goes out; `None` if somebody else was faster.
async fn settle(redeeming: Redeeming<'_>, family: &RefreshFamily, claim: Claim) -> Result<Option<LiveRefreshToken>, Fault> {
    let Redeeming { tx, now, request, client, .. } = redeeming;
    let lifetimes = RefreshLifetimes::of(&request.realm.realm().settings.tokens, client.client());
    let idle = now.plus(seconds(lifetimes.idle)).min(family.absolute_expires_at);
    let live = |generation, expires_at| LiveRefreshToken { token: family.token(generation), expires_at };
    let next = family.generation.saturating_add(1);
    Ok(match claim {
        Claim::Retry => Some(live(family.generation, family.idle_expires_at)),
        Claim::Keep => tx.families().advance(family, false, now, idle).await?.then(|| live(family.generation, idle)),
        Claim::Rotate => tx.families().advance(family, true, now, idle).await?.then(|| live(next, idle)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use std::time::Duration;

    fn verdict(change: impl FnOnce(&mut RefreshFamily, &mut Judging<'_>), standing: Standing) -> Verdict {
        let policy = TokenPolicy::default();
        let mut family = samples::family();
        let mut judging = Judging { policy: &policy, is_owner: true, rotates: true, now: samples::NOW };
        change(&mut family, &mut judging);
        judge(&judging, &family, standing)
    }

    #[test]
    fn a_live_token_is_moved_on_where_policy_says_so() {
        assert_eq!(verdict(|_, _| {}, Standing::Live), Verdict::Entitled(Claim::Rotate));
        assert_eq!(verdict(|_, judging| judging.rotates = false, Standing::Live), Verdict::Entitled(Claim::Keep));
    }

    #[test]
    fn rtk_01_a_replay_is_a_theft_outside_the_window() {
        let at = |seconds| {
            move |_: &mut RefreshFamily, judging: &mut Judging<'_>| judging.now = samples::NOW.plus(Duration::from_millis(seconds))
        };
        assert_eq!(verdict(at(4999), Standing::Previous), Verdict::Entitled(Claim::Retry));
        assert_eq!(verdict(at(5000), Standing::Previous), Verdict::Stolen("token_replayed"));
        assert_eq!(verdict(at(0), Standing::Older), Verdict::Stolen("token_replayed"));
        let window = TokenPolicy { refresh_retry_window: 0, ..TokenPolicy::default() };
        let judging = Judging { policy: &window, is_owner: true, rotates: true, now: samples::NOW };
        assert_eq!(judge(&judging, &samples::family(), Standing::Previous), Verdict::Stolen("token_replayed"));
    }

    #[test]
    fn rtk_06_another_clients_token_is_a_theft() {
        for standing in [Standing::Live, Standing::Previous, Standing::Older] {
            assert_eq!(verdict(|_, judging| judging.is_owner = false, standing), Verdict::Stolen("token_of_another_client"));
        }
    }

    #[test]
    fn rtk_12_both_lifetimes_end_it() {
        let expired = Verdict::Expired("family_expired");
        assert_eq!(verdict(|family, _| family.idle_expires_at = samples::NOW, Standing::Live), expired);
        assert_eq!(verdict(|family, _| family.absolute_expires_at = samples::NOW, Standing::Live), expired);
        assert_eq!(verdict(|family, _| family.revoked_at = Some(samples::NOW), Standing::Live), Verdict::Expired("family_revoked"));
    }
}
