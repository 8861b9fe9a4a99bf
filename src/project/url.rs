//! Database URLs that can't be shown with their secrets by mistake.

use std::fmt;
use std::ops::Range;

/// The URL of a database. Its text forms hide what is secret; only [`DatabaseUrl::expose`] tells all.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

/// Parameters of a URL whose values are secret.
const SECRET_PARAMETERS: [&str; 4] = ["password", "passwd", "sslpassword", "passfile"];

impl DatabaseUrl {
    /// Wraps a text; whether a database answers there is the runner's to find out.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The whole text with its secrets, for the connection alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What stands before the first colon, in lower case: which kind of database it is.
    #[must_use]
    pub fn scheme(&self) -> String {
        self.0.split_once(':').map_or("", |(scheme, _)| scheme).to_ascii_lowercase()
    }
}

/// Writes the URL with `***` in place of passwords. Errs on the side of hiding: what stands between the first
/// colon behind the scheme and the last `@` is taken for a password, even in a text that is no valid URL.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = 0;
        for secret in secrets(&self.0) {
            write!(f, "{}***", &self.0[shown..secret.start])?;
            shown = secret.end;
        }
        f.write_str(&self.0[shown..])
    }
}

/// The places of what is secret in a URL, in order and apart from each other: its password, and the values of secret
/// parameters.
fn secrets(url: &str) -> Vec<Range<usize>> {
    let start = url.find("://").map_or(0, |at| at + 3);
    let user = url[start..].rsplit_once('@').and_then(|(user, _)| {
        let colon = start + user.find(':')?;
        Some(colon + 1..start + user.len())
    });
    let mut at = 0;
    let parameters = url.split(['?', '&']).filter_map(|parameter| {
        let end = at + parameter.len();
        let begin = std::mem::replace(&mut at, end + 1);
        let (name, _) = parameter.split_once('=')?;
        SECRET_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()).then_some(begin + name.len() + 1..end)
    });
    let mut found: Vec<Range<usize>> = user.into_iter().chain(parameters).collect();
    found.sort_by_key(|secret| secret.start);
    found.dedup_by(|next, first| {
        let touch = next.start <= first.end;
        first.end = if touch { first.end.max(next.end) } else { first.end };
        touch
    });
    found
}

/// A text of KDL with `*` in place of every byte that is secret in the URLs that it holds, so that places in it stay the
/// same.
#[must_use]
pub fn mask(text: &str) -> String {
    let mut masked = text.to_owned();
    for (colon, _) in text.match_indices("://") {
        let line = text[..colon].rfind('\n').map_or(0, |end| end + 1);
        let (start, end) = match text[line..colon].rfind('"') {
            Some(quote) => (line + quote + 1, end_of_string(text, line + quote)),
            None => (line, end_of_line(text, colon)),
        };
        let url = &text[start..end];
        for secret in secrets(url) {
            let place = start + secret.start..start + secret.end;
            masked.replace_range(place.clone(), &"*".repeat(place.len()));
        }
    }
    masked
}

/// Where a string ends that began with this quote, in its line at the latest: as many `#` follow its last quote as stand
/// before the first; without any, a quote behind a backslash belongs to it.
fn end_of_string(text: &str, quote: usize) -> usize {
    let before = &text[..quote];
    let hashes = before.len() - before.trim_end_matches('#').len();
    let mark = format!("\"{}", "#".repeat(hashes));
    let content = &text[quote + 1..end_of_line(text, quote)];
    let is_escaped = |at: usize| {
        let backslashes = at - content[..at].trim_end_matches('\\').len();
        hashes == 0 && backslashes % 2 == 1
    };
    let end = content.match_indices(&mark).map(|(at, _)| at).find(|at| !is_escaped(*at));
    quote + 1 + end.unwrap_or(content.len())
}

fn end_of_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end)
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_text_keeps_its_places() {
        let cases = [
            (
                r#"url "postgres://anna:s3crét@db/x" // a:b@c"#,
                r#"url "postgres://anna:*******@db/x" // a:b@c"#,
            ),
            (r#"url "postgres://db/x" // a:b@c"#, r#"url "postgres://db/x" // a:b@c"#),
            (
                r#"{ url "postgres://db/x?user=a&password=s3cret&x=1"; x "a:b@c" }"#,
                r#"{ url "postgres://db/x?user=a&password=******&x=1"; x "a:b@c" }"#,
            ),
            (r#"url "postgres://anna:s3\"cret@db/x""#, r#"url "postgres://anna:********@db/x""#),
            (r#"url "postgres://anna:s3\\" x=":cret@db""#, r#"url "postgres://anna:s3\\" x=":cret@db""#),
            (r##"url #"postgres://anna:s3"cret\@db/x"#"##, r##"url #"postgres://anna:********@db/x"#"##),
            ("\"\"\"\n  postgres://a:s3\"cret@db\n  \"\"\"", "\"\"\"\n  postgres://a:*******@db\n  \"\"\""),
            ("url postgres://a:s3cret@db", "url postgres://a:******@db"),
        ];
        for (text, masked) in cases {
            assert_eq!(mask(text), masked);
            assert_eq!(mask(&format!("a\n{text}\nb")), format!("a\n{masked}\nb"));
        }
    }

    #[test]
    fn secrets_are_hidden_whatever_the_text() {
        let cases = [
            ("sqlite://shop.db", "sqlite://shop.db"),
            ("sqlite::memory:", "sqlite::memory:"),
            ("postgres://db.example/shop", "postgres://db.example/shop"),
            ("postgres://anna@db.example/shop", "postgres://anna@db.example/shop"),
            ("postgres://anna:s3cret@db.example:5432/shop", "postgres://anna:***@db.example:5432/shop"),
            ("postgres://anna:s3/c?r#e@t@db.example/shop", "postgres://anna:***@db.example/shop"),
            (
                "postgres://anna:s3:cret@db/shop?sslmode=require",
                "postgres://anna:***@db/shop?sslmode=require",
            ),
            ("postgres://db/shop?user=a&password=s3cret&x=1", "postgres://db/shop?user=a&password=***&x=1"),
            ("postgres://db/shop?sslpassword=s3cret@x", "postgres://db/shop?sslpassword=***"),
            ("postgres//anna:s3cret@db/shop", "postgres//anna:***@db/shop"),
            ("anna:s3cret@db", "anna:***@db"),
        ];
        for (text, shown) in cases {
            let url = DatabaseUrl::new(text);
            assert_eq!(url.to_string(), shown);
            assert!(!format!("{url:?}").contains("cret"), "{url:?}");
        }
    }
}
