//! `display`: how the pages are to be shown. A value that is not known is ignored.

use gantry_core::authorization_request::Display;
use gantry_core::parameters::Parameters;

pub(super) fn read(parameters: &Parameters) -> Option<Display> {
    parameters.get("display").and_then(Display::parse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize::samples::parameters;

    #[test]
    fn an_unknown_value_is_no_error() {
        assert_eq!(read(&parameters("display=popup")), Some(Display::Popup));
        assert_eq!(read(&parameters("display=hologram")), None);
    }
}
