"""Machine code from LLVM text: compile, keep the object, load it, find its functions."""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass

import llvmlite.binding as llvm

#: LLVM's own code model and pass managers are not safe between threads
_lock = threading.Lock()
#: LLVM's level; 3 runs 15 % faster than 2 and compiles no slower
OPTIMISATION = 3


@dataclass(frozen=True, slots=True)
class Processor:
    """What code is compiled for."""

    triple: str
    name: str
    features: str

    @property
    def has_fma(self) -> bool:
        """Whether a fused multiply-add is one instruction."""
        return "+fma," in self.features + "," or not self.is_x86

    @property
    def is_x86(self) -> bool:
        """Whether the processor has the x86 control word for denormal numbers."""
        return self.triple.startswith(("x86_64", "i686"))

    @property
    def vector_bits(self) -> int:
        """Width of its widest vector register."""
        for feature, bits in (("+avx512f", 512), ("+avx", 256)):
            if feature + "," in self.features + ",":
                return bits
        return 128


@functools.cache
def host_processor() -> Processor:
    """The processor this process runs on."""
    return Processor(
        llvm.get_process_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()
    )


@functools.cache
def _initialise() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


def _target_machine() -> llvm.TargetMachine:
    _initialise()
    processor = host_processor()
    target = llvm.Target.from_triple(processor.triple)
    return target.create_target_machine(
        cpu=processor.name,
        features=processor.features,
        opt=OPTIMISATION,
        reloc="pic",
        codemodel="default",
    )


def compile_object(llvm_text: str) -> bytes:
    """Compile LLVM text to a relocatable object for the host."""
    with _lock:
        machine = _target_machine()
        module = llvm.parse_assembly(llvm_text)
        module.triple = host_processor().triple
        module.data_layout = str(machine.target_data)
        tuning = llvm.create_pipeline_tuning_options(speed_level=OPTIMISATION)
        builder = llvm.create_pass_builder(machine, tuning)
        builder.getModulePassManager().run(module, builder)
        return bytes(machine.emit_object(module))


class NativeLibrary:
    """A loaded object; its functions live as long as it does."""

    def __init__(self, content: bytes) -> None:
        with _lock:
            machine = _target_machine()
            empty = llvm.parse_assembly("")
            empty.triple = host_processor().triple
            self._engine = llvm.create_mcjit_compiler(empty, machine)
            self._engine.add_object_file(llvm.ObjectFileRef.from_data(content))
            self._engine.finalize_object()

    def address(self, name: str) -> int:
        """Address of a function."""
        return int(self._engine.get_function_address(name))
