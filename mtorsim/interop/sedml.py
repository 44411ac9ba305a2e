"""Simulations of a model as SED-ML Level 1 Version 4: a time course, and dose-responses.

libSEDML carries a libSBML of its own, and once both are loaded in a process objects of the one come
out as objects of the other; so libSEDML is spoken to in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Literal

from mtorsim.errors import MissingExtraError, ModelError
from mtorsim.interop.xml_scan import XmlScan

#: seconds that libSEDML may take
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Output:
    """What a report shows: an id in the model, the kind of its element, and a label."""

    id: str
    kind: Literal["species", "parameter"]
    label: str


@dataclass(frozen=True, slots=True)
class Scan:
    """The time course once for each of some values.

    Parameters
    ----------
    target : what is set, to a value times ``factor``, before each course
    """

    target: Output
    values: Sequence[float]
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Simulations:
    """What is to be run on one model.

    Parameters
    ----------
    model_file : name of the SBML file beside the SED-ML file
    end : last time, in the model's unit; courses start at 0
    n_steps : equal steps to there
    outputs : what is reported
    scans : by label
    """

    model_file: str
    end: float
    n_steps: int
    outputs: tuple[Output, ...]
    scans: Mapping[str, Scan]


def write_sedml(simulations: Simulations) -> str:
    """The document: task ``course``, and a repeated task ``scan_<label>`` for each scan.

    Raises
    ------
    MissingExtraError : python-libsedml is not installed
    """
    return str(_asked({"write": asdict(simulations)}, origin=simulations.model_file))


def check_sedml(text: str, *, origin: str) -> tuple[str, ...]:
    """Errors of a SED-ML document as libSEDML finds them, one line each.

    Raises
    ------
    ModelError : it is no XML, or hostile
    MissingExtraError : python-libsedml is not installed
    """
    XmlScan(origin).scan(text.encode())
    return tuple(f"{origin}:{line}" for line in _asked({"check": text}, origin=origin))


def _asked(question: Mapping[str, object], *, origin: str) -> list[str] | str:
    """The answer of libSEDML, in a process that never sees the folder it is started in."""
    if find_spec("libsedml") is None:
        raise MissingExtraError("python-libsedml", "omex")
    command = [sys.executable, "-P", "-m", "mtorsim.interop.sedml_process"]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(question),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise ModelError(f"{origin}: libSEDML can not deal with this SED-ML") from error
    answer: list[str] | str = json.loads(done.stdout)
    return answer
