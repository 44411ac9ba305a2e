from __future__ import annotations

import numpy as np
import pytest

from mtorsim.analysis.combination_isoboles import effects_in_reach, isoboles
from mtorsim.errors import InputError
from tests.analysis.surfaces import exclusive, hill, independent, partial, surface_of

DOSES = np.append(0.0, np.geomspace(0.1, 1e4, 41))


def test_isoboles_of_dose_additive_drugs_lie_on_the_line():
    for isobole in isoboles(surface_of(exclusive, doses=DOSES)):
        assert isobole.alone == pytest.approx(
            (
                20.0 * isobole.effect / (1 - isobole.effect),
                300.0 * isobole.effect / (1 - isobole.effect),
            ),
            rel=1e-4,
        )
        assert isobole.index == pytest.approx(1.0, abs=2e-3)


def test_an_isobole_has_its_effect_at_every_point():
    for isobole in isoboles(surface_of(independent, doses=DOSES), effects=(0.3, 0.6)):
        effect = 1.0 - independent(*isobole.doses) / 8.0
        assert effect == pytest.approx(isobole.effect, abs=2e-3)
        assert np.all(np.diff(isobole.doses[0]) >= 0.0)


def test_drugs_that_make_one_another_potent_bend_the_isobole_below_the_line():
    def helping(first, second):
        return 1.0 - hill(first * (1.0 + second / 30.0) + second / 15.0, ic50=20.0)

    (isobole,) = isoboles(surface_of(helping, doses=DOSES), effects=(0.5,))
    assert isobole.index.min() < 0.9


def test_an_effect_that_one_drug_does_not_reach_has_no_index():
    (isobole,) = isoboles(surface_of(partial, doses=DOSES), effects=(0.7,))
    assert np.isnan(isobole.alone[0])
    assert np.isfinite(isobole.alone[1])
    assert np.all(np.isnan(isobole.index))


def test_an_effect_that_no_pair_reaches_has_no_isobole():
    assert isoboles(surface_of(lambda a, b: 1.0 - hill(a + b, ic50=9.0, most=0.2))) == ()


@pytest.mark.parametrize("effect", [0.0, np.nan])
def test_the_effect_of_no_drug_has_no_isobole(effect):
    with pytest.raises(InputError, match="choose one like"):
        isoboles(surface_of(exclusive), effects=(effect,))


def test_effects_to_draw_are_within_reach_of_the_weaker_drug():
    assert effects_in_reach(surface_of(partial)) == (0.25, 0.5, 0.75)

    def weak(first, second):
        left = 1.0 - hill(first, ic50=20.0, most=0.2)
        return left * (1.0 - hill(second, ic50=300.0))

    found = effects_in_reach(surface_of(weak))
    assert found == pytest.approx((0.05, 0.1, 0.15), abs=0.01)
    drawn = isoboles(surface_of(weak, doses=DOSES), found)
    assert all(np.all(np.isfinite(isobole.index)) for isobole in drawn)
    opposite = surface_of(lambda a, b: (1.0 + hill(a, ic50=9.0)) * (1.0 - hill(b, ic50=9.0)))
    assert effects_in_reach(opposite) == (0.25, 0.5, 0.75)
