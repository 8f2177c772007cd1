"""How much memory a page takes, and how many listeners it has."""

from playwright.sync_api import Page

# The worker hands Python's memory to the kernel when it starts that; this keeps it where it can be asked for.
KEEP_MEMORY = """() => {
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = (source, imports) => {
        self.pythonMemory ??= imports?.env?.memory;
        return instantiate.call(WebAssembly, source, imports);
    };
}"""


def memory(page: Page) -> dict[str, int]:
    """Return bytes: Python's WebAssembly memory, and the page's JavaScript heap after garbage collection."""
    debugger = page.context.new_cdp_session(page)
    debugger.send("HeapProfiler.collectGarbage")
    used = debugger.send("Runtime.getHeapUsage")["usedSize"]
    debugger.detach()
    return {
        "Python (WebAssembly memory)": page.workers[0].evaluate("pythonMemory.buffer.byteLength"),
        "the page's JavaScript": used,
    }


def held(page: Page) -> dict[str, int]:
    """Return what a page holds after garbage collection: listeners, nodes of the document, bytes of JavaScript."""
    debugger = page.context.new_cdp_session(page)
    for _ in range(2):  # what the first finds dead may have been all that held something else
        debugger.send("HeapProfiler.collectGarbage")
    counters = debugger.send("Memory.getDOMCounters")
    used = debugger.send("Runtime.getHeapUsage")["usedSize"]
    debugger.detach()
    return {"listeners": counters["jsEventListeners"], "nodes": counters["nodes"], "bytes": used}
