"""Holds tests/contract/lines.txt against docs/contract.md and the tests: no line of sections 2 and 4 is without a test."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FENCES = re.compile(r"^(#|\| type \||\| --- |$)")


def sections():
    """Section number -> its lines, for 2.1 and on, and 4."""
    found, name = {}, None
    for line in (ROOT / "docs/contract.md").read_text().splitlines():
        if heading := re.match(r"^#{2,3} (\d+(?:\.\d+)?)\.? ", line):
            name = heading[1] if heading[1].startswith("2.") or heading[1] == "4" else None
        if name and not FENCES.match(line):
            found.setdefault(name, []).append(line.strip())
    return found


def tests():
    known = set()
    for source in (ROOT / "tests").rglob("*.cpp"):
        for suite, name in re.findall(r"\bTEST(?:_F|_P)?\((\w+),\s*(\w+)\)", source.read_text()):
            known.add(f"{suite}.{name}")
    for source in (ROOT / "tests/browser").glob("*.test.mjs"):
        for title in re.findall(r"^test\('((?:[^'\\]|\\.)*)'", source.read_text(), re.M):
            known.add("browser: " + title.replace("\\'", "'"))
    return known


def entries():
    for number, line in enumerate((ROOT / "tests/contract/lines.txt").read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        section, rest = line.split(" | ", 1)
        words, names = rest.rsplit(" | ", 1)
        yield number, section, words, re.split(r", (?=browser: |\w+\.\w)", names)


def main():
    text = {name: " ".join(lines) for name, lines in sections().items()}
    held = {name: [False] * len(whole) for name, whole in text.items()}
    known, faults, count = tests(), [], 0
    for number, section, words, names in entries():
        place = text.get(section, "").find(words)
        if place < 0:
            faults.append(f"lines.txt:{number}: section {section} does not say: {words}")
            continue
        held[section][place:place + len(words)] = [True] * len(words)
        faults += [f"lines.txt:{number}: there is no test {name}" for name in names if name not in known]
        count += len(names)
    for name, lines in sections().items():
        at = 0
        for line in lines:
            if not any(held[name][at:at + len(line)]):
                faults.append(f"docs/contract.md, section {name}: no test holds: {line}")
            at += len(line) + 1
    print("\n".join(faults) if faults else f"every line of sections {', '.join(text)} is held, by {count} named tests")
    return 1 if faults else 0


sys.exit(main())
