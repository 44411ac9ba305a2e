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
    from mtorsim.errors import (
        InputError,
        MissingExtraError,
        ModelError,
        MtorsimError,
        SolverError,
        UnitsError,
        UnknownNameError,
    )
    from mtorsim.modelfiles.library import list_contexts, list_drugs, list_models
    from mtorsim.simulate.quantities import doses
    from mtorsim.solvers.options import SolverOptions, Status

__version__ = "0.1.0"

_MODULE_OF = {
    "InputError": "errors",
    "MissingExtraError": "errors",
    "ModelError": "errors",
    "MtorsimError": "errors",
    "SolverError": "errors",
    "SolverOptions": "solvers.options",
    "Status": "solvers.options",
    "UnitsError": "errors",
    "UnknownNameError": "errors",
    "doses": "simulate.quantities",
    "list_contexts": "modelfiles.library",
    "list_drugs": "modelfiles.library",
    "list_models": "modelfiles.library",
}

__all__ = [
    "InputError",
    "MissingExtraError",
    "ModelError",
    "MtorsimError",
    "SolverError",
    "SolverOptions",
    "Status",
    "UnitsError",
    "UnknownNameError",
    "__version__",
    "doses",
    "list_contexts",
    "list_drugs",
    "list_models",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'mtorsim' has no attribute {name!r}")
    return getattr(import_module(f"mtorsim.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    """Public names."""
    return __all__
