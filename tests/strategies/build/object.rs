//! Views and raw objects.

use schemactl::model::{RawObject, SqlText, Table, View};
use schemactl::name::{Name, ObjectName};

use super::{Builder, Named, dialect, only, sql};
use crate::strategies::Profile;
use crate::strategies::spec;

impl Builder {
    pub(super) fn views(&mut self, specs: &[spec::View]) {
        for spec in specs {
            let name = self.object_name(spec.namespace, spec.id);
            let views: Vec<View> = self.state.views.iter().cloned().collect();
            let tables: Vec<Table> = self.state.tables.iter().cloned().collect();
            let view = views.get(usize::from(spec.of) % views.len().max(1)).filter(|_| spec.over_view);
            let table = tables.get(usize::from(spec.of) % tables.len().max(1));
            let (query, depends_on, limit) = match (view, table) {
                (Some(view), _) => {
                    let query = format!("SELECT count(*) AS n FROM {}", self.quoted_object(&view.name));
                    (query, vec![view.name.clone()], view.only.clone())
                }
                (None, Some(table)) => {
                    (self.select(table, spec.columns), vec![table.name.clone()], table.settings.only.clone())
                }
                (None, None) => ("SELECT 1 AS one".to_owned(), Vec::new(), None),
            };
            let query = match only(spec.overrides) {
                None => SqlText::same(query.into()),
                Some(dialect) => {
                    let mut text = SqlText::same(query.clone().into());
                    text.overrides.insert(dialect, format!("{query} WHERE 1 = 1").into());
                    text
                }
            };
            // Nothing on MySQL keeps one.
            let comment = self.comment(spec.comment).filter(|_| self.profile != Profile::Mysql);
            self.names.push((spec.id.key, Named::View(name.clone())));
            let only = limit.or_else(|| only(spec.only));
            self.state.views.replace(View { name, only, query, depends_on, comment });
        }
    }

    pub(super) fn objects(&mut self, specs: &[spec::Object]) {
        for spec in specs {
            let tables: Vec<Table> = self.state.tables.iter().cloned().collect();
            let table = tables.get(usize::from(spec.table) % tables.len().max(1));
            // `depends-on` can't tell a function from a table of the same name.
            let name = ObjectName::unqualified(self.scope(None).pick_behind("f_", spec.id.name));
            let Some(object) = self.object(spec, name, table) else { continue };
            self.names.push((spec.id.key, Named::Object(object.name.clone())));
            self.state.objects.replace(object);
        }
    }

    /// A function on PostgreSQL, a trigger on SQLite; without a profile, any text.
    fn object(&self, spec: &spec::Object, name: ObjectName, table: Option<&Table>) -> Option<RawObject> {
        let body = spec.body % 4;
        let over =
            table.map_or_else(String::new, |table| format!(" FROM {}", self.quoted_object(&table.name)));
        let function = format!(
            "CREATE FUNCTION {}() RETURNS bigint LANGUAGE sql AS $f$ SELECT count(*) + {body}{over} $f$",
            self.quoted(&name.name)
        );
        let trigger = table.map(|table| {
            let on = self.quoted_object(&table.name);
            format!(
                "CREATE TRIGGER {} AFTER DELETE ON {on} BEGIN SELECT {body}; END",
                self.quoted(&name.name)
            )
        });
        let drop_function = format!("DROP FUNCTION {}()", self.quoted(&name.name));
        let drop_trigger = format!("DROP TRIGGER {}", self.quoted(&name.name));
        let limit = table.and_then(|table| table.settings.only.clone());
        let routine = format!(
            "CREATE FUNCTION {}() RETURNS bigint READS SQL DATA RETURN (SELECT count(*) + {body}{over})",
            self.quoted(&name.name)
        );
        let (create, drop) = match (self.profile, trigger) {
            (Profile::Mysql, _) => {
                let drop = format!("DROP FUNCTION {}", self.quoted(&name.name));
                (routine.as_str().into(), drop.as_str().into())
            }
            (Profile::Sqlite, None) => return None,
            (Profile::Sqlite, Some(trigger)) => (trigger.as_str().into(), drop_trigger.as_str().into()),
            (_, Some(trigger)) if body == 3 => {
                let mut create = sql(function, 0);
                let mut drop = sql(drop_function, 0);
                create.overrides.insert(dialect("sqlite"), trigger.into());
                drop.overrides.insert(dialect("sqlite"), drop_trigger.into());
                (create, drop)
            }
            (Profile::Any | Profile::Postgres, _) => (sql(function, 0), sql(drop_function, 0)),
        };
        let depends_on = table.iter().map(|table| table.name.clone()).collect();
        Some(RawObject { name, only: limit.or_else(|| only(spec.only)), create, drop, depends_on })
    }

    /// A query over columns of the table that are there on every dialect.
    fn select(&self, table: &Table, choice: u8) -> String {
        let names: Vec<&Name> =
            table.columns.iter().filter(|column| column.only.is_none()).map(|column| &column.name).collect();
        let chosen =
            names.iter().enumerate().filter(|(index, _)| *index == 0 || choice >> (index % 8) & 1 == 1);
        let columns: Vec<String> = chosen.map(|(_, name)| self.quoted(name)).collect();
        format!("SELECT {} FROM {}", columns.join(", "), self.quoted_object(&table.name))
    }
}
