//! Published schemas.

use super::inspected;
use crate::corpora::corpus;

macro_rules! corpora {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            let Some(script) = corpus(concat!("sqlite/", stringify!($name), ".sql")) else { return };
            let inspection = inspected(&script);
            assert_eq!(inspection.unmanaged, []);
        })*
    };
}

corpora!(chinook chinook_autoinc memos sakila tbls xo_a_bit_of_everything xo_northwind);
