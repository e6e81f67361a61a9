//! Home-realm discovery: where somebody signs in, before anybody knows who they are.
//!
//! Owns what may lead to a provider and in which order (`docs/guides/sign-in-routing.md`): `load` reads
//! what the hints can lead to, [`route`] decides. Never looks a person up, so the answer is the same
//! whether or not somebody has an account (CVE-2026-4633), and never lets a hint out of what the
//! tenant that was asked for allows.

mod decide;
mod load;

pub use decide::route;
pub use load::load;

use gantry_core::connection::Connection;
use gantry_core::connector_kind::ConnectorKind;
use gantry_core::email_address::EmailAddress;
use gantry_core::failure::Fault;
use gantry_core::id::{ConnectionId, TenantId};
use gantry_core::realm::Realm;
use gantry_core::tenant::{SignInRule, Tenant};
use serde_json::{Map, Value, json};

use crate::Identity;

/// What is known of where somebody wants to sign in. All of it comes from outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// The tenant that the app asked for, or that the person chose.
    pub tenant: Option<WantedTenant>,
    /// The slug of a connection (`connection`, `idp_hint`), or the person's press on its button.
    pub connection: Option<String>,
    /// `domain_hint`.
    pub domain: Option<String>,
    /// `login_hint`: counts by its domain alone.
    pub login: Option<String>,
    /// The address that the person typed.
    pub typed: Option<EmailAddress>,
    /// The slug of the connection that this browser signed in with last.
    pub remembered: Option<String>,
}

impl Hints {
    /// The tenant alone, and what this browser remembers: for a page on which the person chooses anew.
    #[must_use]
    pub fn of_tenant(&self) -> Self {
        Self { tenant: self.tenant.clone(), remembered: self.remembered.clone(), ..Self::default() }
    }
}

/// A tenant that a request is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedTenant {
    /// One that the rules settled on.
    Known(TenantId),
    /// What the app named; perhaps there is no such tenant.
    OrgId(String),
}

/// What the hints can lead to: read once, decided purely.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    /// Whether the realm has passwords.
    pub password: bool,
    /// The tenant that was asked for, if it is there.
    pub tenant: Option<Place>,
    /// The connection that is named, with the tenants of this question that it is attached to.
    pub named: Option<Connection>,
    /// What the domains of the hints lead to, in the order in which they count.
    pub domains: Vec<DomainPlace>,
    /// The realm's own connections.
    pub realm: Vec<Connection>,
}

/// A tenant and what is attached to it.
#[derive(Debug, Clone)]
pub struct Place {
    /// The tenant.
    pub tenant: Tenant,
    /// The connections, in order of name.
    pub attached: Vec<Connection>,
}

/// A proved domain, and the tenant that proved it.
#[derive(Debug, Clone)]
pub struct DomainPlace {
    /// The domain.
    pub domain: String,
    /// Which hint named it.
    pub source: DomainSource,
    /// The tenant.
    pub place: Place,
}

/// Where a domain comes from, in the order in which they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DomainSource {
    /// `domain_hint`.
    DomainHint,
    /// The domain of `login_hint`.
    LoginHint,
    /// The domain of the address that the person typed.
    Address,
}

impl DomainSource {
    /// The word in traces.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DomainHint => "domain_hint",
            Self::LoginHint => "login_hint",
            Self::Address => "address",
        }
    }
}

/// What was decided, and on what it rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Where to.
    pub route: Route,
    /// The tenant that was asked for: the attempt is made for it.
    pub tenant: Option<TenantId>,
    /// Why.
    pub because: Because,
    /// The hints that were not followed, and why: for the trace.
    pub ignored: Vec<Ignored>,
}

/// Where somebody signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// At this connection's provider, without a page before.
    Upstream(Way),
    /// On the page, with what it offers.
    Page(Offer),
    /// Nowhere: nothing is left that the tenant and the realm allow.
    Refuse,
}

/// A connection as somebody may choose it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The connection.
    pub id: ConnectionId,
    /// Its slug, for addresses.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// What serves it.
    pub kind: ConnectorKind,
}

impl Way {
    /// A connection, as a button.
    pub fn of(connection: &Connection) -> Self {
        Self { id: connection.id, slug: connection.slug.clone(), name: connection.name.clone(), kind: connection.kind }
    }
}

/// What the sign-in page offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// Whether and how a password can be used.
    pub password: PasswordOffer,
    /// The connections, in the order in which they are shown.
    pub buttons: Vec<Way>,
    /// The one that this browser used last, if it is among them.
    pub highlighted: Option<ConnectionId>,
}

/// Whether a password can be used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PasswordOffer {
    /// No: the realm has none.
    #[default]
    Off,
    /// Behind a link: the tenant takes it from those alone who may break the glass. Shown to everybody, since
    /// nobody knows yet who it is; it does not help the others.
    Emergency,
    /// Yes.
    Offered,
    /// Yes, and it is what was asked for by name.
    Wanted,
}

/// Why it is decided as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// The connection was named.
    Named,
    /// It is the only one that the tenant has, and the tenant takes no other.
    OnlyConnection {
        /// The tenant's name.
        tenant: String,
    },
    /// The domain is a tenant's that has one connection.
    Domain {
        /// The domain.
        domain: String,
        /// Which hint named it.
        source: DomainSource,
        /// The tenant's name.
        tenant: String,
    },
    /// The domain is a tenant's that has several.
    SeveralOfDomain {
        /// The domain.
        domain: String,
        /// The tenant's name.
        tenant: String,
    },
    /// Nothing settles it: the person chooses.
    Choice,
    /// The tenant allows nothing that is there.
    NothingLeft,
}

impl Because {
    const fn word(&self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::OnlyConnection { .. } => "only_connection",
            Self::Domain { .. } => "domain",
            Self::SeveralOfDomain { .. } => "several_of_domain",
            Self::Choice => "choice",
            Self::NothingLeft => "nothing_left",
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::Named => "the request names the connection".to_owned(),
            Self::OnlyConnection { tenant } => format!("{tenant} takes sign-ins through its own connection alone, and has one"),
            Self::Domain { domain, source, tenant } => {
                format!("domain {domain} ({}) is {tenant}'s, which has one connection", source.as_str())
            }
            Self::SeveralOfDomain { domain, tenant } => format!("domain {domain} is {tenant}'s, which has several connections"),
            Self::Choice => "the person chose on the sign-in page".to_owned(),
            Self::NothingLeft => "nothing is left that the organization takes".to_owned(),
        }
    }
}

/// A hint that was not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ignored {
    /// The connection that was named is not there, is switched off, or signs nobody in.
    UnknownConnection,
    /// The tenant that was asked for does not take the connection that was named.
    ConnectionNotTaken,
    /// The tenant that was asked for does not take what the domain leads to.
    DomainNotTaken,
    /// There is no tenant of this name.
    UnknownTenant,
}

impl Ignored {
    /// The word in traces.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownConnection => "unknown_connection",
            Self::ConnectionNotTaken => "connection_not_taken",
            Self::DomainNotTaken => "domain_not_taken",
            Self::UnknownTenant => "unknown_organization",
        }
    }
}

impl Decision {
    /// The detail of the trace's hop `route`. Holds no address, only its domain.
    pub fn hop(&self) -> Value {
        let mut detail = Map::new();
        detail.insert("rule".to_owned(), json!(self.because.word()));
        detail.insert("because".to_owned(), json!(self.because.sentence()));
        if let Route::Upstream(way) = &self.route {
            detail.insert("connection".to_owned(), json!(way.slug));
        }
        if let Because::Domain { domain, source, .. } = &self.because {
            detail.insert("domain".to_owned(), json!(domain));
            detail.insert("source".to_owned(), json!(source.as_str()));
        }
        if !self.ignored.is_empty() {
            let words: Vec<&str> = self.ignored.iter().map(|ignored| ignored.as_str()).collect();
            detail.insert("ignored".to_owned(), json!(words));
        }
        Value::Object(detail)
    }
}

impl Identity {
    /// Decides where somebody signs in, by what is there now.
    pub async fn route(&self, realm: &Realm, hints: &Hints) -> Result<Decision, Fault> {
        Ok(route(hints, &load(&self.store.read(realm.id), realm, hints).await?))
    }
}

impl Place {
    /// Whether the tenant takes sign-ins in one way or another.
    const fn rule(&self) -> SignInRule {
        self.tenant.sign_in
    }
}
