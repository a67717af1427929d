"""
A drawing of the rooms of a package, made from its imports.

    python tools/draw_rooms.py PACKAGE [FILE.svg]

A room is a folder or a file directly below the package.  Each stands above the rooms
that it imports, late imports and imports for type checking counted.  An arrow that goes
up is red.  Left out are arrows to rooms that import nothing, which are imported by all,
and those that follow from others.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import Dict, Iterator, List, Set, Tuple

WIDTH, HEIGHT = 150, 30
GAP_X, GAP_Y = 24, 56

#: The written exception: an object asks for its own CIM-XML.  Drawn with dashes.
EXCEPTION = ("_cim_obj", "_cim_xml")

#: Names, and the names of what each imports.
Rooms = Dict[str, Set[str]]


def imported(path: Path, package: Path) -> Iterator[str]:
    """
    Yield the rooms that a file imports.

    Parameters:
        path (Path): The file.
        package (Path): The folder of the package.
    """
    inside = path.relative_to(package).parts
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            parts = (node.module or "").split(".") if node.module else []
            if node.level:
                parts = [*inside[: len(inside) - node.level], *parts]
            elif parts[:1] == [package.name]:
                parts = parts[1:]
            else:
                continue
            yield from [parts[0]] if parts else [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                head, _, rest = alias.name.partition(".")
                if head == package.name and rest:
                    yield rest.split(".")[0]


def rooms_of(package: Path) -> Rooms:
    """
    Return the rooms of a package and what each imports.

    Parameters:
        package (Path): The folder of the package.
    """
    rooms: Rooms = {}
    for path in sorted(package.rglob("*.py")):
        room = path.relative_to(package).parts[0].replace(".py", "")
        # Files that keep an import path in use are no rooms.
        if room != "__init__" and "Import path in use" not in path.read_text("utf-8")[:200]:
            rooms.setdefault(room, set()).update(imported(path, package))
    return {name: (found & set(rooms)) - {name} for name, found in rooms.items()}


def rows_of(rooms: Rooms) -> List[List[str]]:
    """
    Return the names of rooms in rows, each above the rooms that it imports.

    Parameters:
        rooms (dict): The rooms and what each imports.
    """
    depth: Dict[str, int] = {}

    def of(name: str, above: Tuple[str, ...] = ()) -> int:
        if name not in depth:
            below = [
                of(other, (*above, name))
                for other in rooms[name]
                if other not in above and (name, other) != EXCEPTION
            ]
            depth[name] = 1 + max(below, default=-1)
        return depth[name]

    for name in rooms:
        of(name)
    return [
        sorted(name for name in rooms if depth[name] == level)
        for level in range(max(depth.values()), -1, -1)
    ]


def arrows_of(rooms: Rooms) -> Iterator[Tuple[str, str]]:
    """
    Yield the arrows that are drawn: who imports, and what.

    Parameters:
        rooms (dict): The rooms and what each imports.
    """
    level = {name: at for at, row in enumerate(rows_of(rooms)) for name in row}

    def below(name: str) -> Set[str]:
        down = {other for other in rooms[name] if level[other] > level[name]}
        return down.union(*(below(other) for other in down))

    for name, found in sorted(rooms.items()):
        for other in sorted(found):
            implied = any(
                other in below(via) for via in found - {other} if level[via] > level[name]
            )
            if level[other] <= level[name] or (rooms[other] and not implied):
                yield name, other


def drawing(rooms: Rooms) -> str:
    """
    Return the drawing as SVG.

    Parameters:
        rooms (dict): The rooms and what each imports.
    """
    rows = rows_of(rooms)
    wide = max(len(row) for row in rows) * (WIDTH + GAP_X) + GAP_X
    place: Dict[str, Tuple[float, float]] = {}
    for level, row in enumerate(rows):
        left = (wide - len(row) * (WIDTH + GAP_X) + GAP_X) / 2
        for index, name in enumerate(row):
            place[name] = (left + index * (WIDTH + GAP_X), GAP_Y / 2 + level * (HEIGHT + GAP_Y))
    high = len(rows) * (HEIGHT + GAP_Y)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" '
        'font-family="sans-serif" font-size="13">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#678"/></marker></defs>',
    ]
    for name, other in arrows_of(rooms):
        (x1, y1), (x2, y2) = place[name], place[other]
        colour = "#9ab" if y2 > y1 or (name, other) == EXCEPTION else "#c00"
        dashes = ' stroke-dasharray="4 4"' if (name, other) == EXCEPTION else ""
        lines.append(
            f'<line x1="{x1 + WIDTH / 2:.0f}" y1="{y1 + HEIGHT:.0f}" '
            f'x2="{x2 + WIDTH / 2:.0f}" y2="{y2:.0f}" stroke="{colour}"'
            f'{dashes} marker-end="url(#tip)"/>'
        )
    for name, (x, y) in sorted(place.items()):
        lines.append(
            f'<rect x="{x:.0f}" y="{y:.0f}" width="{WIDTH}" height="{HEIGHT}" rx="4" '
            'fill="#eef3f8" stroke="#456"/>'
            f'<text x="{x + WIDTH / 2:.0f}" y="{y + 20:.0f}" text-anchor="middle">{name}</text>'
        )
    return "\n".join([*lines, "</svg>", ""])


def main() -> int:
    """Draw what the command line names."""
    text = drawing(rooms_of(Path(sys.argv[1])))
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(text, "utf-8")
    else:
        print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
