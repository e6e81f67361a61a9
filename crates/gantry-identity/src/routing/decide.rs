//! The order in which hints count: pure, so that it can be read and tested as a table.

use gantry_core::connection::Connection;
use gantry_core::tenant::SignInRule;

use super::{Because, Candidates, Decision, DomainPlace, Hints, Ignored, Offer, PasswordOffer, Route, Way};

/// The most buttons on one page.
const MAX_BUTTONS: usize = 50;

/// Decides where somebody signs in. The tenant that was asked for limits everything that follows, and no
/// hint leads out of it: a named connection, then the tenant's only one, then a proved domain, then the page.
pub fn route(hints: &Hints, candidates: &Candidates) -> Decision {
    let mut ignored = Vec::new();
    if hints.tenant.is_some() && candidates.tenant.is_none() {
        ignored.push(Ignored::UnknownTenant);
    }
    let (route, because) = settle(hints, candidates, &mut ignored);
    Decision { route, tenant: candidates.tenant.as_ref().map(|place| place.tenant.id), because, ignored }
}

fn settle(hints: &Hints, candidates: &Candidates, ignored: &mut Vec<Ignored>) -> (Route, Because) {
    if hints.connection.is_some() {
        match named(candidates) {
            Ok(settled) => return settled,
            Err(why) => ignored.push(why),
        }
    }
    if let Some(settled) = only_connection(candidates) {
        return settled;
    }
    if let Some(settled) = by_domain(hints, candidates, ignored) {
        return settled;
    }
    page(hints, candidates, buttons(candidates), Because::Choice)
}

/// What was named, if it is among what may be used here.
fn named(candidates: &Candidates) -> Result<(Route, Because), Ignored> {
    let named = candidates.named.as_ref().filter(|named| named.is_enabled()).ok_or(Ignored::UnknownConnection)?;
    if !named.kind.is_upstream() {
        let password = match password(candidates) {
            PasswordOffer::Off => return Err(Ignored::UnknownConnection),
            PasswordOffer::Emergency | PasswordOffer::Offered | PasswordOffer::Wanted => PasswordOffer::Wanted,
        };
        return Ok((Route::Page(Offer { password, buttons: buttons(candidates), highlighted: None }), Because::Named));
    }
    if !signs_in(named) {
        return Err(Ignored::UnknownConnection);
    }
    if takes(candidates, named) { Ok((upstream(named), Because::Named)) } else { Err(Ignored::ConnectionNotTaken) }
}

/// The only connection of a tenant that takes no other.
fn only_connection(candidates: &Candidates) -> Option<(Route, Because)> {
    let place = candidates.tenant.as_ref().filter(|place| place.rule() == SignInRule::OwnConnection)?;
    let only = only(place.attached.iter().filter(|connection| signs_in(connection)))?;
    Some((upstream(only), Because::OnlyConnection { tenant: place.tenant.name.clone() }))
}

/// What the first domain that leads somewhere leads to.
fn by_domain(hints: &Hints, candidates: &Candidates, ignored: &mut Vec<Ignored>) -> Option<(Route, Because)> {
    for DomainPlace { domain, source, place } in &candidates.domains {
        let there: Vec<&Connection> = place.attached.iter().filter(|connection| signs_in(connection)).collect();
        let taken: Vec<&Connection> = there.iter().copied().filter(|connection| takes_of_domain(candidates, connection)).collect();
        let tenant = place.tenant.name.clone();
        match (&*there, &*taken) {
            ([], _) => {}
            (_, []) => ignored.push(Ignored::DomainNotTaken),
            ([_], [only]) => return Some((upstream(only), Because::Domain { domain: domain.clone(), source: *source, tenant })),
            (_, several) => {
                let buttons = several.iter().copied().map(Way::of).collect();
                return Some(page(hints, candidates, buttons, Because::SeveralOfDomain { domain: domain.clone(), tenant }));
            }
        }
    }
    None
}

fn page(hints: &Hints, candidates: &Candidates, mut buttons: Vec<Way>, because: Because) -> (Route, Because) {
    buttons.truncate(MAX_BUTTONS);
    let password = password(candidates);
    if buttons.is_empty() && password == PasswordOffer::Off {
        return (Route::Refuse, Because::NothingLeft);
    }
    let remembered = hints.remembered.as_deref();
    let at = buttons.iter().position(|way| Some(way.slug.as_str()) == remembered);
    // First and marked, but never taken without a press.
    if let Some(at) = at {
        let way = buttons.remove(at);
        buttons.insert(0, way);
    }
    let highlighted = at.and_then(|_| buttons.first()).map(|way| way.id);
    (Route::Page(Offer { password, buttons, highlighted }), because)
}

/// The connections that a page shows: those of the tenant, hidden or not, then those of the realm that are not hidden.
fn buttons(candidates: &Candidates) -> Vec<Way> {
    let own = candidates.tenant.iter().flat_map(|place| &place.attached).filter(|connection| signs_in(connection));
    let mut shown: Vec<Way> = own.map(Way::of).collect();
    for connection in candidates.realm.iter().filter(|connection| signs_in(connection) && !connection.settings.hidden) {
        if takes(candidates, connection) && !shown.iter().any(|way| way.id == connection.id) {
            shown.push(Way::of(connection));
        }
    }
    shown.truncate(MAX_BUTTONS);
    shown
}

const fn password(candidates: &Candidates) -> PasswordOffer {
    match (&candidates.tenant, candidates.password) {
        (_, false) => PasswordOffer::Off,
        (None, true) => PasswordOffer::Offered,
        (Some(place), true) => match place.rule() {
            SignInRule::Any => PasswordOffer::Offered,
            SignInRule::Federated | SignInRule::OwnConnection => PasswordOffer::Emergency,
        },
    }
}

/// Whether the tenant that was asked for, if one was, takes sign-ins through a connection. One that another
/// tenant owns serves that tenant alone.
fn takes(candidates: &Candidates, connection: &Connection) -> bool {
    let Some(place) = &candidates.tenant else { return true };
    let own = place.attached.iter().any(|attached| attached.id == connection.id);
    match place.rule() {
        SignInRule::OwnConnection => own,
        SignInRule::Federated | SignInRule::Any => own || connection.owner.is_none() || connection.owner == Some(place.tenant.id),
    }
}

/// The same for what a domain leads to: where the tenant that was asked for takes any sign-in, people may come
/// through the connection that another tenant owns, as guests do.
fn takes_of_domain(candidates: &Candidates, connection: &Connection) -> bool {
    takes(candidates, connection) || candidates.tenant.as_ref().is_some_and(|place| place.rule() != SignInRule::OwnConnection)
}

/// Whether somebody can sign in with it.
const fn signs_in(connection: &Connection) -> bool {
    connection.is_enabled() && connection.kind.is_upstream() && !connection.settings.link_only
}

fn upstream(connection: &Connection) -> Route {
    Route::Upstream(Way::of(connection))
}

fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use gantry_core::clock::Timestamp;
    use gantry_core::connection::ConnectionSettings;
    use gantry_core::connector_kind::ConnectorKind;
    use gantry_core::id::{ConnectionId, RealmId, TenantId};
    use gantry_core::tenant::{AppPolicy, Tenant};

    use super::super::{DomainSource, Place, WantedTenant};
    use super::*;

    fn connection(slug: &str) -> Connection {
        Connection {
            id: ConnectionId::new(),
            realm_id: RealmId::new(),
            slug: slug.to_owned(),
            name: slug.to_owned(),
            kind: if slug == "password" { ConnectorKind::Password } else { ConnectorKind::Oidc },
            owner: None,
            settings: ConnectionSettings::default(),
            credential_expires_at: None,
            not_before: None,
            disabled_at: None,
            created_at: Timestamp::from_seconds(0),
        }
    }

    fn with(connection: &Connection, change: impl FnOnce(&mut Connection)) -> Connection {
        let mut connection = connection.clone();
        change(&mut connection);
        connection
    }

    fn place(name: &str, rule: SignInRule, attached: &[&Connection]) -> Place {
        let tenant = Tenant {
            id: TenantId::new(),
            realm_id: RealmId::new(),
            org_id: name.to_lowercase(),
            name: name.to_owned(),
            app_policy: AppPolicy::All,
            max_sign_in_age: None,
            password_min_length: None,
            sign_in: rule,
            branding: gantry_core::tenant::TenantBranding::default(),
            suspended_at: None,
            not_before: None,
            created_at: Timestamp::from_seconds(0),
        };
        Place { tenant, attached: attached.iter().map(|connection| (*connection).clone()).collect() }
    }

    /// A realm with passwords, Google and GitHub, and somebody who wants to sign in to it.
    struct Case {
        google: Connection,
        github: Connection,
        hints: Hints,
        candidates: Candidates,
    }

    impl Case {
        fn new() -> Self {
            let (google, github) = (connection("google"), connection("github"));
            let realm = vec![github.clone(), google.clone()];
            Self { google, github, hints: Hints::default(), candidates: Candidates { password: true, realm, ..Candidates::default() } }
        }

        /// The app asked for this tenant.
        fn asking(mut self, place: Place) -> Self {
            self.hints.tenant = Some(WantedTenant::OrgId(place.tenant.org_id.clone()));
            self.candidates.tenant = Some(place);
            self
        }

        fn naming(mut self, connection: &Connection) -> Self {
            self.hints.connection = Some(connection.slug.clone());
            self.candidates.named = Some(connection.clone());
            self
        }

        fn of_domain(mut self, source: DomainSource, place: Place) -> Self {
            let domain = format!("{}.example", place.tenant.org_id);
            self.candidates.domains.push(DomainPlace { domain, source, place });
            self
        }

        fn change(mut self, change: impl FnOnce(&mut Self)) -> Self {
            change(&mut self);
            self
        }

        fn decide(&self) -> Decision {
            route(&self.hints, &self.candidates)
        }

        /// `> slug` for a provider; else the password, the buttons, `*` at the one that is marked, and what was ignored.
        fn said(&self) -> String {
            let decision = self.decide();
            let mut said = match &decision.route {
                Route::Upstream(way) => format!("> {}", way.slug),
                Route::Refuse => "refused".to_owned(),
                Route::Page(offer) => {
                    let mark = |way: &Way| if Some(way.id) == offer.highlighted { format!("{}*", way.slug) } else { way.slug.clone() };
                    let buttons: Vec<String> = offer.buttons.iter().map(mark).collect();
                    format!("{:?} [{}]", offer.password, buttons.join(" "))
                }
            };
            for ignored in decision.ignored {
                said.push_str(" !");
                said.push_str(ignored.as_str());
            }
            said
        }
    }

    #[test]
    fn without_a_hint_the_person_chooses() {
        assert_eq!(Case::new().said(), "Offered [github google]");
        let remembering = |slug: &str| Case::new().change(|case| case.hints.remembered = Some(slug.to_owned()));
        // Marked and first, never taken.
        assert_eq!(remembering("google").said(), "Offered [google* github]");
        assert_eq!(remembering("gone").said(), "Offered [github google]");
        let changed = |change: fn(&mut Connection)| Case::new().change(|case| change(&mut case.candidates.realm[0])).said();
        assert_eq!(changed(|github| github.settings.hidden = true), "Offered [google]");
        assert_eq!(changed(|github| github.settings.link_only = true), "Offered [google]");
        assert_eq!(changed(|github| github.disabled_at = Some(Timestamp::from_seconds(1))), "Offered [google]");
        assert_eq!(changed(|github| github.kind = ConnectorKind::Password), "Offered [google]");
        let bare = Case::new().change(|case| (case.candidates.password, case.candidates.realm) = (false, Vec::new()));
        assert_eq!(bare.said(), "refused");
    }

    #[test]
    fn a_named_connection_is_taken_where_it_may_be() {
        let case = Case::new();
        let (google, password) = (case.google.clone(), connection("password"));
        assert_eq!(Case::new().naming(&google).said(), "> google");
        let hidden = with(&google, |google| google.settings.hidden = true);
        assert_eq!(Case::new().naming(&hidden).said(), "> google");
        assert_eq!(Case::new().naming(&password).said(), "Wanted [github google]");
        for change in [(|google: &mut Connection| google.disabled_at = Some(Timestamp::from_seconds(1))) as fn(&mut Connection), |google| {
            google.settings.link_only = true;
        }] {
            assert_eq!(Case::new().naming(&with(&google, change)).said(), "Offered [github google] !unknown_connection");
        }
        let unknown = Case::new().change(|case| case.hints.connection = Some("nothing".to_owned()));
        assert_eq!(unknown.said(), "Offered [github google] !unknown_connection");
        let without = Case::new().naming(&password).change(|case| case.candidates.password = false);
        assert_eq!(without.said(), "[github google] !unknown_connection".replacen('[', "Off [", 1));
    }

    /// What a tenant takes limits every hint (the class of zitadel/zitadel#8588).
    #[test]
    fn no_hint_leads_out_of_what_the_tenant_takes() {
        let (entra, okta, google) = (connection("entra"), connection("okta"), Case::new().google);
        let own = |attached: &[&Connection]| Case::new().asking(place("Alder", SignInRule::OwnConnection, attached));
        assert_eq!(own(&[&entra]).said(), "> entra");
        assert_eq!(own(&[&entra]).naming(&google).said(), "> entra !connection_not_taken");
        let birch = || place("Birch", SignInRule::Any, &[&okta]);
        for source in [DomainSource::DomainHint, DomainSource::LoginHint, DomainSource::Address] {
            assert_eq!(own(&[&entra]).of_domain(source, birch()).said(), "> entra");
            assert_eq!(own(&[&entra, &google]).of_domain(source, birch()).said(), "Emergency [entra google] !domain_not_taken");
        }
        let remembering = own(&[&entra, &google]).change(|case| case.hints.remembered = Some("github".to_owned()));
        assert_eq!(remembering.said(), "Emergency [entra google]");
        assert_eq!(own(&[&entra, &google]).naming(&google).said(), "> google");
        // Nothing is attached, or nothing that works: only the way for emergencies is left.
        assert_eq!(own(&[]).said(), "Emergency []");
        assert_eq!(own(&[]).change(|case| case.candidates.password = false).said(), "refused");
        let off = with(&entra, |entra| entra.disabled_at = Some(Timestamp::from_seconds(1)));
        assert_eq!(own(&[&off]).said(), "Emergency []");
        assert_eq!(own(&[&off, &google]).said(), "> google");
        assert_eq!(own(&[&entra]).naming(&connection("password")).said(), "Wanted [entra]");
    }

    #[test]
    fn a_tenant_without_a_rule_shows_its_own_ways_first() {
        let entra = with(&connection("entra"), |entra| entra.settings.hidden = true);
        let at = |rule| Case::new().asking(place("Alder", rule, &[&entra]));
        assert_eq!(at(SignInRule::Any).said(), "Offered [entra github google]");
        assert_eq!(at(SignInRule::Federated).said(), "Emergency [entra github google]");
        let of_others = with(&connection("okta"), |okta| okta.owner = Some(TenantId::new()));
        assert_eq!(at(SignInRule::Any).naming(&of_others).said(), "Offered [entra github google] !connection_not_taken");
        assert_eq!(Case::new().naming(&of_others).said(), "> okta");
        let unknown = Case::new().change(|case| case.hints.tenant = Some(WantedTenant::OrgId("nobodys".to_owned())));
        assert_eq!(unknown.said(), "Offered [github google] !unknown_organization");
        assert_eq!(unknown.decide().tenant, None);
    }

    #[test]
    fn a_proved_domain_leads_to_its_tenants_only_connection() {
        let (entra, okta) = (connection("entra"), connection("okta"));
        let alder = |attached: &[&Connection]| place("Alder", SignInRule::Any, attached);
        let domain = |place| Case::new().of_domain(DomainSource::LoginHint, place);
        assert_eq!(domain(alder(&[&entra])).said(), "> entra");
        assert_eq!(domain(alder(&[&entra, &okta])).said(), "Offered [entra okta]");
        assert_eq!(domain(alder(&[])).said(), "Offered [github google]");
        // The first that leads somewhere counts; a named connection comes before all of them.
        let both = || domain(alder(&[])).of_domain(DomainSource::Address, place("Birch", SignInRule::Any, &[&okta]));
        assert_eq!(both().said(), "> okta");
        let github = both().github;
        assert_eq!(both().naming(&github).said(), "> github");
        // Somebody of Birch goes to Alder, which takes any sign-in: through what is Birch's own.
        let owned = with(&okta, |okta| okta.owner = Some(TenantId::new()));
        let guest = Case::new().asking(alder(&[&entra])).of_domain(DomainSource::Address, place("Birch", SignInRule::Any, &[&owned]));
        assert_eq!(guest.said(), "> okta");
    }

    #[test]
    fn the_trace_says_why() {
        let entra = connection("entra");
        let by_domain = Case::new().of_domain(DomainSource::LoginHint, place("Alder", SignInRule::Any, &[&entra]));
        assert_eq!(
            by_domain.decide().hop(),
            serde_json::json!({
                "rule": "domain",
                "because": "domain alder.example (login_hint) is Alder's, which has one connection",
                "connection": "entra",
                "domain": "alder.example",
                "source": "login_hint",
            })
        );
        let google = Case::new().google;
        let own = Case::new().asking(place("Alder", SignInRule::OwnConnection, &[&entra])).naming(&google).decide().hop();
        assert_eq!((&own["rule"], &own["ignored"]), (&"only_connection".into(), &serde_json::json!(["connection_not_taken"])));
    }
}
