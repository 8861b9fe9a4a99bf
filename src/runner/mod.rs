//! Work on a real database: connections, the run's lock, the journal. All that is asynchronous or talks to a
//! server lives here; what to run was settled by the layers below.

pub mod account;
pub mod catalog;
pub mod claims;
pub mod connection;
pub mod course;
pub mod drift;
pub mod errors;
pub mod expected;
pub mod jobs;
pub mod journal;
pub mod lock;
pub mod neighbours;
pub mod newfile;
pub mod observed;
mod orphans;
pub mod prove;
mod rebuild;
pub mod reworded;
pub mod run;
pub mod scratch;
pub mod session;
pub mod settle;
pub mod standing;
