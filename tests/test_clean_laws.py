"""Laws of single steps."""

from __future__ import annotations

import pytest
from hypothesis import given
from strategies import texts

import hanfix
from hanfix import clean
from hanfix._clean import STEPS

# What looks at more than a line: glosses are told by the document, PDF's line breaks stand between lines, and
# whether commas part fields is asked of all lines. Quotation marks follow the script of the whole text.
BY_THE_LINE = [step for step in STEPS if step not in ("gloss", "lines", "quotes", "width")]


@pytest.mark.parametrize("step", BY_THE_LINE)
@given(text=texts(), more=texts())
def test_a_step_of_lines_may_be_run_line_by_line(step: str, text: str, more: str) -> None:
    """Splitting a text at a line end changes nothing."""
    whole = clean(text + "\n" + more, steps=[step]).text
    assert whole == clean(text, steps=[step]).text + "\n" + clean(more, steps=[step]).text


@pytest.mark.parametrize("step", STEPS)
@given(text=texts())
def test_a_step_run_alone_makes_edits_of_its_kind_and_comes_to_rest(step: str, text: str) -> None:
    """Of another kind only where the step brings that along: glosses unfold marks."""
    once = clean(text, steps=[step])
    kinds = {kind for edit in once.edits for kind in edit.kind.split("+")}
    assert kinds <= ({"gloss", "width"} if step == "gloss" else {step})
    assert clean(once.text, steps=[step]).edits == ()
    assert hanfix.replay(text, once.edits) == once.text
