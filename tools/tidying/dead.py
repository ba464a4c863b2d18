"""Files that nothing uses: headers that nobody includes, sources that no target compiles."""

import os
import re

from .tree import Finding


def check_headers(tree):
    included = {(file.folder, name) for file in tree.files if file.is_cxx
                for _, name, quoted in file.includes() if quoted or name.startswith("posthorn/")}
    names = {name for _, name in included}
    beside = {os.path.normpath(os.path.join(folder, name)) for folder, name in included}
    for file in tree.files:
        if not file.is_header or not file.below("src", "include", "tests", "bench", "examples"):
            continue
        from_root = file.path.split("/", 1)[1]
        if from_root not in names and file.path not in beside:
            yield Finding(file.path, 1, "dead-file", "nothing includes this header: delete it")


def is_compiled(file, tree):
    """Whether a CMakeLists.txt here or above names the file, its folder's *.cpp, or (for tests/unit) its room."""
    folder = file.folder
    while folder:
        text = re.sub(r"#[^\n]*", "", tree.text_of(folder + "/CMakeLists.txt"))
        below = os.path.relpath(file.path, folder)
        inner = os.path.dirname(below)
        if re.search(r"(?<![\w.-])" + re.escape(below) + r"(?![\w.-])", text):
            return True
        if re.search(r"(?<![\w/])" + re.escape("/".join(filter(None, (inner, "*.cpp")))), text):
            return True
        if inner and re.search(r"(?<![\w/])" + re.escape(inner) + r"(?![\w/])", text):
            return True
        outer, _, room = inner.partition("/")
        if outer == "unit" and "unit/${room}" in text:
            listed = re.search(r"foreach\(room ([^)]*)\)", text)
            return bool(listed) and room in listed[1].split()
        folder = os.path.dirname(folder)
    return False


def check(tree):
    yield from check_headers(tree)
    for file in tree.files:
        # src is globbed by room; an undeclared folder is found by the rooms' own rule.
        if file.is_source and file.below("tests", "bench", "examples", "tools") and not is_compiled(file, tree):
            yield Finding(file.path, 1, "dead-file", "no target compiles this: add it to CMakeLists.txt or delete it")
