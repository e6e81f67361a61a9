//! JSON Web Signatures: what Gantry signs and what it verifies.
