"""The errors that mtorsim raises; each message is one line: what is wrong, where, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class MtorsimError(Exception):
    """Base of every error that is the caller's to mend."""


class ModelError(MtorsimError):
    """A model file, or a combination of them, is wrong.

    Parameters
    ----------
    problems : one line a problem: file (and line where known), what was found, what is wanted
    """

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems: tuple[str, ...] = (
            (problems,) if isinstance(problems, str) else tuple(problems)
        )
        super().__init__("\n".join(self.problems))


class UnitsError(MtorsimError):
    """A quantity has the wrong dimension, an unknown unit, or none where one is needed."""


class UnknownNameError(MtorsimError):
    """A name is not among the known ones; the message offers the nearest."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str = "") -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        prefix = f"{where}: " if where else ""
        super().__init__(f"{prefix}unknown {kind} {name!r}{suggestion(name, self.known)}")


class InputError(MtorsimError):
    """A value given by the caller can not be used (negative dose, empty range, file in the way)."""


class SolverError(MtorsimError):
    """A trajectory did not reach its end; the message names trajectory, time and status."""


class MissingExtraError(MtorsimError):
    """An optional library is not installed; the message names the extra that brings it."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"{library} is not installed: pip install 'mtorsim[{extra}]'")


def suggestion(name: str, known: Iterable[str]) -> str:
    """A tail for an error line: the nearest known names, or all of them where they are few."""
    names = sorted(set(known))
    lowered = {candidate.lower(): candidate for candidate in names}
    near = get_close_matches(name.lower(), list(lowered), n=3, cutoff=0.6)
    if near:
        return "; did you mean " + " or ".join(repr(lowered[match]) for match in near) + "?"
    if 0 < len(names) <= 12:
        return "; known: " + ", ".join(names)
    return ""
