//! The page behind `error_uri` (RFC 6749 §5.2): what a reason means. For the makers of apps.

use actix_web::{HttpRequest, HttpResponse};
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::{Fault, Refusal};
use gantry_core::reason::Reason;
use gantry_oauth::explanation::{self, Encounter};
use gantry_views::page::explanation::{Example, Explanation, Occasion};

use crate::extract::RealmContext;
use crate::paths;
use crate::respond::{PageAnswer, PageFailure, sample_body};

pub(crate) async fn show(request: HttpRequest, realm: RealmContext) -> Result<HttpResponse, PageFailure> {
    let named = request.match_info().get("reason").and_then(Reason::parse);
    let reason = named.ok_or_else(|| Refusal::new(ErrorCode::NotFound, "there is nothing at this address"))?;
    let examples = explanation::encounters(reason).into_iter().map(|encounter| example(&realm, encounter));
    let page = Explanation::new(reason, examples.collect::<Result<_, _>>()?);
    PageAnswer::to(&request).render(&page).await
}

/// The answer as it goes out, from what sends it.
fn example(realm: &RealmContext, encounter: Encounter) -> Result<Example, Fault> {
    let occasion = match encounter.occasion {
        explanation::Occasion::Authorization => {
            let pairs = explanation::redirected(&encounter.refusal, &realm.url(paths::EXPLANATIONS));
            let text = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("\n");
            return Ok(Example { occasion: Occasion::Authorization, status: None, text });
        }
        explanation::Occasion::Grant => Occasion::Grant,
        explanation::Occasion::Machine => Occasion::Machine,
    };
    let status = Some(encounter.refusal.code.status());
    Ok(Example { occasion, status, text: sample_body(realm, encounter.refusal)? })
}
