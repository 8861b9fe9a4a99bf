//! What tables can have beside the usual, as people write it: read, created anew, and the same to the letter of SHOW CREATE
//! TABLE; dropped, it leaves nothing.

use std::collections::BTreeMap;

use schemactl::change::Step;
use schemactl::dialect::Inspection;
use schemactl::diff::diff;
use schemactl::model::State;
use schemactl::plan::Direction;
use schemactl::syntax::print;

use super::corpora::created;
use super::holds;
use crate::stage::{Stage, differences};
use crate::support::mysql::is_mariadb;

/// What both have.
const COMMON: &str = r#"CREATE TABLE kinds (
 id int unsigned NOT NULL,
 n bigint unsigned NOT NULL AUTO_INCREMENT,
 a varchar(20) CHARACTER SET latin1 COLLATE latin1_german1_ci DEFAULT 'x',
 b text COLLATE utf8mb4_bin,
 c enum('a','it''s','with,comma','back\\slash','é','') NOT NULL DEFAULT '' COMMENT 'it''s "quoted" \\ back\nnew line',
 d set('x','y z','q''s') DEFAULT 'x,y z',
 e datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
 f json DEFAULT NULL,
 g int GENERATED ALWAYS AS (id + 1) VIRTUAL,
 h varchar(30) GENERATED ALWAYS AS (concat(a, '-', id)) STORED,
 i int INVISIBLE DEFAULT 3,
 j decimal(10,2) unsigned DEFAULT 1.50,
 k varchar(40) DEFAULT (uuid()),
 l text DEFAULT ('long'),
 m int unsigned zerofill DEFAULT 7,
 o float(7,3) DEFAULT NULL,
 p year DEFAULT '2020',
 q bit(4) DEFAULT b'1010',
 r varbinary(8) DEFAULT 'ab',
 s point NOT NULL,
 t mediumtext,
 u tinyint unsigned DEFAULT 1,
 v date DEFAULT (current_date + interval 1 day),
 PRIMARY KEY (id),
 UNIQUE KEY nn (n),
 KEY pre (a(5), b(10) DESC),
 FULLTEXT KEY ft (b),
 SPATIAL KEY sp (s),
 KEY usings (id, n) COMMENT 'an index''s "comment" \\',
 CONSTRAINT positive CHECK (id > 0),
 CHECK (j > 0 and json_valid(f))
) ENGINE=InnoDB ROW_FORMAT=COMPACT COMMENT='table''s \\ "comment"\n2';
CREATE TABLE kbs (id int PRIMARY KEY, a int, KEY k (a), UNIQUE KEY kc (a, id) COMMENT 'unique comment') KEY_BLOCK_SIZE=8 ROW_FORMAT=COMPRESSED;
CREATE TABLE kbs2 (id int, a varchar(20), PRIMARY KEY (id) COMMENT 'it''s the key', FULLTEXT KEY k (a) COMMENT 'ft');
CREATE TABLE parts (id int, d date, PRIMARY KEY (id, d)) PARTITION BY RANGE (year(d)) (PARTITION a VALUES LESS THAN (2020) COMMENT 'it''s', PARTITION b VALUES LESS THAN MAXVALUE);
CREATE TABLE parts2 (id int primary key, v varchar(20)) PARTITION BY KEY (id) PARTITIONS 3;
CREATE TABLE fk (id int unsigned primary key, a int unsigned, b int unsigned, KEY x (a), CONSTRAINT f1 FOREIGN KEY (a) REFERENCES kinds (id), CONSTRAINT f2 FOREIGN KEY (a) REFERENCES fk (id) ON DELETE SET NULL ON UPDATE CASCADE, CONSTRAINT f3 FOREIGN KEY (b) REFERENCES kinds(id), CONSTRAINT f4 FOREIGN KEY (b) REFERENCES fk(id));
CREATE TABLE fkplain (id int unsigned primary key, a int unsigned, FOREIGN KEY (a) REFERENCES kinds (id), FOREIGN KEY (a) REFERENCES fk (id) );
"#;
/// What MariaDB has alone.
const MARIADB: &str = r#"CREATE TABLE ign (id int primary key, a int, KEY i (a) IGNORED);
CREATE TABLE ver (id int primary key, a int, KEY (a)) WITH SYSTEM VERSIONING;
CREATE TABLE ver2 (id int primary key, a int, s timestamp(6) GENERATED ALWAYS AS ROW START, e timestamp(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME(s,e)) WITH SYSTEM VERSIONING;
CREATE TABLE per (id int primary key, s date NOT NULL, e date NOT NULL, PERIOD FOR p(s,e));
CREATE SEQUENCE seq START WITH 5 INCREMENT BY 2 CYCLE;
CREATE TABLE usesseq (id bigint DEFAULT nextval(seq) primary key, c varchar(20) COMPRESSED, u uuid, i inet6, i4 inet4);
CREATE TABLE colcheck (id int primary key, a int CHECK (a > 0), j json CHECK (json_length(j) > 0));
CREATE TABLE invv (id int primary key, a int INVISIBLE);
"#;
/// What MySQL has alone.
const MYSQL: &str = r#"CREATE TABLE geo (id int primary key, s point NOT NULL SRID 4326, SPATIAL KEY sp (s));
CREATE TABLE ign (id int primary key, a int, KEY i (a) INVISIBLE);
CREATE TABLE fun (id int primary key, a int, v varchar(20), KEY i ((a + 1), v(3)), UNIQUE KEY u ((lower(v))), KEY d (a DESC));
CREATE TABLE ne (id int primary key, a int, CONSTRAINT nn CHECK (a > 0) NOT ENFORCED, KEY ((cast(a as char(10)))));
CREATE TABLE ng (id int primary key, g int AS (id + 1) STORED NOT NULL, vv int AS (id+2) VIRTUAL NOT NULL INVISIBLE);
CREATE TABLE arr (id int primary key, j json, KEY mv ((cast(j->'$.a' as unsigned array))));
CREATE TABLE invn (id int primary key, a int NOT NULL INVISIBLE);
"#;

/// What each table is created with, without the database's name in front of a sequence.
fn printed(stage: &mut Stage) -> BTreeMap<String, String> {
    let database = stage.rows("SELECT concat('`', database(), '`.')").remove(0);
    let created = created(stage.url()).into_iter();
    created.map(|(table, text)| (table, text.replace(&database, ""))).collect()
}

/// Goes there and back.
fn round_trip(script: &str) -> Inspection {
    let mut stage = Stage::mysql();
    stage.clear();
    let empty = stage.catalog();
    stage.execute(script);
    let before = printed(&mut stage);
    let found = holds(&mut stage).unwrap_or_else(|problem| panic!("{problem}"));
    for (table, text) in printed(&mut stage) {
        assert_eq!(before.get(&table), Some(&text));
    }
    let ops = diff(&found.state, &State::default(), &[]).expect("dropping asks nothing");
    let steps: Vec<Step> = ops.into_iter().map(Step::Op).collect();
    stage.run(&steps, &found.state, Direction::Up).unwrap_or_else(|refused| panic!("{refused}"));
    let left = differences(&empty, &stage.catalog());
    assert!(left.is_empty(), "this is left:\n{left}");
    found
}

#[test]
fn all_that_tables_can_have_comes_back_to_the_letter() {
    let script = if is_mariadb() { MARIADB } else { MYSQL };
    let found = round_trip(&format!("{COMMON}{script}"));
    assert_eq!(found.unmanaged, []);
    let raw: Vec<String> =
        found.state.objects.sorted().iter().map(|object| object.name.to_string()).collect();
    // What the language has no words for, whole.
    let expected: &[&str] =
        if is_mariadb() { &["parts", "parts2", "per", "seq", "ver", "ver2"] } else { &["parts", "parts2"] };
    assert_eq!(raw, expected);
}

#[test]
fn what_no_catalog_tells_of_an_index_is_no_difference() {
    // InnoDB has one method, and takes a size of blocks for tables alone; a parser stands in no catalog.
    let parser = if is_mariadb() { "" } else { "WITH PARSER ngram" };
    let mut stage = Stage::mysql();
    stage.clear();
    stage.execute(&format!(
        "CREATE TABLE t (id int PRIMARY KEY, a int, b text, KEY i (a) USING BTREE KEY_BLOCK_SIZE=4, FULLTEXT KEY f (b) {parser})"
    ));
    let found = holds(&mut stage).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(found.unmanaged, []);
    let text = "table t { column id int primary-key; column a int nullable; column b (native)\"text\" nullable; index a name=i; \
                index b name=f method=fulltext { (mysql)options parser=ngram; }; }";
    let declared = crate::laws::read_for(text, stage.dialect.naming()).state;
    assert_eq!(print(&stage.dialect.normal(&declared)), print(&stage.dialect.normal(&found.state)));
    if !is_mariadb() {
        stage.create(&declared).unwrap_or_else(|refused| panic!("{refused}"));
        let created = stage.rows("SHOW CREATE TABLE t").join("\n");
        assert!(created.contains("WITH PARSER `ngram`"), "{created}");
    }
}
