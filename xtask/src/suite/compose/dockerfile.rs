//! Reads the last stage of a Dockerfile: who runs what there, and how it is asked after its health.

use std::collections::BTreeMap;

/// The instructions of the final image, the last of each kind.
#[derive(Debug)]
pub(super) struct Dockerfile {
    instructions: BTreeMap<String, String>,
}

impl Dockerfile {
    /// Reads the file's text.
    pub(super) fn parse(text: &str) -> Self {
        let joined = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n").replace("\\\n", " ");
        let mut instructions = BTreeMap::new();
        for line in joined.lines() {
            let Some((word, rest)) = line.trim().split_once(' ') else { continue };
            if word == "FROM" {
                instructions.clear();
            }
            instructions.insert(word.to_owned(), rest.trim().to_owned());
        }
        Self { instructions }
    }

    /// The account of the final image.
    pub(super) fn user(&self) -> Option<&str> {
        self.instructions.get("USER").map(String::as_str)
    }

    /// The entry point, in the form that needs no shell.
    pub(super) fn entrypoint(&self) -> Option<Vec<String>> {
        list(self.instructions.get("ENTRYPOINT")?)
    }

    /// The command after the entry point.
    pub(super) fn command(&self) -> Option<Vec<String>> {
        list(self.instructions.get("CMD")?)
    }

    /// The health check's command.
    pub(super) fn health_check(&self) -> Option<Vec<String>> {
        list(self.instructions.get("HEALTHCHECK")?.split_once("CMD ")?.1)
    }

    /// The variables that the image sets.
    pub(super) fn environment(&self) -> Vec<(&str, &str)> {
        self.instructions.get("ENV").into_iter().flat_map(|line| line.split_whitespace()).filter_map(|pair| pair.split_once('=')).collect()
    }
}

fn list(text: &str) -> Option<Vec<String>> {
    serde_json::from_str(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_stage_counts() {
        let file = Dockerfile::parse(
            "FROM a AS build\nUSER root\nRUN x \\\n && y\nFROM b\n# a word\nUSER 65532:65532\nENV A=1 \\\n    B=two\n\
             HEALTHCHECK --interval=5s CMD [\"/bin/x\", \"health\"]\nENTRYPOINT [\"/bin/x\"]\nCMD [\"serve\"]\n",
        );
        assert_eq!(file.user(), Some("65532:65532"));
        assert_eq!(file.entrypoint().unwrap(), ["/bin/x"]);
        assert_eq!(file.command().unwrap(), ["serve"]);
        assert_eq!(file.health_check().unwrap(), ["/bin/x", "health"]);
        assert_eq!(file.environment(), [("A", "1"), ("B", "two")]);
    }

    #[test]
    fn a_command_for_a_shell_is_none() {
        assert_eq!(Dockerfile::parse("FROM a\nENTRYPOINT run me\n").entrypoint(), None);
    }
}
