//! Makes a realm that works from its first moment.
