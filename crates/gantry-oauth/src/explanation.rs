//! How an app meets each reason: the refusals that carry it, as they go out.
//!
//! For the pages that explain them, so that what they show is what is sent. Never refuses anything.

use gantry_core::failure::Refusal;
use gantry_core::reason::Reason;

use crate::authorize::answer;
use crate::tenancy::Barrier;
use crate::token;

/// What an app was doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// It sent a person to the authorization endpoint.
    Authorization,
    /// It redeemed a code or a refresh token.
    Grant,
    /// It asked for a token of its own.
    Machine,
}

/// A refusal with this reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encounter {
    /// When.
    pub occasion: Occasion,
    /// With what.
    pub refusal: Refusal,
}

/// How apps meet a reason. Nothing: only the person in front of the browser does.
pub fn encounters(reason: Reason) -> Vec<Encounter> {
    if reason == Reason::ConnectionDisabled {
        return vec![Encounter { occasion: Occasion::Grant, refusal: token::connection_disabled() }];
    }
    let barriers = Barrier::ALL.iter().filter(|barrier| barrier.reason() == reason);
    barriers
        .flat_map(|barrier| {
            occasions(*barrier).iter().map(|occasion| Encounter {
                occasion: *occasion,
                refusal: match occasion {
                    Occasion::Authorization | Occasion::Machine => barrier.denied(),
                    Occasion::Grant => barrier.lost(),
                },
            })
        })
        .collect()
}

/// The parameters with which a redirect tells of a refusal. `explanations` is the address of the
/// pages that explain, up to the reason.
pub fn redirected(refusal: &Refusal, explanations: &str) -> Vec<(&'static str, String)> {
    answer::refused(refusal, explanations)
}

const fn occasions(barrier: Barrier) -> &'static [Occasion] {
    match barrier {
        Barrier::NotUsed | Barrier::Suspended | Barrier::AppNotAllowed => &[Occasion::Authorization, Occasion::Grant, Occasion::Machine],
        Barrier::None | Barrier::NotMember | Barrier::ConnectionRequired => &[Occasion::Authorization, Occasion::Grant],
        Barrier::NotGranted | Barrier::AppRemoved | Barrier::SignInTooOld => &[Occasion::Grant],
        Barrier::AppNotInstalled => &[Occasion::Machine],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_barrier_is_met_somewhere() {
        for barrier in Barrier::ALL {
            let met = encounters(barrier.reason());
            assert!(!met.is_empty() && met.iter().all(|encounter| encounter.refusal.reason == Some(barrier.reason())), "{barrier:?}");
        }
        assert!(encounters(Reason::FlowExpired).is_empty());
    }
}
