"""Every picture of a comparison, by the name of its file."""

from __future__ import annotations

import io

from mtorsim.analysis.combination import Combination
from mtorsim.analysis.comparison import Comparison
from mtorsim.analysis.comparison_details import ComparisonDetails
from mtorsim.report.combination_folder import picture_name
from mtorsim.report.equal_effect_figure import equal_effect_figure
from mtorsim.report.explanation_figures import loops_figure
from mtorsim.report.figures import dose_response_figure, time_course_figure
from mtorsim.report.growth_figure import growth_figure
from mtorsim.report.pathway_diagram import pathway_figure
from mtorsim.report.surface_figures import surface_figure
from mtorsim.report.whole_folder import png

PAGE_DPI = 150
"""Dots an inch of a picture inside the page."""


def comparison_pictures(comparison: Comparison, details: ComparisonDetails) -> dict[str, bytes]:
    """PNG by file name without its end: of the comparison, then of its details.

    Raises
    ------
    MissingExtraError : matplotlib is not installed
    """
    pictures = {
        "equal_effect": png(equal_effect_figure(comparison)),
        "dose_response": png(dose_response_figure(comparison)),
        "time_course": png(time_course_figure(comparison)),
    }
    for explanation in details.explanations:
        drug = "_".join(explanation.drugs)
        pictures[f"why_{drug}_loops"] = png(loops_figure(explanation))
        pictures[f"why_{drug}_pathway"] = png(pathway_figure(explanation))
    if details.growth:
        pictures["growth"] = png(growth_figure(details))
    if details.combination is not None:
        names = surface_names(details.combination)
        for name, surface in zip(names, details.combination.surfaces, strict=True):
            pictures[name] = png(surface_figure(surface))
    return pictures


def on_page(picture: bytes) -> bytes:
    """A picture as it stands in the page: at ``PAGE_DPI``, in 256 colours of its own.

    A fifth of the bytes of the file beside the page, at more dots than most screens have.
    """
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as source:
        scale = PAGE_DPI / source.info["dpi"][0]
        size = round(scale * source.width), round(scale * source.height)
        image = source.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.quantize(256, dither=Image.Dither.NONE).save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


def surface_names(combination: Combination) -> list[str]:
    """Names of the pictures of the surfaces, in their order."""
    return [picture_name(surface).removesuffix(".png") for surface in combination.surfaces]
