//! The token endpoint: parse, authenticate, redeem, issue.
