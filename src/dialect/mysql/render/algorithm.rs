//! How a server carries a change out, and who waits for it. Measured on MariaDB 10.11 and MySQL 9.7; where it depends on
//! what the schema doesn't tell, the way is taken that the server surely goes.

use super::super::definition::{Writer, is_computed, mentions};
use super::super::options::{self, CHARSET};
use super::super::types::{DATE, DATETIME, MyType, TIME, TIMESTAMP, VARBINARY, VARCHAR};
use super::super::version;
use super::change::{Change, Key};
use super::difference::keys;
use super::hashed::has_hash;
use crate::dialect::{Class, Hazard, Lock, Pass, Version};
use crate::model::{
    Check, Collection, Column, EnumType, Generated, Index, IndexKey, KeyPart, Storage, Table,
};
use crate::name::Name;

/// How a change is carried out, from the cheapest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// In the catalog alone.
    Instant,
    /// In the catalog alone where the table still can; it is written anew otherwise, and nobody waits.
    Online,
    /// Beside the running application, without writing the rows anew.
    Beside,
    /// The rows are written anew, and nobody waits.
    Rebuild,
    /// Who writes waits while rows are read.
    Shared,
    /// Who writes waits while the rows are written anew.
    Copy,
}

impl Way {
    /// The clauses that let the server refuse any worse way.
    pub(super) fn clauses(self, version: Version) -> &'static [&'static str] {
        let mariadb = version::is_mariadb(version);
        match self {
            Self::Instant if version::has_instant(version) => &["ALGORITHM=INSTANT"],
            // MySQL refuses a lock with INSTANT, and would write the rows anew with INPLACE.
            Self::Instant | Self::Online if !mariadb => &["LOCK=NONE"],
            Self::Beside if mariadb => &["ALGORITHM=NOCOPY", "LOCK=NONE"],
            Self::Instant | Self::Online | Self::Beside | Self::Rebuild => {
                &["ALGORITHM=INPLACE", "LOCK=NONE"]
            }
            Self::Shared => &["ALGORITHM=INPLACE", "LOCK=SHARED"],
            Self::Copy => &["ALGORITHM=COPY", "LOCK=SHARED"],
        }
    }

    pub(super) fn class(self) -> Class {
        match self {
            Self::Instant | Self::Online => Class::Metadata,
            Self::Beside | Self::Shared => Class::Validate,
            Self::Rebuild | Self::Copy => Class::Rewrite,
        }
    }

    pub(super) fn hazard(self) -> Option<Hazard> {
        match self {
            Self::Instant | Self::Online | Self::Beside | Self::Rebuild => None,
            Self::Shared => Some(Hazard { pass: Pass::Read, lock: Lock::Writers }),
            Self::Copy => Some(Hazard { pass: Pass::Write, lock: Lock::Writers }),
        }
    }
}

/// What the way of a change depends on.
pub(super) struct Judge<'a> {
    pub(super) version: Version,
    /// The table before the change.
    pub(super) table: &'a Table,
    /// The enums before the change, and after it.
    pub(super) enums: [&'a Collection<EnumType>; 2],
}

impl Judge<'_> {
    pub(super) fn way(&self, change: &Change) -> Way {
        if has_hash(self.table, self.enums[0], self.version) {
            return Way::Copy;
        }
        let mariadb = version::is_mariadb(self.version);
        let light = if mariadb { Way::Instant } else { Way::Beside };
        match change {
            Change::DropKey(name) if self.orders_rows(name) => Way::Copy,
            Change::ReplaceKey(key) if self.orders_rows(key.name()) && !self.stays_in_order(key) => Way::Copy,
            Change::ReplaceKey(key) | Change::AddKey(key) if self.can_order_rows(key) => self.rebuilt(),
            Change::AddImplied(_) | Change::DropImplied(_) | Change::DropKey(_) => Way::Beside,
            Change::DropForeignKey { name: _, with_index: false } => light,
            Change::DropForeignKey { name: _, with_index: true } => Way::Beside,
            Change::AddForeignKey { .. } | Change::ReplaceCheck(_) | Change::DropPrimaryKey => Way::Copy,
            Change::DropCheck(_) => Way::Instant,
            Change::AddCheck(check) if options::switch(&check.options, options::ENFORCED, true) => Way::Copy,
            Change::AddCheck(_) => Way::Instant,
            Change::ReplacePrimaryKey(_) | Change::AddPrimaryKey(_) => self.rebuilt(),
            Change::ReplaceKey(key) | Change::AddKey(key) => key_way(key),
            Change::RenameKey { .. } | Change::ShowKey(_) => light,
            Change::DropColumn(_) => self.online(),
            Change::AddColumn(column) => self.added(column),
            Change::SetColumn { from, to } => self.set(from, to),
            Change::ReplaceColumn(_) => Way::Copy,
            Change::Settings { columns, .. } if !columns.is_empty() => Way::Copy,
            Change::Settings { options, .. } if options.rewrites => self.rebuilt(),
            Change::Settings { .. } | Change::Comment(_) | Change::Start(_) => light,
            Change::Together(changes) => {
                changes.iter().map(|change| self.way(change)).max().unwrap_or(Way::Copy)
            }
        }
    }

    /// The way of a change that may write the rows anew. InnoDB makes full-text and spatial indexes anew with them, and
    /// lets nobody write meanwhile; on MySQL not even beside the old rows where one is, or has ever been, full-text, and on
    /// MariaDB where several are. MariaDB copies the table where a virtual column is indexed, depending on the order of its columns.
    fn indexed(&self, way: Way) -> Way {
        let slow = |index: &Index| is_method(index, "fulltext") || is_method(index, "spatial");
        let mariadb = version::is_mariadb(self.version);
        let mut computed = self.table.columns.iter().filter(|column| is_virtual(column));
        if mariadb && computed.any(|column| self.is_indexed(&column.name)) {
            return Way::Copy;
        }
        let words = self.table.indexes.iter().filter(|index| is_method(index, "fulltext")).count();
        match (self.table.indexes.iter().any(slow), mariadb) {
            (false, _) => way,
            (true, true) if words < 2 => Way::Shared,
            (true, _) => Way::Copy,
        }
    }

    /// The way of columns that come and go. Before all that is instant was, MySQL let that be beside virtual columns in some
    /// orders of columns only, and with no other change.
    fn online(&self) -> Way {
        let in_place = version::has_instant(self.version) || !self.table.columns.iter().any(is_virtual);
        if in_place { self.indexed(Way::Online) } else { Way::Copy }
    }

    fn rebuilt(&self) -> Way {
        self.indexed(Way::Rebuild)
    }

    fn added(&self, column: &Column) -> Way {
        let ty = MyType::of(&column.ty.common, self.enums[1]);
        let computed = column.default.common.as_ref().is_some_and(|value| is_computed(value, &ty));
        match &column.generated {
            Some(generated) if generated.storage == Storage::Stored => Way::Copy,
            None if column.identity.is_some() => Way::Shared,
            None if computed => Way::Copy,
            Some(_) if !version::has_instant(self.version) => Way::Copy,
            Some(_) | None => self.online(),
        }
    }

    fn set(&self, from: &Column, to: &Column) -> Way {
        let mariadb = version::is_mariadb(self.version);
        let mut way = self.retyped(from, to);
        if from.nullable != to.nullable && (to.generated.is_none() || !mariadb) {
            let copied = self.is_in_order_of_rows(&from.name) || (mariadb && self.copies_nulls(to));
            way = way.max(if copied { Way::Copy } else { self.rebuilt() });
        }
        if !mariadb && costly_checks(self.table, self.enums[0]).next().is_some() {
            way = Way::Copy;
        }
        if from.identity.is_some() != to.identity.is_some() {
            way = way.max(Way::Copy);
        }
        let texts = [from, to].map(|column| {
            column.generated.as_ref().map(|generated| (&generated.expression.common, generated.storage))
        });
        if texts[0] != texts[1] {
            let is_virtual = texts.iter().all(|text| matches!(text, Some((_, Storage::Virtual))));
            let writer = Writer { version: self.version, enums: self.enums[1] };
            let moves = writer.last_source(self.table, to).is_some();
            let cheap = mariadb && is_virtual && !self.is_indexed(&to.name) && !moves;
            way = way.max(if cheap { Way::Instant } else { Way::Copy });
        } else if mariadb && to.generated.is_some() && (!is_virtual(to) || self.is_indexed(&to.name)) {
            way = Way::Copy;
        }
        let physical = [CHARSET, options::SRID, options::COMPRESSED];
        if physical.iter().any(|word| options::get(&from.options, word) != options::get(&to.options, word)) {
            way = Way::Copy;
        }
        way
    }

    /// The way from one type and collation to another.
    fn retyped(&self, from: &Column, to: &Column) -> Way {
        let mariadb = version::is_mariadb(self.version);
        let collations = [&from.collation.common, &to.collation.common];
        let types = (MyType::of(&from.ty.common, self.enums[0]), MyType::of(&to.ty.common, self.enums[1]));
        let by_type = if types.0 == types.1 || types.0.appends_to(&types.1) {
            Way::Instant
        } else {
            match (types.0.widens_to(&types.1), mariadb) {
                (true, true) if self.outgrows_length_byte(to, &types) => Way::Copy,
                (true, true) => Way::Instant,
                (true, false) if self.keeps_length_bytes(to, &types) => Way::Beside,
                (true, false) | (false, _) => Way::Copy,
            }
        };
        if collations[0] == collations[1] {
            return by_type;
        }
        let charset = |name: &Option<Box<str>>| {
            name.as_deref().and_then(|name| name.split('_').next().map(str::to_ascii_lowercase))
        };
        let same = charset(collations[0]).is_some() && charset(collations[0]) == charset(collations[1]);
        let light = same && by_type == Way::Instant && (mariadb || !self.is_indexed(&to.name));
        if light { Way::Beside } else { Way::Copy }
    }

    /// Whether MySQL keeps as many bytes for the length of the longest value, whatever characters they are if that is
    /// not told.
    fn keeps_length_bytes(&self, column: &Column, (from, to): &(MyType, MyType)) -> bool {
        let widths = self.widths(column, to);
        widths.iter().all(|width| (bytes(from, *width) > 255) == (bytes(to, *width) > 255))
    }

    /// Whether MariaDB has to write the rows anew for the length of longer values: where one byte was enough for it, and
    /// the highest bit of that byte was in use.
    fn outgrows_length_byte(&self, column: &Column, (from, to): &(MyType, MyType)) -> bool {
        let mut widths = self.widths(column, to).iter();
        widths.any(|width| (128..=255).contains(&bytes(from, *width)) && bytes(to, *width) > 255)
    }

    /// How many bytes an element of a column's values may take, as far as that is told.
    fn widths(&self, column: &Column, ty: &MyType) -> &'static [u32] {
        if ty.is(VARBINARY) { &[1] } else { options::widths(column, &self.table.settings) }
    }

    /// Whether MariaDB copies a table for a column that takes NULLs from now on, or does so no more.
    fn copies_nulls(&self, column: &Column) -> bool {
        let stored = |generated: &Generated| generated.storage == Storage::Stored;
        // It could put the present moment in NULL's place.
        let is_moment = !column.nullable && MyType::of(&column.ty.common, self.enums[1]).is(TIMESTAMP);
        is_moment
            || self.table.columns.iter().any(|column| column.generated.as_ref().is_some_and(stored))
            || self.feeds_generated(&column.name)
    }

    /// Whether a generated column of the table speaks of a column.
    fn feeds_generated(&self, name: &Name) -> bool {
        let texts = self.table.columns.iter().filter_map(|column| column.generated.as_ref());
        texts.into_iter().any(|generated| mentions(&generated.expression.common, name))
    }

    /// Whether InnoDB can keep the rows in the order of a key: that of a table without a primary key is its first unique
    /// one without NULLs.
    fn can_order_rows(&self, key: &Key) -> bool {
        let is_required = |name: &Name| self.table.columns.get(name).is_some_and(|column| !column.nullable);
        self.table.primary_key.is_none()
            && match key {
                Key::Unique(unique) => unique.columns.iter().all(is_required),
                Key::Index(index) => {
                    let whole = |key: &IndexKey| match &key.on {
                        KeyPart::Column(name) => key.prefix.is_none() && is_required(name),
                        KeyPart::Expression(_) => false,
                    };
                    index.unique && index.keys.iter().all(whole)
                }
            }
    }

    /// Whether the rows may be in the order of the key of this name.
    fn orders_rows(&self, name: &Name) -> bool {
        let unique = self.table.uniques.get(name).cloned().map(Key::Unique);
        let key = unique.or_else(|| self.table.indexes.get(name).cloned().map(Key::Index));
        key.is_some_and(|key| self.can_order_rows(&key))
    }

    /// Whether the rows are in the order of a key before and after it changes: no other may take its place.
    fn stays_in_order(&self, key: &Key) -> bool {
        let others = keys(self.table);
        let mut others = others.iter().filter(|other| other.name() != key.name());
        self.can_order_rows(key) && !others.any(|other| self.can_order_rows(other))
    }

    /// Whether a column is part of a key that the rows may be in the order of.
    fn is_in_order_of_rows(&self, column: &Name) -> bool {
        let uniques = self.table.uniques.iter().filter(|unique| unique.columns.contains(column));
        let has = |index: &&Index| {
            index.keys.iter().any(|key| matches!(&key.on, KeyPart::Column(name) if name == column))
        };
        let indexes = self.table.indexes.iter().filter(has);
        let mut names = uniques.map(|unique| &unique.name).chain(indexes.map(|index| &index.name));
        names.any(|name| self.orders_rows(name))
    }

    fn is_indexed(&self, name: &Name) -> bool {
        let table = self.table;
        let in_key = table.primary_key.iter().any(|key| key.columns.contains(name));
        let in_unique = table.uniques.iter().any(|unique| unique.columns.contains(name));
        let in_foreign = table.foreign_keys.iter().any(|key| key.columns.contains(name));
        let in_index = table.indexes.iter().flat_map(|index| &index.keys).any(|key| match &key.on {
            KeyPart::Column(column) => column == name,
            KeyPart::Expression(text) => mentions(&text.common, name),
        });
        in_key || in_unique || in_foreign || in_index
    }
}

/// How many bytes the longest value of a type takes, of characters of this width.
pub(super) fn bytes(ty: &MyType, width: u32) -> u32 {
    ty.numbers.first().copied().unwrap_or(0).saturating_mul(width)
}

/// The enforced checks of a table that read a text or bytes beside the row, a choice, or a time: with one of them MySQL
/// copies the table whatever changes in the definition of any column, were it a name.
pub(super) fn costly_checks<'t>(
    table: &'t Table,
    enums: &Collection<EnumType>,
) -> impl Iterator<Item = &'t Check> + use<'t> {
    let costly = |column: &&Column| {
        let ty = MyType::of(&column.ty.common, enums);
        ty.is_long() || ty.is_choice() || ty.is_any(&[DATE, TIME, DATETIME, TIMESTAMP])
    };
    let columns: Vec<&Column> = table.columns.iter().filter(costly).collect();
    let enforced = |check: &&Check| options::switch(&check.options, options::ENFORCED, true);
    let reads =
        move |check: &&Check| columns.iter().any(|column| mentions(&check.expression.common, &column.name));
    table.checks.iter().filter(enforced).filter(reads)
}

fn is_virtual(column: &Column) -> bool {
    column.generated.as_ref().is_some_and(|generated| generated.storage == Storage::Virtual)
}

fn key_way(key: &Key) -> Way {
    match key {
        Key::Unique(_) => Way::Beside,
        Key::Index(index) => {
            let computed = index.keys.iter().any(|key| matches!(key.on, KeyPart::Expression(_)));
            let slow = computed || is_method(index, "fulltext") || is_method(index, "spatial");
            if slow { Way::Shared } else { Way::Beside }
        }
    }
}

/// Whether an index has this method.
pub(super) fn is_method(index: &Index, word: &str) -> bool {
    index.method.as_ref().is_some_and(|method| method.eq_ignore_ascii_case(word))
}

impl MyType {
    /// Whether the other type is this enum or set with more values behind its own, kept in as many bytes.
    fn appends_to(&self, other: &Self) -> bool {
        use super::super::types::Kind::{Enum, Set};
        match (&self.kind, &other.kind) {
            (Enum(one), Enum(two)) => two.starts_with(one) && (one.len() > 255) == (two.len() > 255),
            (Set(one), Set(two)) => two.starts_with(one) && one.len().div_ceil(8) == two.len().div_ceil(8),
            _ => false,
        }
    }

    /// Whether the other type is this one with a greater length.
    fn widens_to(&self, other: &Self) -> bool {
        let same = [VARCHAR, VARBINARY].iter().any(|word| self.is(word) && other.is(word));
        same && self.numbers.first() < other.numbers.first()
    }
}
