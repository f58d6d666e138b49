# Two commands do everything: `make demo` and `make test`.
.PHONY: demo test bench setup lint dist

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
