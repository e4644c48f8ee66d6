# Every target may be repeated, also after one that was interrupted.
.DEFAULT_GOAL := help
.PHONY: help run test lint bench format messages requirements clean

python := .venv/bin/python

help: ## this list
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1\t\2/p' Makefile | expand -t 16
	@echo "Settings: PORT=8001 for run, ARGS='-k search' for test, PYTHON=python3.12 for all."

run: ## serve the site with demo stories on http://127.0.0.1:8000/
	@bash .ci/serve

test: ## all tests, on SQLite and on PostgreSQL, in a browser too
	@bash .ci/test $(ARGS)

lint: ## style, types, templates, migrations, deployment settings
	@bash .ci/lint

bench: ## measure what we claim about speed
	@bash .ci/setup dev
	@$(python) .ci/dotenv.py
	@$(python) -m benchmarks $(ARGS)

format: ## mend style and templates in place
	@bash .ci/format

messages: ## collect translatable strings, compile translations
	@bash .ci/messages

requirements: ## compute requirements*.txt from pyproject.toml (UPGRADE=1: newest of all)
	@bash .ci/requirements

clean: ## say what may be deleted
	@echo "Nothing was deleted. Made by tools, safe to delete:"
	@echo "  rm -rf .venv .static .kept-pages .hypothesis .mypy_cache .pytest_cache .ruff_cache test-results"
	@echo "Your data, not safe to delete: .env, the database (*.sqlite3) and media/."
