"""Python runs this in the browser before it imports anything else: so that it starts sooner."""

import gc
import zipimport

# Nothing of what is imported turns into garbage; worker.js has it collected again when all is there.
gc.disable()


def get_filename(self, fullname):
    """Return where a module lies, by the zip file's list of contents.

    The standard library unpacks and decodes the whole module for its name, and then once more for its code.
    """
    path = zipimport._get_module_path(self, fullname)
    files = self._get_files()
    for suffix, *_ in zipimport._zip_searchorder:
        if path + suffix in files:
            return f"{self.archive}/{path}{suffix}"
    raise zipimport.ZipImportError(f"can't find module {fullname!r}", name=fullname)


zipimport.zipimporter.get_filename = get_filename
