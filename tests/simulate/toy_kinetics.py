"""Pharmacokinetics of the toy's drugs: one by mouth, one infused that forms the third."""

from __future__ import annotations

import dataclasses
import tempfile
from functools import lru_cache
from pathlib import Path

import mtorsim as mt
from mtorsim.modelfiles.pharmacokinetics import Pharmacokinetics, read_pharmacokinetics
from mtorsim.simulate.pharmacokinetics import with_pharmacokinetics
from tests.simulate.toy_model import toy

BLOCKER = {
    "molar_mass": (400.0, "g/mol"),
    "absorption_rate": (1.3, "1/h"),
    "clearance": (12.0, "L/h"),
    "volume_central": (30.0, "L"),
    "clearance_distribution": (7.0, "L/h"),
    "volume_peripheral": (90.0, "L"),
    "fraction_unbound": (0.25, "1"),
}
GLUEONE = {
    "molar_mass": (1000.0, "g/mol"),
    "clearance": (15.0, "L/h"),
    "volume_central": (36.0, "L"),
    "clearance_distribution": (9.0, "L/h"),
    "volume_peripheral": (135.0, "L"),
    "fraction_unbound": (0.1, "1"),
    "blood_to_plasma": (10.0, "1"),
    "metabolite_auc_ratio": (3.0, "1"),
}
GLUETWO = {
    "molar_mass": (900.0, "g/mol"),
    "absorption_rate": (2.0, "1/h"),
    "clearance": (14.0, "L/h"),
    "volume_central": (120.0, "L"),
    "fraction_unbound": (0.08, "1"),
    "blood_to_plasma": (38.0, "1"),
}
BY_MOUTH = {"route": "oral", "measured_in": "plasma"}
IN_BLOOD = {"route": "oral", "measured_in": "blood"}
INFUSED = {
    "route": "infusion",
    "infusion": "30 min",
    "measured_in": "blood",
    "metabolite": "gluetwo",
}


def kinetics_text(drug: str, head: dict[str, str], constants: dict[str, tuple[float, str]]) -> str:
    """A file of pharmacokinetics."""
    lines = ["[pharmacokinetics]", f'drug = "{drug}"', 'title = "invented"']
    lines += [f'{key} = "{value}"' for key, value in head.items()]
    for name, (value, unit) in constants.items():
        lines += [f"[parameters.{name}]", f"value = {value}", f'unit = "{unit}"', "spread = 1.5"]
        lines += ['source = "assumed"', 'why = "invented"']
    return "\n".join(lines)


def read_text(text: str, drug: str) -> Pharmacokinetics:
    """The pharmacokinetics that a text describes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{drug}.toml"
        path.write_text(text)
        return read_pharmacokinetics(path)


@lru_cache(maxsize=1)
def toy_in_bodies() -> mt.Model:
    """The toy with each of its drugs given in mg."""
    model = toy()
    network = model.network
    for drug, head, constants in (
        ("blocker", BY_MOUTH, BLOCKER),
        ("gluetwo", IN_BLOOD, GLUETWO),
        ("glueone", INFUSED, GLUEONE),
    ):
        kinetics = read_text(kinetics_text(drug, head, constants), drug)
        network = with_pharmacokinetics(network, kinetics)
    return dataclasses.replace(model, network=network)
