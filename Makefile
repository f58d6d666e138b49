# Two commands do everything: `make demo` and `make test`.
.PHONY: demo test bench load faults setup lint dist

# A filled board on this machine; FASHION_IQ_DATA=folder takes the real data for the dev phase.
demo:
	@.ci/setup --demo
	@.ci/demo

# All tests; what can't run here is printed as skipped.
test: setup
	@.ci/test

# Speed, as ratios within one run.
bench: setup
	cargo bench -p scoring
	cargo bench -p system-tests --bench http
	cargo bench -p baseline --features torch

# The night before a deadline, at full size on both databases: ten minutes for each.
# LOAD_SECONDS=60 LOAD_RATE=30 are its length and its uploads a second.
load: setup
	cargo build --profile bench -p server -p system-tests --bin fashion-iq --bench night
	cargo bench -p server -p system-tests --bench night

# Random faults under load, on both databases; CYCLES=100 SEED=17 say how many and which.
faults: setup
	@.ci/faults

# What is installed elsewhere, into dist/: a static program, a Debian package, sums and an SBOM.
dist:
	@.ci/dist

# Format and lints, as CI checks them.
lint: setup
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features --profile demo -- -D warnings

# Gets what cargo can't; does nothing where everything is there.
setup:
	@.ci/setup
