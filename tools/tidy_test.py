#!/usr/bin/env python3
"""Each rule of tools/tidy fires on a small wrong tree, and none on a right one."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TIDY = Path(__file__).resolve().parent / "tidy"

RIGHT = {
    "src/CMakeLists.txt": "posthorn_room(base EXTERNAL fmt::fmt)\nposthorn_room(net ASIO DEPS base)\n"
                          "posthorn_room(store DEPS base)\nposthorn_room(store/sqlite DEPS store base)\n"
                          "posthorn_room(app ASIO DEPS net store/sqlite store\n  base EXTERNAL CLI11)  # composition\n",
    "src/base/clock.hpp": "// Time.\n#pragma once\n\nnamespace posthorn::base {\nint now();\n}\n",
    "src/base/clock.cpp": '#include "base/clock.hpp"\n\nnamespace posthorn::base {\nint now() { return 1\'000; }\n}\n',
    "src/net/asio.cpp": "// Compiles Asio.\n#include <boost/asio/impl/src.hpp>\n",
    "src/store/sqlite/open.cpp": '#include <sqlite3.h>\n#include "base/clock.hpp"\n'
                                 "namespace posthorn::store::sqlite {\nint open() { return 0; }\n}\n",
    "src/app/main.cpp": '#include "base/clock.hpp"\nint main() { return posthorn::base::now(); }\n',
    "tests/CMakeLists.txt": "posthorn_test(crash crash)\nforeach(room base net)\n"
                            "  posthorn_test(unit_${room} unit/${room})\nendforeach()\n",
    "tests/unit/base/clock_test.cpp": '#include "base/clock.hpp"\n#include "times.hpp"\n',
    "tests/unit/base/times.hpp": "#pragma once\n",
    "tests/crash/crash_test.cpp": "int x;\n",
    "README.md": "See [the clock](src/base/clock.hpp) and [the web](https://example.org).\n",
}


def run(changes):
    """What tidy prints for the right tree with `changes` written over it (None removes a file)."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in {**RIGHT, **changes}.items():
            if text is not None:
                target = Path(folder, path)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(text if isinstance(text, bytes) else text.encode())
        ended = subprocess.run([sys.executable, TIDY, folder], capture_output=True, text=True, check=False)
        return ended.returncode, ended.stdout


class Tidy(unittest.TestCase):
    def finds(self, expected, changes):
        code, output = run(changes)
        self.assertEqual(code, 1, output)
        self.assertIn(expected, output)
        self.assertEqual(len(output.splitlines()), 2, "one finding and the closing line, no more:\n" + output)

    def passes(self, changes):
        code, output = run(changes)
        self.assertEqual((code, len(output.splitlines())), (0, 1), output)

    def test_a_right_tree_passes(self):
        self.passes({})

    def test_json_depth(self):
        self.finds("src/base/clock.cpp:4: json-depth: read JSON through base/json.hpp",
                   {"src/base/clock.cpp": '#include "base/clock.hpp"\n\nnamespace posthorn::base {\n'
                                          "auto read = json::parse(text);\n}\n"})

    def test_include_direction(self):
        self.finds("src/base/clock.cpp:1: include-direction: base may not include net",
                   {"src/net/pool.hpp": "// A pool.\n#pragma once\nnamespace posthorn::net {}\n",
                    "src/base/clock.cpp": '#include "net/pool.hpp"\nnamespace posthorn::base {}\n'})
        self.finds("include-direction: base may not include store/sqlite",
                   {"src/base/clock.cpp": '#include "store/sqlite/open.hpp"\nnamespace posthorn::base {}\n'})
        self.finds("include-direction: elsewhere/x.hpp is in no room",
                   {"src/base/clock.cpp": '#include "elsewhere/x.hpp"\nnamespace posthorn::base {}\n'})
        self.finds("include-path", {"src/base/clock.cpp": '#include "clock.hpp"\nnamespace posthorn::base {}\n'})

    def test_dependencies_are_not_inherited(self):
        table = RIGHT["src/CMakeLists.txt"].replace("store/sqlite DEPS store base", "store/sqlite DEPS store")
        self.finds("store/sqlite may not include base", {"src/CMakeLists.txt": table})

    def test_room_table(self):
        table = RIGHT["src/CMakeLists.txt"]
        self.finds("room-table: store depends on nowhere",
                   {"src/CMakeLists.txt": table.replace("(store DEPS base", "(store DEPS base nowhere")})
        self.finds("nothing includes app", {"src/CMakeLists.txt": table + "posthorn_room(cli DEPS app)\n"})
        code, output = run({"src/CMakeLists.txt": table.replace("base EXTERNAL fmt", "base DEPS store EXTERNAL fmt")})
        self.assertEqual(code, 1)
        self.assertIn("base and store depend on each other", output)

    def test_undeclared_room(self):
        self.finds("src/extra/a.cpp:1: undeclared-room: declare extra", {"src/extra/a.cpp": "int a;\n"})

    def test_confined_includes(self):
        inside = "\nnamespace posthorn::base {}\n"
        self.finds("sqlite3.h belongs to store/sqlite", {"src/base/clock.cpp": "#include <sqlite3.h>" + inside})
        self.finds("base does no networking", {"src/base/clock.cpp": "#include <boost/asio/post.hpp>" + inside})
        self.finds("boost/beast/http.hpp is for tests and examples only",
                   {"src/net/asio.cpp": "#include <boost/beast/http.hpp>\n"})
        self.passes({"tests/crash/crash_test.cpp": "#include <boost/beast/http.hpp>\n"})

    def test_public_headers(self):
        header = "// Time.\n#pragma once\n%s\nnamespace posthorn::base::inline v1 {}\n"
        user = {"src/base/clock.cpp": '#include "posthorn/base/time.hpp"\n#include "posthorn/base/net.hpp"\n'
                                      '#include "base/clock.hpp"\nnamespace posthorn::base {}\n',
                "include/posthorn/base/net.hpp": header % ""}
        self.passes({**user, "include/posthorn/base/time.hpp": header % '#include <string>\n#include "posthorn/base/net.hpp"'})
        self.finds("include/posthorn/base/time.hpp:3: public-header: base/clock.hpp is not installed",
                   {**user, "include/posthorn/base/time.hpp": header % '#include "base/clock.hpp"'})
        self.finds("include/posthorn/base/time.hpp:3: public-header: boost/json.hpp",
                   {**user, "include/posthorn/base/time.hpp": header % "#include <boost/json.hpp>"})
        self.finds("include/posthorn/base/time.hpp:1: dead-file", {"include/posthorn/base/time.hpp": header % ""})

    def test_namespace(self):
        self.finds("open namespace posthorn::base", {"src/base/clock.cpp": "namespace posthorn::net { int now(); }\n"})
        self.finds("open namespace posthorn::store::sqlite",
                   {"src/store/sqlite/open.cpp": "namespace posthorn::store { int x; }\n"})
        self.finds("open namespace posthorn::base", {"src/base/clock.cpp": "// namespace posthorn::base\nint x;\n"})

    def test_headers(self):
        self.finds("pragma-once", {"src/base/clock.hpp": "// Time.\nnamespace posthorn::base {}\n"})
        self.finds("opening-comment", {"src/base/clock.hpp": "#pragma once\nnamespace posthorn::base {}\n"})

    def test_file_length(self):
        self.finds("src/base/clock.cpp:401: file-length: 401 lines",
                   {"src/base/clock.cpp": "namespace posthorn::base {}\n" + "//\n" * 400})
        self.passes({"src/base/clock.cpp": "namespace posthorn::base {}\n" + "//\n" * 399})
        self.passes({"docs/long.md": "line\n" * 900})

    def test_function_length(self):
        def source(opening, lines):
            return "namespace posthorn::base {\nstruct box {\n  int a;\n};\n" + opening + " {\n" + \
                   "  if (true) { call([] { return 1; }); }\n" * lines + "}\n}\n"
        for opening in ("int f()", "template <class T>\nauto f(T x = {}) -> int", "box::box(int a) : a_(a), b_{a}",
                        "int f(const char* text = \"{(\", char c = '{') noexcept /* { */"):
            self.finds("function-length", {"src/base/clock.cpp": source(opening, 99)})
            self.passes({"src/base/clock.cpp": source(opening, 96)})
        self.passes({"src/base/clock.cpp": source("const auto table = std::to_array<row>(", 0).replace("}\n}\n", "")
                     + "  {1, 2},\n" * 150 + "});\n}\n"})
        self.passes({"src/base/clock.cpp": "namespace posthorn::base {\n" + "int f() { return 1; }\n" * 150 + "}\n"})
        self.passes({"src/base/clock.cpp": source("struct wide", 0).replace("{ call", "{call")
                     .replace("}\n}\n", "  int a;\n" * 150 + "};\n}\n")})
        self.finds("tools/gen.py:1: function-length", {"tools/gen.py": "def f():\n" + "    f()\n" * 100})

    def test_dead_files(self):
        self.finds("src/base/lonely.hpp:1: dead-file",
                   {"src/base/lonely.hpp": "// Alone.\n#pragma once\nnamespace posthorn::base {}\n"})
        self.finds("tests/unit/base/old.hpp:1: dead-file", {"tests/unit/base/old.hpp": "#pragma once\n"})
        self.finds("tests/unit/store/a_test.cpp:1: dead-file: no target", {"tests/unit/store/a_test.cpp": "int a;\n"})
        self.finds("tests/smoke/a_test.cpp:1: dead-file", {"tests/smoke/a_test.cpp": "int a;\n"})
        self.finds("bench/b.cpp:1: dead-file", {"bench/CMakeLists.txt": "add_executable(a a.cpp)\n",
                                                "bench/a.cpp": "int a;\n", "bench/b.cpp": "int b;\n"})

    def test_left_overs(self):
        for word in ("TO" "DO", "FIX" "ME", "X" "XX", "HA" "CK"):
            self.finds(f"README.md:1: marker: {word}", {"README.md": f"{word}: later\n"})
        self.passes({"README.md": "mktemp XXXXXX\n"})
        self.finds("machine-path", {"README.md": "in /" + "root/posthorn\n"})
        self.finds("machine-path", {"src/app/main.cpp": 'int main() { return open("/' + 'work/data"); }\n'})
        self.passes({"README.md": "a frame" + "work/ and src/" + "work/x\n"})

    def test_white_space(self):
        self.finds("README.md:2: trailing-space", {"README.md": "a\nb \n"})
        self.finds("trailing-space", {"README.md": "a\r\n"})
        self.finds("README.md:1: final-newline", {"README.md": "a"})

    def test_dead_links(self):
        self.finds("README.md:1: dead-link: docs/gone.md", {"README.md": "[gone](docs/gone.md#part)\n"})
        self.passes({"README.md": "```cpp\ncall([](int of) {});\n```\n"})
        self.finds("README.md:3: dead-link", {"README.md": "```\n```\n[gone](gone.md)\n"})

    def test_what_is_kept_to_the_byte_or_built_is_left_alone(self):
        self.passes({"tests/vectors/a.json": "{} ", "build/x.md": "a ", "src/base/picture.bin": b"\xff\x00 "})


if __name__ == "__main__":
    unittest.main()
