//! "If …, we have sent a mail."

use serde::Serialize;

use super::Purpose;
use crate::page::Page;

/// Says that a mail was sent, in words that hold whether or not there is an account.
#[derive(Debug, Clone, Serialize)]
pub struct CheckMail {
    /// What the mail's link is for.
    pub purpose: Purpose,
    /// The address that was typed.
    pub email: String,
    /// Where another address may be given, or the mail be asked for again.
    pub again: String,
    /// Back to sign-in.
    pub sign_in: String,
}

impl Page for CheckMail {
    const TEMPLATE: &'static str = "mailed/check_mail.html";

    fn samples() -> Vec<Self> {
        let verify = Self {
            purpose: Purpose::VerifyEmail,
            email: "ada.lovelace@example.com".to_owned(),
            again: "/sign-up".to_owned(),
            sign_in: "/sign-in".to_owned(),
        };
        let reset = Self { purpose: Purpose::ResetPassword, again: "/reset".to_owned(), ..verify.clone() };
        let prove = Self { purpose: Purpose::ProveAddress, again: "/sign-in/prove".to_owned(), ..verify.clone() };
        vec![verify, reset, prove]
    }
}
