"""Pictures of what was found against the bands of the panel."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import mtorsim as mt
from mtorsim.analysis.validate import Validation, validate
from mtorsim.report.validation_figures import (
    FAILS,
    PASSES,
    check_pictures,
    rows_by_topic,
    topic_figure,
    write_pictures,
)


@pytest.fixture(scope="module")
def validation() -> Validation:
    return validate("mtor-core", rows=["B34", "B44", "B04"])


def test_a_mark_says_where_a_check_lies_and_whether_it_passes(validation: Validation) -> None:
    for result in validation.rows:
        axes = topic_figure([result]).axes[0]
        bars, marks = axes.lines[::2], axes.lines[1::2]
        for checked, bar, mark in zip(result.checks, bars, marks, strict=True):
            assert mark.get_color() == (PASSES if checked.passed else FAILS)
            low, high = bar.get_xdata()
            assert low * high == pytest.approx(1.0)
            inside = low <= mark.get_xdata()[0] <= high
            assert inside == checked.passed or checked.check.low == 0.0


def test_a_check_without_a_value_says_so(validation: Validation) -> None:
    result = validation.rows[0]
    lost = replace(result, checks=tuple(replace(c, found=np.nan) for c in result.checks))
    texts = [text.get_text() for text in topic_figure([lost]).axes[0].texts]
    assert texts == ["no value"] * len(lost.checks)


def test_there_is_a_picture_per_topic_and_none_is_written_over(
    validation: Validation, tmp_path: Path
) -> None:
    paths = write_pictures(validation, tmp_path / "pictures")
    assert len(paths) == len(rows_by_topic(validation)) > 1
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths)
    with pytest.raises(mt.InputError, match="exists: use --force"):
        write_pictures(validation, tmp_path / "pictures")
    assert write_pictures(validation, tmp_path / "pictures", force=True) == paths
    (tmp_path / "file").write_text("")
    with pytest.raises(mt.InputError, match="is a file: name a folder"):
        check_pictures(tmp_path / "file")
