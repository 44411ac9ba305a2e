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
    from mtorsim.analysis.cohort import Cohort
    from mtorsim.analysis.cohort_run import run_cohort
    from mtorsim.analysis.combination import Combination, CombinationSurface
    from mtorsim.analysis.combination_isoboles import Isobole, isoboles
    from mtorsim.analysis.combination_run import combine
    from mtorsim.analysis.compare import compare
    from mtorsim.analysis.comparison import Comparison
    from mtorsim.analysis.comparison_details import ComparisonDetails, comparison_details
    from mtorsim.analysis.explanation import Explanation, explain
    from mtorsim.analysis.growth_rate_metrics import GrMetrics, gr_metrics, gr_values
    from mtorsim.analysis.loop_gain import LoopGain, loop_gains
    from mtorsim.analysis.pair_goal import Goal
    from mtorsim.analysis.pair_search import PairResult, PairSearch, search_pairs
    from mtorsim.analysis.schedule_results import ScheduleComparison
    from mtorsim.analysis.schedules import compare_schedules
    from mtorsim.analysis.synergy import NULL_MODELS, SynergyScore, score_synergy
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
    from mtorsim.imported_model import ImportedModel
    from mtorsim.loading import load, load_native
    from mtorsim.model import Model
    from mtorsim.modelfiles.cohorts import load_cohort
    from mtorsim.modelfiles.library import list_contexts, list_drugs, list_models
    from mtorsim.report import write_comparison
    from mtorsim.report.cohort_folder import write_cohort
    from mtorsim.report.combination_folder import write_combination
    from mtorsim.report.explanation_folder import write_explanation
    from mtorsim.report.pk_figures import schedule_figure
    from mtorsim.report.result_figure import result_figure, save_figure
    from mtorsim.report.schedule_folder import write_schedules
    from mtorsim.simulate.dosing import Dosing, input_step, washout
    from mtorsim.simulate.files import open_sweep
    from mtorsim.simulate.quantities import doses
    from mtorsim.simulate.regimen_text import read_schedule
    from mtorsim.simulate.result import SweepResult, Trajectory
    from mtorsim.simulate.simulation import InterruptedWarning
    from mtorsim.simulate.steady import SteadyState
    from mtorsim.solvers.options import SolverOptions, Status

__version__ = "0.1.0"

_MODULE_OF = {
    "Combination": "analysis.combination",
    "CombinationSurface": "analysis.combination",
    "Cohort": "analysis.cohort",
    "Comparison": "analysis.comparison",
    "ComparisonDetails": "analysis.comparison_details",
    "Dosing": "simulate.dosing",
    "Explanation": "analysis.explanation",
    "GrMetrics": "analysis.growth_rate_metrics",
    "Goal": "analysis.pair_goal",
    "ImportedModel": "imported_model",
    "InputError": "errors",
    "InterruptedWarning": "simulate.simulation",
    "LoopGain": "analysis.loop_gain",
    "Isobole": "analysis.combination_isoboles",
    "MissingExtraError": "errors",
    "Model": "model",
    "ModelError": "errors",
    "MtorsimError": "errors",
    "NULL_MODELS": "analysis.synergy",
    "PairResult": "analysis.pair_search",
    "PairSearch": "analysis.pair_search",
    "ScheduleComparison": "analysis.schedule_results",
    "SolverError": "errors",
    "SolverOptions": "solvers.options",
    "Status": "solvers.options",
    "SteadyState": "simulate.steady",
    "SweepResult": "simulate.result",
    "SynergyScore": "analysis.synergy",
    "Trajectory": "simulate.result",
    "UnitsError": "errors",
    "UnknownNameError": "errors",
    "bands": "analysis.uncertainty",
    "combine": "analysis.combination_run",
    "compare": "analysis.compare",
    "compare_schedules": "analysis.schedules",
    "comparison_details": "analysis.comparison_details",
    "doses": "simulate.quantities",
    "explain": "analysis.explanation",
    "gr_metrics": "analysis.growth_rate_metrics",
    "gr_values": "analysis.growth_rate_metrics",
    "input_step": "simulate.dosing",
    "isoboles": "analysis.combination_isoboles",
    "list_contexts": "modelfiles.library",
    "list_drugs": "modelfiles.library",
    "list_models": "modelfiles.library",
    "load": "loading",
    "load_native": "loading",
    "loop_gains": "analysis.loop_gain",
    "load_cohort": "modelfiles.cohorts",
    "open_sweep": "simulate.files",
    "run_cohort": "analysis.cohort_run",
    "read_schedule": "simulate.regimen_text",
    "result_figure": "report.result_figure",
    "save_figure": "report.result_figure",
    "schedule_figure": "report.pk_figures",
    "score_synergy": "analysis.synergy",
    "search_pairs": "analysis.pair_search",
    "washout": "simulate.dosing",
    "write_combination": "report.combination_folder",
    "write_comparison": "report",
    "write_cohort": "report.cohort_folder",
    "write_explanation": "report.explanation_folder",
    "write_schedules": "report.schedule_folder",
}

__all__ = [
    "NULL_MODELS",
    "Cohort",
    "Combination",
    "CombinationSurface",
    "Comparison",
    "ComparisonDetails",
    "Dosing",
    "Explanation",
    "Goal",
    "GrMetrics",
    "ImportedModel",
    "InputError",
    "InterruptedWarning",
    "Isobole",
    "LoopGain",
    "MissingExtraError",
    "Model",
    "ModelError",
    "MtorsimError",
    "PairResult",
    "PairSearch",
    "ScheduleComparison",
    "SolverError",
    "SolverOptions",
    "Status",
    "SteadyState",
    "SweepResult",
    "SynergyScore",
    "Trajectory",
    "UnitsError",
    "UnknownNameError",
    "__version__",
    "bands",
    "combine",
    "compare",
    "compare_schedules",
    "comparison_details",
    "doses",
    "explain",
    "gr_metrics",
    "gr_values",
    "input_step",
    "isoboles",
    "list_contexts",
    "list_drugs",
    "list_models",
    "load",
    "load_cohort",
    "load_native",
    "loop_gains",
    "open_sweep",
    "read_schedule",
    "result_figure",
    "run_cohort",
    "save_figure",
    "schedule_figure",
    "score_synergy",
    "search_pairs",
    "washout",
    "write_cohort",
    "write_combination",
    "write_comparison",
    "write_explanation",
    "write_schedules",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'mtorsim' has no attribute {name!r}")
    return getattr(import_module(f"mtorsim.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    """Public names."""
    return __all__
