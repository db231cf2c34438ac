"""
The report as one page: what was found, where, how much of each kind, before and after, and the files
that need a human.

In: the account of each file, piece by piece. Out: one HTML file that needs nothing else. Never: more
excerpts than a person reads or a browser holds, however many files there are; text of a file as markup.

The page is a template (``page.html``); what it shows is JSON inside it, and a little script draws it.
Everything that stands in files reaches the page as a string of that JSON, whose every ``<`` is escaped,
and the script puts it there as text.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import IO, TYPE_CHECKING, Any

from hanfix.cli.formats.base import joined_script
from hanfix.cli.inspect import Lines, around
from hanfix.cli.jobs import Job
from hanfix.cli.options import Options

if TYPE_CHECKING:
    from hanfix import Edit, Loss, Report

# Excerpts: of one file, of one kind, and of all. A hundred thousand files of a mirror would give a page of
# gigabytes; somebody who looks at them reads some of each kind, and the worst files.
OF_A_FILE = 12
OF_A_KIND = 400
OF_ALL = 6_000
# Characters of context on either side, and of a change itself.
CONTEXT = 24
LONGEST = 120


class Page:
    """What is collected for the page."""

    def __init__(self, options: Options) -> None:
        self.options = options
        # path, encoding, script, changes, losses, state, bytes, {kind: count}
        self.files: list[list[Any]] = []
        self.excerpts: list[list[Any]] = []
        self.kinds: list[str] = []
        self.totals: Counter[str] = Counter()
        self.losses: Counter[str] = Counter()
        self._numbers: dict[str, int] = {}
        self._shown: Counter[int] = Counter()

    def _kind(self, name: str) -> int:
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self.kinds)
            self.kinds.append(name)
        return number

    def piece(self, job: Job, report: Report, before: int) -> None:
        """What was changed in a piece, and what could not be repaired."""
        shown: Counter[int] = job.others.setdefault("excerpts", Counter())
        lines: Lines | None = None
        for edit in report.edits:
            kind = self._kind(f"{edit.stage} {edit.kind}")
            if self._wants(kind, shown):
                lines = lines or Lines(report.original)
                self._excerpt(report.original, lines, edit, before, kind, edit.new, shown)
        for loss in report.losses:
            kind = self._kind("beyond repair")
            self.losses[loss.cause] += 1
            if self._wants(kind, shown):
                lines = lines or Lines(report.original)
                self._excerpt(report.original, lines, loss, before, kind, None, shown)

    def _wants(self, kind: int, shown: Counter[int]) -> bool:
        # Of each kind some in every file, so that a rare one is not crowded out by a common one.
        return (
            len(self.excerpts) < OF_ALL
            and self._shown[kind] < OF_A_KIND
            and shown[kind] < max(3, OF_A_FILE // (len(shown) + 1))
        )

    def _excerpt(
        self, text: str, lines: Lines, place: Edit | Loss, before: int, kind: int, new: str | None, shown: Counter[int]
    ) -> None:
        left, right = around(text, lines, place, CONTEXT)
        old = text[place.start : place.end][:LONGEST]
        note = getattr(place, "cause", "")
        where = lines.place(place.start, before)
        self.excerpts.append([len(self.files), kind, where, left, old, new and new[:LONGEST], right, note])
        self._shown[kind] += 1
        shown[kind] += 1

    def end(self, job: Job) -> None:
        """A file is through."""
        broken = job.others.get("broken", 0)
        state = job.failure or job.skipped or (f"{broken} broken lines" if broken else "")
        counts = {self._kind(f"{stage} {kind}"): count for (stage, kind), count in job.kinds.items()}
        for kind, count in counts.items():
            self.totals[self.kinds[kind]] += count
        name = job.source.name.encode("utf-8", "backslashreplace").decode("utf-8")
        script = joined_script(job.scripts)
        self.files.append(
            [name, job.encoding, script, job.edits, job.losses, state, job.bytes_read, counts, int(job.changed),
             int(job.failure is not None)]
        )  # fmt: skip

    def data(self) -> dict[str, Any]:
        """All of it, as the page's script reads it."""
        from hanfix import __version__

        return {
            "version": __version__,
            "to": self.options.to,
            "kinds": self.kinds,
            "totals": [self.totals.get(kind, 0) for kind in self.kinds],
            "losses": self.losses.most_common(),
            "files": self.files,
            "excerpts": self.excerpts,
            "capped": len(self.excerpts) >= OF_ALL or any(count >= OF_A_KIND for count in self._shown.values()),
        }

    def write(self, file: IO[bytes]) -> None:
        """The page."""
        import jinja2

        folder = os.path.dirname(os.path.abspath(__file__))
        loader = jinja2.FileSystemLoader(folder)
        environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
        template = environment.get_template("page.html")
        data = in_script(json.dumps(self.data(), ensure_ascii=False, separators=(",", ":")))
        for part in template.generate(data=data, title="normalize", files=len(self.files)):
            file.write(part.encode("utf-8", "backslashreplace"))


def in_script(text: str) -> Any:
    r"""
    JSON that can stand in a script element, whatever its strings hold.

    >>> str(in_script('"</script>"'))
    '"\\u003c/script\\u003e"'
    """
    from markupsafe import Markup

    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    # Halves of a pair that stand alone have no UTF-8.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Markup(text)
