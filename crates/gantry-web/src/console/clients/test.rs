//! An admin's test of a client: what is asked for, the way to the realm, and the answer.
//!
//! What makes it safe is in `gantry_oauth::token::console_test`. Here is the cookie that keeps what the answer is
//! redeemed with: for this address alone, sealed for the person, gone once it was read.

use actix_web::HttpResponse;
use actix_web::cookie::{Cookie, SameSite, time};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Failure, Refusal};
use gantry_core::grant_type::GrantType;
use gantry_core::scope_set::ScopeSet;
use gantry_oauth::catalogue;
use gantry_oauth::client_request::ServedRealm;
use gantry_oauth::clients;
use gantry_oauth::token::console_test::{ClientTests, Kept, LIFETIME, Wish, over};
use gantry_views::console::{Choice, Field, Form, Note, Panel, Sheet, Text, Tone, said, say};

use super::{Subject, test_result};
use crate::console::context::{Answer, Console};
use crate::console::form::{ConsoleForm, wrong};
use crate::cookies;
use crate::paths::console as at;
use crate::respond::{PageFailure, data, see_other};
use crate::settings::WebSettings;

const COOKIE: &str = "__Host-gantry-console-test";

pub(super) async fn show(console: Console) -> Answer {
    let subject = Subject::of(&console).await?;
    let wish = Wish { client: subject.client.id, scopes: subject.client.scopes.clone(), org_id: None, prompt: None };
    let sheet = sheet(&console, &subject, &wish, None)?;
    console.show(sheet)
}

fn is_machine(subject: &Subject) -> bool {
    !subject.client.allows(GrantType::AuthorizationCode)
}

fn sheet(console: &Console, subject: &Subject, wish: &Wish, refusal: Option<&Refusal>) -> Result<Sheet, Failure> {
    let machine = is_machine(subject);
    let mut sheet = subject.sheet(console, at::CLIENT_TEST);
    let note = if machine { say("clients-test-machine-note") } else { say("clients-test-note") };
    sheet.panels.push(Panel::Note(Note { tone: Tone::Plain, text: note, action: None }));
    let scope = |name: &str| Choice::new(name, said(name), wish.scopes.contains(name));
    let shown = |name: &&str| !machine || subject.catalogue.is_for_machines(name);
    let choices = subject.client.scopes.iter().filter(shown).map(scope).collect();
    let mut form = Form::new("test", subject.path(console, at::CLIENT_TEST), say("clients-test-start"))
        .title(say("clients-test-title"))
        .lead(if machine { say("clients-test-machine-lead") } else { say("clients-test-lead") })
        .field(Field::checks("scopes", say("clients-scopes"), choices))
        .field(Field::line("org_id", say("clients-test-org"), wish.org_id.clone().unwrap_or_default()).hint(say("clients-test-org-hint")));
    if !machine {
        form = form.field(
            Field::select("prompt", say("clients-test-prompt"), prompts(wish.prompt.as_deref())).hint(say("clients-test-prompt-hint")),
        );
    }
    if let Some(refusal) = refusal {
        form.problem = Some(refused(refusal));
    }
    sheet = sheet.panel(form);
    sheet.as_code = subject.as_code(console)?;
    Ok(sheet)
}

/// What the app would hear instead of a sign-in.
fn refused(refusal: &Refusal) -> Text {
    say("clients-test-refused").with("error", refusal.code.wire_name()).with("description", refusal.description)
}

fn prompts(chosen: Option<&str>) -> Vec<Choice> {
    [
        ("", say("clients-prompt-none-sent")),
        ("login", say("clients-prompt-login")),
        ("consent", say("clients-prompt-consent")),
        ("select_account", say("clients-prompt-select-account")),
        ("none", say("clients-prompt-none")),
    ]
    .map(|(value, text)| Choice::new(value, text, chosen.unwrap_or_default() == value))
    .to_vec()
}

/// Sends the browser into a real flow, or, for a client that acts for itself, shows at once what it would have.
pub(super) async fn begin(console: Console, form: ConsoleForm) -> Answer {
    let subject = Subject::of(&console).await?;
    let scopes = ScopeSet::from_names(form.all("scopes"));
    let wish = Wish { client: subject.client.id, scopes, org_id: form.some("org_id"), prompt: form.some("prompt") };
    let (tests, realm) = (data::<ClientTests>(console.request())?, served(&console));
    if is_machine(&subject) {
        return match tests.machine(realm, console.actor, &wish, &console.origin()).await {
            Ok(ended) => console.show(test_result::sheet(&console, &subject.client, ended)?),
            Err(failure) => refuse(&console, &subject, &wish, failure),
        };
    }
    match tests.begin(realm, console.actor, wish.clone(), &callback(&console)?).await {
        Ok(begun) => {
            let mut answer = see_other(&begun.location);
            keep(&mut answer, &cookie(begun.kept))?;
            Ok(answer)
        }
        Err(failure) => refuse(&console, &subject, &wish, failure),
    }
}

fn refuse(console: &Console, subject: &Subject, wish: &Wish, failure: Failure) -> Answer {
    let refusal = wrong(failure)?;
    console.show_wrong(sheet(console, subject, wish, Some(&refusal))?)
}

/// Takes the answer, whose cookie is gone afterwards whatever it was.
pub(super) async fn take(console: Console) -> Answer {
    let mut answer = taken(&console).await?;
    let mut gone = cookie(String::new());
    gone.set_max_age(time::Duration::ZERO);
    keep(&mut answer, &gone)?;
    Ok(answer)
}

async fn taken(console: &Console) -> Answer {
    let tests = data::<ClientTests>(console.request())?;
    let kept = cookies::read_text(console.request(), COOKIE).and_then(|kept| tests.open(console.person().id, &kept));
    let kept = kept.ok_or_else(over)?;
    let console = console.in_realm(kept.realm).await?;
    let client = clients::find(&console.read()?, console.actor, kept.client).await?;
    match tests.finish(served(&console), console.actor, &kept, &console.query()?, &console.origin()).await {
        Ok(ended) => console.show(test_result::sheet(&console, &client, ended)?),
        Err(Failure::Refused(refusal)) if !matches!(refusal.code, ErrorCode::NotFound | ErrorCode::Forbidden) => {
            again(&console, &kept, &refusal).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// The page that began it, with what the app would have heard from the token endpoint.
async fn again(console: &Console, kept: &Kept, refusal: &Refusal) -> Answer {
    let rows = console.read()?;
    let client = clients::find(&rows, console.actor, kept.client).await?;
    let subject = Subject { client, catalogue: catalogue::read(&rows, console.actor).await? };
    let wish = Wish { client: kept.client, scopes: subject.client.scopes.clone(), org_id: None, prompt: None };
    console.show_wrong(sheet(console, &subject, &wish, Some(refusal))?)
}

fn served(console: &Console) -> ServedRealm<'_> {
    ServedRealm { snapshot: &console.realm, address: &console.address }
}

fn callback(console: &Console) -> Result<String, Failure> {
    let public = &data::<WebSettings>(console.request())?.public_url;
    Ok(format!("{}{}", public.as_str().trim_end_matches('/'), at::CLIENT_TEST_CALLBACK))
}

fn cookie(kept: String) -> Cookie<'static> {
    let life = time::Duration::seconds(i64::try_from(LIFETIME.as_secs()).unwrap_or(600));
    // Lax: the answer comes by a link from another site where the realm has a host of its own.
    Cookie::build(COOKIE, kept).path("/").secure(true).http_only(true).same_site(SameSite::Lax).max_age(life).finish()
}

fn keep(answer: &mut HttpResponse, cookie: &Cookie<'_>) -> Result<(), PageFailure> {
    answer.add_cookie(cookie).map_err(|error| gantry_core::failure::Fault::caused("the cookie of a test", error).into())
}
