import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from mtorsim.analysis.compare import compare
from mtorsim.report.figures import dose_response_figure, time_course_figure
from mtorsim.report.style import PALETTE
from tests.analysis.synthetic_model import SyntheticModel

CONTEXTS = ["PTEN-intact", "PTEN-lost"]


@pytest.fixture(scope="module")
def comparison():
    return compare(SyntheticModel(), ["rapalog", "dual"], contexts=CONTEXTS, doses=30)


@pytest.fixture(scope="module", params=[dose_response_figure, time_course_figure])
def figure(request, comparison):
    drawn = request.param(comparison)
    drawn.canvas.draw()
    return drawn


def curves(axes):
    return [line for line in axes.get_lines() if len(line.get_xdata()) > 2]


def legends(figure):
    return [legend for part in figure.subfigs for legend in part.legends]


def test_there_is_a_panel_per_readout_drug_and_time(comparison):
    assert len(dose_response_figure(comparison).axes) == 3 * 2 * 2
    assert len(time_course_figure(comparison).axes) == 3 * 2


def test_each_panel_has_a_line_per_context_and_loop_setting(figure):
    for axes in figure.axes:
        lines = curves(axes)
        assert len(lines) == 2 * 3
        assert len({to_rgb(line.get_color()) for line in lines}) == 2
        assert len({str(line._dash_pattern) for line in lines}) == 3


def test_lines_are_the_curves_of_the_comparison(comparison):
    axes = dose_response_figure(comparison).axes[0]
    row = comparison.row("rapalog", "pS6K1_T389", time=7200.0, context="PTEN-intact")
    line = curves(axes)[0]
    assert np.array_equal(line.get_xdata(), row.curve.dose)
    assert line.get_ydata() == pytest.approx(row.curve.response / 0.6)


def test_figures_are_at_least_200_dots_an_inch(figure):
    assert figure.get_dpi() >= 200


def test_dose_axis_is_logarithmic_and_every_axis_names_its_unit(comparison):
    drawn = dose_response_figure(comparison)
    assert {axes.get_xscale() for axes in drawn.axes} == {"log"}
    assert [axes.get_xlabel() for axes in drawn.axes[-4:]] == [
        "rapalog (nM)",
        "rapalog (nM)",
        "dual (nM)",
        "dual (nM)",
    ]
    assert {axes.get_xlabel() for axes in time_course_figure(comparison).axes[-2:]} == {
        "time after drug (h, square-root scale)"
    }


def test_levels_start_at_0_and_rows_share_their_scale(comparison):
    axes = dose_response_figure(comparison).axes
    for row in range(3):
        limits = {panel.get_ylim() for panel in axes[4 * row : 4 * row + 4]}
        assert len(limits) == 1
        assert limits.pop()[0] == 0


def test_legends_cover_no_panel_and_not_one_another(figure):
    boxes = [legend.get_window_extent() for legend in legends(figure)]
    panels = [axes.get_tightbbox() for axes in figure.axes]
    assert len(boxes) >= 2
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in (*panels, *boxes[:i]))
        assert figure.bbox.x0 <= box.x0
        assert box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0


def test_legend_names_contexts_and_loops(figure):
    texts = {text.get_text() for legend in legends(figure) for text in legend.get_texts()}
    assert {*CONTEXTS, "all on", "S6K1 ⊣ IRS1 cut", "NF-kB ⊣ PTEN cut"} <= texts


def simulate_deuteranopia(colour):
    """Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB."""
    matrix = np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    )
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return matrix @ linear


def test_first_colours_stay_apart_for_colour_blind_readers():
    seen = [simulate_deuteranopia(colour) for colour in PALETTE[:3]]
    for i, one in enumerate(seen):
        for other in seen[:i]:
            assert np.linalg.norm(one - other) > 0.2


def test_drawing_changes_no_global_setting(comparison):
    before = dict(matplotlib.rcParams)
    dose_response_figure(comparison).canvas.draw()
    assert dict(matplotlib.rcParams) == before


def test_figures_do_not_depend_on_the_users_line_and_font_settings(comparison):
    plain = dose_response_figure(comparison).axes[0]
    with matplotlib.rc_context({"lines.linewidth": 9, "font.family": "serif", "font.size": 30}):
        other = dose_response_figure(comparison).axes[0]
    assert [x.get_linewidth() for x in curves(plain)] == [x.get_linewidth() for x in curves(other)]
    assert plain.title.get_fontsize() == other.title.get_fontsize()
    assert plain.title.get_fontfamily() == other.title.get_fontfamily()


def test_one_drug_without_contexts_or_loops_is_drawn():
    found = compare(SyntheticModel(), ["dual"], loops=[], doses=8, at=["2 h"])
    drawn = dose_response_figure(found)
    drawn.canvas.draw()
    assert len(drawn.axes) == 3
    assert [len(curves(axes)) for axes in drawn.axes] == [1, 1, 1]
    time_course_figure(found).canvas.draw()


def test_many_contexts_keep_lines_that_can_be_seen():
    names = [f"PTEN-lost{'+PTEN-intact' * i}" for i in range(2)]
    found = compare(SyntheticModel(), ["dual"], contexts=[*names, "PTEN-intact"], loops=[], doses=8)
    axes = dose_response_figure(found).axes[0]
    widths = [line.get_linewidth() for line in curves(axes)]
    assert widths == sorted(widths, reverse=True)
    assert min(widths) >= 1.0
