//! The pages of a flow, from what the rules say to what is printed.

use gantry_oauth::authorize::outcome::ChooseAccount;
use gantry_oauth::consent::Question;
use gantry_views::chrome::Person;
use gantry_views::moment::Span;
use gantry_views::page::App;
use gantry_views::page::consent::{Consent, Details, Keeps, ScopeLine, Withheld};
use gantry_views::page::sign_in::Account;

use super::{linkable, within};
use crate::extract::{Arrival, RealmContext};
use crate::paths;

/// The page that asks which account.
pub(super) fn account(arrival: &Arrival, asked: ChooseAccount) -> Account {
    let person = arrival.signed_in().map(|signed_in| (signed_in.user.display_name().to_owned(), signed_in.user.email.to_string()));
    let (name, email) = person.unwrap_or_default();
    Account {
        action: arrival.realm.path(paths::SIGN_IN_ACCOUNT),
        request: Some(asked.request),
        app: Some(asked.app),
        person: Person { name, email },
    }
}

/// The consent page.
pub(super) fn consent(realm: &RealmContext, question: Question) -> Consent {
    let access_lifetime = Span::seconds(question.access_lifetime);
    let (idle, latest) = (Span::seconds(question.refresh_idle_lifetime), Span::seconds(question.refresh_absolute_lifetime));
    let keeps = if question.keeps_access { Keeps::Yes { idle, latest } } else { Keeps::No { lifetime: access_lifetime } };
    let scopes: Vec<ScopeLine> =
        question.scopes.into_iter().map(|scope| ScopeLine::new(&scope.name, &scope.description, scope.api, scope.required)).collect();
    Consent {
        action: realm.path(paths::CONSENT),
        switch: linkable(&question.request).then(|| within(realm, paths::SIGN_IN, Some(&question.request))),
        request: question.request,
        app: App::named(&question.app).described(Some(question.description)).published(question.publisher, question.verified),
        person: Person { name: question.person, email: question.email },
        withheld: Withheld::of(&scopes, None),
        tenants: None,
        scopes,
        keeps,
        account: format!("{}#apps", realm.path(paths::ACCOUNT)),
        destination: question.destination,
        details: Details { client_id: question.client_id, redirect_uri: question.redirect_uri, access_lifetime },
    }
}
