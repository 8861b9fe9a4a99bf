//! Words for a shell to read.

/// A text as one word: in quotes where it would be read otherwise.
pub(super) fn word(text: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "/._,=-".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted() {
        for plain in ["users.name=full_name", "posts,notes", "a/b-c", "größe"] {
            assert_eq!(word(plain), plain);
        }
        for (text, quoted) in [("", "''"), ("a b", "'a b'"), ("it's", r"'it'\''s'"), ("$x", "'$x'")] {
            assert_eq!(word(text), quoted);
        }
    }
}
