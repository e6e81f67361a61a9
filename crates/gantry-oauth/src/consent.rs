//! Consent: whether the page is due, and what a decision means.
