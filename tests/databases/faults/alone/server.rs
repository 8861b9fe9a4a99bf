//! A server that is killed in the middle of a run and comes back.

use super::super::{ROWS, Shop};
use super::{JSON, ROLLBACK, is_like, is_unfinished, with_hook};
use crate::support::{mysql, sql};

/// A shop with its first revision and rows, on a server that can be killed.
fn shop(server: &mysql::Own, name: &str) -> Shop {
    sql::execute(&server.url, &format!("CREATE DATABASE {name}"));
    let shop = Shop::at(&format!("{}/{name}", server.url));
    shop.project.run(&["apply", "+1", "-q"]).ok();
    sql::execute(&shop.url, ROWS);
    with_hook(shop)
}

#[test]
fn a_server_that_was_killed_and_came_back_is_no_obstacle() {
    let server = mysql::Own::like_server("");
    let whole = shop(&server, "whole");
    whole.apply().ok();
    let whole = whole.picture();
    for (number, pieces) in [1, 2, 4, 5].into_iter().enumerate() {
        let runs = ["apply", "rollback"].map(|next| {
            let shop = shop(&server, &format!("shop_{number}_{next}"));
            let before = shop.picture();
            let mut run = shop.start(&JSON);
            for _ in 0..pieces {
                run.reads("\"working\"");
            }
            (next, shop, before, run)
        });
        server.crash();
        for (next, shop, before, run) in runs {
            let (code, words) = run.ends();
            let when = format!("{next} after piece {pieces}, {code:?}: {words}");
            if next == "rollback" && is_unfinished(&shop) {
                shop.project.run(&ROLLBACK).ok();
                is_like(&shop, &before, &when);
            }
            shop.apply().ok();
            shop.is_whole(&whole, &when);
        }
    }
}
