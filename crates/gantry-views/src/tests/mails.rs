//! Every mail in every language: complete, and inert against hostile text.

use crate::Views;
use crate::mail::{MailChrome, RenderedMail};
use gantry_core::email_address::EmailAddress;
use gantry_core::invitation::InvitedRole;
use gantry_core::outbox::{Mail, MailKind};
use gantry_core::realm::Branding;
use scraper::{Html, Selector};

const LINK: &str = "https://id.example.com/reset/new?token=lnk_example&x=1";

fn kinds() -> Vec<MailKind> {
    let link = || LINK.to_owned();
    vec![
        MailKind::VerifyEmail { link: link() },
        MailKind::AlreadyRegistered { sign_in: "https://id.example.com/sign-in".to_owned(), reset: link() },
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
        MailKind::Invitation {
            organization: None,
            role: InvitedRole::RealmAdmin,
            inviter: None,
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
    ]
}

fn render(views: &Views, realm: &str, locale: &str, kind: MailKind) -> RenderedMail {
    let branding =
        Branding { accent: Some("#ffd400".to_owned()), support_contact: Some("help@orbit.example".to_owned()), ..Branding::default() };
    let chrome = MailChrome::new(realm, "https://id.example.com", &branding);
    let to = EmailAddress::parse("ada@example.com").unwrap();
    views.render_mail(&chrome, &Mail { to, locale: locale.to_owned(), kind }, None).unwrap_or_else(|fault| panic!("{fault}"))
}

#[test]
fn every_mail_renders_in_every_language() {
    let views = Views::new().unwrap();
    for locale in views.locales() {
        for kind in kinds() {
            let name = kind.name();
            // What is to be done is done at the provider and in the DNS, where no link of ours leads.
            let linked = !matches!(kind, MailKind::DomainLost { .. } | MailKind::CredentialExpires { .. });
            let mail = render(&views, "Orbit", locale, kind);
            assert!(mail.subject.contains("Orbit") && !mail.subject.contains('\n'), "{name} {locale}: {}", mail.subject);
            assert_eq!(mail.text.lines().any(|line| line == LINK), linked, "{name} {locale}: {}", mail.text);
            assert!(mail.text.contains("help@orbit.example") && !mail.text.contains("\n\n\n"), "{name} {locale}: {}", mail.text);
            assert_eq!(mail.html.contains("token=lnk_example&amp;x=1"), linked, "{name} {locale}");
            assert_eq!(mail.html.contains("background:#ffd400;color:#000000"), linked, "{name} {locale}");
            assert!(mail.html.contains(&format!("lang=\"{locale}\"")), "{name} {locale}");
        }
    }
}

#[test]
fn an_unknown_language_falls_back() {
    let views = Views::new().unwrap();
    for (asked, spoken) in [("de-CH", "Passwort"), ("xx", "password")] {
        assert!(render(&views, "Orbit", asked, MailKind::ResetPassword { link: LINK.to_owned() }).subject.contains(spoken));
    }
}

/// Attack catalogue PRE-17, WEB-02.
#[test]
fn hostile_names_stay_text() {
    let views = Views::new().unwrap();
    let hostile = "Or\r\nBcc: eve@example.com\u{0}<probe-x onclick=p()>{{7*7}}\"'>";
    for kind in kinds() {
        let mail = render(&views, hostile, "en", kind);
        assert!(!mail.subject.contains(char::is_control) && mail.subject.contains("{{7*7}}"), "{}", mail.subject);
        assert!(mail.text.contains("<probe-x onclick=p()>{{7*7}}"));
        let html = Html::parse_document(&mail.html);
        assert!(html.select(&Selector::parse("probe-x").unwrap()).next().is_none());
    }
}

#[test]
fn what_a_realm_words_itself_is_text_and_keeps_its_button() {
    use gantry_core::clock::Timestamp;
    use gantry_core::mail_text::{MAIL_FORMS, MailForm, MailText, normalise, sample};

    let views = Views::new().unwrap();
    let chrome = MailChrome::new("Orbit", "https://id.example.com", &Branding::default());
    let to = EmailAddress::parse("ada@example.com").unwrap();
    for locale in views.locales() {
        for form in MAIL_FORMS {
            let (subject, paragraphs) = views.mail_words(form, locale).unwrap();
            let (subject, paragraphs) = normalise(form, &subject, &paragraphs).unwrap_or_else(|wrong| panic!("{}: {wrong:?}", form.name));
            let words = MailText { kind: form, locale: locale.clone(), subject, paragraphs, updated_at: Timestamp::from_millis(0) };
            let mail = Mail { to: to.clone(), locale: locale.clone(), kind: sample(form, "https://id.example.com/home") };
            let rendered = views.render_mail(&chrome, &mail, Some(&words)).unwrap();
            assert!(rendered.subject.contains("Orbit") && !rendered.subject.contains('{'), "{}", rendered.subject);
            assert!(!rendered.text.contains('{') && !rendered.text.contains("\n\n\n"), "{} {locale}: {}", form.name, rendered.text);
            let plain = views.render_mail(&chrome, &mail, None).unwrap();
            let links = |text: &str| text.lines().filter(|line| *line == "https://id.example.com/home").count();
            assert_eq!(links(&rendered.text), links(&plain.text), "{} {locale}: {}", form.name, rendered.text);
        }
    }
    let kind = MailForm::parse("prove_address").unwrap();
    let words = MailText {
        kind,
        locale: "en".to_owned(),
        subject: "Hello from {provider}".to_owned(),
        paragraphs: vec!["With {provider} & <friends>".to_owned(), "{link}".to_owned()],
        updated_at: Timestamp::from_millis(0),
    };
    let hostile = MailKind::ProveAddress { provider: "<script>alert(1)</script>\r\nBcc: {link}".to_owned(), link: LINK.to_owned() };
    let mail = Mail { to, locale: "en".to_owned(), kind: hostile };
    let rendered = views.render_mail(&chrome, &mail, Some(&words)).unwrap();
    assert!(!rendered.subject.contains('\n') && !rendered.html.contains("<script>") && !rendered.html.contains("<friends>"));
    assert_eq!(rendered.text.matches(LINK).count(), 1, "a value is not read for placeholders: {}", rendered.text);
    assert!(rendered.html.contains("token=lnk_example&amp;x=1"));
}
