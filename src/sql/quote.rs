//! Names and texts as a dialect reads them: quoted, so that whatever is in them stays in them.

use super::Rules;
use super::spelling::is_bare;

impl Rules {
    /// A string literal, the same whatever the session says of backslashes where there are escape strings. U+0000 becomes
    /// U+FFFD where no text can have it.
    #[must_use]
    pub fn literal(&self, text: &str) -> String {
        let text = text.replace('\'', "''");
        if self.backslash_escapes {
            return format!("'{}'", text.replace('\\', r"\\").replace('\0', r"\0"));
        }
        let text = text.replace('\0', "\u{fffd}");
        if self.escape_strings && text.contains('\\') {
            return format!("E'{}'", text.replace('\\', r"\\"));
        }
        format!("'{text}'")
    }

    /// A quoted identifier.
    #[must_use]
    pub fn quoted(&self, name: &str) -> String {
        if self.double_quoted_strings {
            return format!("`{}`", name.replace('`', "``"));
        }
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    /// An identifier as people write it: bare where every database takes it so, in quotes otherwise.
    #[must_use]
    pub fn named(&self, name: &str) -> String {
        if is_bare(name, &Self::STANDARD) { name.to_owned() } else { self.quoted(name) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_some_database_reads_otherwise_is_quoted() {
        for (given, expected) in [("users", "users"), ("order", "\"order\""), ("rank", "\"rank\"")] {
            assert_eq!(Rules::STANDARD.named(given), expected);
        }
        for given in ["Users", "2nd", "a b", "größe", ""] {
            assert_eq!(Rules::STANDARD.named(given), format!("\"{given}\""));
        }
    }

    #[test]
    fn what_is_quoted_stays_inside() {
        let backslashes = Rules { backslash_escapes: true, double_quoted_strings: true, ..Rules::STANDARD };
        let escapes = Rules { escape_strings: true, ..Rules::STANDARD };
        assert_eq!(
            (escapes.literal(r"a\'b"), escapes.literal("a'b")),
            (r"E'a\\''b'".into(), "'a''b'".into())
        );
        assert_eq!(Rules::STANDARD.literal("a\\'b\0"), "'a\\''b\u{fffd}'");
        assert_eq!(backslashes.literal("a\\'b\0\\"), r"'a\\''b\0\\'");
        assert_eq!(
            (Rules::STANDARD.quoted("a\"`"), backslashes.quoted("a\"`")),
            ("\"a\"\"`\"".into(), "`a\"```".into())
        );
    }
}
