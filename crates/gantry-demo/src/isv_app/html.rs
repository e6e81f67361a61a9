//! HTML that can only be made of what is safe: files of the program, and text that was escaped.
//!
//! Owns escaping. Never knows a page.

/// Markup.
#[derive(Debug, Clone, Default)]
pub(crate) struct Html(String);

impl Html {
    /// Text, escaped for elements and quoted attributes alike.
    pub(crate) fn text(text: &str) -> Self {
        let mut escaped = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '"' => escaped.push_str("&quot;"),
                '\'' => escaped.push_str("&#39;"),
                other => escaped.push(other),
            }
        }
        Self(escaped)
    }

    /// A template of the program with its places, written `{{name}}`, filled in. A place that
    /// nobody fills stays empty.
    pub(crate) fn fill(template: &'static str, values: &[(&str, Self)]) -> Self {
        let mut filled = String::with_capacity(template.len() * 2);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{{") {
            filled.push_str(before);
            let (name, after) = after.split_once("}}").unwrap_or((after, ""));
            if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
                filled.push_str(&value.0);
            }
            rest = after;
        }
        filled.push_str(rest);
        Self(filled)
    }

    /// One after the other.
    pub(crate) fn join(parts: impl IntoIterator<Item = Self>) -> Self {
        Self(parts.into_iter().map(|part| part.0).collect())
    }

    /// The text for the wire.
    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        let name = Html::text(r#"<script>"x" & 'y'</script>{{b}}"#);
        let page = Html::fill("<p title=\"{{a}}\">{{a}}{{b}}</p>{{c}}", &[("a", name), ("b", Html::text("B"))]);
        let escaped = "&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/script&gt;{{b}}";
        assert_eq!(page.into_text(), format!("<p title=\"{escaped}\">{escaped}B</p>"));
    }
}
