//! Expressions read by PostgreSQL's precedence, as far as schemas have them: what isn't understood is no expression.

use super::node::{Node, cast, compare, in_list, join, negative};
use crate::dialect::postgres::RULES;
use crate::dialect::postgres::types::PgType;
use crate::model::Type;
use crate::sql::{Token, TokenKind, identifiers, tokens};

/// How tightly operators bind, loosest first.
mod power {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const IS: u8 = 4;
    pub(super) const COMPARISON: u8 = 5;
    pub(super) const MATCH: u8 = 6;
    pub(super) const OTHER: u8 = 7;
    pub(super) const SUM: u8 = 8;
    pub(super) const PRODUCT: u8 = 9;
    pub(super) const POWER: u8 = 10;
    pub(super) const ZONE: u8 = 11;
    pub(super) const COLLATE: u8 = 12;
    pub(super) const SIGN: u8 = 13;
}

/// Reads a whole text.
pub(super) fn expression(text: &str) -> Option<Node> {
    let mut parser = Parser { tokens: tokens(text, &RULES).filter(Token::is_significant).collect(), at: 0 };
    let node = parser.expression(0)?;
    (parser.at == parser.tokens.len()).then_some(node)
}

struct Parser<'t> {
    tokens: Vec<Token<'t>>,
    at: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token<'t>> {
        let token = self.tokens.get(self.at).cloned();
        self.at += usize::from(token.is_some());
        token
    }

    /// Takes these words and marks if they are next.
    fn takes(&mut self, words: &[&str]) -> bool {
        let fits = words.iter().enumerate().all(|(offset, word)| {
            let token = self.tokens.get(self.at + offset);
            token
                .is_some_and(|token| token.kind != TokenKind::Quoted && token.text.eq_ignore_ascii_case(word))
        });
        if fits {
            self.at += words.len();
        }
        fits
    }

    fn needs(&mut self, words: &[&str]) -> Option<()> {
        self.takes(words).then_some(())
    }

    fn expression(&mut self, least: u8) -> Option<Node> {
        let mut left = self.operand()?;
        loop {
            let at = self.at;
            match self.behind(left.clone(), least)? {
                Some(node) => left = node,
                None => {
                    self.at = at;
                    return Some(left);
                }
            }
        }
    }

    /// What follows an operand and takes it as its left side, if that binds tightly enough. Outer `None`: it is not
    /// understood.
    fn behind(&mut self, left: Node, least: u8) -> Option<Option<Node>> {
        let Some(token) = self.next() else { return Some(None) };
        if token.kind == TokenKind::Operator {
            return self.operator(token.text, left, least);
        }
        if token.is_mark("[") {
            let index = self.expression(0)?;
            self.needs(&["]"])?;
            return Some(Some(Node::Infix("[]".to_owned(), vec![left, index])));
        }
        if token.kind != TokenKind::Word {
            return Some(None);
        }
        let word = token.text.to_ascii_uppercase();
        let negated = word == "NOT";
        let word = if negated { self.next()?.text.to_ascii_uppercase() } else { word };
        let power = match (word.as_str(), negated) {
            ("OR", false) => power::OR,
            ("AND", false) => power::AND,
            ("IS" | "ISNULL" | "NOTNULL", false) => power::IS,
            ("IN" | "BETWEEN" | "LIKE" | "ILIKE", _) => power::MATCH,
            ("AT", false) => power::ZONE,
            ("COLLATE", false) => power::COLLATE,
            _ => return Some(None),
        };
        if power < least {
            return Some(None);
        }
        self.keyword(&word, negated, left, power).map(Some)
    }

    fn keyword(&mut self, word: &str, negated: bool, left: Node, power: u8) -> Option<Node> {
        let is = |left, what: &str| Node::Infix("IS".to_owned(), vec![left, Node::Word(what.to_owned())]);
        Some(match word {
            "OR" | "AND" => join(word, left, self.expression(power + 1)?),
            "ISNULL" => is(left, "NULL"),
            "NOTNULL" => is(left, "NOT NULL"),
            "IS" => {
                let not = if self.takes(&["NOT"]) { "NOT " } else { "" };
                if self.takes(&["DISTINCT", "FROM"]) {
                    Node::Infix(format!("IS {not}DISTINCT FROM"), vec![left, self.expression(power + 1)?])
                } else {
                    is(left, &format!("{not}{}", self.next()?.text.to_ascii_uppercase()))
                }
            }
            "IN" => {
                self.needs(&["("])?;
                in_list(left, negated, self.list(")")?)
            }
            "BETWEEN" => {
                let low = self.expression(power + 1)?;
                self.needs(&["AND"])?;
                let high = self.expression(power + 1)?;
                let infix = |operator: &str, side| Node::Infix(operator.to_owned(), vec![left.clone(), side]);
                if negated {
                    join("OR", infix("<", low), infix(">", high))
                } else {
                    join("AND", infix(">=", low), infix("<=", high))
                }
            }
            "LIKE" | "ILIKE" => {
                let not = if negated { "NOT " } else { "" };
                Node::Infix(format!("{not}{word}"), vec![left, self.expression(power + 1)?])
            }
            "AT" => {
                self.needs(&["TIME", "ZONE"])?;
                Node::Infix("AT TIME ZONE".to_owned(), vec![left, self.expression(power + 1)?])
            }
            _ => Node::Infix("COLLATE".to_owned(), vec![left, Node::Word(self.path()?)]),
        })
    }

    fn operator(&mut self, text: &str, left: Node, least: u8) -> Option<Option<Node>> {
        if text == "::" {
            return Some(Some(cast(left, &self.type_name()?)));
        }
        let power = match text {
            "=" | "<" | ">" | "<=" | ">=" | "<>" | "!=" => power::COMPARISON,
            "+" | "-" => power::SUM,
            "*" | "/" | "%" => power::PRODUCT,
            "^" => power::POWER,
            _ => power::OTHER,
        };
        if power < least {
            return Some(None);
        }
        let word = match text {
            "!=" => "<>",
            "~~" => "LIKE",
            "~~*" => "ILIKE",
            "!~~" => "NOT LIKE",
            "!~~*" => "NOT ILIKE",
            text => text,
        };
        for (operator, quantity, negated) in [("=", "ANY", false), ("<>", "ALL", true)] {
            if word == operator && self.takes(&[quantity, "("]) {
                let list = self.expression(0)?;
                self.needs(&[")"])?;
                return Some(Some(match list {
                    Node::Call(name, items) if name == "ARRAY" => in_list(left, negated, items),
                    list => Node::Infix(format!("{operator} {quantity}"), vec![left, list]),
                }));
            }
        }
        Some(Some(compare(word, left, self.expression(power + 1)?)))
    }

    fn operand(&mut self) -> Option<Node> {
        let token = self.next()?;
        match token.kind {
            TokenKind::Mark if token.text == "(" => {
                let mut items = self.list(")")?;
                if items.len() == 1 { items.pop() } else { Some(Node::Call("ROW".to_owned(), items)) }
            }
            TokenKind::Number => Some(Node::Number(token.text.to_ascii_lowercase())),
            TokenKind::String => string(token.text),
            TokenKind::Operator if token.text == "-" => Some(negative(self.expression(power::SIGN)?)),
            TokenKind::Operator if token.text == "+" => self.expression(power::SIGN),
            TokenKind::Operator => {
                let operand = self.expression(power::OTHER + 1)?;
                Some(Node::Call(token.text.to_owned(), vec![operand]))
            }
            TokenKind::Quoted => self.named(),
            TokenKind::Word => self.word(&token.text.to_ascii_uppercase()),
            TokenKind::Mark | TokenKind::Space | TokenKind::Comment => None,
        }
    }

    fn word(&mut self, word: &str) -> Option<Node> {
        match word {
            "NOT" => Some(Node::Call("NOT".to_owned(), vec![self.expression(power::NOT)?])),
            "NULL" | "TRUE" | "FALSE" => Some(Node::Word(word.to_owned())),
            "CASE" => self.case(),
            "ARRAY" if self.takes(&["["]) => Some(Node::Call(word.to_owned(), self.list("]")?)),
            "CAST" if self.takes(&["("]) => {
                let operand = self.expression(0)?;
                self.needs(&["AS"])?;
                let ty = self.type_name()?;
                self.needs(&[")"])?;
                Some(cast(operand, &ty))
            }
            "EXTRACT" if self.takes(&["("]) => {
                let field = self.next()?.text.trim_matches('\'').to_ascii_lowercase();
                self.needs(&["FROM"])?;
                let operand = self.expression(0)?;
                self.needs(&[")"])?;
                Some(Node::Call("extract".to_owned(), vec![Node::Text(field), operand]))
            }
            "SELECT" | "EXISTS" | "WITH" => None,
            "INTERVAL" | "DATE" | "TIME" | "TIMESTAMP" | "TIMESTAMPTZ" | "JSON" | "JSONB"
                if self.peek().is_some_and(|next| next.kind == TokenKind::String) =>
            {
                string(self.next()?.text)
            }
            _ => self.named(),
        }
    }

    /// A column, a constant of the server's, or a call; its first word is taken already.
    fn named(&mut self) -> Option<Node> {
        self.at -= 1;
        let path = self.path()?;
        if !self.takes(&["("]) {
            return Some(
                if path.starts_with("current_") || path.starts_with("session_") || path.starts_with("local") {
                    Node::Word(path.to_ascii_uppercase())
                } else {
                    Node::Column(path)
                },
            );
        }
        let name = match path.strip_prefix("pg_catalog.").unwrap_or(&path) {
            "trim" => "btrim".to_owned(),
            name => name.to_owned(),
        };
        if self.takes(&["*", ")"]) {
            return Some(Node::Call(name, vec![Node::Word("*".to_owned())]));
        }
        // The words that some functions have between their arguments.
        let trims = name == "btrim";
        let _ = trims && (self.takes(&["BOTH", "FROM"]) || self.takes(&["BOTH"]));
        let mut arguments = Vec::new();
        let mut turned = false;
        while !self.takes(&[")"]) {
            if !arguments.is_empty() && !self.takes(&[","]) {
                if self.takes(&["FROM"]) {
                    turned |= trims;
                } else {
                    self.needs(&["FOR"])?;
                }
            }
            arguments.push(self.expression(0)?);
        }
        if turned {
            arguments.reverse();
        }
        Some(Node::Call(name, arguments))
    }

    fn case(&mut self) -> Option<Node> {
        let mut parts = Vec::new();
        if self.peek().is_some_and(|token| !token.is_word("WHEN")) {
            parts.push(self.expression(0)?);
        }
        while self.takes(&["WHEN"]) {
            let condition = self.expression(0)?;
            self.needs(&["THEN"])?;
            parts.push(Node::Call("WHEN".to_owned(), vec![condition, self.expression(0)?]));
        }
        if self.takes(&["ELSE"]) {
            match self.expression(0)? {
                // As good as none, which is what the server makes of none.
                Node::Word(word) if word == "NULL" => {}
                otherwise => parts.push(Node::Call("ELSE".to_owned(), vec![otherwise])),
            }
        }
        self.needs(&["END"])?;
        Some(Node::Call("CASE".to_owned(), parts))
    }

    /// Expressions up to the closing mark, which is taken, too.
    fn list(&mut self, closing: &str) -> Option<Vec<Node>> {
        let mut items = Vec::new();
        while !self.takes(&[closing]) {
            if !items.is_empty() {
                self.needs(&[","])?;
            }
            items.push(self.expression(0)?);
        }
        Some(items)
    }

    /// A name, with those before it.
    fn path(&mut self) -> Option<String> {
        let mut path = String::new();
        loop {
            let token = self.next()?;
            let name = identifiers(token.text, &RULES).next()?.name.into_owned();
            path += &name;
            if !self.takes(&["."]) {
                return Some(path);
            }
            path.push('.');
        }
    }

    fn type_name(&mut self) -> Option<String> {
        const FOLLOWING: [&str; 6] = ["precision", "varying", "with", "without", "time", "zone"];
        let mut text = self.path()?;
        let follows = |token: &Token<'_>| FOLLOWING.iter().any(|word| token.is_word(word));
        while self.peek().is_some_and(&follows) {
            text += &format!(" {}", self.next()?.text.to_ascii_lowercase());
        }
        if self.takes(&["("]) {
            text.push('(');
            while !self.takes(&[")"]) {
                text += self.next()?.text;
            }
            text.push(')');
            while self.peek().is_some_and(&follows) {
                text += &format!(" {}", self.next()?.text.to_ascii_lowercase());
            }
        }
        while self.takes(&["[", "]"]) {
            text += "[]";
        }
        Some(PgType::of(&Type::Native(text.into())).sql())
    }
}

/// A string with whatever quotes it has.
fn string(text: &str) -> Option<Node> {
    if let Some(inner) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return Some(Node::Text(inner.replace("''", "'")));
    }
    if let Some(inner) = text.strip_prefix(['E', 'e']) {
        let inner = inner.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'").replace("\\\\", "\u{0}");
        return (!inner.contains('\\')).then(|| Node::Text(inner.replace('\u{0}', "\\")));
    }
    let tag = text.get(..=text.get(1..)?.find('$')? + 1)?;
    Some(Node::Text(text.strip_prefix(tag)?.strip_suffix(tag)?.to_owned()))
}
