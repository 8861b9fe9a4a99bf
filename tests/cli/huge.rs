//! Input that is far larger than a schema: it is refused soon, and in few words.

use std::time::{Duration, Instant};

use insta::assert_snapshot;

use super::broken::plan;

#[test]
fn text_that_is_too_deep_or_too_large_is_refused_at_once() {
    let start = Instant::now();
    assert_snapshot!(plan("a {".repeat(1700)), @"
    ----- stderr
    error[E001]: blocks are nested more than 128 deep
      --> schema/a.kdl:1:387
    help: nest less deeply
    explain: schemactl explain E001
    ----- exit 1
    ");
    let slashdash = plan("/- ".repeat(200) + "a").fails(1);
    assert!(slashdash.contains("unexpected `/-`") && slashdash.lines().count() < 120, "{slashdash}");
    let large = "table t { column id bigint }\n".repeat(100 * 1024 * 1024 / 29);
    assert_snapshot!(plan(large), @"
    ----- stderr
    error[E001]: the file has 104857591 bytes, more than 67108864
       ╭─[schema/a.kdl:1:1]
       ╰────
    help: split the file
    explain: schemactl explain E001
    ----- exit 1
    ");
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn of_a_huge_word_the_beginning_is_repeated() {
    let huge = "8".repeat(200_000);
    let texts = [
        ("E009", format!("table a {{ column b int default={huge}z }}")),
        ("E013", format!("x{huge}")),
        ("E013", format!("table a {{ column b int x{huge} }}")),
        ("E203", format!("table a {{ column b int references=x{huge}.c }}")),
    ];
    for (code, text) in texts {
        let words = plan(text).fails(1);
        assert!(words.contains(&format!("error[{code}]")) && words.contains("8888…`"), "{words:.2000}");
        assert!(words.len() < 1000, "{} bytes, {words:.2000}", words.len());
    }
}
