//! MariaDB's sequences.

use super::build::{Build, Draft, Rests};
use super::cells_of;
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::dialect::mysql::quote::ident;

/// All sequences. What is usual is left out.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    for cells in cells_of(rows, "sequence") {
        let name = cells.name(0)?;
        let (low, high) = (cells.text(2)?, cells.text(3)?);
        let (start, step, cache) = (cells.text(1)?, cells.text(4)?, cells.text(5)?);
        let (usual_low, usual_high) =
            if step.starts_with('-') { ("-9223372036854775807", "-1") } else { ("1", "9223372036854775806") };
        let usual_start = if step.starts_with('-') { high } else { low };
        let mut create = format!("CREATE SEQUENCE {}", ident(&name));
        for (word, value, usual) in [
            ("START WITH", start, usual_start),
            ("MINVALUE", low, usual_low),
            ("MAXVALUE", high, usual_high),
            ("INCREMENT BY", step, "1"),
            ("CACHE", cache, "1000"),
        ] {
            if value != usual {
                create += &format!(" {word} {value}");
            }
        }
        if cells.text(6)? == "1" {
            create += " CYCLE";
        }
        let drop = format!("DROP SEQUENCE {}", ident(&name));
        build.draft(Draft { kind: "sequence", name, create, drop, rests: Rests::Free });
    }
    Ok(())
}
