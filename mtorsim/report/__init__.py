"""Results as tables, figures and pages.

Names are imported from their modules when they are first used: a picture of one run needs none of
what a comparison needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtorsim.report.folder import COMPARISON_FILES, check_folder, write_comparison
    from mtorsim.report.tables import comparison_text

_MODULE_OF = {
    "COMPARISON_FILES": "folder",
    "check_folder": "folder",
    "comparison_text": "tables",
    "write_comparison": "folder",
}

__all__ = ["COMPARISON_FILES", "check_folder", "comparison_text", "write_comparison"]


def __getattr__(name: str) -> Any:
    """Import a public name from its module."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'mtorsim.report' has no attribute {name!r}")
    return getattr(import_module(f"mtorsim.report.{_MODULE_OF[name]}"), name)
