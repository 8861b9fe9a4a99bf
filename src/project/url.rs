//! Database URLs that can't be shown with their secrets by mistake.

use std::fmt;

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
        let start = self.0.find("://").map_or(0, |at| at + 3);
        let (scheme, rest) = self.0.split_at(start);
        f.write_str(scheme)?;
        let shown = match rest.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host)))
        {
            Some((user, host)) => format!("{user}:***@{host}"),
            None => rest.to_owned(),
        };
        f.write_str(&hide_parameters(&shown))
    }
}

/// Puts `***` in place of the values of secret parameters.
fn hide_parameters(text: &str) -> String {
    let parts = text.split_inclusive(['?', '&']).map(|part| {
        let (parameter, end) = match part.strip_suffix(['?', '&']) {
            Some(parameter) => (parameter, &part[parameter.len()..]),
            None => (part, ""),
        };
        match parameter.split_once('=') {
            Some((name, _)) if SECRET_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) => {
                format!("{name}=***{end}")
            }
            _ => part.to_owned(),
        }
    });
    parts.collect()
}

/// A text with `*` in place of every byte of a password in the URLs that it holds, so that places in it stay the same.
#[must_use]
pub fn mask(text: &str) -> String {
    let mut masked = text.to_owned();
    for (start, _) in text.match_indices("://") {
        let rest = &text[start + 3..];
        let url = &rest[..rest.find(['"', '\n']).unwrap_or(rest.len())];
        let Some((user, _)) = url.rsplit_once('@') else { continue };
        let Some((name, password)) = user.split_once(':') else { continue };
        let at = start + 3 + name.len() + 1;
        masked.replace_range(at..at + password.len(), &"*".repeat(password.len()));
    }
    masked
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
        let text = "url \"postgres://anna:s3crét@db/x\"\nurl \"postgres://db/x\" // a:b@c\n";
        let masked = mask(text);
        assert_eq!(masked, "url \"postgres://anna:*******@db/x\"\nurl \"postgres://db/x\" // a:b@c\n");
        assert_eq!(masked.len(), text.len());
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
