//! The renames that statements say in so many words. What is renamed must not look like a drop and an add: its rows stay.

use crate::model::{Member, Rename};
use crate::name::{Name, ObjectName};
use crate::sql::{Rules, Token, TokenKind, identifiers};

use super::statement::significant;

/// The renames that statements make, from the names before all of them to those behind. `default` is the namespace of
/// names without one. What was created by the same statements may be among them; it has no name before.
#[must_use]
pub fn renames(statements: &[String], rules: &Rules, default: Option<&str>) -> Vec<Rename> {
    let mut all = Vec::new();
    for statement in statements {
        let words = Words { tokens: significant(statement, rules), at: 0, rules, default };
        for rename in words.renames().unwrap_or_default() {
            follow(&mut all, rename);
        }
    }
    all
}

/// Adds a rename behind others: what has had another name before keeps that as its first.
fn follow(all: &mut Vec<Rename>, next: Rename) {
    for earlier in all.iter_mut() {
        match (earlier, &next) {
            (Rename::Table { to: earlier, .. }, Rename::Table { from, to }) if earlier == from => {
                earlier.clone_from(to);
                return moved(all, from, to);
            }
            (
                Rename::Member { of, member, to: earlier, .. },
                Rename::Member { of: same, member: kind, from, to },
            ) if of == same && member == kind && earlier == from => {
                earlier.clone_from(to);
                return;
            }
            _ => {}
        }
    }
    if let Rename::Table { from, to } = &next {
        moved(all, from, to);
    }
    all.push(next);
}

/// The members of a table that has another name from now on.
fn moved(all: &mut [Rename], from: &ObjectName, to: &ObjectName) {
    for earlier in all {
        if let Rename::Member { of, .. } = earlier
            && of == from
        {
            of.clone_from(to);
        }
    }
}

struct Words<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    rules: &'a Rules,
    default: Option<&'a str>,
}

impl Words<'_> {
    fn take(&mut self, word: &str) -> bool {
        let is = self.tokens.get(self.at).is_some_and(|token| token.is_word(word));
        self.at += usize::from(is);
        is
    }

    fn renames(mut self) -> Option<Vec<Rename>> {
        if self.take("RENAME") {
            return self.take("TABLE").then(|| self.tables());
        }
        if !self.take("ALTER") {
            return None;
        }
        if self.take("TYPE") {
            return self.of_type().map(|rename| vec![rename]);
        }
        if self.take("VIEW") {
            let from = self.object()?;
            (self.take("RENAME") && self.take("TO")).then_some(())?;
            let to = from.sibling(self.name()?);
            return Some(vec![Rename::View { from, to }]);
        }
        if !self.take("TABLE") {
            return None;
        }
        if self.take("IF") {
            self.take("EXISTS");
        }
        self.take("ONLY");
        let table = self.object()?;
        let mut found = Vec::new();
        loop {
            self.of_table(&table, &mut found);
            if !self.next_action() {
                return Some(found);
            }
        }
    }

    /// `RENAME TABLE a TO b, c TO d`.
    fn tables(&mut self) -> Vec<Rename> {
        let mut found = Vec::new();
        while let Some(from) = self.object() {
            if !self.take("TO") {
                break;
            }
            let Some(to) = self.object() else { break };
            found.push(Rename::Table { from, to });
            if !self.next_action() {
                break;
            }
        }
        found
    }

    fn of_type(&mut self) -> Option<Rename> {
        let of = self.object()?;
        self.take("RENAME").then_some(())?;
        if self.take("TO") {
            let to = of.sibling(self.name()?);
            return Some(Rename::Enum { from: of, to });
        }
        self.take("VALUE").then_some(())?;
        let from = self.text()?;
        self.take("TO").then_some(())?;
        Some(Rename::EnumValue { of, from, to: self.text()? })
    }

    /// One action of `ALTER TABLE`, if it is a rename.
    fn of_table(&mut self, table: &ObjectName, found: &mut Vec<Rename>) -> Option<()> {
        // A rename of the table in front of this one is known by the name before it.
        let column = |from, to| Rename::Member { of: table.clone(), member: Member::Column, from, to };
        if self.take("CHANGE") {
            self.take("COLUMN");
            let (from, to) = (self.name()?, self.name()?);
            if from != to {
                found.push(column(from, to));
            }
            return Some(());
        }
        self.take("RENAME").then_some(())?;
        if ["INDEX", "KEY", "CONSTRAINT"].iter().any(|word| self.take(word)) {
            return None;
        }
        if self.take("TO") || self.take("AS") {
            let to = self.sibling(table)?;
            found.push(Rename::Table { from: table.clone(), to });
            return Some(());
        }
        self.take("COLUMN");
        let from = self.name()?;
        if self.take("TO") {
            found.push(column(from, self.name()?));
        } else {
            found.push(Rename::Table { from: table.clone(), to: table.sibling(from) });
        }
        Some(())
    }

    /// Goes behind the next comma that stands in no parentheses.
    fn next_action(&mut self) -> bool {
        let mut depth = 0_usize;
        while let Some(token) = self.tokens.get(self.at) {
            self.at += 1;
            match token.text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                "," if depth == 0 => return true,
                _ => {}
            }
        }
        false
    }

    fn name(&mut self) -> Option<Name> {
        let token = self.tokens.get(self.at)?;
        let identifier = identifiers(token.text, self.rules).next()?;
        self.at += 1;
        Name::new(identifier.name).ok()
    }

    fn object(&mut self) -> Option<ObjectName> {
        let first = self.name()?;
        if !self.tokens.get(self.at).is_some_and(|token| token.is_mark(".")) {
            return Some(ObjectName::unqualified(first));
        }
        self.at += 1;
        let name = self.name()?;
        let is_default = self.default == Some(first.as_str());
        Some(if is_default { ObjectName::unqualified(name) } else { ObjectName::qualified(first, name) })
    }

    /// A new name: without a namespace, it is that of the old one.
    fn sibling(&mut self, of: &ObjectName) -> Option<ObjectName> {
        let to = self.object()?;
        Some(if to.namespace.is_none() { of.sibling(to.name) } else { to })
    }

    fn text(&mut self) -> Option<Box<str>> {
        let token = self.tokens.get(self.at).filter(|token| token.kind == TokenKind::String)?;
        self.at += 1;
        let inner = token.text.get(1..token.text.len().checked_sub(1)?)?;
        Some(inner.replace("''", "'").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sql: &[&str]) -> Vec<String> {
        let statements: Vec<String> = sql.iter().map(|&sql| sql.to_owned()).collect();
        let rules = Rules::SHARED;
        let shown = |rename: &Rename| match rename {
            Rename::Table { from, to } => format!("{from} > {to}"),
            Rename::Member { of, from, to, .. } => format!("{of}.{from} > {to}"),
            Rename::Enum { from, to } => format!("enum {from} > {to}"),
            Rename::EnumValue { of, from, to } => format!("{of}: {from} > {to}"),
            other => format!("{other:?}"),
        };
        renames(&statements, &rules, Some("public")).iter().map(shown).collect()
    }

    #[test]
    fn every_spelling_of_a_rename_is_found() {
        for (sql, expected) in [
            ("ALTER TABLE IF EXISTS ONLY public.a RENAME TO b", "a > b"),
            ("alter table s.a rename to b", "s.a > s.b"),
            ("ALTER TABLE a RENAME b", "a > b"),
            ("ALTER TABLE a RENAME COLUMN \"X\" TO y", "a.X > y"),
            ("ALTER TABLE a RENAME x TO y", "a.x > y"),
            ("ALTER TABLE a ADD c decimal(3, 2), CHANGE `x` y int", "a.x > y"),
            ("ALTER TYPE e RENAME VALUE 'it''s' TO 'b'", "e: it's > b"),
            ("ALTER TYPE e RENAME TO f", "enum e > f"),
        ] {
            assert_eq!(found(&[sql]), [expected], "{sql}");
        }
        assert_eq!(found(&["RENAME TABLE a TO b, c TO d"]), ["a > b", "c > d"]);
        for sql in ["ALTER TABLE a RENAME INDEX x TO y", "ALTER TABLE a CHANGE x x int", "SELECT 1", "ALTER"]
        {
            assert_eq!(found(&[sql]), [""; 0], "{sql}");
        }
    }

    #[test]
    fn renames_follow_each_other() {
        let sql = ["ALTER TABLE a RENAME x TO y", "ALTER TABLE a RENAME TO b", "ALTER TABLE b RENAME y TO z"];
        assert_eq!(found(&sql), ["b.x > z", "a > b"]);
        assert_eq!(found(&["ALTER TABLE a RENAME TO b", "ALTER TABLE b RENAME TO c"]), ["a > c"]);
    }
}
