# The two commands of a new user are `make demo` and `make test`. Each installs or builds what it
# needs; what is already there costs nothing.
.PHONY: demo live test check bench-store bench-speech fuzz sounds pbx prerequisites clean-pbx cargo-deny

CARGO_DENY_ROOT := target/tools
export PATH := $(CURDIR)/$(CARGO_DENY_ROOT)/bin:$(PATH)

# Built together, so that what the two have in common is built once.
RELEASE := cargo build --release --bin vizavi --example demo

# Real calls to a small company on this machine, told as they happen: DEMO="--lang ru" for Russian.
demo: prerequisites pbx
	$(RELEASE)
	@cargo run --release --quiet --example demo -- $(DEMO)

# The same company stays open for softphones until Ctrl-C: LIVE=--no-robots for empty desks.
live: prerequisites pbx
	$(RELEASE)
	@cargo run --release --quiet --example demo -- --live $(LIVE)

# Everything that must hold: format, lints, tests on a real Asterisk, documentation, licences.
test: check

check: prerequisites pbx cargo-deny
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings
	cargo test
	python3 -m unittest discover --start-directory integrations/bitrix24
	python3 -m unittest discover --start-directory integrations/amocrm
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps
	cargo deny check bans licenses sources

# What the store takes with up to 10,000,000 events: about 8 minutes, 13 GB of disk in BENCH_DIRECTORY.
bench-store:
	cargo build --release --bin vizavi --example bench_store
	@cargo run --release --quiet --example bench_store

# How long a menu takes, from nothing, from phrases, from a clip that is there.
bench-speech:
	@cargo run --release --quiet --example bench_speech

# Arbitrary bytes for all that comes from outside, each target for TIME seconds; needs cargo-fuzz and a
# nightly compiler.
TIME := 600
FUZZ := contract digits events sound stored templates

fuzz:
	@command -v cargo-fuzz >/dev/null || { echo "cargo install cargo-fuzz"; exit 1; }
	for target in $(FUZZ); do cargo +nightly fuzz run --sanitizer none $$target -- -max_total_time=$(TIME) || exit 1; done

# The built-in prompts in sounds/, rendered again after a text was changed.
sounds:
	cargo build --release --bin vizavi
	@scripts/sounds

# An Asterisk for the demo and the tests, in target/pbx.
pbx:
	@scripts/pbx

# What the demo and the tests need from this machine (run as root if something is missing).
prerequisites:
	@scripts/prerequisites

# Licences and sources of the dependencies are checked by this; built once if it is not there.
cargo-deny:
	@command -v cargo-deny >/dev/null || cargo install --quiet --locked --root $(CARGO_DENY_ROOT) cargo-deny

# Removes the unpacked Asterisk.
clean-pbx:
	rm -rf target/pbx
