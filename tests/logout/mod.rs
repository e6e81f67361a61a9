//! Signing out at an app's request.

mod rp_initiated;
