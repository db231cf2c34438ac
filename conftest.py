"""
The documentation is run: Python blocks in Markdown, and the examples in docstrings.

A docstring is run in the namespace of its own module, as a reader would expect; a page of
documentation is one session from top to bottom.
"""

from __future__ import annotations

import os

from hypothesis import settings
from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

import hanfix  # noqa: F401  before sybil looks: so that src/ is never imported without its extension

# deadline: the time of one example says nothing on a shared machine.
settings.register_profile("quick", max_examples=40, deadline=None)
# derandomize: what passed yesterday passes today, and a failure is everybody's failure.
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True, print_blob=True)
# For all interpreters but one: only the buffer of a string is another there.
settings.register_profile("brief", max_examples=15, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("deep", max_examples=3000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

pages = Sybil(parsers=[PythonCodeBlockParser(), SkipParser()], patterns=["*.md"])
docstrings = Sybil(
    parsers=[DocTestParser()],
    pattern="*.py",
    path="src",
    document_types={".py": PythonDocStringDocument},
)
pytest_collect_file = (pages + docstrings).pytest()
