//! All of the language in two states of one shop, through every command, there and back.

use super::Shop;

const FIRST: &str = include_str!("first.kdl");
const SECOND: &str = include_str!("second.kdl");
const ROWS: &str = "
    INSERT INTO users (email, name, external_id) VALUES ('A@x', 'Ann', '7'), ('b@x', NULL, '8');
    INSERT INTO orders (user_id, status, total) VALUES (1, 'placed', 120), (2, 'paid', 3);
    INSERT INTO order_items VALUES (1, 1, 'sku', 2, 60);
    INSERT INTO shipments (id, order_id, line) VALUES ('8f0e8c0a-0000-4000-8000-000000000001', 1, 1);
    INSERT INTO billing.invoices (order_id, amount) VALUES (1, 120);
    UPDATE users SET best_order = 1, created_at = '2026-01-01', updated_at = NULL WHERE id = 1";

#[test]
fn a_shop_goes_there_and_back_with_its_rows() {
    let shop = Shop::new("whole", FIRST);
    shop.plan(FIRST, &[]).apply();
    shop.session().execute(ROWS);
    let rows = |shop: &Shop| {
        let tables = ["users", "orders", "order_items", "shipments", "billing.invoices", "kinds"];
        let query = |table: &str| format!("SELECT to_jsonb(t) FROM {table} AS t ORDER BY 1");
        tables.map(|table| shop.session().rows(&query(table)))
    };
    let before = rows(&shop);
    shop.plan(SECOND, &[]).apply();
    let after = "SELECT external_id, full_name, ratio FROM users ORDER BY id";
    assert_eq!(shop.session().rows(after), ["7|Ann|0.5", "8|NULL|0.5"]);
    let numbers = "SELECT o.status, i.quantity, i.sum, (SELECT currency FROM money.invoices) \
                   FROM purchases AS o JOIN order_items AS i ON i.order_id = o.id";
    assert_eq!(shop.session().rows(numbers), ["placed|2|120.00|EUR"]);
    assert_eq!(shop.session().rows("SELECT id, total FROM big_orders"), ["1|120.00"]);
    let status = shop.run(&["status"]).ok();
    assert!(status.contains("at         0002_step") && status.contains("pending    0"), "{status}");
    let log = shop.run(&["log", "--applied"]).ok();
    assert!(log.contains("0001_step") && log.contains("0002_step"), "{log}");
    shop.run(&["rollback", "--allow-destructive", "all"]).ok();
    assert_eq!(rows(&shop), before);
    shop.run(&["apply", "--allow-destructive", "all"]).ok();
    shop.run(&["check"]).ok();
    shop.run(&["verify"]).ok();
    shop.run(&["status", "--check"]).ok();
}

#[test]
fn the_shop_is_proven() {
    let shop = Shop::new("proven", FIRST);
    shop.plan(FIRST, &[]).plan(SECOND, &[]);
    let output = shop.run(&["prove"]);
    assert!(output.stderr.contains("Proved 0002_step on postgres (up, down, up;"), "{output}");
    output.ok();
}
