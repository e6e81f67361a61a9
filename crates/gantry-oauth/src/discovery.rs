//! The metadata documents, derived from the closed sets that the code matches on.
