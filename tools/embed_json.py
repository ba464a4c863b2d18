"""embed_json.py SOURCE.(yaml|json) OUT.inc: a document as a C++ raw string of compact JSON."""

import json
import sys

import yaml


def check_names(node, place):
    """YAML reads a bare `on` or `no` as a truth, which JSON would take for a name."""
    if isinstance(node, dict):
        for name, value in node.items():
            if not isinstance(name, str):
                raise SystemExit(f"{place}: the name {name!r} is no text: quote it")
            check_names(value, f"{place}/{name}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            check_names(value, f"{place}/{index}")


def main():
    with open(sys.argv[1], encoding="utf-8") as source:
        document = json.load(source) if sys.argv[1].endswith(".json") else yaml.safe_load(source)
    check_names(document, sys.argv[1])
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        # Raw strings may be joined; a long one is cut so that no compiler's limit on a literal is met.
        for start in range(0, len(text), 8000):
            out.write('R"json(' + text[start:start + 8000] + ')json"\n')


main()
