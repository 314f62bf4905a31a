# Vouch: what one types. `make` alone says what there is.
#
# Needs Rust; everything else that a target needs is installed by it, through apt, on Debian
# and its relatives, and only where it is missing.

RECORDS ?= 1000
LISTEN  ?= 127.0.0.1:8750
CARGO   ?= cargo
VOUCH   := $(or $(CARGO_TARGET_DIR),target)/release/vouch

# Where rustup puts cargo, for shells that do not know it yet.
export PATH := $(PATH):$(HOME)/.cargo/bin

.DEFAULT_GOAL := help
.PHONY: help demo serve build test lint

help: ## Say what there is
	@echo 'make TARGET'
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 12
	@echo
	@echo 'Variables: RECORDS=$(RECORDS) (demo, serve), LISTEN=$(LISTEN) (serve)'

demo: build ## Nine ledgers, two stories and what is refused, over HTTP
	$(VOUCH) demo --records $(RECORDS)

serve: build ## The same, and the service keeps running
	$(VOUCH) demo --records $(RECORDS) --listen $(LISTEN) --keep-running

build: ## Build the vouch binary
	@scripts/prerequisites.sh build
	$(CARGO) build --release --locked --package service

test: ## Run all tests, with those against independent implementations
	@scripts/prerequisites.sh build test
	scripts/python-env.sh
	scripts/node-env.sh
	$(CARGO) build --release --locked --package service
	$(CARGO) test --release --locked --workspace

lint: ## Check formatting, lints and dependencies
	@scripts/prerequisites.sh build
	$(CARGO) fmt --all --check
	$(CARGO) clippy --release --locked --workspace --all-targets -- -D warnings
	@if command -v cargo-deny >/dev/null; then \
		echo '$(CARGO) deny check'; $(CARGO) deny check; \
	else \
		echo 'cargo-deny is not installed: dependencies are not checked (cargo install cargo-deny)'; \
	fi
