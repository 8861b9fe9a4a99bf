//! Which bytes and characters are what in KDL 2. Works on bytes, since every sign of the grammar is ASCII.

/// What an ASCII byte can be part of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Part of a bare word. Disallowed characters count as this: they are reported apart.
    Word,
    /// White space, line ends, and the signs that can't stand in a bare word.
    Other,
    /// The first byte of a longer character.
    High,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Word; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'\t'..=b'\r' | b' ' => Class::Other,
            b'(' | b')' | b'{' | b'}' | b'[' | b']' | b'/' | b'\\' | b'"' | b'#' | b';' | b'=' => {
                Class::Other
            }
            0x80.. => Class::High,
            _ => Class::Word,
        };
        byte += 1;
    }
    classes
};

/// How many bytes the line end at the start takes; 0 if there is none.
pub(super) fn newline_length(bytes: &[u8]) -> usize {
    match bytes {
        [b'\r', b'\n', ..] | [0xC2, 0x85, ..] => 2,
        [b'\n' | b'\r' | 0x0B | 0x0C, ..] => 1,
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
        _ => 0,
    }
}

/// How many bytes the white space character at the start takes; 0 if there is none. Line ends don't count.
pub(super) fn space_length(bytes: &[u8]) -> usize {
    match bytes {
        [b' ' | b'\t', ..] => 1,
        [0xC2, 0xA0, ..] => 2,
        [0xE1, 0x9A, 0x80, ..]
        | [0xE2, 0x80, 0x80..=0x8A | 0xAF, ..]
        | [0xE2, 0x81, 0x9F, ..]
        | [0xE3, 0x80, 0x80, ..] => 3,
        _ => 0,
    }
}

/// How many bytes the character with this first byte takes.
pub(super) fn character_length(first: u8) -> usize {
    match first {
        0..0xC0 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0.. => 4,
    }
}

/// How many bytes the bare word at the start takes; 0 if there is none.
pub(super) fn word_length(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match CLASSES[usize::from(byte)] {
            Class::Word => at += 1,
            Class::High if newline_length(&bytes[at..]) + space_length(&bytes[at..]) == 0 => {
                at += character_length(byte);
            }
            Class::High | Class::Other => break,
        }
    }
    at.min(bytes.len())
}

/// Whether a text can stand as a bare word, without quotes.
pub(super) fn is_bare_word(text: &str) -> bool {
    !text.is_empty()
        && word_length(text.as_bytes()) == text.len()
        && !is_keyword(text)
        && !looks_like_number(text)
        && !text.chars().any(is_disallowed)
}

/// Whether a bare word is one that KDL 2 reserves, since version 1 gave it another meaning.
pub(super) fn is_keyword(word: &str) -> bool {
    matches!(word, "true" | "false" | "null" | "inf" | "-inf" | "nan")
}

/// Whether a bare word begins as numbers do, or as almost-numbers like `.5`.
pub(super) fn looks_like_number(word: &str) -> bool {
    let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
    unsigned.strip_prefix('.').unwrap_or(unsigned).starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a character may not stand in a document, except as an escape.
pub(super) fn is_disallowed(character: char) -> bool {
    matches!(character,
        '\0'..='\x08' | '\x0E'..='\x1F' | '\x7F'
        | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Finds the next disallowed character from `start` on. `start` is at a character boundary.
pub(super) fn find_disallowed(text: &str, start: usize) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    let mut at = start;
    loop {
        let suspect = |byte: &u8| SUSPECT[usize::from(*byte)];
        at += bytes.get(at..)?.iter().position(suspect)?;
        let character = text[at..].chars().next()?;
        if is_disallowed(character) {
            return Some((at, character));
        }
        at += character.len_utf8();
    }
}

/// First bytes of disallowed characters, and of some others.
const SUSPECT: [bool; 256] = {
    let mut suspect = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        suspect[byte] = matches!(byte as u8, 0..=8 | 0x0E..=0x1F | 0x7F | 0xE2 | 0xEF);
        byte += 1;
    }
    suspect
};
