//! What the user of a session can't see: the servers leave out what he has no right to, and say nothing of it.

use super::{DatabaseError, RULES, Session};
use crate::dialect::{Hidden, Product, Unseen};

/// Those that show procedures and functions, without what others wrote in them.
const OF_ROUTINES: [&str; 3] = ["EXECUTE", "CREATE ROUTINE", "ALTER ROUTINE"];

/// Whether there is one whose body is not shown.
const CLOSED: &str = "SELECT count(*) FROM information_schema.routines WHERE routine_schema = DATABASE() \
    AND routine_body = 'SQL' AND routine_definition IS NULL";

impl Session {
    pub(in super::super) async fn unseen(&mut self) -> Result<Vec<Unseen>, DatabaseError> {
        let rights = self.rights().await?;
        let mut lacking: Vec<(Hidden, &str)> = [
            (Hidden::Tables, "SELECT"),
            (Hidden::Views, "SHOW VIEW"),
            (Hidden::Triggers, "TRIGGER"),
            (Hidden::Events, "EVENT"),
        ]
        .into_iter()
        .filter(|(_, right)| !rights.has(right))
        .collect();
        // MariaDB shows them to those who may do more with a table than read its rows.
        if self.is_mariadb() && rights.only_reads() {
            lacking.push((Hidden::ForeignKeys, "SHOW VIEW"));
        }
        let shows_routines = rights.reads_bodies
            || (OF_ROUTINES.iter().any(|right| rights.has(right)) && !self.is_closed().await?);
        let account = self.server.account.as_deref().unwrap_or("this user");
        let on_all = format!("{}.*", RULES.quoted(&self.server.database));
        let mut unseen: Vec<Unseen> = lacking
            .into_iter()
            .map(|(what, right)| Unseen {
                what,
                grant: format!("GRANT {right} ON {on_all} TO {account}").into(),
            })
            .collect();
        if !shows_routines {
            let right = match self.server.version.product {
                Product::MariaDb => "SELECT ON mysql.proc",
                _ if self.server.version >= Product::MySql.version(8, 0, 20) => "SHOW_ROUTINE ON *.*",
                _ => "SELECT ON *.*",
            };
            let grant = format!("GRANT {right} TO {account}").into();
            unseen.push(Unseen { what: Hidden::Routines, grant });
        }
        Ok(unseen)
    }

    async fn is_closed(&mut self) -> Result<bool, DatabaseError> {
        let rows = self.query(CLOSED).await?;
        Ok(rows.first().and_then(|row| row.get(0)) != Some("0"))
    }

    async fn rights(&mut self) -> Result<Rights, DatabaseError> {
        let mut lines = self.lines("SHOW GRANTS").await?;
        // MySQL names the roles alone.
        if !self.is_mariadb() && lines.iter().any(|line| !line.contains(" ON ")) {
            let roles = self.lines("SELECT CURRENT_ROLE()").await?.concat();
            if roles != "NONE" {
                lines = self.lines(&format!("SHOW GRANTS FOR CURRENT_USER() USING {roles}")).await?;
            }
        }
        Ok(Rights::of(&lines, &self.server.database))
    }

    async fn lines(&mut self, sql: &str) -> Result<Vec<String>, DatabaseError> {
        Ok(self.query(sql).await?.iter().filter_map(|row| row.get(0)).map(str::to_owned).collect())
    }
}

/// What a user may do with all of a database.
#[derive(Debug, Default)]
struct Rights {
    words: Vec<String>,
    /// Whether bodies are shown that others wrote.
    reads_bodies: bool,
}

impl Rights {
    /// Those that lines such as ``GRANT SELECT, TRIGGER ON `shop`.* TO `app`@`%` `` give.
    fn of(lines: &[String], database: &str) -> Self {
        let mut rights = Self::default();
        for line in lines {
            let Some((words, rest)) = line.strip_prefix("GRANT ").and_then(|line| line.split_once(" ON "))
            else {
                continue;
            };
            let Some((place, _)) = rest.split_once(" TO ") else { continue };
            let words = words.split(',').map(|word| word.trim().to_ascii_uppercase());
            let everywhere = place == "*.*";
            if everywhere || of_database(place).is_some_and(|pattern| is_like(database, &pattern)) {
                rights.words.extend(words.clone());
            }
            let of_bodies = everywhere || ["`mysql`.*", "`mysql`.`proc`"].contains(&place);
            rights.reads_bodies |= of_bodies
                && words.into_iter().any(|word| {
                    ["ALL PRIVILEGES", "SELECT"].contains(&word.as_str())
                        || (everywhere && word == "SHOW_ROUTINE")
                });
        }
        rights.reads_bodies |= rights.words.iter().any(|word| word == "SHOW CREATE ROUTINE");
        rights
    }

    fn has(&self, right: &str) -> bool {
        self.words.iter().any(|word| word == right || word == "ALL PRIVILEGES")
    }

    fn only_reads(&self) -> bool {
        let more = [
            "INSERT",
            "UPDATE",
            "DELETE",
            "CREATE",
            "DROP",
            "REFERENCES",
            "INDEX",
            "ALTER",
            "CREATE VIEW",
            "SHOW VIEW",
            "TRIGGER",
        ];
        !more.iter().any(|right| self.has(right))
    }
}

/// The pattern in `` `shop\_%`.* ``.
fn of_database(place: &str) -> Option<String> {
    let quoted = place.strip_suffix(".*")?.strip_prefix('`')?.strip_suffix('`')?;
    Some(quoted.replace("``", "`"))
}

/// Whether a name fits a pattern of LIKE, whatever its case.
fn is_like(name: &str, pattern: &str) -> bool {
    fn fits(name: &[char], pattern: &[char]) -> bool {
        match pattern {
            [] => name.is_empty(),
            ['%', rest @ ..] => (0..=name.len()).any(|at| fits(&name[at..], rest)),
            ['\\', one, rest @ ..] => name.first() == Some(one) && fits(&name[1..], rest),
            ['_', rest @ ..] => !name.is_empty() && fits(&name[1..], rest),
            [one, rest @ ..] => name.first() == Some(one) && fits(&name[1..], rest),
        }
    }
    let characters = |text: &str| text.to_lowercase().chars().collect::<Vec<_>>();
    fits(&characters(name), &characters(pattern))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Rights {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        Rights::of(&lines, "shop_1")
    }

    #[test]
    fn what_counts_is_what_is_given_for_all_of_the_database() {
        let rights = of(&[
            "GRANT USAGE ON *.* TO `app`@`%` IDENTIFIED BY PASSWORD '*94BDCEBE'",
            r"GRANT SELECT, SHOW VIEW ON `shop\_1`.* TO `app`@`%`",
            "GRANT EVENT ON `shop_2`.* TO `app`@`%`",
            "GRANT TRIGGER ON `shop_1`.`t` TO `app`@`%`",
            "GRANT EXECUTE ON FUNCTION `shop_1`.`f` TO `app`@`%`",
            "GRANT `reader`@`%` TO `app`@`%`",
        ]);
        let has = |right| rights.has(right);
        assert_eq!(
            ["SELECT", "SHOW VIEW", "EVENT", "TRIGGER", "EXECUTE"].map(has),
            [true, true, false, false, false]
        );
        assert!(!rights.reads_bodies && !rights.only_reads());
        assert!(of(&["GRANT SELECT ON `shop%`.* TO `app`@`%`"]).only_reads());
        for line in [
            "GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION",
            "GRANT SELECT ON *.* TO `app`@`%`",
            "GRANT SHOW_ROUTINE ON *.* TO `app`@`%`",
            "GRANT SELECT ON `mysql`.`proc` TO `app`@`%`",
            "GRANT SHOW CREATE ROUTINE ON `shop_1`.* TO `app`@`%`",
        ] {
            assert!(of(&[line]).reads_bodies, "{line}");
        }
        assert!(!of(&["GRANT ALL PRIVILEGES ON `shop_1`.* TO `app`@`%`"]).reads_bodies);
    }

    #[test]
    fn names_of_databases_are_patterns() {
        for (pattern, fits) in [
            ("shop_1", true),
            ("SHOP\\_1", true),
            ("shop%", true),
            ("%", true),
            ("shop", false),
            ("shop_", false),
            ("shop\\%", false),
            ("s%\\_1", true),
        ] {
            assert_eq!(is_like("shop_1", pattern), fits, "{pattern}");
        }
    }
}
