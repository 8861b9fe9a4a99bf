//! How fast documents are read, decoded, written and formatted, in bytes per second.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use schemactl::diagnostic::SourceId;
use schemactl::document::{Cursor, Sink, format, read, write};

/// A schema of so many tables, laid out as people write it.
fn schema(tables: usize) -> String {
    let mut text = String::new();
    for table in 0..tables {
        text +=
            &format!("table customer_orders_{table} comment=\"Orders of the year, as they came in\" {{\n");
        text += "    column id bigint identity primary-key\n";
        for column in 0..10 {
            text += &format!(
                "    column some_column_{column} \"varchar(320)\" nullable default=\"none\" // a remark\n"
            );
        }
        text += "    column other_id bigint references=\"customer_orders_0.id\" on-delete=cascade\n";
        text += "    index some_column_0 some_column_1\n";
        text += "    check (sql)\"\"\"\n        some_column_0 <> some_column_1\n            OR some_column_2 > 0\n        \"\"\"\n}\n\n";
    }
    text
}

const TABLES: &[usize] = &[100, 1_000, 10_000];

#[divan::bench(args = TABLES)]
fn reads(bencher: Bencher<'_, '_>, tables: usize) {
    let text = schema(tables);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| read(SourceId(0), black_box(&text)));
}

#[divan::bench(args = TABLES)]
fn decodes(bencher: Bencher<'_, '_>, tables: usize) {
    let text = schema(tables);
    let (document, _) = read(SourceId(0), &text);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let sink = Sink::default();
        for node in document.nodes.iter().flat_map(|table| table.children()) {
            let mut column = Cursor::new(node, &sink);
            black_box((
                column.text("a word"),
                column.text("a word"),
                column.flag("nullable"),
                column.prop("default"),
            ));
            black_box((
                column.flag("identity"),
                column.flag("primary-key"),
                column.prop("references"),
                column.prop("on-delete"),
            ));
            column.args();
            column.finish();
        }
        sink.into_diagnostics()
    });
}

#[divan::bench(args = TABLES)]
fn writes(bencher: Bencher<'_, '_>, tables: usize) {
    let text = schema(tables);
    let (document, _) = read(SourceId(0), &text);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| write::document(black_box(&document)));
}

#[divan::bench(args = TABLES)]
fn formats(bencher: Bencher<'_, '_>, tables: usize) {
    let text = schema(tables);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| format::fmt(SourceId(0), black_box(&text)));
}
