"""A change to Pyodide's WebAssembly that keeps V8 from compiling the interpreter's loop again and again."""

from __future__ import annotations

import io

import leb128

# WebAssembly for `try { if (memory.size == 0) throw 0 } catch (0) {}`: it never throws, and changes nothing.
NEVER_THROWS = bytes.fromhex("0640 3f00 45 0440 4100 0800 0b 0700 1a 0b")


def without_speculation(module: bytes) -> bytes:
    """Return Pyodide's WebAssembly with `NEVER_THROWS` at the head of its longest function, the interpreter's loop.

    V8 inlines calls of function pointers on speculation, and deoptimizes and compiles the whole function anew when it
    was wrong (https://v8.dev/blog/wasm-speculative-optimizations). While Python starts that happens seven times to the
    loop, at 0.14 s of a processor each. In a function with a handler of legacy exceptions V8 keeps a call instead.

    Gains: opening takes 1.76 s instead of 1.98 (ten starts of each, interleaved); training is as fast as before. An
    upgrade of Pyodide must check: that the longest function is still the interpreter's loop (the gain is gone
    otherwise, nothing else), and that the module uses legacy exceptions, for WebAssembly must not mix the two kinds
    (the start fails otherwise). A Chromium that speculates in spite of the handler takes the gain away too.
    """
    reader = io.BytesIO(module)

    def number() -> int:
        return int(leb128.u.decode_reader(reader)[0])

    reader.seek(8)  # after the magic number and the version
    while reader.read(1)[0] != 10:  # the section of code
        reader.seek(number(), io.SEEK_CUR)
    section = reader.tell()
    size, start = number(), reader.tell()
    functions = []
    for _ in range(number()):
        function, length = reader.tell(), number()
        functions.append((length, function, reader.tell()))
        reader.seek(length, io.SEEK_CUR)
    length, function, body = max(functions)
    reader.seek(body)
    for _ in range(number()):  # groups of local variables: how many, and a byte for their type
        number()
        reader.seek(1, io.SEEK_CUR)
    head = reader.tell()
    longest = module[body:head] + NEVER_THROWS + module[head : body + length]
    code = module[start:function] + leb128.u.encode(len(longest)) + longest + module[body + length : start + size]
    return module[:section] + leb128.u.encode(len(code)) + code + module[start + size :]
