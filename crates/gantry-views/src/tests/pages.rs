//! Every page in every state and language: complete, inert against hostile text, fit for the
//! content security policy, usable without script.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use crate::chrome::{Notice, Person};
use crate::console::ConsolePage;
use crate::field::{FieldError, FormField, FormProblem};
use crate::page::{
    account, consent::Consent, error::ErrorPage, explanation::Explanation, form_post::FormPost, invitation, leave::Leave, mailed, operator,
    reset, sign_in, sign_out, sign_up::SignUp, tenant::ChooseTenant, trace::Trace, welcome::Welcome,
};
use crate::{Chrome, Page, Views};
use gantry_core::realm::Branding;
use scraper::{ElementRef, Html, Selector};
use serde::Serialize;
use serde_json::Value;

const PROBE: &str = "\"'><probe-x onclick=p()>{{7*7}}{% include \"x\" %}<script>p()</script></style>&amp;\u{202e}";

/// Calls a generic function with every page type.
macro_rules! each_page {
    ($call:ident($($argument:expr),*)) => {
        $call::<sign_in::Identifier>($($argument),*);
        $call::<sign_in::Password>($($argument),*);
        $call::<sign_in::Account>($($argument),*);
        $call::<sign_in::Failure>($($argument),*);
        $call::<sign_in::Prove>($($argument),*);
        $call::<sign_in::Address>($($argument),*);
        $call::<SignUp>($($argument),*);
        $call::<mailed::CheckMail>($($argument),*);
        $call::<mailed::VerifyEmail>($($argument),*);
        $call::<mailed::ExpiredLink>($($argument),*);
        $call::<mailed::ProveAddress>($($argument),*);
        $call::<invitation::Invitation>($($argument),*);
        $call::<invitation::InvitationOver>($($argument),*);
        $call::<reset::Request>($($argument),*);
        $call::<reset::NewPassword>($($argument),*);
        $call::<reset::Done>($($argument),*);
        $call::<ChooseTenant>($($argument),*);
        $call::<Trace>($($argument),*);
        $call::<Consent>($($argument),*);
        $call::<FormPost>($($argument),*);
        $call::<Leave>($($argument),*);
        $call::<ErrorPage>($($argument),*);
        $call::<Explanation>($($argument),*);
        $call::<sign_out::Confirm>($($argument),*);
        $call::<sign_out::SignedOut>($($argument),*);
        $call::<account::Overview>($($argument),*);
        $call::<account::Merge>($($argument),*);
        $call::<account::Tokens>($($argument),*);
        $call::<operator::First>($($argument),*);
        $call::<Welcome>($($argument),*);
        $call::<ConsolePage>($($argument),*);
    };
}

fn chrome(locale: &str) -> Chrome {
    let mut chrome = Chrome::new("Orbit", "/", &Branding::default(), locale);
    "tok_example".clone_into(&mut chrome.csrf);
    chrome
}

fn select<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(selector).unwrap();
    html.select(&selector).collect()
}

fn attribute(element: ElementRef<'_>, name: &str) -> String {
    element.value().attr(name).unwrap_or_default().to_owned()
}

/// What holds for every page.
fn check_page(html: &str, what: &str) {
    let page = Html::parse_document(html);
    assert_eq!(select(&page, "h1").len(), 1, "{what}: headings");
    assert!(!select(&page, "main").is_empty(), "{what}: main");
    for element in select(&page, "*") {
        for (name, value) in element.value().attrs() {
            assert!(!name.starts_with("on") && name != "style", "{what}: {name}={value}");
            let address = ["href", "action", "src", "formaction"].contains(&name);
            assert!(!address || !value.trim().to_lowercase().starts_with("javascript:"), "{what}: {name}={value}");
        }
    }
    assert!(select(&page, "style, iframe:not([sandbox][src^='/']), object, embed, base").is_empty(), "{what}: foreign elements");
    for script in select(&page, "script") {
        assert!(attribute(script, "src").starts_with("/static/") && script.text().collect::<String>().is_empty(), "{what}: inline script");
    }
    check_forms(&page, what);
    check_labels(&page, what);
}

fn check_forms(page: &Html, what: &str) {
    for form in select(page, "form") {
        let looks_up = attribute(form, "method") == "get";
        assert!(looks_up || attribute(form, "method") == "post", "{what}");
        let csrf = Selector::parse("input[type=hidden][name=csrf]").unwrap();
        let tokens: Vec<String> = form.select(&csrf).map(|input| attribute(input, "value")).collect();
        // The form of an app's answer goes to the app, and what looks something up stands in the address: our token
        // has no place in either.
        let expected = if looks_up || form.value().attr("data-foreign").is_some() { vec![] } else { vec!["tok_example".to_owned()] };
        assert_eq!(tokens, expected, "{what}");
        let button = Selector::parse("button[type=submit]").unwrap();
        assert!(form.select(&button).next().is_some(), "{what}: a form needs a button");
    }
    for input in select(page, "input[type=password]") {
        assert!(input.value().attr("value").is_none(), "{what}: a password was printed");
        assert!(["current-password", "new-password"].contains(&attribute(input, "autocomplete").as_str()), "{what}");
    }
}

fn check_labels(page: &Html, what: &str) {
    let ids: Vec<String> = select(page, "[id]").into_iter().map(|element| attribute(element, "id")).collect();
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "{what}: an id twice in {ids:?}");
    let labelled: BTreeSet<String> = select(page, "label[for]").into_iter().map(|label| attribute(label, "for")).collect();
    let wrapped: Vec<_> = select(page, "label input").into_iter().map(|input| input.id()).collect();
    for input in select(page, "input:not([type=hidden]):not([aria-hidden]):not([aria-labelledby]), select, textarea") {
        assert!(labelled.contains(&attribute(input, "id")) || wrapped.contains(&input.id()), "{what}: no label for {:?}", input.value());
    }
    for element in select(page, "[aria-describedby], [aria-labelledby]") {
        for name in ["aria-describedby", "aria-labelledby"] {
            for target in attribute(element, name).split_whitespace() {
                assert!(ids.iter().any(|id| id == target), "{what}: {name}={target}");
            }
        }
    }
    for link in select(page, "a[href^='#']") {
        let target = attribute(link, "href");
        assert!(ids.iter().any(|id| target == format!("#{id}")), "{what}: {target} leads nowhere");
    }
}

fn renders<P: Page>(views: &Views, locale: &str) {
    for (index, page) in P::samples().iter().enumerate() {
        let what = format!("{} {index} {locale}", P::TEMPLATE);
        let html = views.render(&chrome(locale), page).unwrap_or_else(|fault| panic!("{what}: {fault}"));
        assert!(html.contains(&format!("<html lang=\"{locale}\" dir=\"ltr\">")), "{what}");
        check_page(&html, &what);
    }
}

#[test]
fn every_page_renders_in_every_language() {
    let views = Views::new().unwrap();
    assert_eq!(views.locales(), ["de", "en"]);
    for locale in views.locales().to_vec() {
        each_page!(renders(&views, &locale));
    }
}

/// A page whose every free text is replaced.
#[derive(Serialize)]
#[serde(transparent)]
struct Hostile<P> {
    page: Value,
    #[serde(skip)]
    of: PhantomData<P>,
}

impl<P: Page> Page for Hostile<P> {
    const TEMPLATE: &'static str = P::TEMPLATE;

    fn samples() -> Vec<Self> {
        P::samples().into_iter().map(|page| Self { page: serde_json::to_value(page).unwrap(), of: PhantomData }).collect()
    }
}

/// Replaces every string that comes from outside; those of closed sets stay.
fn replace(value: &mut Value, text: &str) {
    match value {
        Value::String(string) => text.clone_into(string),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, text)),
        Value::Object(fields) => {
            let ours = ["text", "title"].iter().any(|name| fields.get(*name) == Some(&Value::Null));
            let closed = |name: &str, value: &Value| match name {
                "key" | "is" | "tone" | "fixer" | "kind" | "purpose" | "withheld" | "role" | "obstacle" | "reason" | "menders"
                | "steps" | "fold" | "occasion" | "state" => true,
                "problem" => value.is_string(),
                "name" => ours,
                _ => false,
            };
            fields.iter_mut().filter(|(name, value)| !closed(name, value)).for_each(|(_, value)| replace(value, text));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn hostile_chrome(text: &str) -> Chrome {
    let branding = Branding { welcome: Some(text.to_owned()), support_contact: Some(text.to_owned()), ..Branding::default() };
    let mut chrome = Chrome::new(text, text, &branding, "en");
    "tok_example".clone_into(&mut chrome.csrf);
    chrome.branding_css = Some("/branding.css".to_owned());
    chrome.person = Some(Person { name: text.to_owned(), email: text.to_owned() });
    chrome
}

fn stays_inert<P: Page>(views: &Views, text: &str) {
    for (index, mut page) in Hostile::<P>::samples().into_iter().enumerate() {
        let what = format!("{} {index}", P::TEMPLATE);
        replace(&mut page.page, text);
        let html = views.render(&hostile_chrome(text), &page).unwrap_or_else(|fault| panic!("{what}: {fault}"));
        let parsed = Html::parse_document(&html);
        assert!(select(&parsed, "probe-x").is_empty(), "{what}: {html}");
        if text == PROBE {
            let shown = parsed.root_element().text().collect::<String>();
            assert!(shown.contains("{{7*7}}") && shown.contains("<script>p()</script>"), "{what}: not literal");
        }
        for element in select(&parsed, "*") {
            assert!(element.value().attrs().all(|(name, _)| !name.starts_with("on")), "{what}");
        }
        for element in select(&parsed, "a, form, button") {
            let address = attribute(element, "href") + &attribute(element, "action") + &attribute(element, "formaction");
            assert!(!address.to_lowercase().replace(char::is_whitespace, "").starts_with("javascript:"), "{what}: {address}");
        }
    }
}

/// Attack catalogue WEB-02, WEB-05.
#[test]
fn hostile_text_stays_text() {
    let views = Views::new().unwrap();
    each_page!(stays_inert(&views, PROBE));
}

#[test]
fn no_address_runs_script() {
    let views = Views::new().unwrap();
    for address in ["javascript:alert(1)", " JaVa\tScript:alert(1)", "data:text/html,x"] {
        each_page!(stays_inert(&views, address));
    }
}

#[test]
fn every_error_and_notice_has_its_words() {
    let views = Views::new().unwrap();
    let base = SignUp::samples().remove(0);
    for locale in views.locales().to_vec() {
        for error in FieldError::SAMPLES {
            let page = SignUp { name: FormField::wrong("x", *error), ..base.clone() };
            let html = views.render(&chrome(&locale), &page).unwrap();
            assert!(html.contains("aria-invalid=\"true\" aria-describedby=\"name-error\""), "{error:?}");
        }
        for problem in FormProblem::SAMPLES {
            views.render(&chrome(&locale), &SignUp { problem: Some(*problem), ..base.clone() }).unwrap();
        }
        for notice in Notice::ALL {
            let html = views.render(&Chrome { notice: Some(*notice), ..chrome(&locale) }, &base).unwrap();
            assert!(html.contains("role=\"status\""), "{notice:?}");
            assert_eq!(Notice::named(notice.name()), Some(*notice));
        }
    }
}

fn has<P: Page>(views: &Views, selector: &str) {
    let html = views.render(&chrome("en"), &P::samples().remove(0)).unwrap();
    assert_eq!(select(&Html::parse_document(&html), selector).len(), 1, "{} {selector}", P::TEMPLATE);
}

/// What scripted browsers, the conformance suite's among them, hold on to.
#[test]
fn names_and_ids_are_stable() {
    let views = Views::new().unwrap();
    has::<sign_in::Identifier>(&views, "input#username[name=username][autocomplete=username]");
    has::<sign_in::Identifier>(&views, "button#login-submit");
    has::<sign_in::Identifier>(&views, "input[name=request]");
    has::<sign_in::Password>(&views, "input#password[name=password][autocomplete=current-password]");
    has::<sign_in::Password>(&views, "input[name=username][readonly]");
    has::<sign_in::Password>(&views, "button#login-submit");
    has::<Consent>(&views, "button#consent-allow[name=decision][value=allow]");
    has::<Consent>(&views, "button#consent-deny[name=decision][value=deny]");
    has::<Consent>(&views, "input[name=scope][value='shipments.read'][checked]");
    has::<ChooseTenant>(&views, "button[name=organization][value=org_bluebird]");
    has::<ChooseTenant>(&views, "button#tenant-deny[name=decision][value=deny]");
    has::<Consent>(&views, "input[name=organization][value=org_harbour]:not([checked])");
    has::<sign_out::Confirm>(&views, "button#logout-confirm");
    has::<ErrorPage>(&views, "main#error-page");
    has::<sign_in::Failure>(&views, "main#error-page[data-problem=directory_not_allowed]");
    has::<sign_in::Failure>(&views, "code#trace-id");
    has::<sign_in::Failure>(&views, "form[action='/connections/bluebird/start'] button#failure-again");
    has::<sign_in::Prove>(&views, "input#password[autocomplete=current-password]");
    has::<sign_in::Address>(&views, "input#username[autocomplete=email]");
    has::<FormPost>(&views, "form[data-submit] button[type=submit]");
}

#[test]
fn consent_says_what_counts() {
    let views = Views::new().unwrap();
    let html = views.render(&chrome("en"), &Consent::samples().remove(0)).unwrap();
    let text = Html::parse_document(&html).root_element().text().collect::<String>();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "Ledger Sync wants access to your Orbit account",
        "by Northwind Software",
        "Verified",
        "ada.lovelace@example.com",
        "see your organization's shipments",
        "Fleet API",
        "your password",
        "your e-mail address",
        "Ledger Sync will work in",
        "Bluebird Freight",
        "org_bluebird",
        "organizations that are not ticked above",
        "30 days without use",
        "180 days at the latest",
        "Apps with access",
        "you go on to ledger.example.com",
        "cli_0192b3c4d5e67890",
        "https://ledger.example.com/oauth/callback",
        "5 minutes",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    // A required scope has no box that could be unticked.
    assert_eq!(html.matches("value=\"openid\"").count(), 1);
    assert!(html.contains("<input type=\"hidden\" name=\"scope\" value=\"openid\">"));
}

#[test]
fn the_language_is_negotiated() {
    let views = Views::new().unwrap();
    assert_eq!(views.negotiate(Some("de-AT"), Some("en"), &[], None), "de");
    assert_eq!(views.negotiate(Some("xx"), Some("fr, de;q=0.4"), &[], None), "de");
    assert_eq!(views.negotiate(None, None, &["de".to_owned(), "en".to_owned()], None), "de");
    assert_eq!(views.negotiate(None, None, &[], Some("de")), "de");
    assert_eq!(views.negotiate(Some("de"), None, &["en".to_owned()], None), "en");
    assert_eq!(views.negotiate(None, None, &["xx".to_owned()], None), "en");
}

/// A first visit to sign-in stays small (it is sent compressed, too).
#[test]
fn the_first_visit_is_small() {
    let views = Views::new().unwrap();
    let size = |name: &str| views.static_file(views.asset(name).unwrap().trim_start_matches("/static/")).unwrap().0.len();
    assert!(size("css/flow.css") < 14 * 1024);
    assert!(size("js/flow.js") < 4 * 1024);
    // The console's is sent compressed too: a third of its style, script and icons, beside the font.
    assert!(size("font/inter-latin.woff2") < 50 * 1024);
    assert!(size("css/console.css") + size("js/console.js") + size("img/console.svg") < 80 * 1024);
}
