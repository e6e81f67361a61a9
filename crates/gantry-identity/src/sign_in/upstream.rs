//! Signing in with somebody else's server: from what its provider asserted to a session here.
//!
//! One transaction reads everything anew, decides ([`crate::linking`]), joins ([`crate::joining`]), opens the session
//! and writes the trace. Never speaks to a provider: whoever comes here has a checked assertion in hand, and the
//! attempt that it belongs to is used up.

mod account;
mod journal;
mod profile;
mod session;

pub(crate) use account::Scene;
pub(crate) use journal::Journal;
pub(crate) use session::Came;

use gantry_core::email_address::EmailAddress;
use gantry_core::external_identity::{ExternalIdentity, UpstreamTokens, UserIdentity};
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::{PendingLinkId, SessionId, UserId};
use gantry_core::realm::{Realm, seconds};
use gantry_core::secret::Secret;
use gantry_core::session::Session;
use gantry_core::sign_in_attempt::{AttemptPurpose, PENDING_LINK_LIFETIME, PendingLink, SignInAttempt};
use gantry_core::sign_in_trace::{Hop, SignInProblem};
use gantry_core::user::User;
use serde_json::json;

use super::tenant_rule::takes_new_way;
use crate::linked::is_recent;
use crate::linking::{Aim, Facts, Resolution, is_identifiable, resolve};
use crate::session::{OpenedSession, is_live, may_be_signed_in};
use crate::{Identity, Visit, joining, merge};

/// How often a decision is made again because somebody else was faster.
pub(crate) const ROUNDS: usize = 3;

/// Somebody who came back from a provider.
#[derive(Debug)]
pub struct Arrival<'a> {
    /// The conversation that ended; it is used up already.
    pub attempt: &'a SignInAttempt,
    /// Who the provider says it is.
    pub identity: ExternalIdentity,
    /// What it gave beside that.
    pub tokens: UpstreamTokens,
    /// What is mailed when an account gets a new way to sign in.
    pub notice: Notice<'a>,
}

/// What the mail about a new or lost way to sign in says.
#[derive(Debug, Clone, Copy)]
pub struct Notice<'n> {
    /// The language.
    pub locale: &'n str,
    /// The account page.
    pub account: &'n str,
}

/// What came of it. A refusal is one of these, since the trace of it is kept.
#[derive(Debug)]
pub enum Arrived {
    /// Signed in.
    SignedIn(Box<OpenedSession>),
    /// Linked to the account of whoever is signed in.
    Linked(Box<UserIdentity>),
    /// The person has to prove something first.
    Prove(PendingLinkId),
    /// The identity that was to be linked is another account's. Whoever came has proved both accounts, and can make
    /// them one with this, see [`crate::merge`].
    Mergeable(Secret),
    /// The answer is no.
    Refused(SignInProblem),
}

impl Identity {
    /// Signs in, links or proves, whatever the attempt was for: all of it or nothing, once.
    pub async fn sign_in_from_upstream(
        &self,
        realm: &Realm,
        arrival: Arrival<'_>,
        visit: &Visit<'_>,
        hops: Vec<Hop>,
    ) -> Result<Arrived, Failure> {
        self.store
            .transact(realm.id, async |tx| {
                let scene = Scene { rules: self, tx, realm, visit, notice: arrival.notice, now: self.clock.now() };
                let mut journal = Journal::new(arrival.attempt.trace, hops, scene.now);
                let arrived = scene.arrive(&arrival, &mut journal).await?;
                journal.close(tx, &arrived, visit.origin).await?;
                Ok(arrived)
            })
            .await
    }
}

impl Scene<'_> {
    async fn arrive(&self, arrival: &Arrival<'_>, journal: &mut Journal) -> Result<Arrived, Failure> {
        let attempt = arrival.attempt;
        if attempt.realm_id != self.realm.id || attempt.browser != self.visit.browser {
            return Ok(Arrived::Refused(SignInProblem::UnknownAttempt));
        }
        // Read here, so that what was switched off while the person was away counts (attack catalogue FED-15).
        let connection = self.tx.connections().find(attempt.connection_id).await?;
        let Some(connection) = connection.filter(|connection| connection.stands_since(attempt.created_at)) else {
            return Ok(Arrived::Refused(SignInProblem::ConnectionDisabled));
        };
        if !is_identifiable(&arrival.identity) {
            return Ok(Arrived::Refused(SignInProblem::BadSubject));
        }
        let came = Came::from_provider(connection, arrival, self.now);
        match attempt.purpose {
            AttemptPurpose::SignIn => Box::pin(self.settle(&came, None, journal)).await,
            AttemptPurpose::Link { user, session } => self.link_to(&came, user, session, journal).await,
            AttemptPurpose::Prove { link } => self.prove_by_identity(&came, link, journal).await,
            // What an admin tries out ends where it began, see [`crate::connections::trial`].
            AttemptPurpose::Trial { .. } => Ok(Arrived::Refused(SignInProblem::UnknownAttempt)),
        }
    }

    /// Decides whose account it is and what is joined, and does it. `proved` is an address whose mailbox the person has
    /// just proved. Where somebody else has been faster, what they did is seen by the next round (attack catalogue F-26).
    pub(crate) async fn settle(&self, came: &Came<'_>, proved: Option<&EmailAddress>, journal: &mut Journal) -> Result<Arrived, Failure> {
        let aim = Aim { proved, tenant: came.tenant };
        for _ in 0..ROUNDS {
            let facts = Facts::read(self.tx, self.realm, &came.connection, came.identity, aim).await?;
            let resolution = if facts.suspended {
                Resolution::Refuse { problem: SignInProblem::NotForTenant }
            } else {
                resolve(&facts.case(&came.connection))
            };
            let plan = joining::plan(&facts.joining(&came.connection, came.identity));
            if joining::lacks_groups(&plan, came.tenant) && !matches!(resolution, Resolution::Refuse { .. }) {
                return Ok(Arrived::Refused(SignInProblem::GroupsUnavailable));
            }
            journal.account(&resolution, &facts.address);
            // A mailbox meets no tenant's rule about sign-ins.
            if let (Resolution::Link { user }, Some(_)) = (&resolution, proved)
                && !takes_new_way(self.tx, *user, None, Some(came.connection.id)).await?
            {
                return Ok(Arrived::Refused(SignInProblem::NotForTenant));
            }
            let linked = match resolution {
                Resolution::Refuse { problem } => return Ok(Arrived::Refused(problem)),
                Resolution::Prove { user, .. } => return self.wait(came, Some(user)).await.map(Arrived::Prove),
                Resolution::ProveAddress { .. } => return self.wait(came, None).await.map(Arrived::Prove),
                Resolution::Known { .. } => self.refresh(came, facts.known, &facts.address).await?,
                Resolution::Link { .. } => self.link_holder(came, facts.holder, &facts.address).await?,
                Resolution::Create { email } => self.create(came, email, &facts.address).await?,
            };
            let Some((link, user)) = linked else { continue };
            return self.enter(came, &link, user, &plan, journal).await;
        }
        Err(Fault::new("others kept being faster with the same identity or address").unavailable().into())
    }

    /// Opens the session of somebody whose account is known by now, and lets them join.
    pub(crate) async fn enter(
        &self,
        came: &Came<'_>,
        link: &UserIdentity,
        user: User,
        plan: &[joining::JoinDecision],
        journal: &mut Journal,
    ) -> Result<Arrived, Failure> {
        joining::carry_out(self.tx, plan, came.connection.id, user.id, self.visit.origin, self.now).await?;
        journal.joined(plan, came);
        let opened = self.open(came, link, user).await?;
        journal.entered(&opened);
        Ok(Arrived::SignedIn(Box::new(opened)))
    }

    /// Keeps what the provider asserted until the person has proved what is asked of them, in this browser.
    async fn wait(&self, came: &Came<'_>, user: Option<UserId>) -> Result<PendingLinkId, Failure> {
        let link = PendingLink {
            id: PendingLinkId::new(),
            realm_id: self.realm.id,
            browser: self.visit.browser,
            connection_id: came.connection.id,
            identity: came.identity.clone(),
            user_id: user,
            request: came.request,
            tenant: came.tenant,
            remember: came.remember,
            trace: came.trace,
            created_at: self.now,
            expires_at: self.now.plus(seconds(PENDING_LINK_LIFETIME)),
        };
        self.tx.pending_links().insert(&link).await?;
        Ok(link.id)
    }

    /// Links to the account of whoever began it, while they are still signed in in the same session: another one's
    /// callback links nothing (attack catalogue FED-12). They have to have signed in lately, and as their tenants demand.
    async fn link_to(&self, came: &Came<'_>, user: UserId, session: SessionId, journal: &mut Journal) -> Result<Arrived, Failure> {
        let present = self.signed_in(user, session).await?.filter(|(_, session)| is_recent(session, came.sent_at));
        let Some((user, session)) = present else { return Ok(Arrived::Refused(SignInProblem::ProofMismatch)) };
        journal.person(user.id);
        for _ in 0..ROUNDS {
            let found = self.tx.identities().find(came.connection.id, &came.identity.issuer, &came.identity.subject).await?;
            match found {
                Some(link) if link.user_id == user.id => return Ok(Arrived::Linked(Box::new(link))),
                Some(link) => return self.linked_elsewhere(came, &link, &user, &session).await,
                None => {}
            }
            if !takes_new_way(self.tx, user.id, session.connection_id, Some(came.connection.id)).await? {
                return Ok(Arrived::Refused(SignInProblem::NotForTenant));
            }
            if let Some(link) = self.link(came, &user, json!("account_page")).await? {
                return Ok(Arrived::Linked(Box::new(link)));
            }
        }
        Err(Fault::new("others kept being faster with the same identity").unavailable().into())
    }

    /// The identity is another account's, and whoever came has just proved that it is theirs too: unless it came
    /// through a connection that only links, whose word opens no account (attack catalogue FED-14).
    async fn linked_elsewhere(&self, came: &Came<'_>, link: &UserIdentity, user: &User, session: &Session) -> Result<Arrived, Failure> {
        if came.connection.settings.link_only {
            return Ok(Arrived::Refused(SignInProblem::LinkedElsewhere));
        }
        let other = self.tx.users().find(link.user_id).await?;
        let Some(other) = other.filter(|other| merge::may_merge_themself(other, user)) else {
            return Ok(Arrived::Refused(SignInProblem::LinkedElsewhere));
        };
        let taken = takes_new_way(self.tx, other.id, Some(came.connection.id), None).await?
            && takes_new_way(self.tx, user.id, session.connection_id, None).await?;
        if !taken {
            return Ok(Arrived::Refused(SignInProblem::LinkedElsewhere));
        }
        Ok(Arrived::Mergeable(merge::offer(self.tx, other.id, user.id, self.visit.browser, self.now).await?))
    }

    async fn signed_in(&self, user: UserId, session: SessionId) -> Result<Option<(User, Session)>, Failure> {
        let Some(cookie) = self.visit.session else { return Ok(None) };
        let present = self.tx.sessions().find_by_digest(cookie.digest()).await?;
        let policy = &self.realm.settings.sign_in;
        let same = |present: &Session| present.id == session && present.user_id == user && is_live(policy, present, self.now);
        let Some(present) = present.filter(same) else { return Ok(None) };
        Ok(self.tx.users().find(user).await?.filter(may_be_signed_in).map(|user| (user, present)))
    }
}
