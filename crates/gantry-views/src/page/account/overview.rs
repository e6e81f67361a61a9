//! Profile, password, sessions and apps of the signed-in person, on one page.

use gantry_core::clock::Timestamp;
use serde::Serialize;

use crate::device::Device;
use crate::field::{FieldError, FormField, FormProblem, PasswordField};
use crate::moment::Moment;
use crate::page::provider::{Mark, Provider};
use crate::page::{App, Page};

/// The signed-in person's page.
#[derive(Debug, Clone, Serialize)]
pub struct Overview {
    /// Who one is.
    pub profile: ProfileForm,
    /// How one proves it; `None` where the realm has no passwords, or the person has none.
    pub password: Option<PasswordForm>,
    /// Who has no password may set one by mail, where the realm has passwords.
    pub first_password: Option<FirstPassword>,
    /// The ways to sign in with somebody else's server; `None` where the realm has none.
    pub connections: Option<Connections>,
    /// Where one is signed in, the present session first.
    pub sessions: Vec<SessionLine>,
    /// Posts `csrf`, `session`: ends one session.
    pub end_session: String,
    /// Posts `csrf`: ends all sessions but this.
    pub end_other_sessions: String,
    /// Which apps have access.
    pub apps: Vec<AppLine>,
    /// Posts `csrf`, `app`: removes an app's access.
    pub remove_app: String,
    /// The person's own tokens for APIs, where the platform offers them.
    pub tokens: Option<String>,
    /// Posts `csrf`: signs out here.
    pub sign_out: String,
}

/// Posts `csrf`, `name`.
#[derive(Debug, Clone, Serialize)]
pub struct ProfileForm {
    /// Where the form goes.
    pub action: String,
    /// The display name.
    pub name: FormField,
    /// The address, which is not changed here.
    pub email: String,
    /// Whether the person has proved that it is theirs.
    pub email_verified: bool,
    /// What is wrong with the form as a whole.
    pub problem: Option<FormProblem>,
}

/// Posts `csrf`, `current_password`, `password`.
#[derive(Debug, Clone, Serialize)]
pub struct PasswordForm {
    /// Where the form goes.
    pub action: String,
    /// The password of now.
    pub current: PasswordField,
    /// The password to be.
    pub new: PasswordField,
    /// The fewest characters of a password.
    pub password_min_length: u32,
    /// What is wrong with the form as a whole.
    pub problem: Option<FormProblem>,
}

/// Posts `csrf`: mails a link to set a password.
#[derive(Debug, Clone, Serialize)]
pub struct FirstPassword {
    /// Where the form goes.
    pub action: String,
}

/// The ways to sign in with somebody else's server.
#[derive(Debug, Clone, Serialize)]
pub struct Connections {
    /// Those that are linked.
    pub linked: Vec<LinkedLine>,
    /// Posts `csrf`, `identity`: takes a link away.
    pub unlink: String,
    /// Those that may be.
    pub offered: Vec<OfferedLine>,
    /// Posts `csrf`, `connection`: goes to link one.
    pub link: String,
}

/// One way to sign in that may be linked.
#[derive(Debug, Clone, Serialize)]
pub struct OfferedLine {
    /// What its button sends.
    pub id: String,
    /// What it is called.
    pub provider: Provider,
}

/// One way to sign in that is linked.
#[derive(Debug, Clone, Serialize)]
pub struct LinkedLine {
    /// What the unlink form sends.
    pub id: String,
    /// What it is called.
    pub provider: Provider,
    /// The address that one has there, as it last said.
    pub email: Option<String>,
    /// Whether nobody signs in with it at present: it is switched off.
    pub off: bool,
    /// Whether it may be taken away: it is not the only way in.
    pub removable: bool,
    /// When it was linked.
    pub since: Moment,
    /// When it was last signed in with.
    pub last_used: Moment,
}

/// One signed-in browser.
#[derive(Debug, Clone, Serialize)]
pub struct SessionLine {
    /// Its id.
    pub id: String,
    /// What it is: [`Device::of`] its user agent.
    pub device: Device,
    /// The address it came from.
    pub ip: String,
    /// Whether it is the one that looks at this page.
    pub current: bool,
    /// When it began.
    pub since: Moment,
    /// When it was last used.
    pub last_used: Moment,
}

/// One app with access.
#[derive(Debug, Clone, Serialize)]
pub struct AppLine {
    /// What the remove form sends.
    pub id: String,
    /// Which app.
    pub app: App,
    /// What it may do: the titles of its scopes, standard ones by name with `None` as text.
    pub scopes: Vec<AppScope>,
    /// The names of the organizations that it may work in.
    pub tenants: Vec<String>,
    /// Since when.
    pub since: Moment,
    /// When it last used its access, if that is known.
    pub last_used: Option<Moment>,
}

/// One thing that an app may do.
#[derive(Debug, Clone, Serialize)]
pub struct AppScope {
    /// The scope's name.
    pub name: String,
    /// Its title; `None` for the standard scopes, whose title is ours.
    pub title: Option<String>,
}

impl AppScope {
    /// A scope with its title; standard scopes get our own, translated title.
    pub fn new(name: &str, title: &str) -> Self {
        let standard = gantry_core::scope::STANDARD_SCOPES.iter().any(|scope| scope.name == name);
        Self { name: name.to_owned(), title: (!standard).then(|| title.to_owned()) }
    }
}

impl Page for Overview {
    const TEMPLATE: &'static str = "account/overview.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            profile: ProfileForm {
                action: "/account/profile".to_owned(),
                name: FormField::filled("Ada Lovelace"),
                email: "ada.lovelace@example.com".to_owned(),
                email_verified: true,
                problem: None,
            },
            password: Some(PasswordForm {
                action: "/account/password".to_owned(),
                current: PasswordField::default(),
                new: PasswordField::default(),
                password_min_length: 8,
                problem: None,
            }),
            first_password: None,
            connections: Some(sample_connections()),
            sessions: sample_sessions(),
            end_session: "/account/sessions/end".to_owned(),
            end_other_sessions: "/account/sessions/end-others".to_owned(),
            apps: sample_apps(),
            remove_app: "/account/apps/remove".to_owned(),
            tokens: Some("/account/tokens".to_owned()),
            sign_out: "/sign-out".to_owned(),
        };
        let mut wrong = full.clone();
        wrong.profile.name = FormField::wrong("", FieldError::Required);
        wrong.profile.email_verified = false;
        wrong.profile.problem = Some(FormProblem::FormStale);
        wrong.password = full.password.clone().map(|form| PasswordForm {
            current: PasswordField::wrong(FieldError::PasswordWrong),
            new: PasswordField::wrong(FieldError::PasswordSame),
            problem: Some(FormProblem::TooManyTries { count: 1 }),
            ..form
        });
        wrong.sessions.truncate(1);
        wrong.apps.clear();
        wrong.connections = wrong.connections.map(|connections| Connections { linked: Vec::new(), ..connections });
        let first_password = Some(FirstPassword { action: "/account/password/mail".to_owned() });
        let mut federated = Self { password: None, first_password, ..full.clone() };
        if let Some(connections) = &mut federated.connections {
            connections.offered.clear();
            connections.linked.truncate(1);
            connections.linked.iter_mut().for_each(|line| line.removable = false);
        }
        vec![full.clone(), wrong, federated, Self { password: None, connections: None, tokens: None, ..full }]
    }
}

const SAMPLE_NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn sample_moment(seconds_ago: i64) -> Moment {
    Moment::seen(Timestamp::from_seconds(SAMPLE_NOW.seconds() - seconds_ago), SAMPLE_NOW)
}

fn sample_connections() -> Connections {
    let line = |provider: Provider, email: Option<&str>, off| LinkedLine {
        id: provider.name.clone(),
        provider,
        email: email.map(str::to_owned),
        off,
        removable: true,
        since: sample_moment(9_000_000),
        last_used: sample_moment(3000),
    };
    Connections {
        linked: vec![
            line(Provider::new("Bluebird Freight", "").marked(Some(Mark::Company)), Some("ada@bluebird.example"), false),
            line(Provider::new("Old Provider", ""), None, true),
        ],
        unlink: "/account/connections/unlink".to_owned(),
        offered: crate::page::provider::samples()
            .into_iter()
            .take(2)
            .map(|provider| OfferedLine { id: provider.name.clone(), provider })
            .collect(),
        link: "/account/connections/link".to_owned(),
    }
}

fn sample_sessions() -> Vec<SessionLine> {
    let agents = [
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
        "curl/8.14.1",
    ];
    let line = |(index, agent): (i64, &&str)| SessionLine {
        id: format!("ses_{index}"),
        device: Device::of(agent),
        ip: "192.0.2.17".to_owned(),
        current: index == 0,
        since: sample_moment(index * 200_000 + 4000),
        last_used: sample_moment(index * 7000),
    };
    (0_i64..).zip(&agents).map(line).collect()
}

fn sample_apps() -> Vec<AppLine> {
    let scopes = vec![
        AppScope::new("openid", ""),
        AppScope::new("offline_access", ""),
        AppScope::new("shipments.read", "Read shipments"),
        AppScope::new("shipments.write", "Change shipments"),
    ];
    vec![
        AppLine {
            id: "cli_1".to_owned(),
            app: App::named("Ledger Sync").published(Some("Northwind Software".to_owned()), true),
            scopes: scopes.clone(),
            tenants: vec!["Bluebird Freight".to_owned(), "Harbour & Sons Logistics".to_owned()],
            since: sample_moment(900_000),
            last_used: Some(sample_moment(120)),
        },
        AppLine {
            id: "cli_2".to_owned(),
            app: App::named("Robot"),
            scopes,
            tenants: Vec::new(),
            since: sample_moment(50),
            last_used: None,
        },
    ]
}
