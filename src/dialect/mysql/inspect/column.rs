//! Columns.

use std::collections::{HashMap, HashSet};

use super::build::{Build, options};
use super::expression::readable;
use super::{cells_of, check, printed, value};
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::dialect::cells::Cells;
use crate::dialect::mysql::options::{COLLATION, COMPRESSED, INVISIBLE, ON_UPDATE, SRID, word};
use crate::dialect::mysql::types::MyType;
use crate::dialect::mysql::version::{has_uuid, is_mariadb};
use crate::model::{
    Column, Generated, Identity, IdentityMode, PerDialect, Portable, SqlText, Storage, Table, Type, Value,
};
use crate::name::ObjectName;

/// The collation that MariaDB gives to a column of its alias `json`.
const JSON_COLLATION: &str = "utf8mb4_bin";
/// What a `uuid` is where there is no type for it.
const UUID_TEXT: (&str, &str) = ("char(36)", "ascii_general_ci");
/// What MariaDB prints behind the type of a column that it keeps compressed.
const COMPRESSED_MARK: &str = " /*M!100301 COMPRESSED";

/// Adds the columns to their tables.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    let json = if is_mariadb(build.version) { check::of_json(rows)? } else { HashSet::new() };
    let mut columns: HashMap<ObjectName, Vec<Cells<'_>>> = HashMap::new();
    for cells in cells_of(rows, "column") {
        columns.entry(ObjectName::unqualified(cells.name(0)?)).or_default().push(cells);
    }
    let mut tables = std::mem::take(&mut build.inspection.state.tables);
    for table in tables.iter_mut() {
        for cells in columns.get(&table.name).into_iter().flatten() {
            let is_json = json.contains(&(cells.text(0)?, cells.text(1)?));
            let column = column(*cells, table, is_json, build)?;
            table.columns.replace(column);
        }
    }
    build.inspection.state.tables = tables;
    Ok(())
}

fn column(cells: Cells<'_>, table: &Table, is_json: bool, build: &Build<'_>) -> Result<Column, Diagnostic> {
    let (printed, compressed) = match cells.text(2)?.split_once(COMPRESSED_MARK) {
        Some((ty, _)) => (ty, true),
        None => (cells.text(2)?, false),
    };
    let inherited = word(&table.settings.options, COLLATION).unwrap_or(build.collation);
    let mut collation = cells.optional(7)?;
    let is_uuid = !has_uuid(build.version) && (printed, collation) == (UUID_TEXT.0, Some(UUID_TEXT.1));
    let ty = if is_json && collation == Some(JSON_COLLATION) {
        Type::Portable(Portable::Json)
    } else if is_uuid {
        Type::Portable(Portable::Uuid)
    } else {
        MyType::printed(printed)
    };
    if matches!(ty, Type::Portable(Portable::Json | Portable::Uuid)) {
        collation = None;
    }
    let extra = Extra::read(cells.optional(5)?.unwrap_or_default());
    let mut words = Vec::new();
    words.extend(extra.on_update.map(|moment| (ON_UPDATE, value::on_update(moment))));
    words.extend(extra.invisible.then_some((INVISIBLE, Value::Bool(true))));
    words.extend(compressed.then_some((COMPRESSED, Value::Bool(true))));
    words.extend(cells.optional(9)?.map(|srid| (SRID, Value::Number(srid.into()))));
    let generated = match (cells.optional(6)?, extra.storage) {
        (Some(text), Some(storage)) => {
            let text = readable(&build.qualifier.stripped(&printed::expression(text, build.version)));
            Some(Generated { expression: SqlText::from(text.as_str()), storage })
        }
        _ => None,
    };
    let default = cells.optional(4)?.filter(|_| generated.is_none()).and_then(|text| {
        let text = build.qualifier.stripped(text);
        value::read(&text, &MyType::of(&ty, &build.inspection.state.enums), extra.computed, build.version)
    });
    let identity = Identity { mode: IdentityMode::ByDefault, start: None, increment: None };
    Ok(Column {
        name: cells.name(1)?,
        only: None,
        ty: PerDialect::same(ty),
        nullable: cells.optional(3)?.is_none(),
        default: PerDialect::same(default),
        generated,
        identity: extra.counts.then_some(identity),
        collation: PerDialect::same(collation.filter(|own| *own != inherited).map(Box::from)),
        comment: cells.kept(8)?,
        options: options(words),
    })
}

/// What the catalog says of a column in words.
#[derive(Debug, Default)]
struct Extra<'a> {
    counts: bool,
    computed: bool,
    invisible: bool,
    storage: Option<Storage>,
    on_update: Option<&'a str>,
}

impl<'a> Extra<'a> {
    /// MariaDB puts commas between them.
    fn read(text: &'a str) -> Self {
        let lower = text.to_ascii_lowercase();
        let moment = lower.find("on update ").map(|at| &text[at + "on update ".len()..]);
        Self {
            counts: lower.contains("auto_increment"),
            computed: lower.contains("default_generated"),
            invisible: lower.contains("invisible"),
            storage: match () {
                () if lower.contains("stored generated") || lower.contains("persistent") => {
                    Some(Storage::Stored)
                }
                () if lower.contains("virtual generated") => Some(Storage::Virtual),
                () => None,
            },
            on_update: moment.map(|rest| rest.split([' ', ',']).next().unwrap_or(rest)),
        }
    }
}
