"""Python runs this in the browser before it imports anything else: so that it starts sooner."""

import gc
import zipimport
from typing import Any

# Nothing of what is imported turns into garbage; the worker has it collected again when all is there.
gc.disable()


def get_filename(self: Any, fullname: str) -> str:
    """Return where a module lies, by the zip file's list of contents.

    The standard library unpacks and decodes the whole module for its name, and then once more for its code.
    """
    path = zipimport._get_module_path(self, fullname)  # type: ignore[attr-defined]
    files = self._get_files()
    for suffix, *_ in zipimport._zip_searchorder:  # type: ignore[attr-defined]
        if path + suffix in files:
            return f"{self.archive}/{path}{suffix}"
    raise zipimport.ZipImportError(f"can't find module {fullname!r}", name=fullname)


zipimport.zipimporter.get_filename = get_filename  # type: ignore[method-assign]
