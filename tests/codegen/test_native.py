"""Machine code: what processor it is for, and that it can be kept, loaded and called."""

import ctypes

import pytest

from mtorsim.codegen.native import NativeLibrary, Processor, compile_object, host_processor

ADDITION = """
define i64 @add(i64 %a, i64 %b) {
  %sum = add i64 %a, %b
  ret i64 %sum
}
"""


def test_object_is_loaded_and_called() -> None:
    library = NativeLibrary(compile_object(ADDITION))
    add = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)(library.address("add"))
    assert add(2, 40) == 42


def test_libraries_with_the_same_names_do_not_meet() -> None:
    other = NativeLibrary(compile_object(ADDITION.replace("= add", "= sub")))
    library = NativeLibrary(compile_object(ADDITION))
    kind = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)
    assert kind(other.address("add"))(50, 8) == 42
    assert kind(library.address("add"))(50, 8) == 58


def test_text_that_is_no_program_is_refused() -> None:
    with pytest.raises(RuntimeError, match="expected"):
        compile_object("define i64 @broken(")


def test_same_text_gives_the_same_object() -> None:
    assert compile_object(ADDITION) == compile_object(ADDITION)


@pytest.mark.parametrize(
    ("triple", "features", "has_fma", "bits"),
    [
        ("x86_64-unknown-linux-gnu", "+avx,+avx512f,+fma", True, 512),
        ("x86_64-unknown-linux-gnu", "+avx,+fma,-avx512f", True, 256),
        ("x86_64-unknown-linux-gnu", "+avx,-fma,+fma4", False, 256),
        ("x86_64-apple-darwin", "+sse2", False, 128),
        ("aarch64-unknown-linux-gnu", "+neon", True, 128),
    ],
)
def test_features_say_what_a_processor_has(triple, features, has_fma, bits) -> None:
    processor = Processor(triple, "any", features)
    assert (processor.has_fma, processor.vector_bits) == (has_fma, bits)
    assert processor.is_x86 == triple.startswith("x86")


def test_host_has_a_name_and_features() -> None:
    host = host_processor()
    assert host.name
    assert host.vector_bits in (128, 256, 512)
