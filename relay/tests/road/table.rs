//! The table of hard cases names tests that exist.

use std::path::Path;

#[test]
fn every_test_that_the_table_names_exists() {
    let relay = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(relay.join("../docs/hard-cases.md")).unwrap();
    let read = |file: &str| {
        ["tests/road", "tests/console", "tests/observe", "tests/books", "../server/tests/crash"]
            .iter()
            .find_map(|suite| std::fs::read_to_string(relay.join(format!("{suite}/{file}.rs"))).ok())
    };

    // `limit::budget::a_test` stands in `limit/budget.rs`.
    let names = table.split('`').filter_map(|text| text.rsplit_once("::"));
    let names: Vec<_> = names.map(|(file, test)| (file.replace("::", "/"), test)).collect();
    let missing: Vec<_> = names
        .iter()
        .filter(|(file, test)| file != "file" && !file.contains(' ') && !test.contains(' '))
        .filter(|(file, test)| {
            !read(file).is_some_and(|text| *test == "*" || text.contains(&format!("fn {test}(")))
        })
        .collect();

    assert!(missing.is_empty(), "{missing:?}");
}
