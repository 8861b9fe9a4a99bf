//! What PostgreSQL would drop along with a column without being asked: indexes, constraints, sequences and
//! statistics that somebody created by hand. A view or a trigger it refuses to drop by itself.

use std::collections::BTreeSet;

use crate::dialect::Class;
use crate::name::{Name, ObjectName};
use crate::sql::identifiers;

use super::super::RULES;
use super::super::quote::{ident, object, string};
use super::super::sequence::{is_serial, of_serial};
use super::Renderer;
use super::output::Pass;

/// The query that names them.
pub(super) fn columns(table: &ObjectName, gone: &[String], known: &BTreeSet<String>) -> String {
    let list = |names: &mut dyn Iterator<Item = &String>| {
        names.map(|name| string(name)).collect::<Vec<_>>().join(", ")
    };
    // An empty list is not SQL, and nothing has an empty name.
    let known = if known.is_empty() { "''".to_owned() } else { list(&mut known.iter()) };
    format!(
        "SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)\n\
         FROM pg_catalog.pg_depend AS d\n\
         JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid\n\
         LEFT JOIN pg_catalog.pg_class AS c\n    \
             ON d.classid = 'pg_catalog.pg_class'::regclass AND c.oid = d.objid AND c.relkind IN ('i', 'S')\n\
         LEFT JOIN pg_catalog.pg_constraint AS k\n    \
             ON d.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = d.objid AND k.contype <> 'n'\n\
         LEFT JOIN pg_catalog.pg_statistic_ext AS s\n    \
             ON d.classid = 'pg_catalog.pg_statistic_ext'::regclass AND s.oid = d.objid\n\
         WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'a'\n    \
             AND d.refobjid = {table}::regclass AND a.attname IN ({gone})\n    \
             AND coalesce(c.relname, k.conname, s.stxname) NOT IN ({known})\n\
         ORDER BY 1",
        table = string(&object(table)),
        gone = list(&mut gone.iter()),
    )
}

impl Renderer<'_> {
    /// Adds a clause that drops a column, and the question what would go with it.
    pub(super) fn drop_column_clause(&mut self, table: &ObjectName, column: &Name) {
        let sql = format!("DROP COLUMN {}", ident(column));
        let known = self.created_on(table);
        self.clause(table, Pass::Drop, column, sql, Class::Metadata);
        self.out.drops(column.as_str(), known);
    }

    /// The names of what revisions created on a table; whatever the SQL of raw objects names may be among it.
    fn created_on(&self, table: &ObjectName) -> BTreeSet<String> {
        let Some(table) = self.live.tables.get(table) else { return BTreeSet::new() };
        let keys = table.primary_key.iter().map(|key| &key.name);
        let uniques = table.uniques.iter().map(|item| &item.name);
        let foreign_keys = table.foreign_keys.iter().map(|item| &item.name);
        let checks = table.checks.iter().map(|item| &item.name);
        let indexes = table.indexes.iter().map(|item| &item.name);
        let names = keys.chain(uniques).chain(foreign_keys).chain(checks).chain(indexes);
        let serial = table.columns.iter().filter(|column| is_serial(column));
        let sequences = serial.map(|column| of_serial(&table.name, &column.name).name.to_string());
        let texts = self.live.objects.iter().map(|object| &object.create.common);
        let named = texts.flat_map(|text| identifiers(text, &RULES)).map(|found| found.name.into_owned());
        names.map(ToString::to_string).chain(sequences).chain(named).collect()
    }
}
