//! A revision's name, `0003_split_name`: its place in the chain and a slug of its message.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How many characters a slug has at most.
const SLUG_CHARS_MAX: usize = 40;

/// How many digits a number has at least.
const NUMBER_DIGITS_MIN: usize = 4;

/// The stem of a revision's file: `NNNN_slug`, where the number says how deep in the chain the revision stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionName(Arc<str>);

/// Why a text is not a [`RevisionName`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the name of a revision: expected `NNNN_slug`, as in `0003_split_name`")]
pub struct RevisionNameError(String);

impl RevisionName {
    /// The name of a revision at this depth (from 1) with this message.
    #[must_use]
    pub fn new(number: u32, message: &str) -> Self {
        Self(format!("{number:0NUMBER_DIGITS_MIN$}_{}", slug(message)).into())
    }

    /// The text of the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number that it begins with.
    #[must_use]
    pub fn number(&self) -> u32 {
        let digits = self.0.split('_').next().unwrap_or_default();
        digits.parse().expect("`from_str` and `new` let no other name be")
    }

    /// What stands behind the number.
    #[must_use]
    pub fn slug(&self) -> &str {
        self.0.split_once('_').map_or("", |(_, slug)| slug)
    }

    /// The name of its file.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{self}.kdl")
    }
}

impl FromStr for RevisionName {
    type Err = RevisionNameError;

    fn from_str(text: &str) -> Result<Self, RevisionNameError> {
        let valid = text.split_once('_').is_some_and(|(number, slug)| {
            let digits =
                number.len() >= NUMBER_DIGITS_MIN && number.bytes().all(|byte| byte.is_ascii_digit());
            let canonical = number.len() == NUMBER_DIGITS_MIN || !number.starts_with('0');
            let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
            digits
                && canonical
                && number.parse::<u32>().is_ok()
                && !slug.is_empty()
                && slug.chars().all(plain)
        });
        if valid { Ok(Self(text.into())) } else { Err(RevisionNameError(text.to_owned())) }
    }
}

impl fmt::Display for RevisionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RevisionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Makes a file name's part of a message: lower-case ASCII letters and digits, words joined by `_`, at most 40
/// characters, cut between words where that leaves something. Latin letters lose their marks, other scripts are
/// left out; a message of which nothing is left becomes `revision`.
#[must_use]
pub fn slug(message: &str) -> String {
    let mut plain = String::new();
    for c in message.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match spelled_out(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(c),
        }
    }
    let mut slug = String::new();
    for word in plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let room = SLUG_CHARS_MAX.saturating_sub(slug.len() + usize::from(!slug.is_empty()));
        if word.len() > room && !slug.is_empty() {
            break;
        }
        if !slug.is_empty() {
            slug.push('_');
        }
        slug.push_str(&word[..word.len().min(room)]);
    }
    if slug.is_empty() { "revision".to_owned() } else { slug }
}

/// The Latin letters that are no plain letter with a mark, as people write them without a keyboard for them. An
/// apostrophe joins what it stands between.
fn spelled_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        '\'' | '’' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_plain_and_short() {
        let cases = [
            ("split the name into first and last", "split_the_name_into_first_and_last"),
            ("Add  posts!", "add_posts"),
            ("Größe: naïve Œuvre, Łódź", "grosse_naive_oeuvre_lodz"),
            ("don't drop", "dont_drop"),
            ("добавить posts", "posts"),
            ("追加", "revision"),
            ("", "revision"),
            ("../../etc/passwd", "etc_passwd"),
            ("a word and then one that goes on and on and on", "a_word_and_then_one_that_goes_on_and_on"),
            ("ﬁne ²", "fine_2"),
        ];
        for (message, expected) in cases {
            assert_eq!(slug(message), expected, "{message}");
        }
        assert_eq!(slug(&"x".repeat(60)).len(), SLUG_CHARS_MAX);
    }

    #[test]
    fn a_name_is_a_number_and_a_slug() {
        let name = RevisionName::new(12, "Add posts");
        assert_eq!((name.as_str(), name.number(), name.slug()), ("0012_add_posts", 12, "add_posts"));
        assert_eq!(RevisionName::new(12345, "x").as_str(), "12345_x");
        for text in ["0001_a", "0001_a_b-2", "10000_a", "0007_größe"] {
            assert!(text.parse::<RevisionName>().is_ok(), "{text}");
        }
        for text in ["", "1_a", "0001", "0001_", "00001_a", "a_0001", "0001_a.b", "0001_a/b", "99999999999_a"]
        {
            assert!(text.parse::<RevisionName>().is_err(), "{text}");
        }
    }
}
