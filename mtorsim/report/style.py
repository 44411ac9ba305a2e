"""How figures look: colours that colour-blind readers can tell apart, line styles, sizes.

Everything is set on the artists themselves; matplotlib's global settings are neither read for
what matters here nor changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe & Ito 2008, "Color Universal Design"; yellow is left out, as it is too pale for lines.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")

# All loops on is the solid line; each cut loop gets a dash pattern of its own.
LINE_STYLES: tuple[Any, ...] = (
    "solid",
    (0, (9, 2.5)),
    (0, (1.2, 1.5)),
    (0, (6, 1.6, 1.2, 1.6)),
    (0, (3, 1.6)),
    (0, (6, 1.5, 1.2, 1.5, 1.2, 1.5)),
    (0, (1.2, 4)),
    (0, (12, 2, 3, 2)),
    (0, (9, 2, 1.2, 2, 1.2, 2)),
    (0, (4, 5)),
    (0, (9, 7)),
    (0, (3, 1.6, 1.2, 1.6, 1.2, 1.6)),
)

INK = "#222222"
FAINT = "#D9D9D9"
FONT = "DejaVu Sans"  # comes with matplotlib, so figures are the same everywhere
TEXT_SIZE = 8.0
DPI = 300


def colour_of(index: int) -> str:
    """Colour of the n-th context."""
    return PALETTE[index % len(PALETTE)]


def line_style_of(index: int) -> Any:
    """Dash pattern of the n-th loop setting, 0 being all loops on."""
    return LINE_STYLES[index % len(LINE_STYLES)]


def dress(axes: Axes) -> None:
    """Two thin spines, small outward ticks, a faint horizontal grid."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_linewidth(0.8)
        axes.spines[side].set_color(INK)
    axes.tick_params(labelsize=TEXT_SIZE, colors=INK, width=0.8, length=3, direction="out")
    axes.tick_params(which="minor", width=0.5, length=1.8)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontfamily(FONT)
    axes.grid(True, axis="y", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)


def letter(axes: Axes, index: int) -> None:
    """Panel letter outside the upper left corner."""
    axes.annotate(
        "abcdefghijklmnopqrstuvwxyz"[index % 26],
        xy=(0, 1),
        xytext=(-2, 5),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=TEXT_SIZE + 2,
        fontweight="bold",
        fontfamily=FONT,
        color=INK,
        ha="right",
    )


def legend_row(figure: Any, groups: Sequence[tuple[str, Sequence[Any]]]) -> None:
    """Legends side by side from the left, one per group of (title, handles).

    Parameters
    ----------
    figure : a figure or subfigure that holds nothing else
    """
    width = figure.bbox.width / figure.dpi  # inches
    left = 0.1
    for title, handles in groups:
        figure.legend(
            handles=list(handles),
            title=title,
            loc="upper left",
            bbox_to_anchor=(left / width, 1.0),
            borderaxespad=0.0,
            frameon=False,
            prop={"family": FONT, "size": TEXT_SIZE},
            title_fontproperties={"family": FONT, "size": TEXT_SIZE, "weight": "bold"},
            labelcolor=INK,
            alignment="left",
            handlelength=3.2,
        )
        longest = max(len(title), *(len(handle.get_label()) + 8 for handle in handles))
        left += longest * TEXT_SIZE * 0.56 / 72 + 0.25


def words_on(setter: Any, text: str, *, larger: float = 0.0) -> None:
    """Set a title or label through its setter, in the figures' font."""
    setter(text, fontsize=TEXT_SIZE + larger, fontfamily=FONT, color=INK)
