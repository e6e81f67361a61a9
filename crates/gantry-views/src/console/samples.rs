//! Pages of the kit in every state that looks different, for tests and for looking at.

use gantry_core::clock::Timestamp;
use gantry_core::secret::Secret;

use super::{
    Act, AsCode, Badge, Bulk, Card, Cards, Chart, Choice, Code, ConsolePage, Empty, Facet, Facts, Field, FieldKind, Filter, Form, Link,
    Map, NavGroup, NavItem, Note, OnceSecret, Place, Preview, Row, Series, Sheet, Shell, Side, Spot, Step, Tab, Table, Timeline, Tone,
    Value, said, say,
};
use crate::moment::{Day, Moment};
use crate::page::account::ShownOnce;

/// All of them.
pub(super) fn all() -> Vec<ConsolePage> {
    let shell = shell(Some("/console/realms/orbit/search"));
    let bare = Shell { home: "/console".to_owned(), sign_out: "/console/sign-out".to_owned(), ..Shell::default() };
    let done = Shell { notice: Some(said("The client is saved.")), ..shell.clone() };
    vec![
        ConsolePage { shell: shell.clone(), sheet: home() },
        ConsolePage { shell: shell.clone(), sheet: list() },
        ConsolePage { shell: done, sheet: detail() },
        ConsolePage { shell: shell.clone(), sheet: forms() },
        ConsolePage { shell: shell.clone(), sheet: wrong() },
        ConsolePage { shell: shell.clone(), sheet: trace() },
        ConsolePage { shell, sheet: empty("") },
        ConsolePage { shell: self::shell(None), sheet: empty("nobody") },
        ConsolePage { shell: bare, sheet: Sheet::new(said("Choose where to go")).lead(said("You administer nothing yet.")) },
    ]
}

fn shell(search: Option<&str>) -> Shell {
    let item = |text: &str, icon, current| NavItem { text: said(text), href: format!("/console/realms/orbit/{text}"), icon, current };
    let group = |title: Option<&str>, items| NavGroup { title: title.map(said), items };
    Shell {
        home: "/console".to_owned(),
        place: Some(Place {
            name: "Orbit Logistics".to_owned(),
            initials: "OL".to_owned(),
            kind: said("Realm"),
            href: "/console/realms/orbit".to_owned(),
            switch: search.map(|_| "/console".to_owned()),
        }),
        nav: vec![
            group(None, vec![item("Overview", "layout-dashboard", false)]),
            group(Some("Apps"), vec![item("Clients", "app-window", true), item("Publishers", "store", false), item("APIs", "box", false)]),
            group(
                Some("People"),
                vec![item("Users", "users", false), item("Tenants", "building-2", false), item("Connections", "plug", false)],
            ),
            group(
                Some("Realm"),
                vec![item("Keys", "key-round", false), item("Mail", "mail", false), item("Audit log", "scroll-text", false)],
            ),
        ],
        search: search.map(str::to_owned),
        sign_out: "/console/sign-out".to_owned(),
        account: Some("/account".to_owned()),
        notice: None,
    }
}

fn badge(text: &str, tone: Tone) -> Badge {
    Badge { text: said(text), tone }
}

fn moment(ago: i64) -> Value {
    Value::Moment(Moment::seen(Timestamp::from_seconds(1_790_000_000 - ago), Timestamp::from_seconds(1_790_000_000)))
}

fn day() -> Value {
    Value::Day(Day::of(Timestamp::from_seconds(1_799_000_000)))
}

fn numbers(seed: u64, most: u64) -> Vec<u64> {
    (0..24).map(|hour: u64| (hour * seed * 7 + hour * hour) % most).collect()
}

fn home() -> Sheet {
    let card = |title: &str, figure: Option<&str>, text: &str, icon, badge| Card {
        title: said(title),
        text: Some(said(text)),
        figure: figure.map(str::to_owned),
        href: "/console/realms/orbit/clients".to_owned(),
        icon,
        badge,
    };
    let series = |name: &str, tone, values| Series { name: said(name), tone, values };
    let chart = |id, title: &str, lead: Option<&str>, series| Chart {
        id,
        title: said(title),
        lead: lead.map(said),
        ticks: (0..24).map(|hour| format!("{hour:02}:00")).collect(),
        series,
    };
    let cards = vec![
        card("Sign-ins", Some("12\u{202f}480"), "In the last 24 hours", None, None),
        card("Errors", Some("37"), "In the last 24 hours", None, Some(badge("rising", Tone::Bad))),
        card("Make a client", None, "An app that signs people in or calls your APIs.", Some("app-window"), None),
        card("Invite somebody", None, "People who help to run this realm.", Some("user-plus"), None),
    ];
    let note = |tone, text: &str| Note { tone, text: said(text), action: Some(Link::to(said("Show it"), "/console/realms/orbit/keys")) };
    let spot = |name: &str, detail: &str, tone| Spot { name: said(name), detail: said(detail), tone, href: Some("/console/x".to_owned()) };
    let map = Map {
        id: "map",
        title: said("Bluebird Freight"),
        lead: Some(said("How its people come in, and which apps work for it.")),
        from: Side {
            title: said("Ways to sign in"),
            spots: vec![spot("Bluebird Entra ID", "its own", Tone::Good), spot("Google", "switched off", Tone::Warn)],
        },
        middle: spot("Bluebird Freight", "Its own connection alone", Tone::Plain),
        to: Side { title: said("Apps"), spots: vec![spot("An app with quite a long name for its box", "blocked", Tone::Bad)] },
    };
    Sheet::new(said("Overview"))
        .panel(map)
        .action(Link::to(said("Sign-in page"), "https://orbit.example.com/").icon("external-link"))
        .panel(note(
            Tone::Bad,
            "The certificate of the connection Bluebird Entra ID expired yesterday. Nobody of Bluebird Freight can sign in.",
        ))
        .panel(note(Tone::Warn, "A client secret of Ledger Sync expires in 6 days."))
        .panel(note(Tone::Plain, "A new signing key takes over on 21 November."))
        .panel(note(Tone::Good, "All domains are proved."))
        .panel(Cards { id: "figures", title: None, cards })
        .panel(chart("sign-ins", "Sign-ins", Some("Of people, by hour"), vec![series("Sign-ins", Tone::Plain, numbers(3, 700))]))
        .panel(chart(
            "errors",
            "Errors by reason",
            None,
            vec![
                series("Redirect URI not registered", Tone::Bad, numbers(5, 11)),
                series("Wrong client secret", Tone::Bad, numbers(11, 7)),
                series("Directory not allowed", Tone::Bad, numbers(13, 5)),
                series("Consent denied", Tone::Warn, numbers(2, 4)),
                series("Tokens", Tone::Good, numbers(4, 9)),
            ],
        ))
        .panel(chart("quiet", "Tokens", None, vec![series("Tokens", Tone::Good, vec![0; 24])]))
}

fn filter(q: &str) -> Filter {
    let choices = vec![
        Choice::new("", said("Any"), true),
        Choice::new("web", said("Web app"), false),
        Choice::new("native", said("Mobile or desktop app"), false),
    ];
    Filter {
        action: "/console/realms/orbit/clients".to_owned(),
        q: q.to_owned(),
        label: said("Search clients"),
        facets: vec![Facet { name: "kind", label: said("Kind"), choices }],
    }
}

fn nothing() -> Empty {
    Empty {
        icon: "app-window",
        title: said("No clients yet"),
        text: said("A client is an app that signs people in or calls your APIs. It gets an id, and a secret if it can keep one."),
        action: Some(Link::primary(said("New client"), "/console/realms/orbit/clients/new").icon("plus")),
    }
}

fn list() -> Sheet {
    let row = |id: &str, name: &str, by: &str, standing: Badge, ago| {
        let cells = vec![
            Value::Two(said(name), said(by)),
            Value::Code(id.to_owned()),
            Value::Badge(standing),
            Value::List(vec![Value::link("Fleet API", "/console/realms/orbit/resources/fleet"), Value::said("2 more")]),
            moment(ago),
        ];
        let act = Act::new(said("Suspend"), "/console/realms/orbit/clients/suspend").hidden("client", id).danger();
        Row::to(id, format!("/console/realms/orbit/clients/{id}"), cells).act(act.label(said(format!("Suspend {name}"))))
    };
    let columns = ["Client", "Client id", "Standing", "APIs", "Last used"].into_iter().map(said).collect();
    let mut table = Table::new("clients", columns, nothing());
    table.rows = vec![
        row("cli_0192b3c4d5e67890", "Ledger Sync", "Northwind Software", badge("Approved", Tone::Good), 40),
        row("cli_0192b3c4d5e67891", "Dock Scheduler", "Harbour Tools", badge("In review", Tone::Warn), 7200),
        row(
            "cli_0192b3c4d5e67892",
            "Customs Desk, the one with a very long name that wraps",
            "Own",
            badge("Suspended", Tone::Bad),
            800_000,
        ),
        Row::plain(
            "cli_4",
            vec![
                Value::said("Old importer"),
                Value::Nothing,
                Value::Badge(badge("Draft", Tone::Plain)),
                Value::List(vec![]),
                Value::Nothing,
            ],
        ),
    ];
    table.filter = Some(filter(""));
    table.bulk = Some(Bulk {
        action: "/console/realms/orbit/clients/bulk".to_owned(),
        hidden: vec![("list", "/console/realms/orbit/clients".to_owned())],
        acts: vec![("approve", said("Approve"), false), ("suspend", said("Suspend"), true)],
        every: "/console/realms/orbit/clients?tick=all".to_owned(),
        ticked: false,
    });
    table.next = Some("/console/realms/orbit/clients?after=x".to_owned());
    table.first = Some("/console/realms/orbit/clients".to_owned());
    Sheet::new(said("Clients"))
        .lead(said("Apps that sign people in through this realm, or call its APIs."))
        .action(Link::primary(said("New client"), "/console/realms/orbit/clients/new").icon("plus"))
        .panel(table)
}

fn tabs() -> Vec<Tab> {
    let tab = |text: &str, current| Tab { text: said(text), href: format!("/console/realms/orbit/clients/cli_1/{text}"), current };
    vec![tab("Overview", true), tab("Settings", false), tab("Credentials", false), tab("Installs", false), tab("Requests", false)]
}

fn detail() -> Sheet {
    let mut facts = Facts::new("about")
        .title(said("About"))
        .fact(said("Client id"), Value::Code("cli_0192b3c4d5e67890".to_owned()))
        .fact(said("Publisher"), Value::link("Northwind Software", "/console/realms/orbit/publishers/northwind"))
        .fact(
            said("Redirect URIs"),
            Value::List(vec![
                Value::Code("https://ledger.example.com/oauth/callback".to_owned()),
                Value::Code("http://127.0.0.1/cb".to_owned()),
            ]),
        )
        .fact(said("Standing"), Value::Badge(badge("Approved", Tone::Good)))
        .fact(said("Made"), moment(900_000))
        .fact(said("Secret expires"), day())
        .fact(said("Logo"), Value::Nothing);
    facts.lead = Some(said("What the consent page says of it."));
    facts.actions = vec![Link::to(said("Change"), "/console/realms/orbit/clients/cli_1/settings").icon("pencil")];
    facts.acts = vec![Act::new(said("Ask for a review"), "/console/a"), Act::new(said("Suspend"), "/console/b").danger()];
    let secret = OnceSecret {
        id: "secret",
        title: said("The new client secret"),
        lead: Some(said("It works from now on, beside the old one, which ends in 7 days.")),
        value: ShownOnce(Secret::new("gcs_2vXx0c7Q4mJm0Wl0m3Y1b0rN8dJk5sTq7uVw9xYzA1B2C3D4E5F6")),
        file_name: "ledger-sync-secret.txt".to_owned(),
    };
    let mut requests = Table::new("requests", vec![said("Request"), said("When")], nothing());
    requests.title = Some(said("Last requests"));
    requests.rows = vec![Row::to("t1", "/console/realms/orbit/traces/t1", vec![Value::Code("trc_0192b3c4".to_owned()), moment(5)])];
    requests.actions = vec![Link::to(said("All requests"), "/console/realms/orbit/traces")];
    let mut sheet = Sheet::new(said("Ledger Sync"))
        .lead(said("Books freight invoices into Ledger."))
        .crumb(Link::to(said("Orbit Logistics"), "/console/realms/orbit"))
        .crumb(Link::to(said("Clients"), "/console/realms/orbit/clients"))
        .action(Link::primary(said("Test sign-in"), "/console/realms/orbit/clients/cli_1/test"))
        .panel(secret)
        .panel(facts)
        .panel(requests)
        .panel(Code {
            id: "example",
            title: Some(said("Try it")),
            lead: None,
            text: "curl https://orbit.example.com/token \\\n  -d grant_type=client_credentials".to_owned(),
        })
        .panel(Preview { id: "look", title: said("Consent page"), src: "/console/realms/orbit/preview".to_owned(), follows: None });
    sheet.badges = vec![badge("Approved", Tone::Good), badge("Web app", Tone::Plain)];
    sheet.tabs = tabs();
    sheet.as_code = Some(AsCode {
        realm_file: Some("clients:\n  - client_id: ledger-sync\n    name: Ledger Sync\n    redirect_uris:\n      - https://ledger.example.com/oauth/callback".to_owned()),
        curl: Some("curl -H \"Authorization: Bearer $GANTRY_KEY\" \\\n  https://id.example.com/api/admin/v1/realms/orbit/clients/cli_1".to_owned()),
        change: Some("curl -X PATCH https://id.example.com/api/admin/v1/realms/orbit/clients/cli_1 \\\n  -H 'If-Match: \"4f\"'".to_owned()),
    });
    sheet
}

fn fields() -> Vec<Field> {
    let choice = |value: &str, label: &str, chosen| Choice::new(value, said(label), chosen);
    vec![
        Field::line("name", said("Name"), "Ledger Sync").required().hint(said("People read it on the consent page.")),
        Field::new("contact", said("Contact"), FieldKind::Email("dev@northwind.example".to_owned())),
        Field::new("home", said("Home page"), FieldKind::Url("https://ledger.example.com".to_owned())),
        Field::lines("redirect_uris", said("Redirect URIs"), vec!["https://ledger.example.com/oauth/callback".to_owned()])
            .required()
            .hint(said("One in each line, compared character by character.")),
        Field::new("description", said("Description"), FieldKind::Area("Books freight invoices.".to_owned())),
        Field::heading("tokens", said("Tokens")).hint(said("How long what it gets is good for.")),
        Field::new("minutes", said("Minutes of an access token"), FieldKind::Number("5".to_owned())).required(),
        Field::new("until", said("Ends on"), FieldKind::Date("2026-11-21".to_owned())),
        Field::new("accent", said("Accent colour"), FieldKind::Colour("#2f4fd0".to_owned())),
        Field::select("publisher", said("Publisher"), vec![choice("", "None", false), choice("pub_1", "Northwind Software", true)]),
        Field::radio(
            "kind",
            said("Kind"),
            vec![
                choice("web", "Web app", true).hint(said("Runs on a server and keeps a secret.")),
                choice("native", "Mobile or desktop app", false).hint(said("Runs where people could read a secret, so it has none.")),
            ],
        ),
        Field::checks("grants", said("May use"), vec![choice("code", "Sign-in of people", true), choice("cc", "Calls of its own", false)]),
        Field::switch("refresh", said("Refresh tokens"), true).hint(said("It stays signed in without asking again.")),
        Field::new("secret", said("Secret of the provider"), FieldKind::Secret),
        Field::new(
            "key",
            said("Public key"),
            FieldKind::Code("-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYI\n-----END PUBLIC KEY-----".to_owned()),
        ),
    ]
}

fn forms() -> Sheet {
    let mut settings = Form::new("settings", "/console/realms/orbit/clients/cli_1", say("save")).hidden("seen", "0123abcd");
    settings.fields = fields();
    let mut look_up = Form::new("try", "/console/realms/orbit/clients/cli_1/try", said("Try it"))
        .title(said("Try a redirect URI"))
        .lead(said("Says whether it would be accepted, and why not."))
        .field(Field::new("uri", said("Redirect URI"), FieldKind::Url(String::new())).required());
    look_up.get = true;
    let remove = Form::new("delete", "/console/realms/orbit/clients/cli_1/delete", said("Delete the client"))
        .title(said("Delete"))
        .lead(said("4 012 tokens end at once, and 31 tenants lose the app. This cannot be undone."))
        .danger(Some("Ledger Sync".to_owned()));
    let mut sheet = Sheet::new(said("Settings")).crumb(Link::to(said("Clients"), "/console/realms/orbit/clients")).panel(settings);
    sheet.tabs = tabs();
    sheet.panel(look_up).panel(remove)
}

fn wrong() -> Sheet {
    let mut form = Form::new("settings", "/console/realms/orbit/clients/cli_1", say("save")).title(said("Settings"));
    form.fields = fields();
    let problems = [
        ("name", "is used by another client"),
        ("redirect_uris", "line 1: has a fragment"),
        ("kind", "cannot change"),
        ("refresh", "needs sign-in of people"),
        ("other", "is not known"),
    ];
    let problems = problems.map(|(name, problem)| (name.to_owned(), problem.to_owned()));
    Sheet::new(said("Settings")).panel(form.with_problems(Some(said("Nothing was saved.")), &problems))
}

fn trace() -> Sheet {
    let step = |text: &str, tone, after_ms| Step {
        text: said(text),
        tone,
        after_ms,
        iso: "2026-11-21T10:00:00Z".to_owned(),
        facts: vec![
            (said("Client"), Value::link("Ledger Sync", "/console/realms/orbit/clients/cli_1")),
            (said("From"), Value::Code("203.0.113.7".to_owned())),
        ],
    };
    let steps = vec![
        step("The app sent the browser here", Tone::Plain, 0),
        step("Sent on to Bluebird Entra ID", Tone::Plain, 120),
        step("The provider answered", Tone::Good, 9450),
        step("The address is not proved", Tone::Warn, 9470),
        step("Refused: the directory is not allowed here", Tone::Bad, 9512),
    ];
    let mut sheet = Sheet::new(said("Sign-in of ada@bluebird.example")).panel(Timeline { id: "hops", title: Some(said("Path")), steps });
    sheet.badges = vec![badge("Refused", Tone::Bad)];
    sheet
}

fn empty(q: &str) -> Sheet {
    let mut table = Table::new("clients", vec![said("Client")], nothing());
    table.filter = Some(filter(q));
    Sheet::new(said("Clients")).panel(table)
}
