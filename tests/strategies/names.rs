//! Names that are hard on code: quotes, comments, reserved words, other scripts, full length.

use std::collections::BTreeSet;

use schemactl::name::{DERIVED_BYTES_MAX, Name};

use super::Profile;

/// None of them differ by case alone, which SQLite takes for the same name.
const POOL: &[&str] = &[
    "a",
    "b",
    "users",
    "created_at",
    "order",
    "select",
    "with space",
    "quo\"te",
    "it's",
    "x; DROP TABLE a;--",
    "größe",
    "таблица",
    "🦀",
    "sixty_three_bytes_of_a_name_that_is_as_long_as_it_may_be_and_so_",
    "émotion_in_sixty_three_bytes_that_ends_with_a_wide_character_éé",
    "dot.ted",
    "back\\slash",
    "back`tick",
    "[bracket]",
    "$1",
    "%s{}",
    "/*",
    "CamelCase",
    "tab\tline\nbreak",
    "9lives",
    "null",
    "table",
    "-",
];

/// Texts for comments, enum values and cells, with the same aim.
pub const TEXTS: &[&str] = &[
    "draft",
    "it's",
    "\"quoted\"",
    "two\nlines",
    "; DROP TABLE a; --",
    "naïve 🦀",
    "back\\slash\\",
    "",
    " padded ",
    "#\"raw\"#",
    "$$",
    "true",
    "NULL",
    "12",
];

/// How many picks give different names before any is taken.
pub const PICKS: u16 = POOL.len() as u16 * 2;

/// The names that are taken in one namespace, whatever their case.
#[derive(Debug, Default)]
pub struct Scope {
    taken: BTreeSet<String>,
    /// Whether a name has no characters of four bytes, which MySQL doesn't take.
    narrow: bool,
}

impl Scope {
    /// With no name taken yet, for a profile.
    pub fn new(profile: Profile) -> Self {
        Self { taken: BTreeSet::new(), narrow: profile == Profile::Mysql }
    }

    /// The picked name, or one like it when that is taken.
    pub fn pick(&mut self, pick: u16) -> Name {
        self.pick_behind("", pick)
    }

    /// As `pick`, behind a prefix that keeps kinds of things apart.
    pub fn pick_behind(&mut self, prefix: &str, pick: u16) -> Name {
        let index = usize::from(pick) % POOL.len();
        let name = format!("{prefix}{}", POOL.get(index).expect("it is below the length"));
        let repeat = usize::from(pick) / POOL.len();
        if repeat == 0 { self.take(&name) } else { self.take(&with_ending(&name, repeat)) }
    }

    /// This name, or one like it when it is taken.
    pub fn take(&mut self, name: &str) -> Name {
        let name = if self.narrow { name.replace(is_wide, "_") } else { name.to_owned() };
        let mut candidate = with_ending(&name, 0);
        let mut number = 2;
        while !self.taken.insert(candidate.to_lowercase()) {
            candidate = with_ending(&name, number);
            number += 1;
        }
        Name::new(candidate).expect("no name in the pool is empty or holds NUL")
    }
}

/// Whether a character has four bytes.
pub fn is_wide(character: char) -> bool {
    character.len_utf8() == 4
}

/// The name with a number behind it, unless that is zero, cut to what every database takes.
fn with_ending(name: &str, number: usize) -> String {
    let ending = if number == 0 { String::new() } else { number.to_string() };
    let mut cut = name.len().min(DERIVED_BYTES_MAX - ending.len());
    while !name.is_char_boundary(cut) {
        cut -= 1;
    }
    format!("{}{ending}", &name[..cut])
}
