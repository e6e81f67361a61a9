//! The kinds of connection, each served by code of its own.

crate::closed_set::closed_set! {
    /// What code serves a connection.
    ConnectorKind {
        /// The realm's own password database.
        Password = "password",
    }
}
