# `make` alone explains itself. Every target works from a fresh clone; each first makes .venv if it is missing.
.DEFAULT_GOAL := help
BIN := .venv/bin

.PHONY: help
help: ## This list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## Start Kanal here with a small demo and say where to go (Ctrl-C stops it)
	@sh scripts/bootstrap.sh runtime
	@KANAL_DEMO=$${KANAL_DEMO:-1} exec $(BIN)/kanal start

.PHONY: test
test: ## Everything that must be green: lint, types, contracts, tests on SQLite, PostgreSQL and Chromium
	@sh scripts/test.sh

.PHONY: bench
bench: develop ## Speed and memory at 100,000 reports on both databases (about fifteen minutes)
	@$(BIN)/python -m bench

.PHONY: bench-large
bench-large: develop ## The same with 1,000,000 reports (long)
	@$(BIN)/python -m bench --large

.PHONY: lint
lint: develop ## Style and import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

.PHONY: types
types: develop ## Strict types
	@$(BIN)/mypy

.PHONY: format
format: develop ## Put the code into its one format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: translations
translations: develop ## Bring the English catalogue up to date with the Indonesian texts, then compile it
	@$(BIN)/python scripts/translations.py update
	@$(BIN)/python scripts/translations.py compile

.PHONY: screenshots
screenshots: develop ## Take the pictures of the README and the guide again
	@$(BIN)/python scripts/screenshots.py

.PHONY: lock
lock: develop ## Renew requirements/*.txt from requirements/*.in
	@sh scripts/lock.sh

.PHONY: clean
clean: ## Remove .venv and caches; data in var/ stays
	@rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results build ./*.egg-info
	@find kanal tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

.PHONY: develop
develop:
	@sh scripts/bootstrap.sh develop
