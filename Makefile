# The two commands of a new user are `make demo` and `make test`. Each installs or builds what it
# needs; what is already there costs nothing.
.PHONY: demo live test check faults chaos soak bench bench-check bench-store bench-speech bench-steps fuzz sounds pbx prerequisites clean-pbx cargo-deny

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
	cargo fmt --check --manifest-path bench/load/Cargo.toml
	cargo clippy --all-targets -- -D warnings
	cargo test
	python3 -m unittest discover --start-directory integrations/bitrix24
	python3 -m unittest discover --start-directory integrations/amocrm
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps
	cargo deny check bans licenses sources

# Whom callers reach, and how soon, when something breaks: docs/faults.md. About half an hour; FAULTS="--fault SIGKILL".
faults: prerequisites pbx
	cargo build --bin vizavi --example faults
	@target/debug/examples/faults --out docs/faults.md $(FAULTS)

# Calls at random while something breaks all the time: CHAOS="--calls 200 --seed 7".
chaos: prerequisites pbx
	cargo build --bin vizavi --example chaos
	@target/debug/examples/chaos $(CHAOS)

# Constant traffic: memory, descriptors and channels at the end as at the beginning. SOAK="--minutes 600".
soak: prerequisites pbx
	cargo build --bin vizavi --example chaos
	@target/debug/examples/chaos --soak --minutes 10 $(SOAK)

# The same call through five applications, and the least that ARI allows, written to docs/performance.md: an hour on
# a machine with nothing else to do. BENCH="--alternations 1 --seconds 5" for a first look, BENCH=--help for more.
bench: prerequisites pbx
	cargo build --release --bin vizavi
	@bench/prepare
	@target/bench-load/release/vizavi-load $(BENCH)

# The bench's own tests and lints; not part of `make check`, which builds nothing of it.
bench-check:
	cargo fmt --check --manifest-path bench/load/Cargo.toml
	cargo fmt --check --manifest-path bench/peers/rust/Cargo.toml
	cargo fmt --check --manifest-path bench/peers/least/Cargo.toml
	cargo fmt --check --manifest-path bench/steps/Cargo.toml
	cargo clippy --all-targets --manifest-path bench/load/Cargo.toml --target-dir target/bench-load -- -D warnings
	cargo test --manifest-path bench/load/Cargo.toml --target-dir target/bench-load

# What the store takes with up to 10,000,000 events: about 8 minutes, 13 GB of disk in BENCH_DIRECTORY.
bench-store:
	cargo build --release --bin vizavi --example bench_store
	@cargo run --release --quiet --example bench_store

# How long a menu takes, from nothing, from phrases, from a clip that is there.
bench-speech:
	@cargo run --release --quiet --example bench_speech

# What lies on a call's way, step by step, in seconds and, where valgrind is, in instructions: those are the
# same in every run. STEPS=joined for a part of it. The first time it builds all of vizavi once more.
STEPS_TARGET := target/bench-steps
GUNGRAUN := 0.20.0

bench-steps:
	cd bench/steps && cargo bench --locked --target-dir ../../$(STEPS_TARGET) --bench on_a_calls_way -- $(STEPS)
	@command -v valgrind >/dev/null || { echo "no valgrind here: instructions are not counted"; exit 1; }
	@command -v gungraun-runner >/dev/null || cargo install --quiet --locked --root $(CARGO_DENY_ROOT) --version $(GUNGRAUN) gungraun-runner
	cd bench/steps && cargo bench --locked --target-dir ../../$(STEPS_TARGET) --bench instructions -- $(STEPS)

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

# Licences and sources of the dependencies are checked by this; built once if it is not there. Not optimised: it
# runs for seconds, and would be built for minutes.
cargo-deny:
	@command -v cargo-deny >/dev/null || CARGO_PROFILE_DEV_DEBUG=0 cargo install --quiet --debug --locked --root $(CARGO_DENY_ROOT) cargo-deny

# Removes the unpacked Asterisk.
clean-pbx:
	rm -rf target/pbx
