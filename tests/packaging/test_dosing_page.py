"""The page of dosing says what the files say, and its examples run."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from mtorsim.modelfiles.pharmacokinetics import list_pharmacokinetics, load_pharmacokinetics
from mtorsim.simulate.pharmacokinetics import unbound_fraction
from mtorsim.simulate.regimen_text import read_schedule


@pytest.fixture(scope="session")
def page(checkout: Path) -> str:
    return (checkout / "docs" / "dosing.md").read_text()


def last_half_life(values: dict[str, float]) -> float:
    """From the matrix of the body, h."""
    out = values["clearance"] / values["volume_central"]
    there = values.get("clearance_distribution", 0.0) / values["volume_central"]
    back = values.get("clearance_distribution", 0.0) / values.get("volume_peripheral", 1.0)
    rates = np.array([[-out - there, back], [there, -back]])
    slopes = -np.linalg.eigvals(rates[:1, :1] if back == 0.0 else rates)
    return float(np.log(2.0) / slopes.min())


@pytest.mark.parametrize("drug", list_pharmacokinetics())
def test_the_table_of_constants_is_that_of_the_files(page: str, drug: str) -> None:
    (row,) = re.findall(rf"^\| {drug} \|(.*)\|$", page, re.MULTILINE)
    matrix, compartments, clearance, half_life, unbound, _ = (
        cell.strip() for cell in row.split("|")
    )
    kinetics = load_pharmacokinetics(drug)
    in_network = {entry.id: entry.value for entry in kinetics.parameters}
    values = {e.id.removesuffix(f"_{drug}"): e.value_as_written for e in kinetics.parameters}
    assert (matrix, int(compartments)) == (kinetics.measured_in, kinetics.compartments)
    assert float(clearance) == values["clearance"]
    assert float(half_life) == pytest.approx(last_half_life(values), rel=0.01)
    fraction = unbound_fraction(kinetics).evaluate(in_network)
    assert float(unbound) == pytest.approx(fraction, rel=0.02)


def test_schedules_of_the_page_can_be_read(page: str) -> None:
    written = re.findall(r'--(?:dose|against) "([^"]+)"', page)
    assert len(written) >= 5
    for text in written:
        assert read_schedule(text, drug="everolimus")


def test_its_pictures_are_there(page: str, checkout: Path) -> None:
    pictures = re.findall(r"\]\((images/[^)]+)\)", page)
    assert len(pictures) == 3
    assert all((checkout / "docs" / picture).is_file() for picture in pictures)
