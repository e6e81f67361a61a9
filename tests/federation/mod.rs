//! People sign in with the account that they have elsewhere: the whole flow, with a provider that lies on command.

mod accounts;
mod entra;
mod faults;
mod lies;
mod own_realm;
mod races;
mod routing;
mod standing;
mod tenants;
mod tokens;
mod vendors;

use gantry_core::connection::{Connection, EmailTrust};
use gantry_core::sign_in_trace::SignInProblem;

use crate::support::upstream::{Account, Lie, Upstream};
use crate::support::{Authorization, Browser, Gantry, Page};

/// A Gantry with one connection, "Acme SSO", whose provider is believed about addresses.
struct Stand {
    gantry: Gantry,
    upstream: Upstream,
    connection: Connection,
}

impl Stand {
    async fn new() -> Self {
        Self::with(|_| ()).await
    }

    async fn with(change: impl FnOnce(&mut Connection)) -> Self {
        let gantry = Gantry::start().await;
        let upstream = gantry.upstream();
        let connection = gantry
            .connection(&upstream, "acme", |connection| {
                connection.settings.email_trust = Some(EmailTrust::Provider);
                change(connection);
            })
            .await;
        Self { gantry, upstream, connection }
    }

    fn request(&self) -> Authorization<'_> {
        self.gantry.client("ledger").authorize()
    }

    /// Goes from the app to the provider and back as somebody.
    async fn arrive(&self, browser: &Browser, account: &Account) -> Page {
        let page = self.request().open(browser).await;
        browser.sign_in_with(&page, &self.connection, account).await
    }

    /// Holds that an arrival under this lie is refused for this reason, and that nobody is linked or made by it.
    async fn refuses(&self, lie: Lie, problem: SignInProblem) {
        let (browser, account) = (Browser::new(), carol());
        self.upstream.lie(lie);
        let page = self.arrive(&browser, &account).await;
        self.upstream.mend();
        assert_eq!(page.attribute("#error-page", "data-problem").as_deref(), Some(problem.as_str()), "{lie:?}: {}", page.text("main"));
        self.gantry.refused(&browser, &page, problem).await;
        self.nobody_came(lie).await;
    }

    async fn nobody_came(&self, why: impl std::fmt::Debug) {
        assert!(self.gantry.account("carol@acme.example").await.is_none(), "{why:?}: an account was made");
        for subject in ["carol", "null", "", "4711", " carol", "somebody-else"] {
            let linked = self.gantry.linked(&self.connection, &self.upstream.origin, subject).await;
            assert!(linked.is_none(), "{why:?}: `{subject}` was linked");
        }
    }
}

/// Somebody whom nobody here knows.
fn carol() -> Account {
    Account::person("carol", "carol@acme.example")
}

/// Goes from the page that asks for an address through the mail to whatever comes then.
async fn prove_mailbox(gantry: &Gantry, browser: &Browser, page: &Page, address: &str) -> Page {
    let mails = gantry.mails(address);
    let page = browser.submit(page, "address-submit", &[("username", address)]).await;
    assert_eq!(page.status, 200, "{}", page.html);
    let link = gantry.mail(address, mails + 1).await.link("token=");
    let page = browser.open(&link).await;
    browser.submit(&page, "verify-submit", &[]).await
}
