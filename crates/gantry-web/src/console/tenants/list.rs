//! The realm's tenants, and making one.

use gantry_core::tenant::{AppPolicy, SignInRule, Tenant, TenantBranding};
use gantry_identity::tenants::{self, NewTenant, TenantSettings};
use gantry_views::console::{Choice, Empty, Facet, Field, Filter, Form, Link, Row, Sheet, Table, Tone, Value, said, say};
use gantry_views::moment::Moment;
use serde_json::json;

use super::super::code;
use super::super::context::{Answer, Console};
use super::super::form::{ConsoleForm, problems, wrong};
use super::super::listing;
use super::{settings, summary};
use crate::paths::console as at;

pub(super) async fn show(console: Console) -> Answer {
    let find = console.find(&["is", "sign_in", "apps"])?;
    let page = tenants::list(&console.read()?, console.actor, &find).await?;
    let now = console.now()?;
    let row = |tenant: &Tenant| {
        let state = match tenant.suspended_at {
            Some(_) => Value::badge("tenants-suspended", Tone::Bad),
            None => Value::badge("tenants-active", Tone::Good),
        };
        let cells = vec![
            Value::Two(said(&tenant.name), said(&tenant.org_id)),
            state,
            Value::Text(settings::rule(tenant.sign_in)),
            Value::Text(settings::policy(tenant.app_policy)),
            Value::Moment(Moment::seen(tenant.created_at, now)),
        ];
        Row::to(tenant.id.to_string(), console.path(at::TENANT, &[("tenant", &tenant.org_id)]), cells)
    };
    let first = Link::primary(say("tenants-new"), console.path(at::TENANT_NEW, &[])).icon("plus");
    let empty = Empty { icon: "building-2", title: say("tenants-empty"), text: say("tenants-empty-text"), action: Some(first.clone()) };
    let columns = vec![say("tenants-name"), say("tenants-state"), say("tenants-sign-in"), say("tenants-app-policy"), say("tenants-since")];
    let mut table = Table::new("tenants", columns, empty);
    table.rows = page.items.iter().map(row).collect();
    let choices = vec![
        Choice::new("", say("tenants-any"), !listing::has(&find, "is", "suspended")),
        Choice::new("suspended", say("tenants-suspended"), listing::has(&find, "is", "suspended")),
    ];
    let facets = vec![Facet { name: "is", label: say("tenants-state"), choices }];
    table.filter = Some(Filter { action: console.path(at::TENANTS, &[]), q: find.text.clone(), label: say("tenants-search"), facets });
    (table.next, table.first) = listing::ways(&console, &find, page.next.as_ref());
    console.show(Sheet::new(say("tenants-title")).lead(say("tenants-lead")).action(first).panel(table))
}

pub(super) async fn new(console: Console) -> Answer {
    let mut sheet = sheet(&console, form(&console, "", ""));
    let entry = json!({ "org_id": "example-haulage", "name": "Example Haulage" });
    sheet.as_code = Some(code::of_new(&console, "tenants", &entry)?);
    console.show(sheet)
}

/// Makes a tenant with the mildest rules; its page leads on to its admin's invitation.
pub(super) async fn create(console: Console, sent: ConsoleForm) -> Answer {
    let (name, org_id) = (sent.line("name").to_owned(), sent.some("org_id"));
    let settings = TenantSettings {
        name: name.clone(),
        app_policy: AppPolicy::All,
        max_sign_in_age: None,
        password_min_length: None,
        sign_in: SignInRule::Any,
        branding: TenantBranding::default(),
        suspended: None,
    };
    let new = NewTenant { org_id: org_id.clone(), settings };
    let (actor, now) = (console.actor, console.now()?);
    match console.transact(async |tx| tenants::create(tx, actor, new, now).await).await {
        Ok(tenant) => console.done(console.path(at::TENANT, &[("tenant", &tenant.org_id)]), "tenant-created"),
        Err(failure) => {
            let refusal = wrong(failure)?;
            let form = form(&console, &name, &org_id.unwrap_or_default());
            console.show_wrong(sheet(&console, form.with_problems(Some(summary(&refusal)), &problems(&refusal))))
        }
    }
}

fn sheet(console: &Console, form: Form) -> Sheet {
    let crumb = Link::to(say("tenants-title"), console.path(at::TENANTS, &[]));
    Sheet::new(say("tenants-new")).lead(say("tenants-new-lead")).crumb(crumb).panel(form)
}

fn form(console: &Console, name: &str, org_id: &str) -> Form {
    Form::new("tenant-new", console.path(at::TENANT_NEW, &[]), say("tenants-create"))
        .field(Field::line("name", say("tenants-name"), name).hint(say("tenants-name-hint")).required())
        .field(Field::line("org_id", say("tenants-org-id"), org_id).hint(say("tenants-org-id-hint")))
}
