"""Mass-action models of mTOR signalling under drugs, solved for many doses at once.

>>> import mtorsim as mt
>>> mt.list_models()[0].id
'mtor-core'

Names are imported from their modules when they are first used, so that ``import mtorsim`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtorsim.analysis.compare import compare
    from mtorsim.analysis.comparison import Comparison
    from mtorsim.analysis.explanation import Explanation, explain
    from mtorsim.analysis.uncertainty import bands
    from mtorsim.errors import (
        InputError,
        MissingExtraError,
        ModelError,
        MtorsimError,
        SolverError,
        UnitsError,
        UnknownNameError,
    )
    from mtorsim.model import Model, load
    from mtorsim.modelfiles.library import list_contexts, list_drugs, list_models
    from mtorsim.report import write_comparison
    from mtorsim.report.explanation_folder import write_explanation
    from mtorsim.simulate.dosing import Dosing, input_step, washout
    from mtorsim.simulate.files import open_sweep
    from mtorsim.simulate.imported import ImportedModel
    from mtorsim.simulate.quantities import doses
    from mtorsim.simulate.result import SweepResult, Trajectory
    from mtorsim.simulate.simulation import InterruptedWarning
    from mtorsim.simulate.steady import SteadyState
    from mtorsim.solvers.options import SolverOptions, Status

__version__ = "0.1.0"

_MODULE_OF = {
    "Comparison": "analysis.comparison",
    "Dosing": "simulate.dosing",
    "ImportedModel": "simulate.imported",
    "Explanation": "analysis.explanation",
    "InputError": "errors",
    "InterruptedWarning": "simulate.simulation",
    "MissingExtraError": "errors",
    "Model": "model",
    "ModelError": "errors",
    "MtorsimError": "errors",
    "SolverError": "errors",
    "SolverOptions": "solvers.options",
    "Status": "solvers.options",
    "SteadyState": "simulate.steady",
    "SweepResult": "simulate.result",
    "Trajectory": "simulate.result",
    "UnitsError": "errors",
    "UnknownNameError": "errors",
    "bands": "analysis.uncertainty",
    "compare": "analysis.compare",
    "doses": "simulate.quantities",
    "explain": "analysis.explanation",
    "input_step": "simulate.dosing",
    "list_contexts": "modelfiles.library",
    "list_drugs": "modelfiles.library",
    "list_models": "modelfiles.library",
    "load": "model",
    "open_sweep": "simulate.files",
    "washout": "simulate.dosing",
    "write_comparison": "report",
    "write_explanation": "report.explanation_folder",
}

__all__ = [
    "Comparison",
    "Dosing",
    "Explanation",
    "ImportedModel",
    "InputError",
    "InterruptedWarning",
    "MissingExtraError",
    "Model",
    "ModelError",
    "MtorsimError",
    "SolverError",
    "SolverOptions",
    "Status",
    "SteadyState",
    "SweepResult",
    "Trajectory",
    "UnitsError",
    "UnknownNameError",
    "__version__",
    "bands",
    "compare",
    "doses",
    "explain",
    "input_step",
    "list_contexts",
    "list_drugs",
    "list_models",
    "load",
    "open_sweep",
    "washout",
    "write_comparison",
    "write_explanation",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'mtorsim' has no attribute {name!r}")
    return getattr(import_module(f"mtorsim.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    """Public names."""
    return __all__
