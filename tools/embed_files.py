"""embed_files.py FOLDER OUT.inc: every file of a folder as an entry of a table in C++, as it is and as gzip.

An entry is {name, content type, {etag, bytes}, {etag, bytes}}; ETags are strong: they follow from the bytes.
"""

import gzip
import hashlib
import sys
from pathlib import Path

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
LITERAL_BYTES_MAX = 4000  # string literals are joined; each stays below any compiler's limit


def literal(data):
    """Printable ASCII as it is, the rest in octal, whose three digits end by themselves."""
    plain = [chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\?' else f"\\{byte:03o}" for byte in data]
    cuts = range(0, len(plain), LITERAL_BYTES_MAX)
    text = "\n".join('"' + "".join(plain[start:start + LITERAL_BYTES_MAX]) + '"' for start in cuts)
    return f"std::string_view({text}, {len(data)})"


def form(data):
    return f'{{"\\"{hashlib.sha256(data).hexdigest()[:32]}\\"", {literal(data)}}}'


def main():
    with open(sys.argv[2], "w", encoding="ascii") as out:
        for path in sorted(Path(sys.argv[1]).iterdir()):
            content_type = CONTENT_TYPES.get(path.suffix)
            if content_type is None:
                raise SystemExit(f"{path}: no content type is known for it: name it in {sys.argv[0]}")
            data = path.read_bytes()
            packed = gzip.compress(data, compresslevel=9, mtime=0)
            out.write(f'{{"{path.name}", "{content_type}",\n{form(data)},\n{form(packed)}}},\n')


main()
