//! `login_hint`: what the sign-in page's field begins with. Never looked up, never an error.

use gantry_core::parameters::Parameters;

/// The hint, unless it could not be typed into a field of one line.
pub(super) fn read(parameters: &Parameters) -> Option<String> {
    parameters.get("login_hint").filter(|hint| !hint.chars().any(char::is_control)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::parameters;

    #[test]
    fn only_one_line_is_taken() {
        assert_eq!(read(&parameters("login_hint=ada%40example.com")).as_deref(), Some("ada@example.com"));
        assert_eq!(read(&parameters("login_hint=a%0ab")), None);
    }
}
