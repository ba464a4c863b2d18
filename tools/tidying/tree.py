"""The tree as the rules see it: every text file of the project, read once."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

SKIPPED_FOLDERS = {".git", "build", "node_modules", ".cache", "__pycache__", "dist"}
# Data that is kept to the byte, whatever it looks like.
VERBATIM_FOLDERS = ("tests/vectors/", "tests/fuzz/corpus/", "tests/fixtures/stores/")


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    rule: str
    advice: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.advice}"


@dataclass
class File:
    path: str  # from the root, with forward slashes
    text: str

    def __post_init__(self):
        self.lines = self.text.removesuffix("\n").split("\n") if self.text else []
        self.folder = os.path.dirname(self.path)
        self.name = os.path.basename(self.path)
        self.is_header = self.name.endswith((".hpp", ".h"))
        self.is_source = self.name.endswith(".cpp")
        self.is_cxx = self.is_header or self.is_source
        self.is_python = self.name.endswith(".py") or (
            "." not in self.name and bool(self.lines) and self.lines[0].startswith("#!") and "python" in self.lines[0])

    def below(self, *folders):
        return any(self.path.startswith(folder + "/") for folder in folders)

    def includes(self):
        """(line, name, is_quoted) of each #include."""
        for number, line in enumerate(self.lines, 1):
            found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if found:
                yield number, found[2], found[1] == '"'


class Tree:
    def __init__(self, root):
        self.root = Path(root)
        self.files = sorted(self._read(), key=lambda file: file.path)
        self.by_path = {file.path: file for file in self.files}

    def _read(self):
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
            for name in set(names) - SKIPPED_FOLDERS:  # in a linked worktree `.git` is a file
                full = Path(folder, name)
                path = full.relative_to(self.root).as_posix()
                if path.startswith(VERBATIM_FOLDERS) or full.is_symlink():
                    continue
                try:
                    text = full.read_bytes().decode()
                except UnicodeDecodeError:
                    continue
                if "\0" not in text:
                    yield File(path, text)

    def text_of(self, path):
        file = self.by_path.get(path)
        return file.text if file else ""
