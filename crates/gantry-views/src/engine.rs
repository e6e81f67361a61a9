//! The engine: parses every template once, renders pages and mails in the language asked for.
//!
//! One tera instance for each language, so that its `t` function needs no look-up of the
//! language and works inside components, whose scope is closed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentValue};
use gantry_core::failure::Fault;
use gantry_core::mail_text::{MailForm, MailText};
use gantry_core::outbox::Mail;
use tera::{Context, Error, Kwargs, State, Tera, TeraResult, Value};

use crate::assets::{self, Assets};
use crate::chrome::Chrome;
use crate::locale;
use crate::mail::{MailChrome, RenderedMail, Worded, default_words};
use crate::page::Page;
use crate::texts::Texts;

/// The language that every key exists in first.
const SOURCE_LOCALE: &str = "en";

/// Renders pages and mails, and serves the files that they refer to.
pub struct Views {
    engines: BTreeMap<String, Tera>,
    texts: BTreeMap<String, Arc<Texts>>,
    locales: Vec<String>,
    assets: Arc<Assets>,
}

impl Views {
    /// Parses every template in every language. Fails only on a mistake in the templates, which
    /// the tests find.
    pub fn new() -> Result<Self, Fault> {
        let assets = Arc::new(Assets::load());
        let sources = assets::sources(&["html", "txt"]);
        let texts = Texts::load()?;
        let mut engines = BTreeMap::new();
        for (tag, texts) in &texts {
            engines.insert(tag.clone(), engine(&sources, Arc::clone(texts), Arc::clone(&assets))?);
        }
        let locales = engines.keys().cloned().collect();
        Ok(Self { engines, texts, locales, assets })
    }

    /// The languages that pages and mails exist in, as BCP 47 tags.
    pub fn locales(&self) -> &[String] {
        &self.locales
    }

    /// The language to answer in: what the app asks for (`ui_locales`), then what the browser
    /// accepts, then the realm's default. `offered` is the realm's choice, the default first;
    /// empty means all.
    pub fn negotiate<'a>(
        &'a self,
        ui_locales: Option<&str>,
        accept_language: Option<&str>,
        offered: &[String],
        default: Option<&str>,
    ) -> &'a str {
        let here: Vec<String> = offered.iter().filter(|tag| self.locales.contains(tag)).cloned().collect();
        let pool = if here.is_empty() { &self.locales } else { &here };
        let chosen = locale::negotiate(ui_locales, accept_language, pool)
            .or_else(|| default.and_then(|tag| locale::best(tag, pool)))
            .or_else(|| here.first().map(String::as_str))
            .unwrap_or(SOURCE_LOCALE);
        self.locales.iter().find(|tag| *tag == chosen).map_or(SOURCE_LOCALE, String::as_str)
    }

    /// The text of a key that needs no arguments; none if there is no such text.
    pub fn text(&self, locale: &str, key: &str) -> Option<String> {
        self.texts.get(locale)?.text(key, &FluentArgs::new()).ok()
    }

    /// Renders a page.
    pub fn render<P: Page>(&self, chrome: &Chrome, page: &P) -> Result<String, Fault> {
        let mut context = Context::new();
        insert(&mut context, "chrome", chrome)?;
        insert(&mut context, "page", page)?;
        context.insert("dir", locale::direction(&chrome.locale));
        render(self.engine(&chrome.locale), P::TEMPLATE, &context)
    }

    /// Renders a mail in its own language, in the realm's own words where it has some.
    pub fn render_mail(&self, chrome: &MailChrome, mail: &Mail, words: Option<&MailText>) -> Result<RenderedMail, Fault> {
        let mut context = Context::new();
        insert(&mut context, "chrome", chrome)?;
        insert(&mut context, "mail", &mail.kind)?;
        let tag = self.mail_locale(mail);
        context.insert("locale", tag);
        context.insert("dir", locale::direction(tag));
        let mut folder = mail.kind.name();
        if let Some(words) = words {
            insert(&mut context, "worded", &Worded::of(self.words(tag)?, &chrome.realm, &mail.kind, words)?)?;
            folder = "worded";
        }
        let engine = self.engine(tag);
        let part = |file: &str| render(engine, &format!("mail/{folder}/{file}"), &context);
        // A subject is one header line, whatever the realm's name holds (attack catalogue PRE-17).
        let subject = part("subject.txt")?.split_whitespace().collect::<Vec<_>>().join(" ");
        let subject = subject.chars().filter(|c| !c.is_control()).collect();
        Ok(RenderedMail { subject, text: part("body.txt")?, html: part("body.html")? })
    }

    /// The language that a mail comes out in.
    pub fn mail_locale(&self, mail: &Mail) -> &str {
        locale::best(&mail.locale, &self.locales).unwrap_or(SOURCE_LOCALE)
    }

    /// How a mail is worded where its realm does not: subject and paragraphs, placeholders in place.
    pub fn mail_words(&self, form: &MailForm, tag: &str) -> Result<(String, Vec<String>), Fault> {
        default_words(self.words(tag)?, form)
    }

    fn words(&self, tag: &str) -> Result<&Texts, Fault> {
        let texts = self.texts.get(tag).or_else(|| self.texts.get(SOURCE_LOCALE));
        texts.map(Arc::as_ref).ok_or_else(|| Fault::new("there are no texts"))
    }

    /// Where the file with this plain name (`css/flow.css`) is served.
    pub fn asset(&self, name: &str) -> Option<&str> {
        self.assets.url(name)
    }

    /// The file below `/static/` with this hashed name, and its media type. Its content never
    /// changes.
    pub fn static_file(&self, path: &str) -> Option<(Cow<'static, [u8]>, &'static str)> {
        self.assets.file(path)
    }

    fn engine(&self, tag: &str) -> Option<&Tera> {
        self.engines.get(tag).or_else(|| self.engines.get(SOURCE_LOCALE))
    }
}

fn engine(sources: &[(String, String)], texts: Arc<Texts>, assets: Arc<Assets>) -> Result<Tera, Fault> {
    let mut tera = Tera::new();
    let rich = Arc::clone(&texts);
    let said = Arc::clone(&texts);
    tera.register_function("say", move |arguments: Kwargs, _: &State<'_>| say(&said, &arguments));
    tera.register_function("t", move |arguments: Kwargs, _: &State<'_>| translate(&texts, &arguments));
    tera.register_function("rich", move |arguments: Kwargs, state: &State<'_>| translate_rich(&rich, &arguments, state));
    tera.register_function("asset", move |arguments: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let name: &str = arguments.must_get("name")?;
        assets.url(name).map(str::to_owned).ok_or_else(|| Error::message(format!("no file `{name}`")))
    });
    tera.register_filter("href", href);
    tera.add_raw_templates(sources.iter().map(|(name, content)| (name.as_str(), content.as_str())))
        .map_err(|cause| Fault::caused("templates", cause))?;
    Ok(tera)
}

/// `t(key="…", name=value)`: the text of a key.
fn translate(texts: &Texts, arguments: &Kwargs) -> TeraResult<String> {
    let mut values = FluentArgs::new();
    for (name, value) in arguments.iter().filter(|(name, _)| name.as_str() != Some("key")) {
        values.set(name.as_str().unwrap_or_default().to_owned(), fluent(value));
    }
    texts.text(arguments.must_get("key")?, &values).map_err(|fault| Error::message(fault.to_string()))
}

/// `say(text=…)`: a text of the console, see [`crate::console::Text`].
fn say(texts: &Texts, arguments: &Kwargs) -> TeraResult<String> {
    let text: Value = arguments.must_get("text")?;
    let text = serde_json::to_value(&text).map_err(|error| Error::message(error.to_string()))?;
    if let Some(said) = text.get("said").and_then(serde_json::Value::as_str) {
        return Ok(said.to_owned());
    }
    let mut values = FluentArgs::new();
    for (name, argument) in text.get("args").and_then(serde_json::Value::as_object).into_iter().flatten() {
        let value =
            argument.as_u64().map_or_else(|| FluentValue::from(argument.as_str().unwrap_or_default().to_owned()), FluentValue::from);
        values.set(name.clone(), value);
    }
    let key = text.get("key").and_then(serde_json::Value::as_str).unwrap_or_default();
    texts.text(key, &values).map_err(|fault| Error::message(fault.to_string()))
}

/// `rich(key="…", name=value)`: the text of a key with its arguments set off from it, as strong
/// text whose direction is its own. The arguments are escaped; the text holds no markup.
fn translate_rich(texts: &Texts, arguments: &Kwargs, state: &State<'_>) -> TeraResult<Value> {
    let mut values = FluentArgs::new();
    for (name, value) in arguments.iter().filter(|(name, _)| name.as_str() != Some("key")) {
        let text = state.escape(value.as_str().unwrap_or_default())?;
        values.set(name.as_str().unwrap_or_default().to_owned(), FluentValue::from(format!("<bdi class=\"name\">{text}</bdi>")));
    }
    let text = texts.text(arguments.must_get("key")?, &values).map_err(|fault| Error::message(fault.to_string()))?;
    Ok(Value::safe_string(&text))
}

fn fluent(value: &Value) -> FluentValue<'static> {
    match (value.as_str(), value.as_i64()) {
        (Some(text), _) => FluentValue::from(text.to_owned()),
        (None, Some(number)) => FluentValue::from(number),
        (None, None) => FluentValue::None,
    }
}

/// An address for `href` or `action`: one whose scheme would run script in our own origin leads
/// nowhere. Redirect URIs are checked when they are registered; this is the second wall.
fn href(address: &str, _: Kwargs, _: &State<'_>) -> String {
    let scheme: String = address.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(16).collect();
    let scheme = scheme.to_ascii_lowercase();
    let runs = ["javascript:", "data:", "vbscript:", "blob:", "file:"].iter().any(|bad| scheme.starts_with(bad));
    if runs { "#".to_owned() } else { address.to_owned() }
}

fn insert<T: serde::Serialize + ?Sized>(context: &mut Context, name: &'static str, value: &T) -> Result<(), Fault> {
    let value = Value::try_from_serializable(value).map_err(|cause| Fault::caused(format!("context `{name}`"), cause))?;
    context.insert_value(name, value);
    Ok(())
}

fn render(engine: Option<&Tera>, template: &str, context: &Context) -> Result<String, Fault> {
    let engine = engine.ok_or_else(|| Fault::new("no language to render in"))?;
    engine.render(template, context).map_err(|cause| Fault::caused(format!("template `{template}`"), cause))
}
