//! What people are told about their mistakes.

use super::*;

#[test]
fn a_missing_brace_is_found_by_the_indentation() {
    insta::assert_snapshot!(refused("table a {\n    column id int {\n    column b int\n}\n\ntable b {\n    column c int\n}\n"), @r#"
    error[E005]: a block is never closed
       ╭─[schema.kdl:2:19]
     1 │ table a {
     2 │     column id int {
       ·                   ┬
       ·                   ╰── opened here
     3 │     column b int
       ╰────
    help: add the missing `}`
    "#);
    insta::assert_snapshot!(refused("table a {\n    column id int\n\ntable b {\n    column c int\n}\n"), @r#"
    error[E005]: a block is never closed
       ╭─[schema.kdl:1:9]
     1 │ table a {
       ·         ┬
       ·         ╰── opened here
     2 │     column id int
       ╰────
    help: add the missing `}`
    "#);
    insta::assert_snapshot!(refused("table a {\n}\n}\n"), @r#"
    error[E005]: this `}` closes nothing
       ╭─[schema.kdl:3:1]
     2 │ }
     3 │ }
       · ─
       ╰────
    help: delete it, or add the missing `{` before it
    "#);
}

#[test]
fn words_that_need_quotes_are_shown_with_them() {
    insta::assert_snapshot!(refused("column price decimal(10, 2) nullable\ncolumn tags text[] default=now()\n"), @r#"
    error[E004]: `decimal(10, 2)` must be quoted
       ╭─[schema.kdl:1:14]
     1 │ column price decimal(10, 2) nullable
       ·              ──────────────
     2 │ column tags text[] default=now()
       ╰────
    help: write `"decimal(10, 2)"`
    error[E004]: `text[]` must be quoted
       ╭─[schema.kdl:2:13]
     1 │ column price decimal(10, 2) nullable
     2 │ column tags text[] default=now()
       ·             ──────
       ╰────
    help: write `"text[]"`
    error[E004]: `now()` must be quoted
       ╭─[schema.kdl:2:28]
     1 │ column price decimal(10, 2) nullable
     2 │ column tags text[] default=now()
       ·                            ─────
       ╰────
    help: write `"now()"`
    "#);
}

#[test]
fn values_in_parentheses_are_shown_without_them() {
    insta::assert_snapshot!(refused("primary-key(id)\nunique(a, b) name=x\n"), @r#"
    error[E004]: the values of `primary-key` stand behind it, without parentheses
       ╭─[schema.kdl:1:1]
     1 │ primary-key(id)
       · ───────────────
     2 │ unique(a, b) name=x
       ╰────
    help: write `primary-key id`
    error[E004]: the values of `unique` stand behind it, without parentheses
       ╭─[schema.kdl:2:1]
     1 │ primary-key(id)
     2 │ unique(a, b) name=x
       · ────────────
       ╰────
    help: write `unique a b`
    "#);
}

#[test]
fn habits_of_version_1_are_explained() {
    insta::assert_snapshot!(refused("a true nullable=false r#\"raw\"# \"a\\/b\"\ntrue null=1\n"), @r##"
    error[E010]: `true` is written `#true` in KDL 2
       ╭─[schema.kdl:1:3]
     1 │ a true nullable=false r#"raw"# "a\/b"
       ·   ────
     2 │ true null=1
       ╰────
    help: write `#true`, or `"true"` for the text
    error[E010]: `false` is written `#false` in KDL 2
       ╭─[schema.kdl:1:17]
     1 │ a true nullable=false r#"raw"# "a\/b"
       ·                 ─────
     2 │ true null=1
       ╰────
    help: write `#false`, or `"false"` for the text
    error[E010]: raw strings are written without `r` in KDL 2
       ╭─[schema.kdl:1:23]
     1 │ a true nullable=false r#"raw"# "a\/b"
       ·                       ────────
     2 │ true null=1
       ╰────
    help: write `#"…"#`
    error[E007]: `\/` is not an escape
       ╭─[schema.kdl:1:34]
     1 │ a true nullable=false r#"raw"# "a\/b"
       ·                                  ──
     2 │ true null=1
       ╰────
    help: write `/` without the backslash
    error[E004]: a node's name can't be a reserved word
       ╭─[schema.kdl:2:1]
     1 │ a true nullable=false r#"raw"# "a\/b"
     2 │ true null=1
       · ────
       ╰────
    help: write `"true"`
    error[E004]: a property's name can't be a reserved word
       ╭─[schema.kdl:2:6]
     1 │ a true nullable=false r#"raw"# "a\/b"
     2 │ true null=1
       ·      ────
       ╰────
    help: write `"null"`
    "##);
}

#[test]
fn strings_that_do_not_end_are_one_mistake() {
    insta::assert_snapshot!(refused("up (sql)\"UPDATE users\n  SET a = 1\n  WHERE b\"\ndown (sql)\"none\n"), @r#"
    error[E006]: a string in plain quotes can't span lines
       ╭─[schema.kdl:1:9]
     1 │ up (sql)"UPDATE users
       ·         ──────┬──────
       ·               ╰── begins here
     2 │   SET a = 1
       ╰────
    help: put the text between lines of three quotes: `"""`
    error[E006]: the string is never closed
       ╭─[schema.kdl:4:11]
     3 │   WHERE b"
     4 │ down (sql)"none
       ·           ──┬──
       ·             ╰── begins here
       ╰────
    help: end it with `"`
    "#);
    insta::assert_snapshot!(refused("a \"one\nb \"two\" \"three\"\n"), @r#"
    error[E006]: the string is never closed
       ╭─[schema.kdl:1:3]
     1 │ a "one
       ·   ──┬─
       ·     ╰── begins here
     2 │ b "two" "three"
       ╰────
    help: end it with `"`
    "#);
    insta::assert_snapshot!(refused("a {\n  up \"\"\"\n    text\n}\n"), @r#"
    error[E006]: the multi-line string is never closed
       ╭─[schema.kdl:2:6]
     1 │ a {
     2 │   up """
       ·      ─┬─
       ·       ╰── begins here
     3 │     text
       ╰────
    help: end it with `"""`
    "#);
}

#[test]
fn multi_line_strings_are_laid_out_strictly() {
    insta::assert_snapshot!(refused("a \"\"\"\n    one\n  two\n    \"\"\"\nb \"\"\"one\"\"\"\nc \"\"\"\n  one\"\"\"\n"), @r#"
    error[E008]: a line of the multi-line string is indented less than its end
       ╭─[schema.kdl:3:1]
     2 │     one
     3 │   two
       · ─┬
       ·  ╰── here
     4 │     """
       ·     ─┬─
       ·      ╰── this sets the indentation
     5 │ b """one"""
       ╰────
    help: begin each line with the same white space as the closing `"""`
    error[E008]: a multi-line string begins on the line after its quotes
       ╭─[schema.kdl:5:3]
     4 │     """
     5 │ b """one"""
       ·   ─┬─
       ·    ╰── text follows on the same line
     6 │ c """
       ╰────
    help: write `"one"` in plain quotes
    error[E008]: a multi-line string ends with its quotes on a line of their own
       ╭─[schema.kdl:7:6]
     6 │ c """
     7 │   one"""
       ·      ─┬─
       ·       ╰── text precedes them
       ╰────
    help: put the closing `"""` on the next line
    "#);
}

#[test]
fn everything_else_is_said_at_once() {
    insta::assert_snapshot!(refused(
        "a 1.x .5 0xZ key= (t) a=1 a=2\n# comment\n() b\nc \"x\"\"y\" (two words)z =d\n; e { } f\n/-\n"
    ), @r#"
    error[E009]: `1.x` is not a number
       ╭─[schema.kdl:1:3]
     1 │ a 1.x .5 0xZ key= (t) a=1 a=2
       ·   ─┬─
       ·    ╰── digits are expected after the point
     2 │ # comment
       ╰────
    help: correct it, or write `"1.x"` for a text
    error[E009]: `.5` is not a number
       ╭─[schema.kdl:1:7]
     1 │ a 1.x .5 0xZ key= (t) a=1 a=2
       ·       ─┬
       ·        ╰── a digit is expected before the point
     2 │ # comment
       ╰────
    help: correct it, or write `".5"` for a text
    error[E009]: `0xZ` is not a number
       ╭─[schema.kdl:1:10]
     1 │ a 1.x .5 0xZ key= (t) a=1 a=2
       ·          ─┬─
       ·           ╰── hexadecimal digits are expected after `0x`
     2 │ # comment
       ╰────
    help: correct it, or write `"0xZ"` for a text
    error[E004]: unexpected `=1`
       ╭─[schema.kdl:1:24]
     1 │ a 1.x .5 0xZ key= (t) a=1 a=2
       ·                        ──
     2 │ # comment
       ╰────
    help: write a name before `=`
    error[E004]: comments don't begin with `#` in KDL
       ╭─[schema.kdl:2:1]
     1 │ a 1.x .5 0xZ key= (t) a=1 a=2
     2 │ # comment
       · ─
     3 │ () b
       ╰────
    help: write `//`
    error[E004]: a type annotation can't be empty
       ╭─[schema.kdl:3:1]
     2 │ # comment
     3 │ () b
       · ──
     4 │ c "x""y" (two words)z =d
       ╰────
    help: delete it
    error[E004]: a space is missing before this value
       ╭─[schema.kdl:4:6]
     3 │ () b
     4 │ c "x""y" (two words)z =d
       ·      ───
     5 │ ; e { } f
       ╰────
    help: put a space before it
    error[E004]: a type annotation is one word
       ╭─[schema.kdl:4:10]
     3 │ () b
     4 │ c "x""y" (two words)z =d
       ·          ───────────
     5 │ ; e { } f
       ╰────
    help: write `("two words")`
    error[E004]: unexpected `;`
       ╭─[schema.kdl:5:1]
     4 │ c "x""y" (two words)z =d
     5 │ ; e { } f
       · ─
     6 │ /-
       ╰────
    help: delete it
    error[E004]: unexpected text behind a block
       ╭─[schema.kdl:5:9]
     4 │ c "x""y" (two words)z =d
     5 │ ; e { } f
       ·         ─
     6 │ /-
       ╰────
    help: end the line behind `}`
    error[E012]: `/-` has nothing to comment out
       ╭─[schema.kdl:6:1]
     5 │ ; e { } f
     6 │ /-
       · ──
       ╰────
    help: delete it
    "#);
}

#[test]
fn a_conflict_of_git_is_one_mistake() {
    insta::assert_snapshot!(refused("a {\n  b\n<<<<<<< ours\n  c 1.2.3\n=======\n  }}\n>>>>>>> theirs\n}\n"), @"
    error[E017]: the file has a conflict of git that is not solved
       ╭─[schema.kdl:3:1]
     2 │   b
     3 │ <<<<<<< ours
       · ──────┬─────
       ·       ╰── one side begins here
     4 │   c 1.2.3
     5 │ =======
       · ───┬───
       ·    ╰── the other side begins here
     6 │   }}
     7 │ >>>>>>> theirs
       · ───────┬──────
       ·        ╰── both end here
     8 │ }
       ╰────
    help: solve it with git, or take either side and run `schemactl merge`, which writes what both say
    ");
    insta::assert_snapshot!(refused(">>>>>>>"), @"
    error[E017]: the file has a conflict of git that is not solved
       ╭─[schema.kdl:1:1]
     1 │ >>>>>>>
       · ───┬───
       ·    ╰── both end here
       ╰────
    help: solve it with git, or take either side and run `schemactl merge`, which writes what both say
    ");
    // In a string, in a comment, of another length, or not at the beginning of the line.
    accepted("a \"\"\"\n<<<<<<< ours\n=======\n>>>>>>> theirs\n\"\"\"\nb #\"\"\"\n=======\n\"\"\"#\n");
    accepted(
        "/*\n<<<<<<< ours\n=======\n*/\n// =======\n<<<<<<<< a\n<<<<<< a\n<<<<<<<a\n  <<<<<<< a\nb <<<<<<< a\n",
    );
}
