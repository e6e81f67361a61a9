//! A realm's colour as a style sheet: typed tokens only, never text from outside (attack
//! catalogue WEB-03).

use gantry_core::realm::Branding;

/// The style sheet of a realm's branding; empty where it has no colour of its own.
///
/// It sets custom properties that `css/flow.css` reads: the colour as it is for filled buttons,
/// the readable one of black and white on it, and variants dark or light enough to be read as
/// text on either background (WCAG 2.2, 1.4.3).
pub fn branding_css(branding: &Branding) -> String {
    let Some(accent) = branding.accent.as_deref().and_then(Colour::parse) else { return String::new() };
    let (light, dark) = (accent.readable_on(LIGHT), accent.readable_on(DARK));
    format!(
        ":root{{--accent:{};--on-accent:{};--accent-text-light:{};--accent-text-dark:{}}}\n",
        accent.hex(),
        accent.foreground().hex(),
        light.hex(),
        dark.hex()
    )
}

/// Whether words on this colour are black, since white ones could not be read on it (WCAG 2.2, 1.4.3).
pub fn needs_dark_words(accent: &str) -> bool {
    Colour::parse(accent).is_some_and(|accent| accent.foreground() == BLACK)
}

/// The colour of buttons in mails, and what can be read on it.
pub(crate) fn mail_colours(branding: &Branding) -> (String, String) {
    let accent = branding.accent.as_deref().and_then(Colour::parse).unwrap_or(DEFAULT);
    (accent.hex(), accent.foreground().hex())
}

/// The accent of `css/flow.css`.
const DEFAULT: Colour = Colour([0x2f, 0x4f, 0xd0]);
/// The backgrounds of `css/flow.css` with the least contrast.
const LIGHT: Colour = Colour([0xf6, 0xf7, 0xf9]);
const DARK: Colour = Colour([0x1a, 0x1d, 0x23]);
const BLACK: Colour = Colour([0; 3]);
const WHITE: Colour = Colour([255; 3]);

/// The least contrast of text (WCAG 2.2, 1.4.3).
const READABLE: f64 = 4.5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Colour([u8; 3]);

impl Colour {
    /// Reads `#rrggbb`, and nothing else.
    fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let [_, r, g, b] = u32::from_str_radix(hex, 16).ok()?.to_be_bytes();
        Some(Self([r, g, b]))
    }

    fn hex(self) -> String {
        let Self([r, g, b]) = self;
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    /// Relative luminance (WCAG 2.2, definitions).
    fn luminance(self) -> f64 {
        let [r, g, b] = self.0.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// White where that can be read on it, else black, which then always can.
    fn foreground(self) -> Self {
        if self.contrast(WHITE) >= READABLE { WHITE } else { BLACK }
    }

    /// The nearest shade that can be read on a background.
    fn readable_on(self, background: Self) -> Self {
        let towards = background.foreground();
        (0..=20).map(|step| self.mixed(towards, step)).find(|shade| shade.contrast(background) >= READABLE).unwrap_or(towards)
    }

    /// This colour with `step` twentieths of another.
    fn mixed(self, other: Self, step: u16) -> Self {
        let mut mixed = self.0;
        for (channel, target) in mixed.iter_mut().zip(other.0) {
            let sum = u16::from(*channel) * (20 - step) + u16::from(target) * step;
            *channel = u8::try_from(sum / 20).unwrap_or(u8::MAX);
        }
        Self(mixed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn css(accent: &str) -> String {
        branding_css(&Branding { accent: Some(accent.to_owned()), ..Branding::default() })
    }

    #[test]
    fn every_colour_yields_readable_text() {
        for value in (0..=0x00ff_ffff_u32).step_by(9973) {
            let [_, r, g, b] = value.to_be_bytes();
            let colour = Colour([r, g, b]);
            assert!(colour.contrast(colour.foreground()) >= READABLE, "{}", colour.hex());
            assert!(colour.readable_on(LIGHT).contrast(LIGHT) >= READABLE, "{}", colour.hex());
            assert!(colour.readable_on(DARK).contrast(DARK) >= READABLE, "{}", colour.hex());
        }
    }

    #[test]
    fn only_a_colour_is_a_colour() {
        assert!(css("#1d4ed8").contains("--accent:#1d4ed8;--on-accent:#ffffff"));
        for accent in ["red", "#fff", "#1d4ed8;}body{display:none", "url(x)", "</style>", "#+12345", "#12345é"] {
            assert_eq!(css(accent), "", "{accent}");
        }
    }
}
