//! Writes every page in every state and language as a file, to be looked at:
//! `cargo run -p gantry-views --example gallery -- <folder>`, then serve that folder.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use gantry_core::email_address::EmailAddress;
use gantry_core::invitation::InvitedRole;
use gantry_core::outbox::{Mail, MailKind};
use gantry_core::realm::Branding;
use gantry_views::chrome::{Display, Notice};
use gantry_views::console::ConsolePage;
use gantry_views::mail::MailChrome;
use gantry_views::page::{
    account, consent::Consent, error::ErrorPage, explanation::Explanation, form_post::FormPost, invitation, leave::Leave, mailed, operator,
    reset, sign_in, sign_out, sign_up::SignUp, tenant::ChooseTenant, trace::Trace, welcome::Welcome,
};
use gantry_views::{Chrome, Page, Views, branding};

struct Gallery {
    views: Views,
    chrome: Chrome,
    folder: PathBuf,
}

impl Gallery {
    fn hang<P: Page>(&self) -> Result<(), Box<dyn Error>> {
        for (index, page) in P::samples().iter().enumerate() {
            let name = P::TEMPLATE.trim_end_matches(".html").replace('/', "-");
            let path = self.folder.join(format!("{name}-{index}.{}.html", self.chrome.locale));
            fs::write(path, self.views.render(&self.chrome, page)?)?;
        }
        Ok(())
    }

    fn all(&self) -> Result<(), Box<dyn Error>> {
        self.hang::<sign_in::Identifier>()?;
        self.hang::<sign_in::Password>()?;
        self.hang::<sign_in::Account>()?;
        self.hang::<sign_in::Failure>()?;
        self.hang::<sign_in::Prove>()?;
        self.hang::<sign_in::Address>()?;
        self.hang::<SignUp>()?;
        self.hang::<mailed::CheckMail>()?;
        self.hang::<mailed::VerifyEmail>()?;
        self.hang::<mailed::ExpiredLink>()?;
        self.hang::<mailed::ProveAddress>()?;
        self.hang::<invitation::Invitation>()?;
        self.hang::<invitation::InvitationOver>()?;
        self.hang::<reset::Request>()?;
        self.hang::<reset::NewPassword>()?;
        self.hang::<reset::Done>()?;
        self.hang::<ChooseTenant>()?;
        self.hang::<Trace>()?;
        self.hang::<Consent>()?;
        self.hang::<FormPost>()?;
        self.hang::<Leave>()?;
        self.hang::<ErrorPage>()?;
        self.hang::<Explanation>()?;
        self.hang::<sign_out::Confirm>()?;
        self.hang::<sign_out::SignedOut>()?;
        self.hang::<account::Overview>()?;
        self.hang::<account::Merge>()?;
        self.hang::<account::Tokens>()?;
        self.hang::<operator::First>()?;
        self.hang::<ConsolePage>()?;
        self.hang::<Welcome>()
    }

    fn mails(&self, branding: &Branding) -> Result<(), Box<dyn Error>> {
        let link = || "https://id.example.com/link?token=lnk_0192b3c4d5e67890a1b2c3d4e5f60718".to_owned();
        let kinds = [
            MailKind::VerifyEmail { link: link() },
            MailKind::AlreadyRegistered { sign_in: "https://id.example.com/account".to_owned(), reset: link() },
            MailKind::ResetPassword { link: link() },
            MailKind::PasswordChanged { reset: link() },
            MailKind::PersonalTokenMade { name: "Backup script".to_owned(), tokens: link() },
            MailKind::ProveAddress { provider: "GitHub".to_owned(), link: link() },
            MailKind::SignInLinked { provider: "GitHub".to_owned(), account: link() },
            MailKind::SignInUnlinked { provider: "GitHub".to_owned(), account: link() },
            MailKind::Invitation {
                organization: Some("Alder".to_owned()),
                role: InvitedRole::TenantAdmin,
                inviter: Some("Ada Wong".to_owned()),
                link: link(),
                date: "2027-01-31".to_owned(),
            },
            MailKind::DomainLost {
                organization: "Alder".to_owned(),
                domain: "alder.example".to_owned(),
                record: "_gantry-challenge.alder.example".to_owned(),
                value: "gantry-domain=3kTMd8Xz0Jw".to_owned(),
            },
            MailKind::CredentialExpires { connection: "Entra ID".to_owned(), date: "2027-01-31".to_owned(), days: 30 },
        ];
        for kind in kinds {
            let name = format!("mail-{}.{}", kind.name(), self.chrome.locale);
            let mail = Mail { to: EmailAddress::parse("ada@example.com")?, locale: self.chrome.locale.clone(), kind };
            let mail = self.views.render_mail(&MailChrome::new("Orbit", "https://id.example.com", branding), &mail, None)?;
            fs::write(self.folder.join(format!("{name}.txt")), format!("Subject: {}\n\n{}", mail.subject, mail.text))?;
            fs::write(self.folder.join(format!("{name}.html")), mail.html)?;
        }
        Ok(())
    }

    fn files(&self) -> Result<(), Box<dyn Error>> {
        let shared = ["css/flow.css", "css/account.css", "css/trace.css", "js/flow.js", "img/icons.svg", "img/icon.svg"];
        let console = ["css/console.css", "js/console.js", "img/console.svg", "font/inter-latin.woff2", "font/inter-latin-ext.woff2"];
        for name in shared.into_iter().chain(console) {
            let url = self.views.asset(name).unwrap_or_default().trim_start_matches('/').to_owned();
            let path = self.folder.join(&url);
            fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
            fs::write(path, self.views.static_file(url.trim_start_matches("static/")).unwrap_or_default().0)?;
        }
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "target/gallery".to_owned()));
    let branding =
        Branding { accent: std::env::args().nth(2), support_contact: Some("help@orbit.example".to_owned()), ..Branding::default() };
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("branding.css"), branding::branding_css(&branding))?;
    let views = Views::new()?;
    let mut gallery = Gallery { chrome: Chrome::new("Orbit", "/", &branding, "en"), views, folder };
    gallery.chrome.branding_css = Some("/branding.css".to_owned());
    gallery.files()?;
    for locale in gallery.views.locales().to_vec() {
        gallery.chrome.locale = locale;
        gallery.all()?;
        gallery.mails(&branding)?;
    }
    gallery.chrome.notice = Some(Notice::PasswordChanged);
    gallery.chrome.display = Display::Popup;
    "en".clone_into(&mut gallery.chrome.locale);
    gallery.folder.push("popup");
    fs::create_dir_all(&gallery.folder)?;
    gallery.all()
}
