//! The client may redeem codes at all (RFC 6749 §4.1.2.1, `unauthorized_client`).

use gantry_core::client::Client;
use gantry_core::error_code::ErrorCode;
use gantry_core::failure::Refusal;
use gantry_core::grant_type::GrantType;

pub(super) fn check(client: &Client) -> Result<(), Refusal> {
    if client.allows(GrantType::AuthorizationCode) {
        return Ok(());
    }
    Err(Refusal::new(ErrorCode::UnauthorizedClient, "this app may not use the authorization code flow"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::{client, realm, wire_name};

    #[test]
    fn a_machine_gets_no_code() {
        let client = client(&realm());
        assert_eq!(check(&client), Ok(()));
        assert_eq!(wire_name(check(&Client { grant_types: vec![GrantType::ClientCredentials], ..client })), "unauthorized_client");
    }
}
