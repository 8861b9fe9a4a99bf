//! Statements whose text is chosen when they run: neither server takes there what a variable or a condition says.

use super::quote::string;

const SET: &str = "SET @schemactl_sql = ";
const RUN: &str = ";\nPREPARE schemactl_step FROM @schemactl_sql;\nEXECUTE schemactl_step;\n\
    DEALLOCATE PREPARE schemactl_step";

/// Runs the statement that an expression is the text of.
fn run(text: &str) -> String {
    format!("{SET}{text}{RUN}")
}

/// An ALTER TABLE that also gives the table the character set and collation of its database, as a new one gets them.
pub(super) fn with_charset_of_database(alter: &str) -> String {
    let alter = string(&format!("{alter},\n    DEFAULT CHARSET="));
    run(&format!("CONCAT({alter}, @@character_set_database, ' COLLATE=', @@collation_database)"))
}

/// A statement that runs only if a condition holds; it may be one of these itself.
pub(super) fn only_if(condition: &str, sql: &str) -> String {
    let chosen = sql.strip_prefix(SET).and_then(|sql| sql.strip_suffix(RUN));
    let text = chosen.map_or_else(|| string(sql), str::to_owned);
    run(&format!("IF({condition}, {text}, 'DO 0')"))
}
