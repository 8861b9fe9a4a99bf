//! What a function's body says by name. The catalog doesn't know: a body is a string to it, and yet the server looks
//! the names up when the function is created.

use crate::dialect::postgres::RULES;
use crate::sql::{Token, TokenKind, identifiers, tokens};

/// A name in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// The namespace in front of it.
    pub(super) namespace: Option<String>,
    /// The name.
    pub(super) name: String,
    /// Whether arguments follow.
    pub(super) is_called: bool,
}

/// The names that must mean something before the function can be created: all those of SQL, and of PL/pgSQL those in
/// its declarations.
pub(super) fn mentions(create: &str) -> Vec<Mention> {
    let header: Vec<Token<'_>> = tokens(create, &RULES).filter(Token::is_significant).collect();
    let language = header.windows(2).find(|pair| pair[0].is_word("language")).map(|pair| &pair[1]);
    let body = header.windows(2).find(|pair| pair[0].is_word("as") && pair[1].kind == TokenKind::String);
    let (Some(language), Some([_, body])) = (language, body) else { return Vec::new() };
    let Some(text) = undollared(body.text) else { return Vec::new() };
    if language.is_word("sql") {
        named(&tokens(text, &RULES).filter(Token::is_significant).collect::<Vec<_>>())
    } else if language.is_word("plpgsql") {
        let words: Vec<Token<'_>> = tokens(text, &RULES).filter(Token::is_significant).collect();
        let declarations = words.split(|token| token.is_word("begin"));
        let declared = declarations.filter_map(|part| {
            part.iter().position(|token| token.is_word("declare")).map(|at| &part[at + 1..])
        });
        declared.flat_map(named).collect()
    } else {
        Vec::new()
    }
}

/// What stands between `$tag$` and `$tag$`, which is how the server prints bodies.
fn undollared(text: &str) -> Option<&str> {
    let tag = text.get(..=text.get(1..)?.find('$')? + 1).filter(|tag| tag.starts_with('$'))?;
    text.strip_prefix(tag)?.strip_suffix(tag)
}

fn named(tokens: &[Token<'_>]) -> Vec<Mention> {
    let name =
        |token: &Token<'_>| identifiers(token.text, &RULES).next().map(|found| found.name.into_owned());
    let is_dot = |token: Option<&Token<'_>>| token.is_some_and(|token| token.is_mark("."));
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1);
        if !matches!(token.kind, TokenKind::Word | TokenKind::Quoted) {
            continue;
        }
        let Some(own) = name(token) else { continue };
        let before = at.checked_sub(2).filter(|_| is_dot(tokens.get(at.wrapping_sub(1))));
        found.push(Mention {
            namespace: before.and_then(|at| tokens.get(at)).and_then(name),
            name: own,
            is_called: next.is_some_and(|token| token.is_mark("(")),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(create: &str) -> Vec<String> {
        let shown = |mention: Mention| {
            let Mention { namespace, name, is_called } = mention;
            format!(
                "{}{name}{}",
                namespace.map_or(String::new(), |of| of + "."),
                if is_called { "()" } else { "" }
            )
        };
        mentions(create).into_iter().map(shown).collect()
    }

    #[test]
    fn bodies_are_read_as_far_as_the_server_reads_them() {
        let sql = "CREATE FUNCTION f()\n RETURNS int\n LANGUAGE sql\nAS $function$ SELECT g(\"A b\") FROM s.t $function$";
        assert_eq!(shown(sql), ["select", "g()", "A b", "from", "s", "s.t"]);
        let plpgsql =
            "CREATE FUNCTION f() LANGUAGE plpgsql AS $x$ DECLARE r s.t%ROWTYPE; BEGIN PERFORM a; END $x$";
        assert_eq!(shown(plpgsql), ["r", "s", "s.t", "ROWTYPE"].map(str::to_lowercase));
        assert!(shown("CREATE FUNCTION f() LANGUAGE c AS 'file', $function$g$function$").is_empty());
        assert!(shown("CREATE FUNCTION f() LANGUAGE sql RETURN g(1)").is_empty());
    }
}
