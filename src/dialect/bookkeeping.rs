//! The tables in which other tools keep what they have run on a database. They are no part of its schema: whoever
//! created them goes on writing to them. Recognised by name and columns, named, and left alone.

use super::{Inspection, Unmanaged};
use crate::document::write::Writer;
use crate::model::{Collection, Named, RawObject, State, Table};
use crate::name::{Name, ObjectName};
use crate::syntax::{ColumnOrder, write_table};

/// A table of another tool, as it is known.
struct Known {
    table: &'static str,
    /// Columns that the table has. With fewer than three of them it has no others, since any table could have those.
    columns: &'static [&'static str],
    tool: &'static str,
    /// The command that runs what the tool has not run yet.
    catch_up: &'static str,
}

const KNOWN: &[Known] = &[
    Known {
        table: "alembic_version",
        columns: &["version_num"],
        tool: "Alembic",
        catch_up: "alembic upgrade head",
    },
    Known {
        table: "_sqlx_migrations",
        columns: &["version", "description", "success", "checksum"],
        tool: "sqlx",
        catch_up: "sqlx migrate run",
    },
    Known {
        table: "refinery_schema_history",
        columns: &["version", "name", "applied_on", "checksum"],
        tool: "refinery",
        catch_up: "refinery migrate",
    },
    Known {
        table: "seaql_migrations",
        columns: &["version", "applied_at"],
        tool: "SeaORM",
        catch_up: "sea-orm-cli migrate up",
    },
    Known {
        table: "__diesel_schema_migrations",
        columns: &["version", "run_on"],
        tool: "Diesel",
        catch_up: "diesel migration run",
    },
    Known {
        table: "__drizzle_migrations",
        columns: &["id", "hash", "created_at"],
        tool: "Drizzle",
        catch_up: "drizzle-kit migrate",
    },
    Known {
        table: "_prisma_migrations",
        columns: &["id", "checksum", "migration_name", "applied_steps_count"],
        tool: "Prisma",
        catch_up: "prisma migrate deploy",
    },
    Known {
        table: "knex_migrations",
        columns: &["id", "name", "batch", "migration_time"],
        tool: "Knex",
        catch_up: "knex migrate:latest",
    },
    Known {
        table: "knex_migrations_lock",
        columns: &["index", "is_locked"],
        tool: "Knex",
        catch_up: "knex migrate:latest",
    },
    Known { table: "SequelizeMeta", columns: &["name"], tool: "Sequelize", catch_up: "sequelize db:migrate" },
    Known {
        table: "migrations",
        columns: &["id", "timestamp", "name"],
        tool: "TypeORM",
        catch_up: "typeorm migration:run",
    },
    Known {
        table: "migrations",
        columns: &["id", "migration", "batch"],
        tool: "Laravel",
        catch_up: "php artisan migrate",
    },
    Known {
        table: "django_migrations",
        columns: &["id", "app", "name", "applied"],
        tool: "Django",
        catch_up: "python manage.py migrate",
    },
    Known {
        table: "flyway_schema_history",
        columns: &["installed_rank", "version", "script", "checksum", "success"],
        tool: "Flyway",
        catch_up: "flyway migrate",
    },
    Known {
        table: "schema_migrations",
        columns: &["version", "dirty"],
        tool: "golang-migrate",
        catch_up: "migrate up",
    },
    Known {
        table: "schema_migrations",
        columns: &["version", "inserted_at"],
        tool: "Ecto",
        catch_up: "mix ecto.migrate",
    },
    // With the table of Rails beside it, see `tool`.
    Known { table: "schema_migrations", columns: &["version"], tool: "dbmate", catch_up: "dbmate up" },
    Known { table: RAILS.table, columns: RAILS.columns, tool: RAILS.tool, catch_up: RAILS.catch_up },
    Known {
        table: "atlas_schema_revisions",
        columns: &["version", "description", "applied", "total", "executed_at", "hash"],
        tool: "Atlas",
        catch_up: "atlas migrate apply",
    },
    Known {
        table: "goose_db_version",
        columns: &["id", "version_id", "is_applied", "tstamp"],
        tool: "goose",
        catch_up: "goose up",
    },
    Known {
        table: "DATABASECHANGELOG",
        columns: &["id", "author", "filename", "dateexecuted", "md5sum"],
        tool: "Liquibase",
        catch_up: "liquibase update",
    },
    Known {
        table: "DATABASECHANGELOGLOCK",
        columns: &["id", "locked", "lockgranted", "lockedby"],
        tool: "Liquibase",
        catch_up: "liquibase update",
    },
    Known {
        table: "__EFMigrationsHistory",
        columns: &["MigrationId", "ProductVersion"],
        tool: "Entity Framework",
        catch_up: "dotnet ef database update",
    },
];

/// What Rails keeps beside a table that looks like dbmate's.
const RAILS: Known = Known {
    table: "ar_internal_metadata",
    columns: &["key", "value", "created_at", "updated_at"],
    tool: "Rails",
    catch_up: "rails db:migrate",
};

/// A table that another tool keeps its books in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bookkeeping {
    /// The table.
    pub table: ObjectName,
    /// The tool, as people call it.
    pub tool: &'static str,
    /// The command that runs what the tool has not run yet.
    pub catch_up: &'static str,
}

/// Moves the tables of other tools from a state to what is unmanaged, with what is part of them, and names them.
/// A table that something else in the schema rests on stays where it is.
pub fn set_aside(inspection: &mut Inspection) -> Vec<Bookkeeping> {
    let state = &mut inspection.state;
    let tables = state.tables.sorted().into_iter();
    let found: Vec<Bookkeeping> = tables
        .filter_map(|table| recognise(table, &state.tables))
        .filter(|found| !is_used(state, &found.table))
        .collect();
    for Bookkeeping { table, tool, .. } in &found {
        let reason = format!("keeps what {tool} has run");
        let parts = parts(state, table);
        let Some(removed) = state.tables.remove(table) else { continue };
        let mut definition = text(&removed);
        for part in parts {
            state.objects.remove(&part.name);
            definition.push_str(&part.create.common);
            definition.push('\n');
        }
        inspection.unmanaged.push(Unmanaged {
            kind: "table".into(),
            name: table.to_string().into(),
            definition: definition.into(),
            reason: reason.into(),
        });
        if let Some(namespace) = table.namespace.as_ref().filter(|namespace| is_empty(state, namespace)) {
            state.namespaces.remove(namespace);
        }
    }
    inspection.unmanaged.sort();
    found
}

/// The tool whose table this is.
fn recognise(table: &Table, all: &Collection<Table>) -> Option<Bookkeeping> {
    let known = KNOWN.iter().find(|known| known.is(table))?;
    let rails = all.get(&table.name.sibling(Name::new(RAILS.table).expect("it is not empty")));
    let is_rails = known.tool == "dbmate" && rails.is_some_and(|table| RAILS.is(table));
    let Known { tool, catch_up, .. } = if is_rails { &RAILS } else { known };
    Some(Bookkeeping { table: table.name.clone(), tool, catch_up })
}

impl Known {
    fn is(&self, table: &Table) -> bool {
        let has = |name: &&str| table.columns.keys().any(|column| column.as_str().eq_ignore_ascii_case(name));
        let few = self.columns.len() < 3;
        table.name.name.as_str().eq_ignore_ascii_case(self.table)
            && self.columns.iter().all(has)
            && (!few || table.columns.len() == self.columns.len())
    }
}

/// Whether something that is no part of a table rests on it.
fn is_used(state: &State, table: &ObjectName) -> bool {
    let other = |other: &&Table| other.name != *table;
    let mut keys = state.tables.iter().filter(other).flat_map(|other| &other.foreign_keys);
    let parts: Vec<ObjectName> = parts(state, table).into_iter().map(|part| part.name).collect();
    let mut objects = state.objects.iter().filter(|object| !parts.contains(&object.name));
    keys.any(|key| key.table == *table)
        || state.views.iter().any(|view| state.sources_of_view(view).contains(table))
        || objects.any(|object| object.depends_on.contains(table))
}

/// The raw objects that are there for a table alone: its triggers, and the sequences that number its rows.
fn parts(state: &State, name: &ObjectName) -> Vec<RawObject> {
    let wholes = state.wholes();
    state.objects.iter().filter(|object| wholes.of(object) == Some(name)).cloned().collect()
}

fn is_empty(state: &State, namespace: &Name) -> bool {
    fn within<T: Named<Key = ObjectName>>(items: &Collection<T>, namespace: &Name) -> bool {
        items.keys().any(|name| name.namespace.as_ref() == Some(namespace))
    }
    let State { namespaces: _, enums, tables, views, objects, data } = state;
    !(within(enums, namespace)
        || within(tables, namespace)
        || within(views, namespace)
        || within(objects, namespace)
        || within(data, namespace))
}

/// All that is known of a table.
fn text(table: &Table) -> String {
    let mut writer = Writer::new();
    write_table(&mut writer, "table", table, ColumnOrder::Declared);
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, Namespace, PerDialect, Portable, SqlText, Type, Value, View};

    fn name(text: &str) -> ObjectName {
        let mut parts: Vec<Name> = text.split('.').map(|part| Name::new(part).unwrap()).collect();
        ObjectName { name: parts.pop().unwrap(), namespace: parts.pop() }
    }

    fn table(of: &str, columns: &[&str]) -> Table {
        let column = |column: &&str| Column::new(Name::new(column).unwrap(), Type::Portable(Portable::Text));
        Table { columns: columns.iter().map(column).collect(), ..Table::new(name(of)) }
    }

    fn object(of: &str, create: &str, depends_on: &[&str]) -> RawObject {
        let depends_on = depends_on.iter().map(|text| name(text)).collect();
        let (create, drop) = (SqlText::from(create), SqlText::from("DROP"));
        RawObject { name: name(of), only: None, create, drop, depends_on }
    }

    fn tools(tables: &[Table]) -> Vec<(String, &'static str)> {
        let state = State { tables: tables.iter().cloned().collect(), ..State::default() };
        let mut inspection = Inspection { state, unmanaged: Vec::new(), unseen: Vec::new() };
        let found = set_aside(&mut inspection);
        assert_eq!(inspection.state.tables.len() + inspection.unmanaged.len(), tables.len());
        found.iter().map(|found| (found.table.to_string(), found.tool)).collect()
    }

    #[test]
    fn each_tool_is_known_by_its_table() {
        for known in KNOWN {
            let found = tools(&[table(known.table, known.columns)]);
            assert_eq!(found, [(known.table.to_owned(), known.tool)], "{}", known.table);
        }
    }

    #[test]
    fn a_table_of_the_same_name_with_other_columns_is_a_table() {
        assert_eq!(tools(&[table("schema_migrations", &["version", "note", "by"])]), []);
        assert_eq!(tools(&[table("alembic_version", &["id"])]), []);
        assert_eq!(tools(&[table("migrations", &["id", "from_country", "to_country"])]), []);
    }

    #[test]
    fn rails_is_told_from_dbmate_by_its_second_table() {
        let both = [table("schema_migrations", &["version"]), table(RAILS.table, RAILS.columns)];
        let names =
            |found: Vec<(String, &'static str)>| found.into_iter().map(|(_, tool)| tool).collect::<Vec<_>>();
        assert_eq!(names(tools(&both)), ["Rails", "Rails"]);
        assert_eq!(names(tools(&both[..1])), ["dbmate"]);
    }

    #[test]
    fn what_is_part_of_the_table_goes_with_it() {
        let mut own = table("drizzle.__drizzle_migrations", &["id", "hash", "created_at"]);
        let next = Value::Sql("nextval('drizzle.own_seq'::regclass)".into());
        own.columns.get_mut(&Name::new("id").unwrap()).unwrap().default = PerDialect::same(Some(next));
        let mut inspection = Inspection::default();
        let state = &mut inspection.state;
        state.namespaces.replace(Namespace { name: Name::new("drizzle").unwrap(), comment: None });
        state.tables = [own, table("users", &["id"])].into_iter().collect();
        state.objects = [
            object("drizzle.own_seq", "CREATE SEQUENCE drizzle.own_seq", &[]),
            object("other_seq", "CREATE SEQUENCE other_seq", &[]),
            object(
                "drizzle.t",
                "CREATE TRIGGER t AFTER INSERT ON drizzle.__drizzle_migrations EXECUTE FUNCTION f()",
                &["drizzle.__drizzle_migrations"],
            ),
        ]
        .into_iter()
        .collect();
        assert_eq!(set_aside(&mut inspection).len(), 1);
        assert_eq!(
            inspection.state.objects.keys().map(ToString::to_string).collect::<Vec<_>>(),
            ["other_seq"]
        );
        assert!(inspection.state.namespaces.is_empty());
        let left: Vec<String> = inspection
            .unmanaged
            .iter()
            .map(|one| format!("{} {}: {}", one.kind, one.name, one.reason))
            .collect();
        assert_eq!(left, ["table drizzle.__drizzle_migrations: keeps what Drizzle has run"]);
        let definition = &inspection.unmanaged[0].definition;
        assert!(
            definition.contains("CREATE SEQUENCE") && definition.contains("CREATE TRIGGER"),
            "{definition}"
        );
    }

    #[test]
    fn a_table_that_others_rest_on_stays() {
        let mut inspection = Inspection::default();
        inspection.state.tables = [table("alembic_version", &["version_num"])].into_iter().collect();
        inspection.state.views.replace(View {
            name: name("v"),
            only: None,
            query: SqlText::from("SELECT version_num FROM alembic_version"),
            depends_on: Vec::new(),
            comment: None,
        });
        let before = inspection.clone();
        assert_eq!(set_aside(&mut inspection), []);
        assert_eq!(inspection, before);
    }
}
