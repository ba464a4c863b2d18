"""How long functions are. C++ by its braces, Python by its own parser."""

import ast
import re

from .tree import Finding

LINES_MAX = 100

_TOKEN = re.compile(
    r'R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"'  # raw string
    r'|//[^\n]*|/\*.*?\*/'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'",  # a character, not a digit separator
    re.DOTALL)
_NOT_FUNCTION = re.compile(r"^\s*(?:inline\s+)?(?:namespace|class|struct|union|enum|extern)\b")


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    """`text` with comments and literals blanked out; every line stays where it is."""
    return _TOKEN.sub(lambda found: _blank(found[0]), text)


def _opens_function(head, paren_depth):
    """Whether a brace after `head`, the text since the last statement, begins a function's body."""
    if paren_depth > 0 or _NOT_FUNCTION.match(re.sub(r"^\s*template\s*<[^{}]*?>\s*(?=class|struct)", "", head)):
        return False
    return ")" in head and not re.search(r"[=\]]\s*$|^[^()]*=[^=()]*$", head)


def spans_in_cxx(text):
    """(first line, last line) of each function outside others; lambdas count to the function around them."""
    code = re.sub(r"(?m)^[ \t]*#(?:.*\\\n)*.*$", lambda found: _blank(found[0]), without_comments(text))
    scopes = []  # of each open brace: the line where its function began, or None; and the head before it
    head, parens, line, head_line = "", 0, 1, 1
    for position, char in enumerate(code):
        if char == "\n":
            line += 1
        if char == "{":
            inside = any(began is not None for began, _, _ in scopes)
            is_function = not inside and _opens_function(head, parens)
            scopes.append((head_line if is_function else None, head, parens))
            head, parens = "", 0
        elif char == "}":
            if not scopes:
                return
            began, before, parens = scopes.pop()
            rest = code[position + 1:position + 200].lstrip()
            if began is not None and rest[:1] in (",", "{"):
                head, head_line = before, began  # a member's initialiser: the body is still to come
                continue
            if began is not None:
                yield began, line
            head = before if parens else ""
        elif char == ";" and parens == 0:
            head = ""
        else:
            parens += (char == "(") - (char == ")")
            if not head.strip():
                head_line = line
            head += char


def spans_in_python(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno


def check(tree):
    for file in tree.files:
        if file.is_cxx:
            spans = spans_in_cxx(file.text)
        elif file.is_python:
            spans = spans_in_python(file.text)
        else:
            continue
        for first, last in spans:
            if last - first + 1 > LINES_MAX:
                yield Finding(file.path, first, "function-length",
                              f"{last - first + 1} lines, at most {LINES_MAX}: name its parts and take them out")
