//! The sample API: it takes access tokens and trusts nothing but the keys of their issuer.
//!
//! Owns its answer. Never asks the server about a single token.
