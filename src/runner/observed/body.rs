//! An inspection as one compact text, and back.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Sources;
use crate::dialect::{Inspection, Product, Unmanaged, Version};
use crate::syntax;

/// How well it is compressed, of 10: the schema of 1,000 tables takes some milliseconds.
const LEVEL: u8 = 6;
/// The longest text that is read back: some hundred thousand tables.
const BYTES_MAX: usize = 1 << 30;

#[derive(Serialize, Deserialize)]
struct Body {
    state: String,
    unmanaged: Vec<Unmanaged>,
    #[serde(default)]
    server: Option<(String, u32, u32, u32)>,
}

/// The text of an inspection, and of what the database runs.
pub(super) fn encode(inspection: &Inspection, server: Option<Version>) -> String {
    // Who looks next may see more, or less.
    let Inspection { state, unmanaged, unseen: _ } = inspection;
    let server = server.map(|version| {
        let Version { product, major, minor, patch } = version;
        (product.word().to_owned(), major, minor, patch)
    });
    let body = Body { state: syntax::print_in_order(state), unmanaged: unmanaged.clone(), server };
    let json = serde_json::to_vec(&body).expect("texts and lists of texts have a JSON form");
    STANDARD.encode(compress_to_vec(&json, LEVEL))
}

/// What a text stands for; `None` if it stands for nothing.
pub(super) fn decode(text: &str) -> Option<(Inspection, Option<Version>)> {
    let compressed = STANDARD.decode(text).ok()?;
    let json = decompress_to_vec_with_limit(&compressed, BYTES_MAX).ok()?;
    let Body { state, unmanaged, server } = serde_json::from_slice(&json).ok()?;
    let mut sources = Sources::default();
    let source = sources.add("observed", state);
    let (state, _) = syntax::parse_canonical(&sources, source);
    let server = server.and_then(|(word, major, minor, patch)| {
        Product::of_word(&word).map(|product| product.version(major, minor, patch))
    });
    Some((Inspection { state: state?, unmanaged, unseen: Vec::new() }, server))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RawObject, State};
    use crate::name::{Name, ObjectName};

    #[test]
    fn what_was_seen_comes_back_and_damage_is_told() {
        let name = |text: &str| ObjectName::unqualified(Name::new(text).unwrap());
        let mut state = State::default();
        let object = RawObject {
            name: name("trigger \"quoted\""),
            only: None,
            create: "CREATE TRIGGER x AFTER INSERT ON t BEGIN\n  SELECT 'a \\ b';\n\tEND".into(),
            drop: "DROP TRIGGER x".into(),
            depends_on: vec![name("t")],
        };
        state.objects.insert(object).unwrap();
        let other = |kind: &str| Unmanaged {
            kind: kind.into(),
            name: "x.y".into(),
            definition: "ü\n\"".into(),
            reason: "is not known".into(),
        };
        let inspection =
            Inspection { state, unmanaged: vec![other("privileges"), other("rule")], unseen: Vec::new() };
        let text = encode(&inspection, None);
        assert_eq!(decode(&text), Some((inspection.clone(), None)));
        let version = Product::MariaDb.version(10, 11, 6);
        assert_eq!(decode(&encode(&inspection, Some(version))), Some((inspection, Some(version))));
        assert_eq!(decode(&text[1..]), None);
        assert_eq!(decode(&text[..text.len() / 8 * 4]), None);
        assert_eq!(decode(""), None);
    }
}
