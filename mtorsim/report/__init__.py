"""Results as tables, figures and pages."""

from mtorsim.report.folder import COMPARISON_FILES, check_folder, write_comparison
from mtorsim.report.tables import comparison_text

__all__ = ["COMPARISON_FILES", "check_folder", "comparison_text", "write_comparison"]
