import re

import pytest

from mtorsim.analysis.compare import compare
from mtorsim.report import interactive
from mtorsim.report.interactive import MOST_POINTS, chart, chart_record
from mtorsim.report.page import page
from tests.analysis.synthetic_model import SyntheticModel
from tests.report.test_page import IMAGES


@pytest.fixture(scope="module")
def comparison():
    return compare(SyntheticModel(), ["rapalog", "dual"], contexts=["PTEN-intact", "PTEN-lost"])


def test_every_curve_is_there_and_only_the_first_choice_is_drawn(comparison):
    traces = chart_record(comparison)["data"]
    assert len(traces) == len(comparison.rows)
    drawn = [trace for trace in traces if trace["visible"] is True]
    assert len(drawn) == 4  # two drugs in two cells, all loops on
    assert {trace["xaxis"] for trace in drawn} == {"x", "x2"}


def test_each_choice_of_the_menu_shows_one_readout_at_one_time(comparison):
    record = chart_record(comparison)
    (menu,) = record["layout"]["updatemenus"]
    options = comparison.options
    assert len(menu["buttons"]) == len(options.readouts) * len(options.at)
    shown = [button["args"][0]["visible"] for button in menu["buttons"]]
    for flags in zip(*shown, strict=True):  # every curve belongs to one choice
        assert sum(flag is not False for flag in flags) == 1


def test_levels_are_multiples_of_the_untreated_first_context(comparison):
    traces = [trace for trace in chart_record(comparison)["data"] if trace["visible"] is True]
    assert traces[0]["y"][0] == pytest.approx(1.0, abs=0.01)
    assert all(len(trace["x"]) <= MOST_POINTS for trace in traces)


def test_without_plotly_there_is_no_chart(comparison, monkeypatch):
    monkeypatch.setattr(interactive, "find_spec", lambda name: None)
    assert chart(comparison) == ""
    assert "Explore" not in page(comparison, IMAGES)


def test_the_chart_brings_its_library_and_loads_nothing(comparison):
    pytest.importorskip("plotly", reason="plotly, an optional extra, is not installed")
    html = page(comparison, IMAGES, interactive=chart(comparison))
    assert "<h3>Explore</h3>" in html
    assert not re.search(r"<(script|link|img|iframe)[^>]*\b(src|href)=[\"'](?!data:)", html)
