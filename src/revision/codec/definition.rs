//! What a step can define, each read and written as the schema language does.

use crate::document::write::{Literal, Writer};
use crate::document::{Cursor, Node, Text};
use crate::model::{
    Check, Column, EnumType, ForeignKey, Index, Named, Namespace, PrimaryKey, RawObject, Table, Unique, View,
};
use crate::name::{Name, ObjectName};
use crate::syntax::{self, ColumnOrder, Reading};

/// Something at the top of a schema. Its node may have any name; the first argument is the thing's name.
pub(super) trait Object: Named {
    /// What steps call it.
    const WORD: &'static str;

    fn read<'d>(node: &'d Node<'_>, cx: &Reading<'d>) -> Option<Self>
    where
        Self: Sized;

    fn write(&self, w: &mut Writer, word: &str);

    fn read_key(text: &Text<'_>, cx: &Reading<'_>) -> Option<Self::Key>;

    fn write_key(key: &Self::Key) -> String;
}

impl Object for Namespace {
    const WORD: &'static str = "schema";

    fn read<'d>(node: &'d Node<'_>, cx: &Reading<'d>) -> Option<Self> {
        let mut cursor = Cursor::new(node, cx.sink());
        let name = cursor.text("name").and_then(|text| cx.name(&text));
        let comment = cursor.text_prop("comment").map(|text| text.text.into());
        cursor.finish();
        Some(Self { name: name?, comment })
    }

    fn write(&self, w: &mut Writer, word: &str) {
        let Self { name, comment } = self;
        w.node(word).arg(name).prop_if("comment", comment.as_deref().map(Literal::quoted));
    }

    fn read_key(text: &Text<'_>, cx: &Reading<'_>) -> Option<Name> {
        cx.name(text)
    }

    fn write_key(key: &Name) -> String {
        key.to_string()
    }
}

macro_rules! objects {
    ($($type:ty: $word:literal, $read:path, $write:expr;)+) => {
        $(impl Object for $type {
            const WORD: &'static str = $word;

            fn read<'d>(node: &'d Node<'_>, cx: &Reading<'d>) -> Option<Self> {
                $read(node, cx)
            }

            fn write(&self, w: &mut Writer, word: &str) {
                ($write)(w, word, self);
            }

            fn read_key(text: &Text<'_>, cx: &Reading<'_>) -> Option<ObjectName> {
                cx.object(text)
            }

            fn write_key(key: &ObjectName) -> String {
                syntax::object_reference(key)
            }
        })+
    };
}

objects! {
    EnumType: "enum", syntax::read_enum, syntax::write_enum;
    // A new table gets its columns in the order in which they were declared.
    Table: "table", syntax::read_table, |w, word, table| syntax::write_table(w, word, table, ColumnOrder::Declared);
    View: "view", syntax::read_view, syntax::write_view;
    RawObject: "object", syntax::read_object, syntax::write_object;
}

/// Something in a table. Its node has the same name in steps and in schemas.
pub(super) trait Member: Named<Key = Name> {
    /// Its node.
    const WORD: &'static str;

    fn read<'d>(node: &'d Node<'_>, table: &ObjectName, cx: &Reading<'d>) -> Option<Self>
    where
        Self: Sized;

    fn write(&self, w: &mut Writer, table: &ObjectName);
}

macro_rules! members {
    ($($type:ty: $word:literal, $read:expr, $write:expr;)+) => {
        $(impl Member for $type {
            const WORD: &'static str = $word;

            fn read<'d>(node: &'d Node<'_>, table: &ObjectName, cx: &Reading<'d>) -> Option<Self> {
                ($read)(node, table, cx)
            }

            fn write(&self, w: &mut Writer, table: &ObjectName) {
                ($write)(w, table, self);
            }
        })+
    };
}

members! {
    Column: "column", |node, _, cx| syntax::read_column(node, cx), |w, _, item| syntax::write_column(w, item);
    PrimaryKey: "primary-key", syntax::read_primary_key, syntax::write_primary_key;
    Unique: "unique", syntax::read_unique, syntax::write_unique;
    ForeignKey: "foreign-key", syntax::read_foreign_key, syntax::write_foreign_key;
    Check: "check", syntax::read_check, |w, _, item| syntax::write_check(w, item);
    Index: "index", syntax::read_index, syntax::write_index;
}
