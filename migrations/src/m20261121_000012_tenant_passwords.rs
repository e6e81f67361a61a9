//! How long the passwords of a tenant's members have to be.

use crate::step::Step;
use crate::table::{NewTable, number, optional};

/// This step.
pub(crate) const STEP: Step =
    Step { name: "m20261121_000012_tenant_passwords", does: "lets tenants ask their members for longer passwords", tables };

fn tables() -> Vec<NewTable> {
    vec![NewTable::grown("tenant", &[optional(number("password_min_length"))])]
}
