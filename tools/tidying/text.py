"""Rules that look at one file's text."""

import re

from .tree import Finding

LINES_MAX = 400
COUNTED = ("src", "include", "tests", "bench", "tools", "examples", "web/assess", "web/console/src")
# Written in parts, so that a search for the markers does not find this file.
MARKERS = re.compile(r"\b(" + "|".join(["TO" "DO", "FIX" "ME", "X" "XX", "HA" "CK"]) + r")\b")
MACHINE_PATHS = re.compile(r"(?<![\w.}/-])/(?:" + "|".join(["wo" "rk", "ro" "ot"]) + r")/")


def check_length(file):
    if (file.below(*COUNTED) or file.path == "dev") and len(file.lines) > LINES_MAX:
        yield Finding(file.path, LINES_MAX + 1, "file-length",
                      f"{len(file.lines)} lines, at most {LINES_MAX}: two rooms under one roof, split it by subject")


def check_lines(file):
    for number, line in enumerate(file.lines, 1):
        if line != line.rstrip():
            yield Finding(file.path, number, "trailing-space", "remove the white space at the end of the line")
        marker = MARKERS.search(line)
        if marker:
            yield Finding(file.path, number, "marker", f"{marker[0]} was left over: finish it or take it out")
        if MACHINE_PATHS.search(line):
            yield Finding(file.path, number, "machine-path", "name no path of one machine: make it relative or a setting")
    if file.text and not file.text.endswith("\n"):
        yield Finding(file.path, len(file.lines), "final-newline", "end the file with a newline")


# One depth for the whole program: every text becomes JSON through base/json.hpp.
JSON_PARSERS = re.compile(r"json::parse\(|json::(stream_|basic_)?parser\b|\bparse_into\(")


def check_json(file):
    if not file.below("src") or file.path == "src/base/json.cpp" or not file.path.endswith((".cpp", ".hpp")):
        return
    for number, line in enumerate(file.lines, 1):
        if JSON_PARSERS.search(line):
            yield Finding(file.path, number, "json-depth", "read JSON through base/json.hpp, which bounds its depth")


def check_header(file):
    if not file.is_header:
        return
    if not any(line.strip() == "#pragma once" for line in file.lines):
        yield Finding(file.path, 1, "pragma-once", "add #pragma once under the opening comment")
    if file.below("src", "include") and not (file.lines and file.lines[0].startswith("//")):
        yield Finding(file.path, 1, "opening-comment",
                      "open with a comment that says what this is for: who owns it, which thread, what fails")


def links(file):
    if not file.name.endswith(".md"):
        return
    is_code = False
    for number, line in enumerate(file.lines, 1):
        if line.startswith("```"):
            is_code = not is_code
        if is_code:
            continue
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", line):
            if re.match(r"[a-z]+:", target):
                continue
            yield number, target


def check(tree):
    for file in tree.files:
        yield from check_length(file)
        yield from check_lines(file)
        yield from check_header(file)
        yield from check_json(file)
        for number, target in links(file):
            if not (tree.root / file.folder / target).exists():
                yield Finding(file.path, number, "dead-link", f"{target} does not exist")
