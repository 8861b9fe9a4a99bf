# The project's everyday commands; `just` lists them.
_default:
    @just --list --unsorted

# Everything a change must pass, as on the build server
[group('check')]
check:
    .ci/run

# Style, lints and documentation, without running a test
[group('check')]
lint:
    cargo fmt --check
    cargo clippy --all-targets --all-features -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --all-features

# The tests that need no server
[group('test')]
test *ARGS:
    cargo test --lib --test it {{ARGS}}

# The tests on real databases
[group('test')]
test-db *ARGS:
    tests/run --test db {{ARGS}}

# Reviews changed snapshots one by one (needs cargo-insta)
[group('test')]
review:
    cargo insta test --review --unreferenced=reject --test it

# Rewrites the expected output in every transcript; read the diff
[group('test')]
transcripts:
    SCHEMACTL_UPDATE_TRANSCRIPTS=1 tests/run transcript

# Measures the parts by size; times are reported, never asserted
[group('measure')]
bench *ARGS:
    cargo bench --bench parts {{ARGS}}

# Measures whole commands beside the databases' own clients
[group('measure')]
bench-commands *ARGS:
    benches/commands {{ARGS}}

# Feeds a fuzz target random input (needs cargo-fuzz and a nightly compiler)
[group('measure')]
fuzz TARGET *ARGS:
    cargo +nightly fuzz run --fuzz-dir tests/fuzz {{TARGET}} {{ARGS}}

# Proves that the crate can be published, then says how
[group('release')]
release: check
    cargo publish --dry-run
    @echo "next: git tag v$(cargo pkgid | sed 's/.*[#@]//') && cargo publish"
