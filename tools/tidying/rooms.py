"""Rules about rooms: the table in src/CMakeLists.txt says what each folder of src may include."""

import re
from dataclasses import dataclass

from .functions import without_comments
from .tree import Finding

TABLE = "src/CMakeLists.txt"
# A foreign header, by its beginning, and the only rooms that may see it. Asio follows the table's own ASIO flag.
CONFINED = {
    "sqlite3.h": ("store/sqlite", "receiver"),
    "boost/beast": (),
}
# Public headers that join a room to a library that its users have anyway.
ADAPTERS = ("beast.hpp",)


@dataclass
class Room:
    line: int
    deps: list
    asio: bool


def read_table(tree):
    """The rooms by name, from each posthorn_room(NAME [ASIO] [DEPS …] [EXTERNAL …])."""
    text = re.sub(r"#[^\n]*", "", tree.text_of(TABLE))
    rooms = {}
    for found in re.finditer(r"posthorn_room\(\s*([^)]*)\)", text):
        words = found[1].split()
        deps, inside = [], False
        for word in words[1:]:
            if word in ("DEPS", "EXTERNAL", "ASIO"):
                inside = word == "DEPS"
            elif inside:
                deps.append(word)
        rooms[words[0]] = Room(text.count("\n", 0, found.start()) + 1, deps, "ASIO" in words)
    return rooms


def room_of(path, rooms):
    """The room that src/… or include/posthorn/… `path` (or an include written from there) lies in, or None."""
    folder = path.removeprefix("src/").removeprefix("include/").removeprefix("posthorn/").rpartition("/")[0]
    return folder if folder in rooms else None


def check_table(rooms):
    for name, room in rooms.items():
        for dep in room.deps:
            if dep not in rooms:
                yield Finding(TABLE, room.line, "room-table", f"{name} depends on {dep}, which is no room")
            elif dep == "app":
                yield Finding(TABLE, room.line, "room-table", f"{name} depends on app: nothing includes app")
            elif name in reachable(dep, rooms):
                yield Finding(TABLE, room.line, "room-table", f"{name} and {dep} depend on each other: one way only")


def reachable(start, rooms):
    seen, open_rooms = set(), [start]
    while open_rooms:
        name = open_rooms.pop()
        if name not in seen and name in rooms:
            seen.add(name)
            open_rooms += rooms[name].deps
    return seen


def sees_asio(name, rooms):
    return rooms[name].asio or any(dep in rooms and rooms[dep].asio for dep in rooms[name].deps)


def check_own_include(file, line, included, room, rooms):
    other = room_of(included, rooms)
    if "/" not in included:
        yield Finding(file.path, line, "include-path", f'write it from src/: "{room}/{included}"')
    elif other is None:
        yield Finding(file.path, line, "include-direction", f"{included} is in no room of {TABLE}")
    elif other != room and other not in rooms[room].deps:
        yield Finding(file.path, line, "include-direction",
                      f"{room} may not include {other}: move the code, or wire it through an interface in app")


def check_foreign_include(file, line, included, room, rooms):
    for beginning, allowed in CONFINED.items():
        if included.startswith(beginning) and room not in allowed:
            where = f"belongs to {' and '.join(allowed)} alone" if allowed else "is for tests and examples only"
            yield Finding(file.path, line, "confined-include", f"{included} {where}")
    if included.startswith("boost/asio") and not sees_asio(room, rooms):
        yield Finding(file.path, line, "confined-include", f"{room} does no networking: Asio needs ASIO in {TABLE}")


def check_public_header(file, room):
    """What users include must not need what they do not have: the standard library and other public headers alone."""
    for line, included, quoted in file.includes():
        if quoted and not included.startswith("posthorn/"):
            yield Finding(file.path, line, "public-header", f"{included} is not installed: include public headers alone")
        elif not quoted and "/" in included and file.name not in ADAPTERS:
            yield Finding(file.path, line, "public-header", f"{included}: a public header needs the standard library alone")


def check_namespace(file, room):
    code = without_comments(file.text)
    has_code = any(line.strip() and not line.lstrip().startswith("#") for line in code.splitlines())
    if not has_code or file.name == "main.cpp":
        return
    wanted = "posthorn::" + room.replace("/", "::")
    if not re.search(r"namespace\s+" + re.escape(wanted) + r"\b", code):
        yield Finding(file.path, 1, "namespace", f"folder and namespace are one: open namespace {wanted}")


def check(tree):
    rooms = read_table(tree)
    yield from check_table(rooms)
    for file in tree.files:
        if not (file.is_cxx and file.below("src", "include")):
            continue
        room = room_of(file.path, rooms)
        if room is None:
            yield Finding(file.path, 1, "undeclared-room", f"declare {file.folder.removeprefix('src/')} in {TABLE}")
            continue
        yield from check_namespace(file, room)
        if file.below("include"):
            yield from check_public_header(file, room)
            continue
        for line, included, quoted in file.includes():
            rule = check_own_include if quoted else check_foreign_include
            yield from rule(file, line, included, room, rooms)
