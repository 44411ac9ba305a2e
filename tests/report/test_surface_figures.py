from __future__ import annotations

import numpy as np
import pytest
from matplotlib.text import Text

from mtorsim.analysis.synergy import NULL_MODELS, score_synergy
from mtorsim.report.surface_figures import SHOWN_NULLS, surface_figure, surface_title
from tests.analysis.surfaces import exclusive, hill, independent, partial, surface_of


@pytest.fixture(scope="module")
def figure():
    drawn = surface_figure(surface_of(partial))
    drawn.canvas.draw()
    return drawn


def words_of(figure):
    return " ".join(text.get_text() for text in figure.findobj(Text))


def test_every_panel_of_a_score_names_its_null_model(figure):
    titles = [axes.get_title() for axes in figure.axes]
    for null in SHOWN_NULLS:
        assert sum(f"null: {NULL_MODELS[null]}" in title for title in titles) >= 1
    assert any("isobologram\nnull: Loewe additivity" in title for title in titles)


def test_the_title_names_drugs_readout_and_time(figure):
    assert surface_title(surface_of(partial)) == "one + two, free receptor, 1 h"
    assert "one + two, free receptor, 1 h" in words_of(figure)


def test_axes_are_doses_with_the_drug_and_unit_named(figure):
    labels = {axes.get_xlabel() for axes in figure.axes} | {a.get_ylabel() for a in figure.axes}
    assert {"one (nM)", "two (nM)"} <= labels
    assert "effect beyond the null model: synergy > 0 > antagonism" in words_of(figure)


def test_undefined_cells_say_why(figure):
    assert "grey: beyond what a drug alone" in words_of(figure)


def test_colours_of_all_scores_share_one_scale_with_0_in_its_middle(figure):
    meshes = [
        mesh
        for axes in figure.axes
        for mesh in axes.collections
        if mesh.get_cmap().name == "RdBu_r"
    ]
    limits = {mesh.get_clim() for mesh in meshes}
    assert len(limits) == 1
    ((low, high),) = limits
    assert low == -high
    scores = [score_synergy(surface_of(partial), null).excess for null in SHOWN_NULLS]
    assert high == pytest.approx(max(np.nanmax(np.abs(excess)) for excess in scores))


def test_isoboles_of_additive_drugs_are_drawn_on_the_diagonal():
    drawn = surface_figure(surface_of(exclusive))
    (axes,) = [axes for axes in drawn.axes if "isobologram" in axes.get_title()]
    lines = axes.get_lines()
    assert len(lines) == 1 + 3
    for line in lines:
        assert line.get_xdata() + line.get_ydata() == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("level", [independent, lambda a, b: 1.0 + 0.0 * a + 0.0 * b])
def test_the_isobologram_says_when_there_is_nothing_to_draw(level):
    flat = level is not independent
    drawn = surface_figure(surface_of(level))
    drawn.canvas.draw()
    assert ("No isobole" in words_of(drawn).replace("\n", " ")) is flat


def test_a_drug_that_raises_a_readout_is_drawn():
    drawn = surface_figure(surface_of(lambda a, b: 1.0 + hill(a, ic50=9.0) - 0.4 * hill(b, ic50=9)))
    drawn.canvas.draw()
    assert "a drug alone leaves no share" in words_of(drawn).replace("\n", " ")


def test_a_drug_that_counts_as_inert_is_named():
    drawn = surface_figure(
        surface_of(lambda a, b: 1.0 - hill(a, ic50=9.0) + 0.01 * hill(b, ic50=9))
    )
    assert "(two inert)" in words_of(drawn)


@pytest.mark.parametrize("n_doses", [1, 2, 4])
def test_a_surface_of_few_doses_is_drawn(n_doses):
    doses = np.append(0.0, np.geomspace(10.0, 300.0, n_doses))
    drawn = surface_figure(surface_of(independent, doses=doses))
    drawn.canvas.draw()
    expected = "its fits need four doses" if n_doses < 4 else "null: zero interaction potency"
    assert expected in words_of(drawn).replace("\n", " ")
