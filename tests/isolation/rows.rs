//! For each address: how something foreign could be presented there.

use gantry_web::paths::{
    ACCOUNT, ACCOUNT_APPS, ACCOUNT_CONNECTIONS, ACCOUNT_CONNECTIONS_LINK, ACCOUNT_MERGE, ACCOUNT_PASSWORD, ACCOUNT_PASSWORD_MAIL,
    ACCOUNT_PROFILE, ACCOUNT_SESSIONS, ACCOUNT_TOKENS, ACCOUNT_TOKENS_REVOKE, AUTHORIZE, BRANDING_CSS, CHECK_MAIL, CONNECTION_CALLBACK,
    CONNECTION_LOGOUT, CONNECTION_START, CONSENT, CONTINUE, EXPLANATION, FIRST_OPERATOR, FORWARD_AUTH, INTROSPECT, INVITATION, JWKS,
    KEYCLOAK_AUTHORIZE, KEYCLOAK_INTROSPECT, KEYCLOAK_JWKS, KEYCLOAK_LOGOUT, KEYCLOAK_PAR, KEYCLOAK_REVOKE, KEYCLOAK_TOKEN,
    KEYCLOAK_USERINFO, LOGOUT, LOGOUT_CONFIRM, OAUTH_METADATA, OPENID_CONFIGURATION, PAR, PROVE, PROVE_CANCEL, PROVE_LINK, PROVE_MAIL,
    RESET, RESET_PASSWORD, REVOKE, SIGN_IN, SIGN_IN_ACCOUNT, SIGN_IN_BACK, SIGN_IN_PASSWORD, SIGN_OUT, SIGN_UP, SIGNED_OUT, TENANT, TOKEN,
    TRACE, TRACE_SHARE, TRACE_SHARED, UPSTREAM_TOKEN, USERINFO, VERIFY_EMAIL, WELCOME,
};

use super::request::Request;
use super::things::{Stand, Things};

/// How something is presented at an address.
pub(super) enum Row {
    /// Cookies and a form's token, as at every address.
    Browser,
    /// These requests besides.
    With(fn(&'static str, &Stand, &Things) -> Vec<Request>),
    /// These requests, which may end or use up what they present, or what the attacker's own browser holds.
    Ending(fn(&'static str, &Stand, &Things) -> Vec<Request>),
}

/// The addresses that have a row.
pub(super) const ROWS: &[(&str, Row)] = &[
    (WELCOME, Row::Browser),
    (BRANDING_CSS, Row::Browser),
    (AUTHORIZE, Row::With(authorize)),
    (PAR, Row::With(par)),
    (TOKEN, Row::Ending(token)),
    (INTROSPECT, Row::With(introspect)),
    (FORWARD_AUTH, Row::With(forward_auth)),
    (REVOKE, Row::Ending(revoke)),
    (USERINFO, Row::With(userinfo)),
    (UPSTREAM_TOKEN, Row::Browser),
    (CONNECTION_LOGOUT, Row::Browser),
    (SIGNED_OUT, Row::Browser),
    (JWKS, Row::Browser),
    (LOGOUT, Row::Ending(logout)),
    (LOGOUT_CONFIRM, Row::Ending(flow_form)),
    (KEYCLOAK_AUTHORIZE, Row::With(authorize)),
    (KEYCLOAK_PAR, Row::With(par)),
    (KEYCLOAK_TOKEN, Row::With(token)),
    (KEYCLOAK_INTROSPECT, Row::With(introspect)),
    (KEYCLOAK_REVOKE, Row::With(revoke)),
    (KEYCLOAK_USERINFO, Row::With(userinfo)),
    (KEYCLOAK_JWKS, Row::Browser),
    (KEYCLOAK_LOGOUT, Row::Ending(logout)),
    (OPENID_CONFIGURATION, Row::Browser),
    (OAUTH_METADATA, Row::Browser),
    (SIGN_IN, Row::With(flow_page)),
    (SIGN_IN_PASSWORD, Row::With(flow_page)),
    (SIGN_IN_ACCOUNT, Row::With(flow_form)),
    (CONNECTION_START, Row::With(connection)),
    (CONNECTION_CALLBACK, Row::With(connection)),
    (SIGN_IN_BACK, Row::Ending(flow_form)),
    (PROVE, Row::With(proof)),
    (PROVE_MAIL, Row::With(proof)),
    (PROVE_LINK, Row::Ending(proof)),
    (PROVE_CANCEL, Row::Ending(proof)),
    (CONTINUE, Row::With(flow_page)),
    (TENANT, Row::With(flow_form)),
    (CONSENT, Row::With(flow_form)),
    (SIGN_UP, Row::With(flow_page)),
    (CHECK_MAIL, Row::With(check_mail)),
    (VERIFY_EMAIL, Row::Ending(link)),
    (INVITATION, Row::Ending(link)),
    (RESET, Row::With(flow_page)),
    (RESET_PASSWORD, Row::Ending(link)),
    (SIGN_OUT, Row::Ending(signed_in_form)),
    (ACCOUNT, Row::Browser),
    (ACCOUNT_PROFILE, Row::Ending(signed_in_form)),
    (ACCOUNT_PASSWORD, Row::Ending(signed_in_form)),
    (ACCOUNT_PASSWORD_MAIL, Row::Ending(signed_in_form)),
    (ACCOUNT_CONNECTIONS, Row::Ending(signed_in_form)),
    (ACCOUNT_CONNECTIONS_LINK, Row::Ending(signed_in_form)),
    (ACCOUNT_MERGE, Row::Ending(signed_in_form)),
    (ACCOUNT_SESSIONS, Row::Ending(signed_in_form)),
    (ACCOUNT_APPS, Row::Ending(signed_in_form)),
    (ACCOUNT_TOKENS, Row::Ending(signed_in_form)),
    (ACCOUNT_TOKENS_REVOKE, Row::Ending(signed_in_form)),
    (TRACE, Row::Browser),
    (TRACE_SHARE, Row::Browser),
    (TRACE_SHARED, Row::Browser),
    (EXPLANATION, Row::Browser),
    (FIRST_OPERATOR, Row::With(link)),
];

/// What every address is asked: with cookies under this realm's names and under their own, and with a form's token.
pub(super) fn by_browser(path: &str, stand: &Stand, foreign_names: &[String; 3], things: &Things) -> Vec<Request> {
    let values = ["browser", "session", "devices"].map(|kind| things.get(kind).to_owned());
    let named = |names: &[String; 3]| names.iter().cloned().zip(values.iter().cloned()).collect::<Vec<_>>();
    let (here, there) = (named(&stand.cookie_names), named(foreign_names));
    let mixed = [stand.visitor.clone(), named(&stand.cookie_names).into_iter().skip(1).collect()].concat();
    let flow = vec![(stand.cookie_names[0].clone(), things.get("flow_browser").to_owned())];
    let form = [("csrf", things.get("csrf")), ("request", stand.request.as_str())];
    let own_flow = [("request", stand.request.as_str())];
    let mut all = vec![
        Request::get("cookies under our names", path).cookies(&here),
        Request::get("cookies under their own names", path).cookies(&there),
        Request::get("a session beside our browser's cookie", path).cookies(&mixed),
        Request::query("cookies with a flow of ours", path, &own_flow).cookies(&here),
        Request::post("cookies under our names, and a form", path, &form).cookies(&here),
        Request::post("cookies under their own names, and a form", path, &form).cookies(&there),
        Request::post("a form's token in a browser of ours", path, &form).cookies(&stand.visitor),
    ];
    // Everything that its browser held, moved here as one.
    for name in ["sealed", "request"] {
        let (request, csrf) = (("request", things.get(name)), ("csrf", things.get("csrf")));
        let typed = [("username", things.get("email")), ("password", "a wrong one")];
        all.push(Request::query("a browser with its flow", path, &[request]).cookies(&flow));
        all.push(Request::post("a browser with its flow's form", path, &[csrf, request, typed[0], typed[1]]).cookies(&flow));
    }
    all.push(Request::query("a browser with what it was sent", path, &[("sent", things.get("sent"))]).cookies(&flow));
    let signed_in = [
        ("csrf", things.get("session_csrf")),
        ("request", things.get("logout_request")),
        ("session", things.get("session_id")),
        ("app", things.get("app_id")),
        ("token", things.get("token_id")),
        ("name", "Mallory"),
    ];
    all.push(Request::post("a session with its form", path, &signed_in).cookies(&here));
    all
}

/// An authorization request of an app of ours, with something changed.
fn asked<'r>(stand: &'r Stand, changes: &[(&'static str, &'r str)]) -> Vec<(&'static str, &'r str)> {
    let mut pairs = vec![
        ("response_type", "code"),
        ("client_id", stand.client_id.as_str()),
        ("redirect_uri", stand.redirect_uri.as_str()),
        ("scope", "openid"),
        ("state", "state"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    for change in changes {
        pairs.retain(|(known, _)| *known != change.0);
        pairs.push(*change);
    }
    pairs
}

/// What such a request can name.
fn named(things: &Things) -> Vec<(&'static str, Vec<(&'static str, &str)>)> {
    vec![
        ("an app", vec![("client_id", things.get("client_id")), ("redirect_uri", things.get("redirect_uri"))]),
        ("an app with our address", vec![("client_id", things.get("client_id"))]),
        ("an address", vec![("redirect_uri", things.get("redirect_uri"))]),
        ("a scope", vec![("scope", things.get("scope"))]),
        ("an API", vec![("resource", things.get("audience"))]),
        ("an API by its other name", vec![("audience", things.get("audience"))]),
        ("a hint", vec![("id_token_hint", things.get("id_token"))]),
        ("a hint without a page", vec![("id_token_hint", things.get("id_token")), ("prompt", "none")]),
        ("a person", vec![("login_hint", things.get("email"))]),
        ("an organization", vec![("org_id", things.get("org_id"))]),
        ("an organization without a page", vec![("organization", things.get("org_id")), ("prompt", "none")]),
        ("a request object", vec![("request", things.get("assertion"))]),
        ("a pushed request", vec![("request_uri", things.get("request_uri"))]),
        ("a pushed request and its app", vec![("request_uri", things.get("request_uri")), ("client_id", things.get("client_id"))]),
    ]
}

fn authorize(path: &'static str, stand: &Stand, things: &Things) -> Vec<Request> {
    let requests = named(things).into_iter().map(|(what, changes)| Request::query(what, path, &asked(stand, &changes)));
    requests.flat_map(|request| [request.clone(), request.cookies(&stand.signed_in)]).collect()
}

/// Pushed by an app of ours, and by the one whose things these are.
fn par(path: &'static str, stand: &Stand, things: &Things) -> Vec<Request> {
    let requests = named(things).into_iter().map(|(what, changes)| Request::post(what, path, &asked(stand, &changes)));
    let (their_id, their_secret) = (things.get("client_id"), things.get("client_secret"));
    let by_both = |request: Request| {
        [request.clone().basic(&stand.client_id, &stand.client_secret), request.clone().basic(their_id, their_secret), request]
    };
    requests.flat_map(by_both).collect()
}

fn token(path: &'static str, stand: &Stand, things: &Things) -> Vec<Request> {
    let (id, secret) = (stand.client_id.as_str(), stand.client_secret.as_str());
    let own = |what, pairs: &[(&str, &str)]| Request::post(what, path, pairs).basic(id, secret);
    let code = |redirect_uri| {
        [
            ("grant_type", "authorization_code"),
            ("code", things.get("code")),
            ("redirect_uri", redirect_uri),
            ("code_verifier", things.get("verifier")),
        ]
    };
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", things.get("refresh_token"))];
    let machine = [("grant_type", "client_credentials")];
    let (their_id, their_secret) = (things.get("client_id"), things.get("client_secret"));
    let bearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let asserted = |assertion| [machine[0], ("client_assertion_type", bearer), ("client_assertion", assertion)];
    vec![
        own("a code", &code(things.get("redirect_uri"))),
        own("a code with our address", &code(&stand.redirect_uri)),
        own("a refresh token", &refresh),
        own("a code as a refresh token", &[refresh[0], ("refresh_token", things.get("code"))]),
        Request::post("a code and its app", path, &code(things.get("redirect_uri"))).basic(their_id, their_secret),
        Request::post("a refresh token and its app", path, &refresh).basic(their_id, their_secret),
        Request::post("an app", path, &machine).basic(their_id, their_secret),
        Request::post("an app in the body", path, &[machine[0], ("client_id", their_id), ("client_secret", their_secret)]),
        Request::post("an app without a proof", path, &[machine[0], ("client_id", their_id)]),
        Request::post("a secret", path, &machine).basic(id, their_secret),
        Request::post("an assertion", path, &asserted(things.get("assertion"))),
        Request::post("an assertion for an app of ours", path, &asserted(things.get("assertion"))).header("x-client", &stand.signer),
        own("a scope", &[machine[0], ("scope", things.get("scope"))]),
        own("an API", &[machine[0], ("resource", things.get("audience"))]),
        own("an organization", &[machine[0], ("org_id", things.get("org_id"))]),
    ]
}

/// What could be taken for a token.
const TOKENS: &[&str] = &["access_token", "opaque_token", "refresh_token", "id_token", "app_key", "personal_token", "code", "session"];

fn introspect(path: &'static str, stand: &Stand, things: &Things) -> Vec<Request> {
    let ask = |name: &&'static str| Request::post(name, path, &[("token", things.get(name))]).basic(&stand.api, &stand.client_secret);
    let hint = |name: &&'static str| {
        let pairs = [("token", things.get(name)), ("token_type_hint", "refresh_token")];
        Request::post(name, path, &pairs).basic(&stand.client_id, &stand.client_secret)
    };
    let asker = Request::post("an asker", path, &[("token", stand.access_token.as_str())]);
    let mut all: Vec<Request> = TOKENS.iter().map(ask).chain(TOKENS.iter().map(hint)).collect();
    all.push(asker.basic(things.get("client_id"), things.get("client_secret")));
    all
}

fn revoke(path: &'static str, stand: &Stand, things: &Things) -> Vec<Request> {
    let ask = |name: &&'static str| Request::post(name, path, &[("token", things.get(name))]).basic(&stand.client_id, &stand.client_secret);
    let asker = Request::post("an asker", path, &[("token", stand.access_token.as_str())]);
    let mut all: Vec<Request> = TOKENS.iter().map(ask).collect();
    all.push(asker.basic(things.get("client_id"), things.get("client_secret")));
    all
}

fn userinfo(path: &'static str, _: &Stand, things: &Things) -> Vec<Request> {
    let by_header = TOKENS.iter().map(|name| Request::get(name, path).bearer(things.get(name)));
    by_header.chain(TOKENS.iter().map(|name| Request::post(name, path, &[("access_token", things.get(name))]))).collect()
}

fn forward_auth(path: &'static str, stand: &Stand, things: &Things) -> Vec<Request> {
    let mut all: Vec<Request> = TOKENS.iter().map(|name| Request::get(name, path).bearer(things.get(name))).collect();
    all.push(Request::get("a key", path).header("x-sample-key", things.get("app_key")));
    all.push(Request::query("an API", path, &[("aud", things.get("audience"))]).bearer(&stand.access_token));
    all.push(Request::query("a scope", path, &[("scope", things.get("scope"))]).bearer(&stand.access_token));
    all
}

fn logout(path: &'static str, stand: &Stand, things: &Things) -> Vec<Request> {
    let (hint, app) = (("id_token_hint", things.get("id_token")), ("client_id", things.get("client_id")));
    let back = ("post_logout_redirect_uri", things.get("post_logout_redirect_uri"));
    let by_own_app = ("client_id", stand.client_id.as_str());
    let asked = [
        Request::query("a hint", path, &[hint]),
        Request::query("a hint with its address", path, &[hint, back]),
        Request::query("an app", path, &[app]),
        Request::query("an app with its address", path, &[app, back]),
        Request::query("an address for an app of ours", path, &[by_own_app, back]),
        Request::query("a hint for an app of ours", path, &[by_own_app, hint]),
    ];
    asked.iter().cloned().chain(asked.iter().map(|asked| asked.clone().cookies(&stand.signed_in))).collect()
}

/// The values by which a flow goes on.
const FLOWS: &[&str] = &["request", "sealed", "logout_request", "sent"];

/// A page of a flow, and its form in a browser of ours.
fn flow_page(path: &'static str, stand: &Stand, things: &Things) -> Vec<Request> {
    let mut all = flow_form(path, stand, things);
    for name in FLOWS {
        let request = ("request", things.get(name));
        all.push(Request::query(name, path, &[request]).cookies(&stand.visitor));
        let form = [("csrf", stand.visitor_csrf.as_str()), request, ("username", stand.email.as_str()), ("password", "a wrong one")];
        all.push(Request::post(name, path, &form).cookies(&stand.visitor));
    }
    let person = [("username", things.get("email")), ("password", things.get("password")), ("name", "Somebody")];
    let form = [("csrf", stand.visitor_csrf.as_str()), person[0], person[1], person[2]];
    all.push(Request::post("a person", path, &form).cookies(&stand.visitor));
    let form = [("csrf", stand.visitor_csrf.as_str()), ("request", stand.request.as_str()), person[0], person[1], person[2]];
    all.push(Request::post("a person in a flow of ours", path, &form).cookies(&stand.visitor));
    all
}

/// A form of a signed-in person's flow.
fn flow_form(path: &'static str, stand: &Stand, things: &Things) -> Vec<Request> {
    let form = |name: &&'static str| {
        let pairs = [
            ("csrf", stand.csrf.as_str()),
            ("request", things.get(name)),
            ("decision", "allow"),
            ("account", "continue"),
            ("organization", things.get("org_id")),
            ("scope", things.get("scope")),
        ];
        Request::post(name, path, &pairs).cookies(&stand.signed_in)
    };
    FLOWS.iter().map(form).collect()
}

fn check_mail(path: &'static str, stand: &Stand, things: &Things) -> Vec<Request> {
    let page = |name: &&'static str| Request::query(name, path, &[("sent", things.get(name))]).cookies(&stand.visitor);
    FLOWS.iter().map(page).collect()
}

/// Where a mailed link leads.
fn link(path: &'static str, stand: &Stand, things: &Things) -> Vec<Request> {
    let tokens = ["verify_token", "reset_token", "invitation_token", "code", "session"];
    let shown = tokens.iter().map(|name| Request::query(name, path, &[("token", things.get(name))]).cookies(&stand.visitor));
    let sent = tokens.iter().map(|name| {
        let pairs = [
            ("csrf", stand.visitor_csrf.as_str()),
            ("token", things.get(name)),
            ("password", "a fine and long phrase"),
            ("username", "new@nowhere.example"),
            ("name", "New"),
            ("what", "make"),
        ];
        Request::post(name, path, &pairs).cookies(&stand.visitor)
    });
    shown.chain(sent).collect()
}

/// A connection by its name, and what came of a conversation with its provider at a connection of ours.
fn connection(path: &'static str, stand: &Stand, things: &Things) -> Vec<Request> {
    let flow = vec![(stand.cookie_names[0].clone(), things.get("flow_browser").to_owned())];
    let at = |slug: &str| path.replace("{slug}", slug);
    let (theirs, ours) = (at(things.get("connection")), at(&stand.connection));
    let back = [("state", things.get("upstream_state")), ("code", "a-code")];
    let own = [("csrf", stand.visitor_csrf.as_str()), ("request", stand.request.as_str())];
    let with = |name, thing| [own[0], (name, things.get(thing))];
    vec![
        Request::get("a connection", &theirs).cookies(&stand.visitor),
        Request::query("a connection and its state", &theirs, &back).cookies(&flow),
        Request::query("a state at a connection of ours", &ours, &back).cookies(&flow),
        Request::query("a state in a browser of ours", &ours, &back).cookies(&stand.visitor),
        Request::post("a connection's form", &theirs, &own).cookies(&stand.visitor),
        Request::post("a state by a form", &theirs, &back).cookies(&flow),
        Request::post("a flow at a connection of ours", &ours, &with("request", "request")).cookies(&stand.visitor),
        Request::post("a proof at a connection of ours", &ours, &with("link", "pending_link")).cookies(&stand.visitor),
    ]
}

/// What waits for a proof, and the mail that proves it.
fn proof(path: &'static str, stand: &Stand, things: &Things) -> Vec<Request> {
    let flow = vec![(stand.cookie_names[0].clone(), things.get("flow_browser").to_owned())];
    let (link, token) = (("link", things.get("pending_link")), ("token", things.get("proof_token")));
    let typed = [("username", "new@nowhere.example"), ("password", "a wrong one")];
    let form = |csrf: &str, cookies: &[(String, String)]| {
        let pairs = [("csrf", csrf), link, token, typed[0], typed[1]];
        Request::post("a proof's form", path, &pairs).cookies(cookies)
    };
    vec![
        Request::query("a proof", path, &[link]).cookies(&flow),
        Request::query("a proof in a browser of ours", path, &[link]).cookies(&stand.visitor),
        Request::query("a mail", path, &[token]).cookies(&flow),
        Request::query("a mail in a browser of ours", path, &[token]).cookies(&stand.visitor),
        form(&stand.visitor_csrf, &stand.visitor),
        form(things.get("csrf"), &flow),
    ]
}

/// A form of the account page, sent by its owner.
fn signed_in_form(path: &'static str, stand: &Stand, things: &Things) -> Vec<Request> {
    // Always with a session: without one, all others of the person end.
    let form = [("csrf", stand.csrf.as_str()), ("session", things.get("session_id"))];
    let with = |what, name, value| Request::post(what, path, &[form[0], form[1], (name, value)]).cookies(&stand.signed_in);
    let token = [("csrf", things.get("csrf")), form[1], ("name", "Mallory")];
    vec![
        Request::post("a form's token", path, &token).cookies(&stand.signed_in),
        with("a session", "name", "Mallory"),
        with("an app", "app", things.get("app_id")),
        with("a token", "token", things.get("token_id")),
        with("a way to sign in", "identity", things.get("identity_id")),
        with("a connection", "connection", things.get("connection")),
        with("a merge", "token", things.get("merge_token")),
        with("a scope", "scope", things.get("scope")),
        with("an organization", "organization", things.get("tenant_id")),
        with("a password", "current-password", things.get("password")),
    ]
}
