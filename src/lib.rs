//! Database schemas as code: states, reversible revisions, and the runner that applies them.
//!
//! ```text
//! schema/*.kdl ─ syntax ─▶ State ─ diff ─▶ Op ─ revision ─▶ revisions/*.kdl ─ plan ─▶ Segment ─ runner ─▶ database
//! ```
//!
//! Everything in front of the runner is a function from values to values and asks no database:
//!
//! ```
//! use schemactl::change::Step;
//! use schemactl::diagnostic::Sources;
//! use schemactl::model::State;
//! use schemactl::plan::{Direction, Task, lower};
//! use schemactl::{dialect, diff, syntax};
//!
//! let mut sources = Sources::default();
//! let file = sources.add("shop.kdl", "table books {\n    column id bigint primary-key\n}\n");
//! let (parsed, problems) = syntax::parse(&sources, &[file], &[]);
//! let after = parsed.ok_or(problems).unwrap().state;
//!
//! let before = State::default();
//! let ops = diff::diff(&before, &after, &[]).unwrap();
//! assert_eq!(ops[0].describe().to_string(), "+ table books 1 column");
//!
//! let steps: Vec<Step> = ops.into_iter().map(Step::Op).collect();
//! let dialect = dialect::all()[0];
//! let segments = lower(&steps, &before, Direction::Up, dialect, dialect.newest()).unwrap();
//! let Task::Statement(statement) = &segments[0].work[0].task else { panic!("one statement creates the table") };
//! assert!(statement.sql.starts_with("CREATE TABLE \"books\""));
//! ```

pub mod change;
#[doc(hidden)] // The program itself, for its `main` and its tests.
pub mod cli;
pub mod diagnostic;
pub mod dialect;
pub mod diff;
pub mod document;
pub mod hash;
pub mod import;
pub mod model;
pub mod name;
pub mod parallel;
pub mod plan;
pub mod project;
pub mod revision;
pub mod runner;
pub mod snapshot;
pub mod sql;
pub mod syntax;
