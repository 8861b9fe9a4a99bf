//! Foreign keys. Each brings its columns along, of the types that it refers to.

use schemactl::model::{Action, Column, Deferrable, ForeignKey, Member, PerDialect, Table, Type};
use schemactl::name::Name;

use super::column::Draft;
use super::member::{deferrable, with};
use super::{Builder, Named, only};
use crate::strategies::Profile;
use crate::strategies::names::Scope;
use crate::strategies::spec;
use crate::strategies::types::is_textual;

impl Builder {
    pub(super) fn foreign_keys(&mut self, specs: &[spec::Table], drafts: &[Draft]) {
        for (position, (spec, draft)) in specs.iter().zip(drafts).enumerate() {
            let mut scope = Scope::new(self.profile);
            let Some(mut table) = self.state.tables.get(&draft.name).cloned() else { continue };
            table.columns.keys().for_each(|name| {
                scope.take(name.as_str());
            });
            for key in &spec.foreign_keys {
                let target = usize::from(key.table) % drafts.len();
                // Rows come in the order of the tables: one that refers to a later row is filled in afterwards.
                let nullable = key.nullable || target >= position;
                self.foreign_key(key, &mut table, drafts[target].name.clone(), nullable, &mut scope);
                self.state.tables.replace(table.clone());
            }
        }
    }

    fn foreign_key(
        &mut self,
        spec: &spec::ForeignKey,
        table: &mut Table,
        target: schemactl::name::ObjectName,
        nullable: bool,
        scope: &mut Scope,
    ) {
        let Some(other) = self.state.tables.get(&target) else { return };
        let limit = only(spec.only);
        let reaches = other.settings.only.is_none() || other.settings.only == table.settings.only;
        let is_logged = other.settings.options.values().all(|options| !options.contains_key("unlogged"));
        let keys = targets(other);
        let Some(references) = keys.get(usize::from(spec.target) % keys.len().max(1)).cloned() else {
            return;
        };
        if !reaches || !is_logged || !compare_alike(table, other, &references) {
            return;
        }
        let other = other.clone();
        let has_nullable =
            references.iter().filter_map(|name| other.columns.get(name)).any(|column| column.nullable);
        let mut columns: Vec<Name> = Vec::new();
        for (number, reference) in references.iter().enumerate() {
            let Some(to) = other.columns.get(reference) else { return };
            // Where rows are at stake, another type is another column.
            let (prefix, salt) = match self.profile {
                Profile::Any => (String::new(), 0),
                Profile::Sqlite | Profile::Postgres | Profile::Mysql => {
                    let spelled = to.ty.common.to_string();
                    let salt =
                        spelled.bytes().fold(0_u32, |salt, byte| salt.wrapping_mul(31) + u32::from(byte));
                    (format!("{spelled} "), salt)
                }
            };
            let name = match number {
                0 => scope.pick_behind(&prefix, spec.column),
                _ => scope.take(&format!("{prefix}{reference}")),
            };
            let mut column = Column::new(name.clone(), to.ty.common.clone());
            column.ty = to.ty.clone();
            column.collation = to.collation.clone();
            column.default = PerDialect::default();
            column.nullable = nullable;
            self.names.push((
                spec.id.key.wrapping_add(number as u32 + 1).wrapping_add(salt),
                Named::Member(table.name.clone(), Member::Column, name.clone()),
            ));
            table.columns.replace(column);
            columns.push(name);
        }
        let profile = self.profile;
        // MariaDB lets no NULL follow into a required column.
        let follows = profile != Profile::Mysql || nullable || !has_nullable;
        let on_update = if follows { spec.on_update } else { 0 };
        let name = self.member_name(&table.name, spec.id, &with(&columns, "fkey"));
        self.named(spec.id, table, Member::ForeignKey, &name);
        table.foreign_keys.replace(ForeignKey {
            name,
            only: limit,
            columns,
            table: target,
            references,
            on_delete: action(spec.on_delete, nullable, profile),
            on_update: action(on_update, nullable, profile),
            deferrable: deferrable(if profile == Profile::Mysql { 0 } else { spec.deferrable }),
        });
    }
}

/// Whether the columns that are referred to are compared in one table as in the other.
fn compare_alike(table: &Table, other: &Table, references: &[Name]) -> bool {
    let is_own =
        |table: &Table| table.settings.options.values().any(|options| options.contains_key("collation"));
    let is_text = |name: &Name| {
        let ty = other.columns.get(name).map(|column| &column.ty.common);
        match ty {
            Some(Type::Portable(portable)) => is_textual(*portable),
            Some(Type::Enum(_)) => true,
            Some(Type::Native(_) | Type::Array(_)) | None => false,
        }
    };
    !(is_own(table) || is_own(other)) || !references.iter().any(is_text)
}

fn action(choice: u8, nullable: bool, profile: Profile) -> Action {
    match choice {
        0 => Action::NoAction,
        1 => Action::Cascade,
        2 => Action::Restrict,
        3 if nullable => Action::SetNull,
        // InnoDB refuses it.
        4 if nullable && profile != Profile::Mysql => Action::SetDefault,
        _ => Action::NoAction,
    }
}

/// What a foreign key can refer to: keys that hold everywhere and at once, and compare as their columns do.
fn targets(table: &Table) -> Vec<Vec<Name>> {
    let keys = table.primary_key.iter().map(|key| (&key.columns, &key.options));
    let uniques = table.uniques.iter().filter(|key| key.only.is_none() && key.deferrable == Deferrable::No);
    let keys = keys.chain(uniques.map(|key| (&key.columns, &key.options)));
    let plain = keys.filter(|(_, options)| options.values().all(|said| !said.contains_key("collate")));
    plain.map(|(columns, _)| columns.clone()).collect()
}
