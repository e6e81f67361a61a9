//! Client authentication: from presented credentials to an authenticated client.
