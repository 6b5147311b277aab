# make setup   the environment alone: .venv/bin/yibao then works
# make demo    the shipped example proofread and printed anew, an invented county made and imported; says where the results are
# make test    the tests, without those that take minutes
# make check   lint, types, floors, all tests: what CI runs
# make bench   the measurements of docs/benchmarks.md
# make spark   pyspark into the same environment: the tests of engine parity then run (needs Java 17)
# make wheelhouse   every wheel for a machine without internet (docs/offline-install.md)
# make lock    pin the dependencies again
# make clean   throw away what was made here
#
# Needs Python 3.11 or later, and make.

.PHONY: setup demo test check bench spark wheelhouse lock clean
.DEFAULT_GOAL := setup

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
EXAMPLE := examples/yiyang-2025/published
IS_NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3.11 python3; do $$p -c "$(IS_NEW_ENOUGH)" 2>/dev/null && { echo $$p; break; }; done)

setup: $(STAMP)
	@echo "环境已就绪：$(BIN)/yibao"

$(STAMP): requirements-dev.lock pyproject.toml
	@if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c "$(IS_NEW_ENOUGH)"; then \
		echo "需要 Python 3.11 或更高版本，未找到。Python 3.11 or later is needed: install it, or run 'make PYTHON=/path/to/python'." >&2; \
		exit 1; \
	fi
	@echo "正在准备运行环境（$(VENV)），首次约一分钟……"
	@$(BIN)/python -c "import pip" 2>/dev/null || "$(PYTHON)" -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# The example contains contradictions, so `yibao check` has to end with 1: findings of severity error.
# The folder is read as one package; comments go into one Word file at a time, with what that file alone shows.
# Then the same year is printed from its figures, with the contradictions settled: no error is left.
# Last, an invented county: made, exported as other offices would send it, imported, its data judged, and nothing lost on the way; its year settled
# and verified, its DIP catalogue built, its stays grouped, the city's sheets checked, the year cleared and watched; a change of policy simulated.
demo: $(STAMP)
	@rm -rf build/demo && mkdir -p build/demo
	@$(BIN)/yibao check $(EXAMPLE); test $$? -eq 1
	@$(BIN)/yibao check $(EXAMPLE) --format html --out build/demo/findings.html; test $$? -eq 1
	@for name in 绩效自评报告摘要 附件2-整体支出绩效自评表; do \
		$(BIN)/yibao check $(EXAMPLE)/$$name.docx --annotate build/demo/$$name-批注.docx >/dev/null; test $$? -eq 1 || exit 1; \
	done
	@$(BIN)/yibao appraise examples/yiyang-2025 --out build/demo/package
	@$(BIN)/yibao check build/demo/package >build/demo/package.txt; status=$$?; tail -n 1 build/demo/package.txt; test $$status -eq 0
	@$(BIN)/yibao demo county build/demo/county --scale 0.05 --years 2025 --export
	@$(BIN)/yibao init build/demo/workspace --region cn-990421
	@$(BIN)/yibao import build/demo/county/export --workspace build/demo/workspace >build/demo/import.txt && tail -n 1 build/demo/import.txt
	@$(BIN)/yibao quality --workspace build/demo/workspace
	@$(BIN)/yibao demo compare build/demo/county build/demo/workspace
	@$(BIN)/yibao enrol --workspace build/demo/workspace
	@$(BIN)/yibao settle 2025 --workspace build/demo/workspace
	@$(BIN)/yibao settle verify 2025 --workspace build/demo/workspace; test $$? -eq 1
	@$(BIN)/python scripts/hold_verification.py build/demo/workspace build/demo/county
	@$(BIN)/yibao settle explain $$($(BIN)/python scripts/hold_verification.py --one build/demo/workspace) --workspace build/demo/workspace
	@$(BIN)/yibao settle explain $$($(BIN)/python scripts/hold_verification.py --one build/demo/workspace) --workspace build/demo/workspace --slip build/demo/结算单.docx
	@$(BIN)/yibao dip build 2025 --kinds build/demo/county/手术操作分类.csv --out build/demo/DIP目录2025 --workspace build/demo/workspace >build/demo/dip_build.txt; status=$$?; tail -n 1 build/demo/dip_build.txt; test $$status -eq 0
	@$(BIN)/yibao dip group --pack build/demo/DIP目录2025 --year 2025 --workspace build/demo/workspace
	@$(BIN)/yibao dip verify --workspace build/demo/workspace --out build/demo/DIP核对 >build/demo/dip_verify.txt; test $$? -eq 1
	@$(BIN)/python scripts/hold_dip_verification.py build/demo/workspace build/demo/county
	@$(BIN)/yibao dip open 2025 --pack build/demo/DIP目录2025 --workspace build/demo/workspace
	@$(BIN)/yibao dip settle 2025 --workspace build/demo/workspace
	@$(BIN)/yibao dip clear 2025 --on 2026-04-10 --workspace build/demo/workspace --out build/demo/DIP清算
	@$(BIN)/yibao dip watch 2025 --workspace build/demo/workspace --out build/demo/DIP监测 >build/demo/dip_watch.txt; status=$$?; head -n 12 build/demo/dip_watch.txt; test $$status -eq 0
	@$(BIN)/python scripts/hold_upcoding.py build/demo/workspace build/demo/county
	@$(BIN)/yibao simulate --set resident.inpatient.rate.level2=0.75 --from 2025-07-01 --workspace build/demo/workspace --out build/demo/测算
	@echo "结果在 build/demo/ 下，可用浏览器和 Word（WPS）打开："
	@ls -1d build/demo/* build/demo/package/*

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not slow"

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist loadgroup

bench: $(STAMP)
	$(BIN)/python bench/proofread.py

spark: $(VENV)/.spark

$(VENV)/.spark: requirements-spark.lock $(STAMP)
	@echo "正在安装 pyspark（约 450 MB）……"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.lock
	@touch $@

wheelhouse: $(STAMP)
	$(BIN)/python scripts/wheelhouse.py

# uv only resolves; it gets an environment of its own and is not needed for anything else.
build/uv/bin/uv:
	"$(PYTHON)" -m venv build/uv
	build/uv/bin/python -m pip install --quiet --disable-pip-version-check uv

COMPILE = build/uv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(LOCK_FLAGS)

# Pins stay where they are unless you ask: make lock LOCK_FLAGS=--upgrade
lock: build/uv/bin/uv
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --extra spark --constraint requirements.lock --output-file requirements-spark.lock

clean:
	rm -rf build dist wheelhouse $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests bench scripts examples -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
