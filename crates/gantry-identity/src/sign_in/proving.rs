//! Proving that an account or an address is one's own, for somebody who came back from a provider.
//!
//! What waits is bound to the browser, the connection, the issuer and the subject, and is used up by the proof
//! (attack catalogue FED-12). Where the address was only said, nothing here tells whether an account has it: the
//! mailbox is proved first. Never lets a mailed link act in another browser than the one that waits.

use std::time::Duration;

use gantry_core::action_link::Action;
use gantry_core::clock::Timestamp;
use gantry_core::connection::{Connection, LinkingPolicy};
use gantry_core::email_address::EmailAddress;
use gantry_core::external_identity::ExternalIdentity;
use gantry_core::failure::{Failure, Fault};
use gantry_core::id::{AuthorizationRequestId, ConnectionId, PendingLinkId, TraceId};
use gantry_core::outbox::{Mail, MailKind};
use gantry_core::realm::Realm;
use gantry_core::secret::{Digest, Secret};
use gantry_core::sign_in_attempt::PendingLink;
use gantry_core::sign_in_trace::{HopKind, SignInProblem};
use gantry_core::user::User;
use gantry_store::RealmTx;
use serde_json::json;

use super::password::{Checked, still_holds};
use super::upstream::{Arrived, Came, Journal, Notice, ROUNDS, Scene};
use crate::action_link::{digest_of, issue};
use crate::linking::{Aim, Facts, ways};
use crate::session::{OpenedSession, may_be_signed_in};
use crate::{Identity, Visit, joining};

/// What waits for a proof.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The key.
    pub id: PendingLinkId,
    /// The connection that the person came through.
    pub connection: Connection,
    /// Who they are there, as the provider has it.
    pub there: Option<String>,
    /// The authorization request that waits too.
    pub request: Option<AuthorizationRequestId>,
    /// Where its hops are written down.
    pub trace: TraceId,
    /// What is to be proved.
    pub asks: Asks,
}

/// What is to be proved.
#[derive(Debug, Clone)]
pub enum Asks {
    /// That the account with this address is theirs. A mailed link is always a way.
    Account {
        /// The address, of both.
        email: EmailAddress,
        /// Whether its password is a way.
        password: bool,
        /// What it is linked to already, each a way.
        connections: Vec<Connection>,
        /// Whether the person may say that it is not theirs, and go on with another address.
        may_deny: bool,
    },
    /// That they read the mail of an address.
    Address {
        /// The one that the provider gave; they may name another.
        suggested: Option<EmailAddress>,
    },
}

/// What came of a proof.
#[derive(Debug)]
pub enum Proved {
    /// Signed in.
    SignedIn {
        /// The session.
        opened: Box<OpenedSession>,
        /// The authorization request to go on with.
        request: Option<AuthorizationRequestId>,
    },
    /// It was not the password.
    Wrong,
    /// Too many tries.
    Throttled {
        /// When to come back.
        wait: Duration,
    },
    /// Nothing waits under this key in this browser, or no more.
    Dead,
    /// Proved, and the answer is no all the same.
    Refused {
        /// Why.
        problem: SignInProblem,
        /// Where it is written down.
        trace: TraceId,
        /// The authorization request that waited.
        request: Option<AuthorizationRequestId>,
    },
}

/// What a mailed link is worth in a browser.
#[derive(Debug)]
pub enum MailedProof {
    /// Its page may ask to go on.
    Ready {
        /// The address.
        email: EmailAddress,
        /// What waits.
        waiting: Box<Waiting>,
    },
    /// Nothing waits for it in this browser: it began in another one, or is over.
    OtherBrowser,
    /// It is unknown, used or too old.
    Dead,
}

/// What the mail with the link says.
#[derive(Debug, Clone, Copy)]
pub struct ProofMail<'m> {
    /// The language.
    pub locale: &'m str,
    /// Where the link leads, up to its token.
    pub link_to: &'m str,
}

/// Which proof was given.
enum Given<'g> {
    /// The account's own password, or another identity of it through this connection.
    Account(&'g User, Option<ConnectionId>),
    /// The mailbox.
    Mailbox(&'g EmailAddress),
}

impl Identity {
    /// What waits in this browser, for its page.
    pub async fn waiting_link(&self, realm: &Realm, id: PendingLinkId, browser: Digest) -> Result<Option<Waiting>, Fault> {
        let tx = self.store.read(realm.id);
        let Some((link, connection)) = find(&tx, id, browser, self.clock.now()).await? else { return Ok(None) };
        let holder = match link.user_id {
            Some(user) => tx.users().find(user).await?.filter(may_be_signed_in),
            None => None,
        };
        let asks = if let Some(holder) = holder {
            let ways = ways(&tx, realm, holder.id).await?;
            let connections = tx.connections().find_all(&ways.connections).await?;
            let may_deny = !connection.settings.known_people_only;
            Asks::Account { email: holder.email, password: ways.password, connections, may_deny }
        } else {
            let said = link.identity.email.as_ref().and_then(|said| EmailAddress::parse(&said.address).ok());
            Asks::Address { suggested: said }
        };
        let there = there(&link.identity);
        Ok(Some(Waiting { id: link.id, connection, there, request: link.request, trace: link.trace, asks }))
    }

    /// Mails a link: to the account's address where one is to be proved, else to the one that the person named. Over the
    /// mail quota nothing happens. `false`: nothing waits.
    pub async fn mail_proof(
        &self,
        realm: &Realm,
        id: PendingLinkId,
        named: Option<&EmailAddress>,
        mail: ProofMail<'_>,
        visit: &Visit<'_>,
    ) -> Result<bool, Failure> {
        let Some(waiting) = self.waiting_link(realm, id, visit.browser).await? else { return Ok(false) };
        let email = match (&waiting.asks, named) {
            (Asks::Account { email, .. }, _) => email.clone(),
            (Asks::Address { .. }, Some(named)) => named.clone(),
            (Asks::Address { suggested }, None) => match suggested {
                Some(suggested) => suggested.clone(),
                None => return Ok(false),
            },
        };
        if !self.may_mail(realm.id, "prove", &email, &visit.origin.ip).await {
            return Ok(true);
        }
        let now = self.clock.now();
        self.store
            .transact(realm.id, async |tx| {
                let token = issue(tx, Action::ProveAddress { email: email.clone(), link: id }, None, None, now).await?;
                let link = format!("{}{}", mail.link_to, token.expose());
                let kind = MailKind::ProveAddress { provider: waiting.connection.name.clone(), link };
                tx.outbox().insert(&Mail { to: email, locale: mail.locale.to_owned(), kind }, now).await?;
                Ok(true)
            })
            .await
    }

    /// Looks at a mailed link without using it.
    pub async fn mailed_proof(&self, realm: &Realm, token: &Secret, browser: Digest) -> Result<MailedProof, Fault> {
        let Some((email, id)) = named_by(&self.store.read(realm.id), token, self.clock.now()).await? else {
            return Ok(MailedProof::Dead);
        };
        let waiting = self.waiting_link(realm, id, browser).await?;
        Ok(waiting.map_or(MailedProof::OtherBrowser, |waiting| MailedProof::Ready { email, waiting: Box::new(waiting) }))
    }

    /// Proves the mailbox by a mailed link, once, in the browser that waits.
    pub async fn prove_with_mail(&self, realm: &Realm, token: &Secret, notice: Notice<'_>, visit: &Visit<'_>) -> Result<Proved, Failure> {
        let now = self.clock.now();
        self.store
            .transact(realm.id, async |tx| {
                let Some((email, id)) = named_by(tx, token, now).await? else { return Ok(Proved::Dead) };
                if find(tx, id, visit.browser, now).await?.is_none() || tx.action_links().consume(token.digest(), now).await?.is_none() {
                    return Ok(Proved::Dead);
                }
                let scene = Scene { rules: self, tx, realm, visit, notice, now };
                scene.finish(id, Given::Mailbox(&email)).await
            })
            .await
    }

    /// Proves the account by its password.
    pub async fn prove_with_password(
        &self,
        realm: &Realm,
        id: PendingLinkId,
        password: &Secret,
        notice: Notice<'_>,
        visit: &Visit<'_>,
    ) -> Result<Proved, Failure> {
        let tx = self.store.read(realm.id);
        let Some((link, _)) = find(&tx, id, visit.browser, self.clock.now()).await? else { return Ok(Proved::Dead) };
        let holder = match link.user_id.filter(|_| realm.settings.sign_in.password) {
            Some(user) => tx.users().find(user).await?.filter(may_be_signed_in),
            None => None,
        };
        let Some(holder) = holder else { return Ok(Proved::Dead) };
        let credential = match self.check_password(realm, &holder.email, Some(&holder), password, visit).await? {
            Checked::Right(credential) => credential,
            Checked::Wrong => return Ok(Proved::Wrong),
            Checked::Throttled(wait) => return Ok(Proved::Throttled { wait }),
        };
        let now = self.clock.now();
        self.store
            .transact(realm.id, async |tx| {
                let Some(holder) = still_holds(tx, &credential).await? else { return Ok(Proved::Wrong) };
                let scene = Scene { rules: self, tx, realm, visit, notice, now };
                scene.finish(id, Given::Account(&holder, None)).await
            })
            .await
    }

    /// The person says that the account is not theirs, and goes on with another address: what waits then.
    pub async fn deny_account(&self, realm: &Realm, id: PendingLinkId, visit: &Visit<'_>) -> Result<Option<PendingLinkId>, Failure> {
        let now = self.clock.now();
        self.store
            .transact(realm.id, async |tx| {
                let Some((_, connection)) = find(tx, id, visit.browser, now).await? else { return Ok(None) };
                if connection.settings.known_people_only {
                    return Ok(None);
                }
                let Some(link) = tx.pending_links().consume(id, visit.browser).await? else { return Ok(None) };
                let identity = ExternalIdentity { email: None, ..link.identity };
                let next = PendingLink { id: PendingLinkId::new(), identity, user_id: None, ..link };
                tx.pending_links().insert(&next).await?;
                Ok(Some(next.id))
            })
            .await
    }

    /// The person gives it up.
    pub async fn give_up_link(&self, realm: &Realm, id: PendingLinkId, visit: &Visit<'_>) -> Result<(), Failure> {
        self.store
            .transact(realm.id, async |tx| {
                tx.pending_links().consume(id, visit.browser).await?;
                Ok(())
            })
            .await
    }
}

impl Scene<'_> {
    /// Proves an account by another identity of it, with which the person has just signed in at its provider.
    pub(crate) async fn prove_by_identity(&self, came: &Came<'_>, id: PendingLinkId, journal: &mut Journal) -> Result<Arrived, Failure> {
        let mismatch = Ok(Arrived::Refused(SignInProblem::ProofMismatch));
        let Some((link, _)) = find(self.tx, id, self.visit.browser, self.now).await? else { return mismatch };
        let proved = self.tx.identities().find(came.connection.id, &came.identity.issuer, &came.identity.subject).await?;
        let (Some(proved), Some(claimed)) = (proved, link.user_id) else { return mismatch };
        if proved.user_id != claimed || came.connection.settings.link_only {
            return mismatch;
        }
        journal.person(claimed);
        let Some(holder) = self.tx.users().find(claimed).await?.filter(may_be_signed_in) else {
            return Ok(Arrived::Refused(SignInProblem::AccountDisabled));
        };
        let Some(link) = self.tx.pending_links().consume(id, self.visit.browser).await? else { return mismatch };
        journal.add(HopKind::Proof, json!({ "by": "connection", "connection": came.connection.id }));
        if link.trace == came.trace {
            return self.complete(&link, Given::Account(&holder, Some(came.connection.id)), journal).await;
        }
        let mut waited = Journal::new(link.trace, Vec::new(), self.now);
        waited.add(HopKind::Proof, json!({ "by": "connection", "connection": came.connection.id, "trace": came.trace }));
        let arrived = self.complete(&link, Given::Account(&holder, Some(came.connection.id)), &mut waited).await?;
        waited.close(self.tx, &arrived, self.visit.origin).await?;
        Ok(arrived)
    }

    /// Uses up what waits, and goes on with the proof that was given.
    async fn finish(&self, id: PendingLinkId, given: Given<'_>) -> Result<Proved, Failure> {
        let Some(link) = self.tx.pending_links().consume(id, self.visit.browser).await? else { return Ok(Proved::Dead) };
        if link.expires_at <= self.now {
            return Ok(Proved::Dead);
        }
        let mut journal = Journal::new(link.trace, Vec::new(), self.now);
        let by = match &given {
            Given::Account(..) => "password",
            Given::Mailbox(_) => "mail",
        };
        journal.add(HopKind::Proof, json!({ "by": by }));
        let arrived = self.complete(&link, given, &mut journal).await?;
        journal.close(self.tx, &arrived, self.visit.origin).await?;
        let (trace, request) = (link.trace, link.request);
        Ok(match arrived {
            Arrived::SignedIn(opened) => Proved::SignedIn { opened, request },
            Arrived::Refused(problem) => Proved::Refused { problem, trace, request },
            // None of these comes of a proof.
            Arrived::Linked(_) | Arrived::Prove(_) | Arrived::Mergeable(_) => Proved::Dead,
        })
    }

    async fn complete(&self, link: &PendingLink, given: Given<'_>, journal: &mut Journal) -> Result<Arrived, Failure> {
        let connection = self.tx.connections().find(link.connection_id).await?;
        let Some(connection) = connection.filter(|connection| connection.stands_since(link.created_at)) else {
            return Ok(Arrived::Refused(SignInProblem::ConnectionDisabled));
        };
        let came = Came::before(connection, link);
        match given {
            Given::Mailbox(email) => Box::pin(self.settle(&came, Some(email), journal)).await,
            // Bound to the account that was shown: what was proved of another is worth nothing.
            Given::Account(holder, through) if link.user_id == Some(holder.id) => {
                if !super::tenant_rule::takes_new_way(self.tx, holder.id, through, Some(came.connection.id)).await? {
                    return Ok(Arrived::Refused(SignInProblem::NotForTenant));
                }
                Box::pin(self.adopt(&came, holder.clone(), journal)).await
            }
            Given::Account(..) => Ok(Arrived::Refused(SignInProblem::ProofMismatch)),
        }
    }

    /// Links to an account that was proved, and opens the session.
    async fn adopt(&self, came: &Came<'_>, mut holder: User, journal: &mut Journal) -> Result<Arrived, Failure> {
        let settings = &came.connection.settings;
        if settings.link_only || settings.linking == LinkingPolicy::Never {
            let problem = if settings.link_only { SignInProblem::LinkOnly } else { SignInProblem::AddressTaken };
            return Ok(Arrived::Refused(problem));
        }
        journal.person(holder.id);
        for _ in 0..ROUNDS {
            let mut facts =
                Facts::read(self.tx, self.realm, &came.connection, came.identity, Aim { proved: None, tenant: came.tenant }).await?;
            if facts.suspended {
                return Ok(Arrived::Refused(SignInProblem::NotForTenant));
            }
            if facts.known.as_ref().is_some_and(|(_, user)| user.id != holder.id) {
                return Ok(Arrived::Refused(SignInProblem::LinkedElsewhere));
            }
            facts.memberships = self.tx.memberships().list_for_user(holder.id).await?;
            let plan = joining::plan(&facts.joining(&came.connection, came.identity));
            if joining::lacks_groups(&plan, came.tenant) {
                return Ok(Arrived::Refused(SignInProblem::GroupsUnavailable));
            }
            let linked = match facts.known {
                Some((link, _)) => Some(link),
                None => self.link(came, &holder, json!("proved_account")).await?,
            };
            let Some(link) = linked else { continue };
            self.take_profile(came, &mut holder, false).await?;
            return self.enter(came, &link, holder, &plan, journal).await;
        }
        Err(Fault::new("others kept being faster with the same identity").unavailable().into())
    }
}

/// What waits in this browser, with its connection, while it may go on.
async fn find(tx: &RealmTx, id: PendingLinkId, browser: Digest, now: Timestamp) -> Result<Option<(PendingLink, Connection)>, Fault> {
    let Some(link) = tx.pending_links().find(id, browser).await?.filter(|link| link.expires_at > now) else { return Ok(None) };
    let connection = tx.connections().find(link.connection_id).await?;
    Ok(connection.filter(|connection| connection.stands_since(link.created_at)).map(|connection| (link, connection)))
}

/// The address and the pending link that a mailed token names, while it is good.
async fn named_by(tx: &RealmTx, token: &Secret, now: Timestamp) -> Result<Option<(EmailAddress, PendingLinkId)>, Fault> {
    let Some(digest) = digest_of(token) else { return Ok(None) };
    let Some(link) = tx.action_links().find_live(digest, now).await? else { return Ok(None) };
    let Action::ProveAddress { email, link } = link.action else { return Ok(None) };
    Ok(Some((email, link)))
}

/// Who somebody is at a provider, in words that they know.
fn there(identity: &ExternalIdentity) -> Option<String> {
    let profile = &identity.profile;
    let name = profile.name.as_ref().or(profile.preferred_username.as_ref());
    let address = identity.email.as_ref().map(|email| &email.address);
    match (name, address) {
        (Some(name), Some(address)) => Some(format!("{name} ({address})")),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}
