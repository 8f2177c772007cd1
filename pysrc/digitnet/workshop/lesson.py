"""The lesson's modules with some of their files edited, beside the originals, which stay as they are."""

import ast
import builtins
import importlib
import linecache
import types
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from digitnet.workshop.watch import SECONDS, nested, time_limit

# The files that can be edited, in the order in which one reads them. What they share with the application around them
# (ops.py, dataset.py) is not among them.
FILES = (
    "network.py", "activations.py", "losses.py", "initializers.py", "optimizers.py", "training.py",
    "augmentation.py", "strokes.py", "styles.py", "evaluation.py", "metrics.py", "gradcheck.py",
)  # fmt: skip


PACKAGE = Path(__file__).parents[1]


class LessonError(Exception):
    """A file of the lesson that cannot be run: which one, at which line (from 1, or None), and why."""

    def __init__(self, file: str, line: int | None, message: str) -> None:
        """Keep where it is and say what it is."""
        super().__init__(message)
        self.file, self.line = file, line


def original(file: str) -> str:
    """Return the text of one of FILES as it is published."""
    if file not in FILES:
        raise ValueError(f"There is no file {file!r} in the lesson; choose one of {', '.join(FILES)}.")
    return (PACKAGE / file).read_text("utf-8")


class Sources:
    """The texts of the lesson's files, some of them edited. edits: new texts by file, where they differ."""

    files = FILES

    def __init__(self, edits: Mapping[str, str] | None = None) -> None:
        """Keep what differs; ValueError for a file that is not in the lesson."""
        self.edits = {file: text for file, text in (edits or {}).items() if text != original(file)}

    def text(self, file: str) -> str:
        """Return the text of a file as it runs here."""
        return self.edits[file] if file in self.edits else original(file)

    def filename(self, file: str) -> str:
        """Return what code objects and tracebacks call a file here."""
        return f"<your {file}>" if file in self.edits else f"<{file}>"


class Lesson(Sources):
    """The modules of the lesson, as attributes by their names: `Lesson().network.MLP`.

    Without edits, these are the modules that everybody imports; with some, all of FILES are executed once more, and
    import one another instead of the originals.
    """

    def __init__(self, edits: Mapping[str, str] | None = None) -> None:
        """Execute the modules; LessonError where a file does not even run, Runaway where it does not end."""
        super().__init__(edits)
        self._modules: dict[str, types.ModuleType] = {}
        for file in FILES:
            self._module(file.removesuffix(".py"))

    def __getattr__(self, name: str) -> Any:
        """Return a module of the lesson."""
        modules = self.__dict__.get("_modules", {})
        if name not in modules:
            raise AttributeError(name)
        return modules[name]

    @property
    def modules(self) -> Mapping[str, types.ModuleType]:
        """The modules by their names."""
        return self._modules

    def _module(self, name: str) -> types.ModuleType:
        """Return a module, executed now if this is the first that hears of it."""
        if name in self._modules:
            return self._modules[name]
        if not self.edits:
            module = importlib.import_module(f"digitnet.{name}")
            self._modules[name] = module
            return module
        file = f"{name}.py"
        text, filename = self.text(file), self.filename(file)
        code = compiled(text, file, filename)
        module = types.ModuleType(f"digitnet.{name}")
        module.__file__ = filename
        module.__dict__["__builtins__"] = vars(builtins) | {"__import__": self._import}
        # Tracebacks and inspect find the lines here.
        linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
        self._modules[name] = module
        try:
            with time_limit(SECONDS, nested(code) if file in self.edits else ()):
                exec(code, module.__dict__)
        except LessonError:
            raise
        except ImportError as error:
            culprit = f"{(error.name or '').removeprefix('digitnet.')}.py"
            if culprit in FILES and error.name_from:
                message = f"{culprit} does not define {error.name_from}, which {file} imports."
                raise LessonError(culprit, None, message) from error
            raise LessonError(file, line_in(error, filename), f"{type(error).__name__}: {error}") from error
        except Exception as error:
            raise LessonError(file, line_in(error, filename), f"{type(error).__name__}: {error}") from error
        return module

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> types.ModuleType:
        """Do what `import` does, but find the lesson's modules here."""
        package, _, module = name.partition(".")
        if package == "digitnet" and f"{module}.py" in FILES and fromlist:
            return self._module(module)
        found = builtins.__import__(name, globals, locals, fromlist or (), level)
        if name == "digitnet" and any(f"{attribute}.py" in FILES for attribute in fromlist or ()):
            ours = types.ModuleType("digitnet")
            for attribute in fromlist or ():
                value = self._module(attribute) if f"{attribute}.py" in FILES else getattr(found, attribute)
                setattr(ours, attribute, value)
            return ours
        return found


@lru_cache(maxsize=64)  # most files of a lesson are as published
def compiled(text: str, file: str, filename: str) -> types.CodeType:
    """Compile a file's text; LessonError with the line of a syntax error."""
    try:
        return compile(ast.parse(text, filename), filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise LessonError(file, error.lineno, f"{error.msg}.".capitalize()) from error
    except (ValueError, RecursionError, MemoryError) as error:  # a NUL, or nesting beyond all measure
        raise LessonError(file, None, f"The file cannot be compiled: {error}") from error


def line_in(error: BaseException, filename: str) -> int | None:
    """Return the last line of a file that an exception passed through, or None if it passed through none."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
