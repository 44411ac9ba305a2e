"""A variant made ready: its machine code loaded and the layout that the driver needs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from mtorsim.codegen.arena import Moieties
from mtorsim.codegen.kernel_folder import KernelFolder
from mtorsim.codegen.llvm_text import VectorTarget
from mtorsim.codegen.native import NativeLibrary, host_processor
from mtorsim.codegen.variant import Variant, VariantPrograms
from mtorsim.solvers.native_calls import register_step
from mtorsim.solvers.work import Kernel

#: relative change of conserved sums that is not worth another correction
HELD = {"double": 1e-11, "mixed": 3e-8}
#: x86 control word: all exceptions masked (the default), flush denormal results and inputs to zero
FLUSH_WORD = 0x1F80 | 0x8040
_CONTROL_WORD = """
declare void @llvm.x86.sse.ldmxcsr(ptr)
declare void @llvm.x86.sse.stmxcsr(ptr)
define i64 @control_word(i64 %word) {
  %old = alloca i32
  %new = alloca i32
  call void @llvm.x86.sse.stmxcsr(ptr %old)
  %narrow = trunc i64 %word to i32
  store i32 %narrow, ptr %new
  call void @llvm.x86.sse.ldmxcsr(ptr %new)
  %value = load i32, ptr %old
  %wide = zext i32 %value to i64
  ret i64 %wide
}
"""


@dataclass(frozen=True, slots=True)
class VariantLayout:
    """What the driver must know of a variant; kept as JSON beside the machine code."""

    offsets: dict[str, int]
    arena_size: int
    dense: list[list[float]]
    moieties: list[list[list[int]]]
    rhs_per_attempt: int
    factorisations_per_attempt: int


@dataclass(frozen=True, slots=True)
class PreparedVariant:
    """A variant that can run; ``library`` keeps its machine code alive."""

    variant: Variant
    driver_kernel: Kernel
    layout: VariantLayout
    library: NativeLibrary | None


def prepare(
    folder: KernelFolder,
    variant: Variant,
    *,
    write: Callable[[], tuple[VariantPrograms, Moieties]],
    first_step_address: int,
    compiled: bool,
) -> PreparedVariant:
    """Find a variant on disk, or write and compile it.

    Parameters
    ----------
    write : makes programs and conserved sums; called only where nothing usable is on disk
    compiled : False runs the readable Python instead of machine code
    """
    if not compiled:
        programs, moieties = write()
        layout = _layout(programs, moieties, lanes_are_plain=True)
        name = f"{variant.method}_double"
        folder.write_python(name, f"One step attempt of {variant.method}.", programs.python_text())
        step = folder.import_python(name).step
        kernel = _kernel(variant, layout, register_step(step), first_step_address)
        return PreparedVariant(variant, kernel, layout, None)
    content, text = folder.find_object(variant.name), folder.find_text(f"{variant.name}.json")
    if content is None or text is None:
        programs, moieties = write()
        layout = _layout(programs, moieties, lanes_are_plain=False)
        target = VectorTarget(variant.lanes, host_processor().has_fma)
        llvm_text = programs.llvm_text(target)
        if host_processor().is_x86:
            llvm_text += _CONTROL_WORD
        content = folder.compile(variant.name, llvm_text)
        folder.write_text(f"{variant.name}.json", json.dumps(asdict(layout)))
    else:
        layout = VariantLayout(**json.loads(text))
    library = NativeLibrary(content)
    control_word = 0
    if variant.precision == "mixed" and host_processor().is_x86:
        control_word = library.address("control_word")
    kernel = _kernel(
        variant, layout, library.address("step"), first_step_address, control_word=control_word
    )
    return PreparedVariant(variant, kernel, layout, library)


def _layout(
    programs: VariantPrograms, moieties: Moieties, *, lanes_are_plain: bool
) -> VariantLayout:
    """Offsets of the arrays; plain Python keeps every array in float64."""
    if lanes_are_plain:
        offsets, size = {}, 0
        for array in programs.arrays:
            offsets[array.name] = size
            size += array.count
    else:
        slots, size = programs.slots()
        offsets = {name: slot.offset for name, slot in slots.items()}
    return VariantLayout(
        offsets=offsets,
        arena_size=size,
        dense=[[float(x) for x in row] for row in programs.dense],
        moieties=[[[i, w] for i, w in members] for members in moieties],
        rhs_per_attempt=programs.rhs_per_attempt,
        factorisations_per_attempt=programs.factorisations_per_attempt,
    )


def _kernel(
    variant: Variant,
    layout: VariantLayout,
    step_address: int,
    first_step_address: int,
    *,
    control_word: int = 0,
) -> Kernel:
    """The layout in the form that the compiled driver takes."""
    offsets = layout.offsets
    members = [member for moiety in layout.moieties for member in moiety]
    starts = np.cumsum([0, *(len(moiety) for moiety in layout.moieties)])
    return Kernel(
        step_address=step_address,
        first_step_address=first_step_address,
        control_word_address=control_word,
        flush_word=FLUSH_WORD,
        lanes=variant.lanes,
        is_single=variant.precision == "mixed",
        arena_size=layout.arena_size,
        y=offsets["y"],
        k=offsets["k"],
        k_low=offsets.get("k_low", 0),
        increment=offsets["increment"],
        total=offsets.get("total", 0),
        stage_spacing=offsets["u0"] - offsets["increment"],
        dense=np.array(layout.dense).reshape(len(layout.dense), -1 if layout.dense else 1),
        moiety_start=starts.astype(np.int64),
        moiety_species=np.array([i for i, _ in members], dtype=np.int64),
        moiety_weight=np.array([w for _, w in members], dtype=np.float64),
        held=HELD[variant.precision],
    )
