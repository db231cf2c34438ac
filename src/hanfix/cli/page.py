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
LONGEST = 160
LOST = "beyond repair"
DONE, FAILED, SKIPPED = range(3)


class Page:
    """What is collected for the page."""

    def __init__(self, options: Options) -> None:
        self.options = options
        # path, encoding, script, changes, losses, state, bytes, {kind: count}
        self.files: list[list[Any]] = []
        self.excerpts: list[list[Any]] = []
        self.kinds: list[str] = []
        self.stages: list[list[str]] = []
        self.totals: Counter[str] = Counter()
        self.losses: Counter[str] = Counter()
        self._numbers: dict[str, int] = {}
        self._shown: Counter[int] = Counter()

    def _kind(self, stage: str, kind: str) -> int:
        # What several stages did to one place counts for each.
        name = kind.replace("+", " + ") if "+" in stage else f"{stage} {kind}".strip()
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self.kinds)
            self.kinds.append(name)
            self.stages.append(stage.split("+"))
        return number

    def piece(self, job: Job, report: Report, lines: Lines) -> None:
        """What was changed in a piece, and what could not be repaired."""
        shown: Counter[int] = job.others.setdefault("excerpts", Counter())
        self.losses.update(loss.cause for loss in report.losses)
        kinds = {names: self._kind(*names) for names in {(edit.stage, edit.kind) for edit in report.edits}}
        if report.losses:
            kinds["", LOST] = self._kind("", LOST)
        # Most files of a large corpus have nothing that is still wanted.
        if len(self.excerpts) >= OF_ALL or not any(self._wants(kind, shown) for kind in kinds.values()):
            return
        places: list[tuple[int, Edit | Loss]] = [(kinds[edit.stage, edit.kind], edit) for edit in report.edits]
        places += [(kinds["", LOST], loss) for loss in report.losses]
        # What is lost before what was changed in it.
        lost = self._numbers.get(LOST)
        places.sort(key=lambda place: (place[1].start, place[0] != lost))
        group: list[tuple[int, Edit | Loss]] = []
        for kind, place in places:
            # What stands close together is read together, every change of it marked.
            if group and (
                place.start - group[-1][1].end > CONTEXT
                or place.end - group[0][1].start > LONGEST
                or lines.index(place.start) != lines.index(group[0][1].start)
            ):
                self._excerpt(report.original, lines, group, shown)
                group = []
            group.append((kind, place))
        self._excerpt(report.original, lines, group, shown)

    def _wants(self, kind: int, shown: Counter[int]) -> bool:
        # Of each kind some in every file, so that a rare one is not crowded out by a common one.
        return self._shown[kind] < OF_A_KIND and shown[kind] < max(3, OF_A_FILE // (len(shown) + 1))

    def _excerpt(self, text: str, lines: Lines, group: list[tuple[int, Edit | Loss]], shown: Counter[int]) -> None:
        kinds = {kind for kind, _ in group}
        if len(self.excerpts) >= OF_ALL or not any(self._wants(kind, shown) for kind in kinds):
            return
        first, last = group[0][1], group[-1][1]
        left, _ = around(text, lines, first, CONTEXT)
        _, right = around(text, lines, last, CONTEXT)
        parts: list[Any] = [left]
        at = first.start
        for kind, place in group:
            if place.start < at:
                continue
            if at < place.start:
                parts.append(text[at : place.start])
            old = text[place.start : place.end][:LONGEST]
            if kind == self._numbers.get(LOST):
                parts.append([kind, old, getattr(place, "cause", "")])
            else:
                parts.append([kind, old, getattr(place, "new", "")[:LONGEST]])
            at = place.end
        parts.append(right)
        self.excerpts.append([len(self.files), lines.place(first.start), parts])
        for kind in kinds:
            self._shown[kind] += 1
            shown[kind] += 1

    def end(self, job: Job) -> None:
        """A file is through."""
        broken = job.others.get("broken", 0)
        state = job.failure or job.skipped or (f"{broken} broken lines" if broken else "")
        counts = {self._kind(stage, kind): count for (stage, kind), count in job.kinds.items()}
        for kind, count in counts.items():
            self.totals[self.kinds[kind]] += count
        name = job.source.name.encode("utf-8", "backslashreplace").decode("utf-8")
        script = joined_script(job.scripts)
        self.files.append(
            [name, job.encoding, script, job.edits, job.losses, state, job.bytes_read, counts, int(job.changed),
             FAILED if job.failure is not None else SKIPPED if job.skipped is not None else DONE]
        )  # fmt: skip

    def data(self) -> dict[str, Any]:
        """All of it, as the page's script reads it."""
        from hanfix import __version__

        return {
            "version": __version__,
            "to": self.options.to,
            "kinds": self.kinds,
            "stages": self.stages,
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
