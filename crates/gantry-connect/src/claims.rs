//! Mapping: from a provider's claims to what Gantry knows of a person.
//!
//! Owns where things are found and of which type they have to be. What identifies or empowers somebody is
//! refused if it is of another type; a name or a picture of another type is left out and said to be.

use gantry_core::connection::ClaimMapping;
use gantry_core::display_name;
use gantry_core::external_identity::{AssertedEmail, ExternalIdentity, Groups};
use gantry_core::session::AuthMethod;
use gantry_core::sign_in_trace::{HopKind, SignInProblem};
use gantry_core::user::Profile;
use serde_json::{Map, Value, json};
use url::Url;

use crate::connector::{Failed, Hops};
use crate::id_token::subject;
use crate::plain::{cut, shown};
use crate::preset::{Defaults, Places};

/// The longest address and the longest name of a group that are taken over.
const MAX_WORD: usize = 320;
/// The most groups of one person.
const MAX_GROUPS: usize = 1000;

/// Where to look for what: a connection's own mapping before the kind's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mapping<'m> {
    own: &'m ClaimMapping,
    places: &'m Places,
    numeric_subject: bool,
}

/// What was found.
#[derive(Debug, Clone)]
pub(crate) struct Mapped {
    pub(crate) subject: String,
    pub(crate) email: Option<AssertedEmail>,
    pub(crate) profile: Profile,
    pub(crate) groups: Groups,
    /// Places whose value was left out because it is not what belongs there.
    pub(crate) left_out: Vec<String>,
    /// The claims of both documents.
    pub(crate) claims: Map<String, Value>,
}

/// The value at a claim's name, or at names joined by `.`; `null` is none. A claim whose own name has dots in it
/// (`https://example.com/roles`) is found by that name first.
pub(crate) fn find<'c>(claims: &'c Map<String, Value>, path: &str) -> Option<&'c Value> {
    let found = claims.get(path).or_else(|| {
        let mut names = path.split('.');
        let first = claims.get(names.next()?)?;
        names.try_fold(first, |value, name| value.get(name))
    });
    found.filter(|value| !value.is_null())
}

impl<'m> Mapping<'m> {
    pub(crate) fn new(own: &'m ClaimMapping, defaults: &'m Defaults) -> Self {
        Self { own, places: &defaults.claims, numeric_subject: defaults.numeric_subject }
    }

    pub(crate) fn email_place(&self) -> &'m str {
        self.own.email.as_deref().unwrap_or(self.places.email)
    }

    pub(crate) fn email_verified_place(&self) -> &'m str {
        self.own.email_verified.as_deref().unwrap_or(self.places.email_verified)
    }

    pub(crate) fn subject_place(&self) -> &'m str {
        self.own.subject.as_deref().unwrap_or(self.places.subject)
    }

    /// Whether something that the mapping looks for is missing, so that asking the provider further is worth it.
    pub(crate) fn is_lacking(&self, claims: &Map<String, Value>) -> bool {
        let name = self.own.name.as_deref().unwrap_or(self.places.name);
        let own = [
            &self.own.given_name,
            &self.own.family_name,
            &self.own.preferred_username,
            &self.own.picture,
            &self.own.locale,
            &self.own.zoneinfo,
            &self.own.groups,
        ];
        let mut looked_for = own.into_iter().filter_map(Option::as_deref).chain([self.email_place(), name]);
        looked_for.any(|place| find(claims, place).is_none())
    }

    /// Maps claims of which every check has passed: those of the first document before those of a second.
    pub(crate) fn map(&self, first: &Map<String, Value>, second: Option<&Map<String, Value>>) -> Result<Mapped, Failed> {
        let mut claims = second.cloned().unwrap_or_default();
        claims.extend(first.iter().map(|(name, value)| (name.clone(), value.clone())));
        let mut left_out = Vec::new();
        Ok(Mapped {
            subject: self.subject(first)?,
            email: self.email_of(first, second)?,
            groups: self.groups(&claims)?,
            profile: self.profile(&claims, &mut left_out),
            left_out,
            claims,
        })
    }

    /// An address and what is said about it stay together: that of one document is never verified by another that
    /// means a different one.
    fn email_of(&self, first: &Map<String, Value>, second: Option<&Map<String, Value>>) -> Result<Option<AssertedEmail>, Failed> {
        let of_second = second.map(|claims| self.email(claims)).transpose()?.flatten();
        let Some(of_first) = self.email(first)? else { return Ok(of_second) };
        let silent = find(first, self.email_verified_place()).is_none();
        let same = of_second.filter(|email| silent && email.address == of_first.address);
        Ok(Some(same.unwrap_or(of_first)))
    }

    fn subject(&self, claims: &Map<String, Value>) -> Result<String, Failed> {
        match find(claims, self.subject_place()) {
            // A number of another form than an integer has no one text, and zero is nobody.
            Some(Value::Number(number)) if self.numeric_subject => {
                subject(number.as_u64().filter(|number| *number > 0).map(|number| number.to_string()).as_deref())
            }
            Some(Value::String(text)) if !self.numeric_subject || text.bytes().all(|byte| byte.is_ascii_digit()) => subject(Some(text)),
            Some(_) | None => subject(None),
        }
    }

    fn email(&self, claims: &Map<String, Value>) -> Result<Option<AssertedEmail>, Failed> {
        let (place, verified_place) = (self.email_place(), self.email_verified_place());
        let address = match find(claims, place) {
            None => return Ok(None),
            Some(Value::String(address)) if address.is_empty() => return Ok(None),
            Some(Value::String(address)) if address.len() <= MAX_WORD => address.clone(),
            Some(_) => return Err(Failed::new(SignInProblem::BadAnswer, format!("`{}` of the claims is not an address", cut(place)))),
        };
        // Only the boolean counts: "true" and 1 have each let strangers in somewhere (attack catalogue FED-11).
        let (verified, because) = match find(claims, verified_place) {
            Some(Value::Bool(true)) => (true, verified_place.to_owned()),
            Some(Value::Bool(false)) => (false, format!("{verified_place} is false")),
            Some(_) => (false, format!("{verified_place} is not a boolean")),
            None => (false, format!("{verified_place} is missing")),
        };
        Ok(Some(AssertedEmail { address, verified, because: cut(&because) }))
    }

    /// Groups are spoken of only where the connection says in which claim they are. Missing there means in none.
    fn groups(&self, claims: &Map<String, Value>) -> Result<Groups, Failed> {
        let Some(place) = self.own.groups.as_deref() else { return Ok(Groups::NotSent) };
        let bad =
            || Failed::new(SignInProblem::BadAnswer, format!("`{}` of the claims is not a list of at most {MAX_GROUPS} words", cut(place)));
        let word = |value: &Value| value.as_str().filter(|word| !word.is_empty() && word.len() <= MAX_WORD).map(ToOwned::to_owned);
        match find(claims, place) {
            None => Ok(Groups::Known(Vec::new())),
            Some(Value::Array(words)) if words.len() <= MAX_GROUPS => {
                words.iter().map(word).collect::<Option<_>>().map(Groups::Known).ok_or_else(bad)
            }
            Some(value) => word(value).map(|one| Groups::Known(vec![one])).ok_or_else(bad),
        }
    }

    fn profile(&self, claims: &Map<String, Value>, left_out: &mut Vec<String>) -> Profile {
        let mut take = |own: &Option<String>, place: &str, form: fn(&str) -> Option<String>| {
            let place = own.as_deref().unwrap_or(place);
            let value = find(claims, place)?;
            let text = value.as_str().filter(|text| !text.is_empty()).and_then(form);
            if text.is_none() && value.as_str() != Some("") {
                left_out.push(cut(place));
            }
            text
        };
        let name = |text: &str| display_name::parse(text).ok();
        Profile {
            name: take(&self.own.name, self.places.name, name),
            given_name: take(&self.own.given_name, self.places.given_name, name),
            family_name: take(&self.own.family_name, self.places.family_name, name),
            preferred_username: take(&self.own.preferred_username, self.places.preferred_username, name),
            picture: take(&self.own.picture, self.places.picture, picture),
            locale: take(&self.own.locale, self.places.locale, locale),
            zoneinfo: take(&self.own.zoneinfo, self.places.zoneinfo, zone),
            ..Profile::default()
        }
    }
}

impl Mapped {
    /// The person under this issuer, as far as a mapping can tell, and the places that were left out.
    pub(crate) fn into_identity(self, issuer: String) -> (ExternalIdentity, Vec<String>) {
        let identity = ExternalIdentity {
            issuer,
            subject: self.subject,
            email: self.email,
            profile: self.profile,
            groups: self.groups,
            directory: None,
            guest: false,
            authenticated_at: None,
            methods: Vec::new(),
            acr: None,
            session: None,
            claims: self.claims,
        };
        (identity, self.left_out)
    }
}

/// Writes down what was made of claims.
pub(crate) fn note(identity: &ExternalIdentity, left_out: &[String], hops: &mut Hops) {
    let after = json!({
        "issuer": identity.issuer,
        "subject": identity.subject,
        "email": identity.email,
        "profile": identity.profile,
        "groups": identity.groups,
        "directory": identity.directory,
        "guest": identity.guest,
        "left_out": left_out,
    });
    hops.add(HopKind::Mapping, json!({ "before": shown(&identity.claims), "after": after }));
}

/// How somebody proved themself (`amr`), as far as the words are known; of another type it says nothing.
pub(crate) fn methods(claims: &Map<String, Value>) -> Vec<AuthMethod> {
    let words = claims.get("amr").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut methods: Vec<AuthMethod> = words.iter().take(32).filter_map(|word| AuthMethod::parse(word.as_str()?)).collect();
    methods.retain(|method| *method != AuthMethod::Federated);
    methods.dedup();
    methods
}

fn picture(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|url| url.scheme() == "https" && text.len() <= 2048)?;
    Some(url.into())
}

/// A language tag; the underscore that some write is made a hyphen.
fn locale(text: &str) -> Option<String> {
    let tag = text.replace('_', "-");
    let fits = (2..=35).contains(&tag.len())
        && tag.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    fits.then_some(tag)
}

fn zone(text: &str) -> Option<String> {
    let fits = text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte));
    fits.then(|| text.to_owned())
}
