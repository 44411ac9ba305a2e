from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mtorsim.errors import ModelError
from mtorsim.interop.petab_tables import PRIORS, PetabParameter, Prior, read_petab_tables
from mtorsim.simulate.petab_priors import (
    from_scale,
    negative_log_prior,
    start_values,
    to_scale,
)
from tests.simulate.test_petab import write_problem

PLAIN = PetabParameter("k", "log10", 1e-3, 1e3, 1.0, estimate=True)
CENTRES = {"uniform": (0.5, 3.0), "parameterScaleUniform": (-1.0, 0.5)}


def parameter(kind: str, scale: str = "log10") -> PetabParameter:
    prior = Prior(kind, CENTRES.get(kind, (0.3, 0.2)))
    return replace(PLAIN, scale=scale, objective_prior=prior, initialization_prior=prior)


@pytest.mark.parametrize("kind", PRIORS)
def test_densities_are_normalised_over_what_they_are_of(kind: str) -> None:
    wanted = parameter(kind)
    on_scale = kind.startswith("parameterScale")
    grid = np.linspace(-4, 4, 400_001) if on_scale else np.linspace(1e-5, 20, 400_001)
    values = from_scale("log10", grid) if on_scale else grid
    density = np.exp(-negative_log_prior(wanted, values))
    # the normal and laplace priors have some of their weight below 0
    share = {"normal": 0.9332, "laplace": 1 - 0.5 * np.exp(-1.5)}.get(kind, 1.0)
    assert np.trapezoid(density, grid) == pytest.approx(share, abs=1e-3)


@pytest.mark.parametrize("kind", PRIORS)
@pytest.mark.parametrize("scale", ["lin", "log", "log10"])
def test_starts_follow_their_prior_inside_the_bounds(kind: str, scale: str) -> None:
    wanted = replace(parameter(kind, scale), lower=0.4, upper=2.5)
    quantiles = np.linspace(0.05, 0.95, 901)
    values = from_scale(scale, start_values(wanted, quantiles))
    assert values.min() >= 0.4 * (1 - 1e-12)
    assert values.max() <= 2.5 * (1 + 1e-12)
    inside = (values > 0.4 * 1.001) & (values < 2.5 * 0.999)
    assert inside.any()
    on_scale = kind.startswith("parameterScale")
    x = to_scale(scale, values) if on_scale else values
    # between two starts lies their share of the prior's weight
    density = np.exp(-negative_log_prior(wanted, values))
    weight = 0.5 * (density[1:] + density[:-1]) * np.diff(x)
    both = inside[1:] & inside[:-1]
    # of which the trapezoid misses at most (0.001 / 0.05)^2 / 12 in the tails
    np.testing.assert_allclose(weight[both], 0.001, rtol=1e-4)


def test_without_a_prior_starts_are_even_from_bound_to_bound() -> None:
    np.testing.assert_allclose(start_values(PLAIN, np.array([0.0, 0.5, 1.0])), [-3.0, 0.0, 3.0])
    assert negative_log_prior(PLAIN, np.array([1.0, 5.0])).tolist() == [0.0, 0.0]


def test_priors_are_read_from_the_table(tmp_path: Path) -> None:
    names = "objectivePriorType\tobjectivePriorParameters\tinitializationPriorType"
    header = f"estimate\t{names}\tinitializationPriorParameters\n"
    path = write_problem(tmp_path, parameters=("estimate\n", header))
    file = tmp_path / "parameters.tsv"
    row = "\t0.5\t1\tlaplace\t0.4; 0.1\tuniform\t0.1;2\n"
    file.write_text(file.read_text().replace("\t0.5\t1\n", row))
    k, scale, _ = read_petab_tables(path).parameters
    assert k.objective_prior == Prior("laplace", (0.4, 0.1))
    assert k.initialization_prior == Prior("uniform", (0.1, 2.0))
    assert scale.objective_prior is None


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("cauchy\t0;1", "objectivePriorType: 'cauchy'"),
        ("normall\t0;1", "did you mean 'normal'"),
        ("normal\t0;-1", "normal takes a centre and a spread above 0, not '0;-1'"),
        ("normal\t0", "not '0'"),
        ("normal\tNaN;1", "not 'NaN;1'"),
        ("uniform\t3;2", "uniform takes two bounds, the lower first, not '3;2'"),
        ("laplace\ta;b", "not 'a;b'"),
    ],
)
def test_a_wrong_prior_is_one_line_with_its_place(tmp_path: Path, cells: str, message: str) -> None:
    header = "estimate\tobjectivePriorType\tobjectivePriorParameters\n"
    path = write_problem(tmp_path, parameters=("estimate\n", header))
    file = tmp_path / "parameters.tsv"
    file.write_text(file.read_text().replace("\t0.5\t1\n", f"\t0.5\t1\t{cells}\n"))
    with pytest.raises(ModelError) as error:
        read_petab_tables(path)
    assert message in str(error.value)
    assert "parameters.tsv:2: objectivePrior" in str(error.value)


def test_a_parameter_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"parameters.tsv:3: parameter 'k' stands twice"):
        read_petab_tables(write_problem(tmp_path, parameters=("scale\tlin", "k\tlin")))
