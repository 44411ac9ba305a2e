import numpy as np
import pytest

from mtorsim.analysis.dose_response import CurveLabel, DoseResponse
from mtorsim.analysis.hill import hill_fraction
from mtorsim.errors import InputError

DOSES = np.append(0.0, np.geomspace(1e-3, 1e4, 200))


def curve(change=-0.95, ic50=0.5, slope=1.2, control=0.6):
    response = control * (1.0 + change * hill_fraction(DOSES, ic50=ic50, slope=slope))
    return DoseResponse.from_points(DOSES, response, label=CurveLabel(readout="pS6K1_T389"))


def dose_of_share(share, ic50=0.5, slope=1.2, change=-0.95):
    fraction = share / -change
    return ic50 * (fraction / (1 - fraction)) ** (1 / slope)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_inhibitory_dose_is_that_of_the_closed_form(share):
    assert curve().inhibitory_dose(share) == pytest.approx(dose_of_share(share), rel=1e-4)


def test_inhibitory_dose_is_infinite_where_it_is_not_reached():
    assert curve(change=-0.8).inhibitory_dose(0.9) == np.inf


def test_inhibitory_dose_is_0_where_the_lowest_dose_already_does_it():
    assert curve(ic50=1e-6).inhibitory_dose(0.9) == 0.0


def test_inhibitory_dose_is_the_lowest_of_a_curve_that_comes_back():
    response = 1.0 - 0.95 * hill_fraction(DOSES, ic50=0.5, slope=2.0)
    response += 0.9 * hill_fraction(DOSES, ic50=500.0, slope=2.0)
    found = DoseResponse.from_points(DOSES, response).inhibitory_dose(0.5)
    assert 0.4 < found < 0.7


def test_value_between_doses_is_that_of_the_closed_form():
    expected = 0.6 * (1.0 - 0.95 * hill_fraction(np.array([1.234]), ic50=0.5, slope=1.2)[0])
    assert curve().value_at(1.234) == pytest.approx(expected, rel=1e-5)


def test_value_at_dose_0_is_the_control():
    assert curve().value_at(0.0) == 0.6


@pytest.mark.parametrize("dose", [1e-4, 2e4])
def test_nothing_is_extrapolated(dose):
    with pytest.raises(InputError, match="outside the doses tried"):
        curve().value_at(dose)


def test_emax_is_the_largest_change_with_its_sign():
    assert curve(change=-0.95).emax() == pytest.approx(-0.95, abs=1e-4)
    assert curve(change=0.8).emax() == pytest.approx(0.8, abs=1e-4)


def test_auc_is_1_without_effect_and_that_of_the_closed_form():
    assert curve(change=0.0).auc() == pytest.approx(1.0)
    # the integral of 1/(1 + (d/ic50)^h) over ln d is ln((1 + (d/ic50)^h))/h, up to sign
    low, high, h = DOSES[1], DOSES[-1], 1.2
    gone = (np.log1p((high / 0.5) ** h) - np.log1p((low / 0.5) ** h)) / h / np.log(high / low)
    assert curve().auc() == pytest.approx(1.0 - 0.95 * gone, abs=1e-4)


def test_relative_response_starts_at_1():
    assert curve().relative()[0] == pytest.approx(1.0, abs=1e-3)


def test_failed_points_are_left_out_and_counted():
    response = curve().on(DOSES[1:])
    response[[3, 7]] = np.nan
    found = DoseResponse.from_points(DOSES, np.append(0.6, response))
    assert found.n_failed == 2
    assert len(found.dose) == 198
    assert np.isnan(found.on(DOSES[1:])[[3, 7]]).all()
    assert found.fit().ic50.value == pytest.approx(0.5, rel=1e-3)


def test_points_may_come_in_any_order():
    shuffled = np.random.default_rng(0).permutation(len(DOSES))
    response = np.append(0.6, curve().response)
    found = DoseResponse.from_points(DOSES[shuffled], response[shuffled])
    assert np.array_equal(found.response, curve().response)


def test_arrays_of_a_curve_can_not_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        curve().response[0] = 1.0


@pytest.mark.parametrize(
    ("dose", "response", "said"),
    [
        ([1.0, 2.0], [1.0, 0.5], "dose 0, without drug"),
        ([0.0, 1.0], [np.nan, 0.5], "response without drug is nan"),
        ([0.0, 1.0, 1.0], [1.0, 0.5, 0.5], "ascending"),
        ([], [], "dose 0, without drug"),
    ],
)
def test_points_that_make_no_curve_are_refused(dose, response, said):
    with pytest.raises(InputError, match=said):
        DoseResponse.from_points(np.array(dose), np.array(response))


def test_no_inhibition_of_what_is_absent():
    absent = DoseResponse.from_points(DOSES, np.zeros(201), label=CurveLabel(readout="pS6K1_T389"))
    with pytest.raises(InputError, match="pS6K1_T389 is 0 without drug"):
        absent.inhibitory_dose(0.9)
    assert np.isnan(absent.emax())


@pytest.mark.parametrize("share", [0.0, 1.0, -0.5, 90.0])
def test_inhibition_is_a_share(share):
    with pytest.raises(InputError, match="share between 0 and 1"):
        curve().inhibitory_dose(share)


def test_fit_of_a_curve_uses_its_control():
    assert curve().fit().hill.start.value == pytest.approx(0.6, abs=1e-4)
