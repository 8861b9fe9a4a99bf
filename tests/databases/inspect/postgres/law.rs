//! Schemas that nobody wrote, created and read back.

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use schemactl::model::Collection;
use schemactl::syntax::print;

use super::holds;
use crate::stage::Stage;
use crate::strategies::{Profile, cases, state};

#[test]
fn what_is_created_is_read_back() {
    let stage = RefCell::new(Stage::postgres());
    let config = Config { max_shrink_iters: 300, ..cases(30) };
    let result = TestRunner::new(config).run(&state(Profile::Postgres), |mut state| {
        let mut stage = stage.borrow_mut();
        let created = stage.create(&state);
        created.map_err(|refused| TestCaseError::fail(format!("on creation: {refused}")))?;
        let found = holds(&mut stage)?;
        prop_assert_eq!(found.unmanaged, []);
        state.data = Collection::default();
        let (mut declared, mut found) = (stage.dialect.normal(&state), stage.dialect.normal(&found.state));
        // The server writes these in words of its own, under names of its own.
        (declared.objects, found.objects) = (Collection::default(), Collection::default());
        prop_assert!(
            declared == found,
            "by the rules it differs:\n{}\nfrom\n{}",
            print(&found),
            print(&declared)
        );
        Ok(())
    });
    result.unwrap_or_else(|problem| panic!("{problem}"));
}
