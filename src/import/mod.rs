//! Histories of other tools: which files of a folder are steps, in which order they ran, what is SQL in them and what
//! each statement is for. Reads texts that it is given; touches no disk and no database, and runs no code.

mod alembic;
mod assemble;
pub mod errors;
mod journal;
mod python;
mod rename;
mod script;
mod settings;
mod statement;
mod tools;

use std::collections::BTreeMap;

pub use alembic::{Graph, Version};
pub use journal::{Standing, standing};
pub use rename::renames;
pub use script::{Script, Sql};
pub use settings::Settings;
pub use statement::{
    Purpose, copies, creates_table, dropped, drops, emptied, named, purpose, subject, target, temporary,
};

use crate::diagnostic::Diagnostic;

/// A tool whose steps are SQL in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// sqlx.
    Sqlx,
    /// refinery.
    Refinery,
    /// Diesel.
    Diesel,
    /// Flyway.
    Flyway,
    /// dbmate.
    Dbmate,
    /// golang-migrate.
    GolangMigrate,
    /// goose.
    Goose,
    /// Atlas.
    Atlas,
}

/// The files below a folder by their paths, with the texts of those that can hold steps.
pub type Folder = BTreeMap<String, Option<String>>;

impl Tool {
    /// All of them, in the order of the documentation.
    pub const ALL: &[Self] = &[
        Self::Sqlx,
        Self::Refinery,
        Self::Diesel,
        Self::Flyway,
        Self::Dbmate,
        Self::GolangMigrate,
        Self::Goose,
        Self::Atlas,
    ];

    /// The name on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Sqlx => "sqlx",
            Self::Refinery => "refinery",
            Self::Diesel => "diesel",
            Self::Flyway => "flyway",
            Self::Dbmate => "dbmate",
            Self::GolangMigrate => "golang-migrate",
            Self::Goose => "goose",
            Self::Atlas => "atlas",
        }
    }

    /// The tool, as people call it, and as the tables of its books are known.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Diesel => "Diesel",
            Self::Flyway => "Flyway",
            Self::Atlas => "Atlas",
            other => other.word(),
        }
    }

    /// What its files are called, for those who look for them.
    #[must_use]
    pub fn shape(self) -> &'static str {
        match self {
            Self::Sqlx => "`VERSION_name.sql`, or `VERSION_name.up.sql` with `VERSION_name.down.sql`",
            Self::Refinery => "`V1__name.sql`",
            Self::Diesel => "folders `VERSION_name` with `up.sql` and `down.sql`",
            Self::Flyway => "`V1__name.sql`, `U1__name.sql` and `R__name.sql`",
            Self::Dbmate => "`VERSION_name.sql` with `-- migrate:up` and `-- migrate:down`",
            Self::GolangMigrate => "`VERSION_name.up.sql` and `VERSION_name.down.sql`",
            Self::Goose => "`VERSION_name.sql` with `-- +goose Up` and `-- +goose Down`",
            Self::Atlas => "`VERSION_name.sql` beside `atlas.sum`",
        }
    }

    /// Whether it looks for steps in the folders of the folder as well.
    fn recurses(self) -> bool {
        match self {
            Self::Diesel | Self::Flyway | Self::Refinery => true,
            Self::Sqlx | Self::Dbmate | Self::GolangMigrate | Self::Goose | Self::Atlas => false,
        }
    }

    /// The steps of a folder, in the order in which the tool runs them. Numbers may be left out only if `gaps` says so.
    ///
    /// # Errors
    /// Nothing there is a step of the tool; two steps have the same version; a step is missing, is a program, or can't be
    /// read.
    pub fn read(self, folder: &Folder, gaps: bool) -> Result<Vec<Script>, Vec<Diagnostic>> {
        assemble::assemble(self, tools::find(self, folder)?, gaps)
    }
}
