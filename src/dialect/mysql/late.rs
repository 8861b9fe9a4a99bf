//! Statements whose text is chosen when they run, where neither server takes what a variable or a condition says, and
//! those that a setting of the session goes around.

use super::quote::string;

const SET: &str = "SET @schemactl_sql = ";
const RUN: &str = ";\nPREPARE schemactl_step FROM @schemactl_sql;\nEXECUTE schemactl_step;\n\
    DEALLOCATE PREPARE schemactl_step";

const ZEROS: &str = "SET @schemactl_mode = @@sql_mode;\n\
    SET sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO');\n";
const NUMBERS: &str = ";\nSET sql_mode = @schemactl_mode";

/// Runs the statement that an expression is the text of.
fn run(text: &str) -> String {
    format!("{SET}{text}{RUN}")
}

/// An ALTER TABLE that also gives the table the character set and collation of its database, as a new one gets them.
pub(super) fn with_charset_of_database(alter: &str) -> String {
    let alter = string(&format!("{alter},\n    DEFAULT CHARSET="));
    run(&format!("CONCAT({alter}, @@character_set_database, ' COLLATE=', @@collation_database)"))
}

/// A statement that takes a 0 for a number, where a column that numbers its rows would take it for none.
pub(super) fn with_zeros(sql: &str) -> String {
    format!("{ZEROS}{sql}{NUMBERS}")
}

/// A statement that runs only if a condition holds; it may be one of these itself.
pub(super) fn only_if(condition: &str, sql: &str) -> String {
    if let Some(sql) = sql.strip_prefix(ZEROS).and_then(|sql| sql.strip_suffix(NUMBERS)) {
        return with_zeros(&only_if(condition, sql));
    }
    let chosen = sql.strip_prefix(SET).and_then(|sql| sql.strip_suffix(RUN));
    let text = chosen.map_or_else(|| string(sql), str::to_owned);
    run(&format!("IF({condition}, {text}, 'DO 0')"))
}
