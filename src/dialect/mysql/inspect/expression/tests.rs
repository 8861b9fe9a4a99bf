//! Expressions as servers print them, as they are written, and as they are read once more.

use super::*;

#[test]
fn what_servers_print_becomes_what_people_write() {
    for (printed, written) in [
        ("(`a` > 0)", "a > 0"),
        ("((`a` > 1) and (`b` < 2))", "a > 1 and b < 2"),
        (
            "(((`s` <> _utf8mb4'it\\'s') and (`a` in (1,2,3))) or (`b` between 1 and 5))",
            "(s <> 'it''s' and a in (1, 2, 3)) or (b between 1 and 5)",
        ),
        ("((`a` > 1) or ((`b` > 1) and (`a` > 1)))", "a > 1 or (b > 1 and a > 1)"),
        ("((`a` between 1 and (`b` + 1)) and (`b` <> 5))", "(a between 1 and (b + 1)) and b <> 5"),
        ("(not((`s` like _utf8mb4'b')))", "not(s like 'b')"),
        ("(-(`a`) < 5)", "-(a) < 5"),
        ("((`a` * (`b` + 1)) > 3)", "(a * (b + 1)) > 3"),
        ("concat(`order`,_utf8mb4'x',_latin1'y')", "concat(`order`, 'x', _latin1'y')"),
        ("(case when (`a` > 1) then (`b` < 2) else 1 end)", "case when a > 1 then b < 2 else 1 end"),
        ("cast((`a` + 1) as char(10) charset utf8mb4)", "cast(a + 1 as char(10) charset utf8mb4)"),
        ("(`d` > (`e` + interval 1 day))", "d > (e + interval 1 day)"),
        ("((`a`,`b`) in ((1,2),(3,4)))", "(a, b) in ((1, 2), (3, 4))"),
        (
            "select `t`.`id` AS `id`,(`t`.`a` is null) AS `n` from `t` where ((`t`.`a` > 1) and (`t`.`b` < 2))",
            "select t.id, t.a is null AS n from t where t.a > 1 and t.b < 2",
        ),
        (
            "select `v`.`id` AS `id`,`p`.`b` AS `c` from (`v` join `p` on((`p`.`id` = `v`.`id`)))",
            "select v.id, p.b AS c from (v join p on(p.id = v.id))",
        ),
        ("select 1 AS `n` from `t` join `u` `x`", "select 1 AS n from t, u x"),
        ("select 1 AS `n` from (`t` join `u`)", "select 1 AS n from (t join u)"),
        (
            "select 1 AS `n` from (`t` left join (`u` join `v` join `w`) on((`u`.`id` = `t`.`id`)))",
            "select 1 AS n from (t left join (u, v, w) on(u.id = t.id))",
        ),
        (
            "select 1 AS `n` from `t` join `u` on((`u`.`id` = `t`.`id`))",
            "select 1 AS n from t join u on(u.id = t.id)",
        ),
        (
            "row_number() OVER (PARTITION BY `e`.`s` ORDER BY `e`.`s` )  AS `rn`",
            "row_number() OVER (PARTITION BY e.s ORDER BY e.s) AS rn",
        ),
        ("`fn`(1,'a')", "`fn`(1, 'a')"),
        (
            "exists(select 1 from `c` where (`c`.`id` = `t`.`id`))",
            "exists(select 1 from c where c.id = t.id)",
        ),
        ("(select max(`p`.`id`) from `p`)", "(select max(p.id) from p)"),
        ("'a\\\\b\\n'", "'a\\\\b\\n'"),
        ("(`a` & (`b` | 3))", "a & (b | 3)"),
        ("if((`a` > 1),(`b` + 1),0)", "if(a > 1, b + 1, 0)"),
        ("(`odd name` is not null)", "`odd name` is not null"),
    ] {
        assert_eq!(readable(printed), written);
        assert_eq!(readable(written), written, "again");
    }
}

#[test]
fn what_is_not_understood_stays() {
    for text in ["a > 0 -- (why)", "('a", "(a > 1))", "((a)"] {
        assert_eq!(readable(text), text);
    }
}
