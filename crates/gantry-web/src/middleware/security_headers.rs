//! The headers that keep pages from being framed, sniffed, leaked or scripted (ASVS 3.4).

use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::web;

use crate::paths;
use crate::settings::WebSettings;

/// No `form-action`: Chromium applies it to the whole redirect chain behind a form, and ours end
/// at the app. Scripts and styles come from files of our own; nothing inline ever runs.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The same for a page that our own pages show in a frame.
const CSP_FRAMED: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// The same for a mail in a frame: mails have no style sheets, so their elements say how they look. Only that is let
/// through, no `<style>`; and whatever a mail may hold, its frame runs nothing and leads nowhere.
const CSP_MAIL: &str = "default-src 'none'; style-src 'none'; style-src-attr 'unsafe-inline'; img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

const FOR_ALL: &[(HeaderName, &str)] = &[(header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (header::REFERRER_POLICY, "no-referrer")];

const FOR_PAGES: &[(&str, &str)] = &[
    ("content-security-policy", CSP),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// Adds the headers; those of pages only to what a browser would show.
pub(super) fn add(response: &mut ServiceResponse<impl MessageBody>) {
    let https = response
        .request()
        .app_data::<web::Data<WebSettings>>()
        .is_some_and(|settings| settings.public_url.as_str().starts_with("https://"));
    let pattern = response.request().match_pattern().unwrap_or_default();
    let framed = paths::console::FRAMED.contains(&pattern.as_str());
    let headers = response.headers_mut();
    for (name, value) in FOR_ALL {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    let is_json = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if is_json {
        return;
    }
    for (name, value) in FOR_PAGES {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if framed {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(if pattern == paths::console::MAIL_PREVIEW { CSP_MAIL } else { CSP_FRAMED }),
        );
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    }
}

#[cfg(test)]
mod tests {
    use actix_web::HttpResponse;
    use actix_web::test::TestRequest;
    use gantry_core::address::PublicUrl;

    use super::*;

    #[test]
    fn web_07_browsers_keep_to_https_where_the_deployment_has_it() {
        for (public_url, kept) in [("https://id.example", true), ("http://localhost:8080", false)] {
            let settings = WebSettings { public_url: PublicUrl::parse(public_url).unwrap(), trusted_proxies: Vec::new() };
            let request = TestRequest::get().app_data(web::Data::new(settings)).to_srv_request();
            let mut response = request.into_response(HttpResponse::Ok().json("a token, or whatever"));
            add(&mut response);
            assert_eq!(response.headers().contains_key(header::STRICT_TRANSPORT_SECURITY), kept, "{public_url}");
        }
    }
}
