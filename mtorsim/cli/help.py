"""How help texts end."""

from __future__ import annotations


def examples(*lines: str) -> str:
    """Closing part of a help text: command lines that work as they stand."""
    heading = "Example:" if len(lines) == 1 else "Examples:"
    return "\n".join(["\b", heading, *(f"  {line}" for line in lines)])
