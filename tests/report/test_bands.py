"""Bands in figures, tables, files and on the page."""

from __future__ import annotations

import csv
import io
import json
import re

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb

import mtorsim as mt
from mtorsim.report import comparison_text
from mtorsim.report.answer import answer
from mtorsim.report.equal_effect_figure import RANGE_ALPHA, equal_effect_figure
from mtorsim.report.export import as_csv, as_json
from mtorsim.report.figures import dose_response_figure, time_course_figure
from mtorsim.report.page import call_text, page
from mtorsim.report.style import PALETTE
from tests.analysis.toy_comparison import toy, toy_comparison
from tests.report.test_page import IMAGES


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> mt.Model:
    return toy(tmp_path_factory.mktemp("sets"))


@pytest.fixture(scope="module")
def shaded(model: mt.Model) -> mt.Comparison:
    return toy_comparison(model)


@pytest.fixture(scope="module")
def plain(model: mt.Model) -> mt.Comparison:
    return toy_comparison(model, uncertainty=False)


@pytest.mark.parametrize("draw", [dose_response_figure, time_course_figure])
def test_every_panel_shades_each_context(draw, shaded, plain) -> None:  # type: ignore[no-untyped-def]
    above, below = draw(shaded).subfigs
    for axes in above.axes:
        bands = [artist for artist in axes.collections if isinstance(artist, PolyCollection)]
        colours = np.array([band.get_facecolor()[0][:3] for band in bands])
        assert colours == pytest.approx(np.array([to_rgb(PALETTE[0]), to_rgb(PALETTE[1])]))
    words = [text.get_text() for legend in below.legends for text in legend.get_texts()]
    assert "90 % of 3, all loops on" in words
    for axes in draw(plain).subfigs[0].axes:
        assert not any(isinstance(artist, PolyCollection) for artist in axes.collections)


def test_ranges_over_the_sets_stand_in_brackets_and_are_explained(shaded, plain) -> None:  # type: ignore[no-untyped-def]
    text = " ".join(comparison_text(shaded).split())
    assert "hold 90 % of 3 parameter sets" in text
    assert "each run at 25 of the doses" in text
    row = shaded.row("blocker", "pS6K", time=86400.0, context="wild-type")
    low, high = shaded.bands.curve(row.label).ic50
    found = re.search(r"blocker +wild-type.*? ([\d.]+) \(([\d.]+) to ([\d.]+)\) +-\d+ %", text)
    assert found is not None
    assert float(found[2]) <= float(found[3])
    assert low <= high
    assert "profile interval" in comparison_text(plain).replace("\n", " ")


def test_csv_has_columns_of_the_sets_only_where_there_are_some(shaded, plain) -> None:  # type: ignore[no-untyped-def]
    rows = list(csv.DictReader(io.StringIO(as_csv(shaded))))
    assert "ic50_low_of_sets_nM" not in as_csv(plain)
    for row in rows:
        told = [row[f"emax_{end}_of_sets"] for end in ("low", "high")]
        assert all(told) != bool(row["loop_cut"])
        if row["ic50_low_of_sets_nM"]:
            assert float(row["ic50_low_of_sets_nM"]) <= float(row["ic50_high_of_sets_nM"])


def test_json_holds_the_bands(shaded, plain) -> None:  # type: ignore[no-untyped-def]
    bands = json.loads(as_json(shaded))["bands"]
    assert bands["n_sets"] == 3
    assert len(bands["curves"][0]["low"]) == len(bands["doses"]["blocker"])
    assert bands["made"].startswith("3 sets of 3 parameters (")
    assert bands["made"].endswith("toy/ensembles/toy.csv, seed 3); drawn by hand")
    assert json.loads(as_json(plain))["bands"] is None


def test_the_page_says_what_is_shaded_and_how_to_repeat_it(shaded, plain) -> None:  # type: ignore[no-untyped-def]
    words = re.sub(r"<[^>]+>", "", page(shaded, IMAGES)).replace("&nbsp;", " ")
    assert "shading holds 90 % of 3 parameter sets" in words
    assert "uncertainty=3" in call_text(shaded)
    assert "uncertainty" not in call_text(plain)


def test_the_answer_gives_levels_with_ranges_and_says_of_what(shaded, plain) -> None:  # type: ignore[no-untyped-def]
    first, second = answer(shaded)
    assert first.endswith("; in brackets the range of 90 % of 3 parameter sets.")
    assert re.search(r" to [\d.]+ \([\d.]+ to [\d.]+\)", first)
    assert re.search(r"[+−][\d.]+ \([+−]?[\d.]+ to [+−]?[\d.]+\)", second)
    assert "in brackets" not in " ".join(answer(plain))


def test_ranges_of_the_sets_are_drawn_at_equal_effect(shaded, plain) -> None:  # type: ignore[no-untyped-def]
    ranges = [
        line
        for axes in equal_effect_figure(shaded).axes
        for line in axes.lines
        if line.get_alpha() == RANGE_ALPHA
    ]
    assert ranges
    assert all(line.get_xdata()[0] <= line.get_xdata()[1] for line in ranges)
    for axes in equal_effect_figure(plain).axes:
        assert not [line for line in axes.lines if line.get_alpha() == RANGE_ALPHA]
