# The two commands are `make demo` and `make test`; `make help` lists the rest.
# Each verb installs its own hash-pinned lock into .venv once, and again when the lock has changed.

PYTHON ?= python3
ENV    := .venv
PY     := $(ENV)/bin/python
LOCKS  := requirements.txt requirements-test.txt requirements-scale.txt .ci/browser.txt .ci/lint.txt
CODE   := lms courses enrollment certificates

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo demo-reset test test-browser lint format messages bench proofs lock check-lock

help: ## list these verbs
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

demo: $(ENV)/.run ## fill a demonstration programme and start it (PORT=8123 for exactly that port)
	@$(PY) manage.py demo $(if $(PORT),--port "$(PORT)")

demo-reset: $(ENV)/.run ## start the demonstration over
	@$(PY) manage.py demo --reset $(if $(PORT),--port "$(PORT)")

test: $(ENV)/.test check-lock ## run the whole suite
	@$(PY) -m pytest $(ARGS)

test-browser: $(ENV)/.browser ## run the browser suite (needs Chromium: sudo apt install chromium)
	@$(PY) -m pytest -m browser $(ARGS)

lint: $(ENV)/.lint ## formatting, rules, types, import directions, templates: all of them, then the verdict
	@failed=0; for tool in "ruff format --check ." "ruff check ." mypy lint-imports "djlint --quiet --lint templates"; do \
	 echo "--- $$tool"; $(ENV)/bin/$$tool || failed=1; done; exit $$failed

format: $(ENV)/.lint ## put Python files into the one format
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

messages: $(ENV)/.test ## collect the words of the interface and compile the catalogues (needs gettext)
	@$(PY) manage.py makemessages --all --no-obsolete --no-location --ignore '.*' --ignore var --ignore tests -v 0
	@$(PY) manage.py compilemessages -v 0

bench: $(ENV)/.bench ## measure every page against a baseline view (reports, asserts nothing)
	@$(PY) -m tests.bench $(ARGS)

proofs: $(ENV)/.bench ## run the long proofs, or one: NAME=backup
	@$(PY) -m pytest tests/proofs --override-ini="python_files=proof_*.py" $(if $(NAME),-k $(NAME)) $(ARGS)

# --- Environments ------------------------------------------------------------------------------------------------

$(ENV)/.run:     requirements.txt
$(ENV)/.test:    requirements-test.txt
$(ENV)/.bench:   requirements-test.txt requirements-scale.txt
$(ENV)/.browser: .ci/browser.txt
$(ENV)/.lint:    .ci/lint.txt
$(ENV)/.run $(ENV)/.test $(ENV)/.bench $(ENV)/.browser $(ENV)/.lint:
	$(install)

# Debian without python3-venv leaves a half-made .venv behind, so some pip must answer, not a folder exist;
# and an environment that works by the pip outside is kept, or each verb would wipe the other's packages.
define install
@command -v $(PYTHON) >/dev/null 2>&1 \
  || { echo "$(PYTHON) is missing. On Debian or Ubuntu: sudo apt install python3 python3-venv"; exit 1; }
@$(PYTHON) -c 'import sys; sys.version_info < (3, 11) and sys.exit("Python 3.11 or newer is needed, this is " \
  + sys.version.split()[0] + ". With another one installed: make $(MAKECMDGOALS) PYTHON=python3.12")'
@$(PY) -m pip -V >/dev/null 2>&1 || { $(PY) -c "" && $(PYTHON) -m pip -V; } >/dev/null 2>&1 \
  || $(PYTHON) -m venv --clear $(ENV) >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip $(ENV)
@if $(PY) -m pip -V >/dev/null 2>&1; then pip="$(PY) -m pip"; \
 elif $(PYTHON) -m pip -V >/dev/null 2>&1; then pip="$(PYTHON) -m pip --python $(PY)"; \
 else echo "pip is missing. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; fi; \
 echo "Setting up $(ENV) from $^ (once, about a minute) ..."; \
 $$pip install -qq --disable-pip-version-check --require-hashes $(addprefix -r ,$^) \
 || { echo "The packages could not be installed. Is there a network connection? Then: make $(MAKECMDGOALS)"; exit 1; }
@touch $@
endef

# --- Locks ---------------------------------------------------------------------------------------------------------

# uv is a tool of the maintainers only. Its files hold no addresses and serve every platform.
compile = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml

lock: ## resolve pyproject.toml into the lock files again (maintainers; needs uv)
	$(compile) -o requirements.txt
	$(compile) --extra scale -c requirements.txt -o requirements-scale.txt
	$(compile) --extra test -c requirements.txt -o requirements-test.txt
	$(compile) --extra test --extra scale --extra browser \
	  -c requirements-scale.txt -c requirements-test.txt -o .ci/browser.txt
	$(compile) --extra test --extra lint -c requirements-test.txt -o .ci/lint.txt
	@$(MAKE) --no-print-directory check-lock

# An address in a lock names somebody's machine or mirror, and would not be there for anyone else.
check-lock: ## no lock file may hold an address
	@if grep -nE 'file:|://' $(LOCKS); then echo "A lock file holds an address (above): make lock"; exit 1; fi
