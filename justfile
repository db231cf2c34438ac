# Every check, once. `just check` is what continuous integration runs; `just --list` names the rest.

# The environment that is active, or else .venv.
venv := env("VIRTUAL_ENV", justfile_directory() / ".venv")
export VIRTUAL_ENV := venv
export PATH := venv / "bin" + ":" + env("PATH")

[private]
default:
    @just --list

# An environment to work in: .venv, with every tool and the library built into it.
setup python="python3":
    {{ python }} -m venv .venv
    .venv/bin/pip install --quiet --upgrade pip
    .venv/bin/pip install --quiet --group dev
    VIRTUAL_ENV="$PWD/.venv" .venv/bin/maturin develop --release

# Everything that must hold before a change goes in.
check: format-check lint rust build types test tables docs wheel-size

# The library and the command, into the environment.
build:
    maturin develop --release --quiet

# A wheel to give away. Deflated by the usual level 6, it is 0.2 MB larger.
wheel folder="dist" *options:
    maturin build --release --compression-level 9 --out {{ folder }} {{ options }}

# Rewrite all code in the house style.
format:
    ruff format
    ruff check --fix-only --quiet
    cargo fmt

format-check:
    ruff format --check
    cargo fmt --check

lint:
    ruff check
    cargo clippy --workspace --all-targets --quiet -- -D warnings

# Annotations hold, and the stub says what the extension has.
types:
    mypy
    python -m mypy.stubtest hanfix._core

# The core's tests.
rust:
    cargo test --workspace --quiet

# Python's tests, doctests and the documentation's code blocks.
test *options:
    python -m pytest --benchmark-disable --numprocesses=auto --dist=loadfile {{ options }}

# The embedded tables are those that data/build.py makes.
tables:
    python data/build.py --check

# The documentation builds, and every link in it leads somewhere.
docs:
    mkdocs build --strict --quiet

# The wheel stays small enough to be anybody's dependency.
wheel-size:
    python benchmarks/wheel_size.py

# Figures: each stage, start-up, and the peers beside it (installs the peers into the environment).
bench *options:
    pip install --quiet --group bench
    python -m pytest benchmarks --benchmark-only {{ options }}
    python benchmarks/import_time.py
    python benchmarks/compare_peers.py
    python benchmarks/batch_jobs.py
