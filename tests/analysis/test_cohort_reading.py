"""Shares, genotypes and the figures that stand beside reported ones."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

import mtorsim as mt
from mtorsim.analysis import cohort_reading as reading
from mtorsim.analysis.cohort_reading import Share
from tests.analysis.core_cohort import core_cohort


@pytest.fixture(scope="module")
def cohort() -> mt.Cohort:
    return core_cohort()


@pytest.mark.parametrize(("count", "total"), [(0, 10), (3, 10), (57, 500), (10, 10)])
def test_intervals_are_those_of_wilson(count: int, total: int) -> None:
    found = Share(count, total)
    wanted = binomtest(count, total).proportion_ci(method="wilson")
    assert found.value == count / total
    assert found.interval == pytest.approx((wanted.low, wanted.high), abs=1e-12)


def test_a_share_of_nothing_is_nan() -> None:
    assert np.isnan(Share(0, 0).value)
    assert np.isnan(Share(0, 0).interval).all()


def test_each_tumour_has_one_genotype(cohort: mt.Cohort) -> None:
    names = reading.genotypes(cohort)
    assert names == ("none", "PTEN loss", "AKT over-expression", "several")
    kinds = reading.genotype_of(cohort)
    for i, has in enumerate(cohort.tumours.alterations):
        expected = {(0, 0): 0, (1, 0): 1, (0, 1): 2, (1, 1): 3}[tuple(map(int, has))]
        assert kinds[i] == expected


def test_rows_of_alterations_count_the_same_tumours(cohort: mt.Cohort) -> None:
    for j, row in enumerate(reading.alteration_rows(cohort)):
        has = cohort.tumours.alterations[:, j]
        assert row.drawn == Share(int(has.sum()), len(cohort))
        assert row.high_with.total + row.high_without.total == len(cohort)
        assert row.high_with.count + row.high_without.count == int(cohort.high.sum())
        assert row.high_alone.total <= row.high_with.total


def test_what_would_follow_if_each_alteration_sufficed(cohort: mt.Cohort) -> None:
    assert reading.share_if_each_sufficed(cohort) == pytest.approx(1 - 0.65 * 0.7)


def test_the_share_with_high_p_mtor_falls_as_the_bar_rises(cohort: mt.Cohort) -> None:
    shares = [reading.high_at(cohort, bar).value for bar in (50, 80, 90, 99)]
    assert shares == sorted(shares, reverse=True)
    assert reading.high_at(cohort, 90).value == reading.share(cohort.high).value


def test_reported_figures_have_what_their_measure_says(cohort: mt.Cohort) -> None:
    rows = {row.figure.id: row for row in reading.reported_rows(cohort)}
    assert rows["R1"].predicted == (100 * cohort.high.mean(),)
    responds, high = cohort.responds("everolimus"), cohort.high
    assert rows["R2"].predicted == pytest.approx(
        (100 * responds[high].mean(), 100 * responds[~high].mean())
    )
    assert rows["R3"].predicted == (100 * cohort.responds("vistusertib").mean(),)
    falls = [100 * np.median(cohort.response(d).inhibition) for d in ("everolimus", "vistusertib")]
    assert rows["R4"].predicted == pytest.approx(falls)
    assert rows["R4"].comment == "volumes"
    for row in (rows["R1"], rows["R2"], rows["R3"]):
        for value, (low, high_end) in zip(row.predicted, row.intervals, strict=True):
            assert low <= value <= high_end


def test_a_figure_without_counterpart_says_why(cohort: mt.Cohort) -> None:
    rows = {row.figure.id: row for row in reading.reported_rows(cohort)}
    assert rows["R5"].predicted == ()
    assert rows["R5"].comment == "not of a cell"
    assert rows["R6"].predicted == ()
    assert rows["R6"].comment == "not given here: --drug temsirolimus"


def test_reported_figures_change_no_prediction(cohort: mt.Cohort) -> None:
    """Nothing but the comparison reads them: they are not fitted to."""
    bare = mt.Cohort(
        **{
            name: getattr(cohort, name)
            for name in mt.Cohort.__dataclass_fields__
            if name != "design"
        },
        design=type(cohort.design)(
            **{
                name: getattr(cohort.design, name)
                for name in type(cohort.design).__dataclass_fields__
                if name != "reported"
            },
            reported=(),
        ),
    )
    np.testing.assert_array_equal(bare.high, cohort.high)
    assert reading.reported_rows(bare) == ()


def test_lines_have_gr_metrics(cohort: mt.Cohort) -> None:
    found = dict(reading.line_metrics(cohort, cohort.response("vistusertib")))
    assert list(found) == ["no alteration", "PTEN loss", "AKT over-expression"]
    assert found["no alteration"].gr_max < 1.0
    assert 0.0 < found["no alteration"].gr_aoc < 1.0


def test_an_unknown_drug_is_told(cohort: mt.Cohort) -> None:
    with pytest.raises(mt.UnknownNameError, match="did you mean 'everolimus'"):
        cohort.response("everolimuss")
