"""
All tests, on every Python that this machine offers: ``nox``.

``rust`` tests the core; ``tests-…`` builds a wheel for one interpreter, installs it into an
environment of its own and runs the tests there. One wheel an interpreter, because the buffer of a
``str`` is read in place, and its layout is no part of the stable ABI.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nox

OLDEST = (3, 10)
ROOT = Path(__file__).parent
PROJECT = nox.project.load_toml(ROOT / "pyproject.toml")

nox.options.sessions = ["rust", "tests"]
nox.options.error_on_missing_interpreters = True

# What an interpreter says of itself. A shim of a version manager that has nothing behind it fails here.
PROBE = """
import json, platform, sys
print(json.dumps([
    list(sys.version_info[:3]),
    platform.python_implementation(),
    sys.base_prefix,
    sys.executable,
]))
"""


def candidates() -> Iterator[Path]:
    """Where a Python may be: on PATH under any name, Debian's, and those that pyenv has built."""
    names = ["python3", "python", *(f"python3.{minor}" for minor in range(OLDEST[1], 30))]
    for name in names:
        if found := shutil.which(name):
            yield Path(found)
        if (system := Path("/usr/bin", name)).exists():
            yield system
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob("versions/*/bin/python3"))


def interpreters() -> list[str]:
    """Every CPython that runs and is new enough, each installation once, the oldest first."""
    found: dict[tuple[tuple[int, ...], str], str] = {}
    for path in candidates():
        if path.is_relative_to(os.environ.get("VIRTUAL_ENV", "/nowhere")):
            continue
        try:
            asked = subprocess.run([path, "-c", PROBE], capture_output=True, check=True, timeout=60)
            version, implementation, prefix, executable = json.loads(asked.stdout)
        except (OSError, ValueError, subprocess.SubprocessError):
            continue
        if tuple(version) >= OLDEST and implementation == "CPython":
            found.setdefault((tuple(version), prefix), executable)
    return [found[key] for key in sorted(found)]


@nox.session(python=False)
def rust(session: nox.Session) -> None:
    """The core's own tests."""
    session.run("cargo", "test", "--workspace", "--quiet", external=True)


@nox.session(python=interpreters())
def tests(session: nox.Session) -> None:
    """Build, install and test on one interpreter; all examples of the laws are drawn on the oldest."""
    session.install(*nox.project.dependency_groups(PROJECT, "test"))
    session.install(".")
    is_oldest = session.python == interpreters()[0]
    env = {} if is_oldest else {"HYPOTHESIS_PROFILE": "brief"}
    # A file's tests stay together: some share what is costly to make.
    session.run("pytest", "--numprocesses=auto", "--dist=loadfile", *session.posargs, env=env)
