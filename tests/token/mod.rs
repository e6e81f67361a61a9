//! The token endpoint and its neighbours, grant type by grant type.

mod authorization_code;
mod refresh_token;
