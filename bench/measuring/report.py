"""Results: medians with their spread, verdicts against floors and goals, the table."""

import statistics
from dataclasses import dataclass, field


@dataclass
class Line:
    """One row. `values` are what the rounds gave; the median is held against the floor and the goal."""

    key: str
    what: str
    unit: str
    values: list
    ratios: list = field(default_factory=list)  # to (a) of the same round
    floor: float = None
    goal: float = None
    at_most: bool = False  # the floor is a ceiling
    note: str = ""

    @property
    def judged(self):
        return self.ratios or self.values

    def verdict(self, line):
        """pass, miss by …, or inconclusive where the rounds fall on both sides of `line`."""
        if line is None or not self.judged:
            return ""
        good = [value <= line if self.at_most else value >= line for value in self.judged]
        if any(good) and not all(good):
            return "inconclusive"
        return "pass" if all(good) else f"miss by {abs(self.median - line) / line:.0%}" if line else "miss"

    @property
    def median(self):
        return statistics.median(self.judged)

    def as_json(self):
        out = {"key": self.key, "what": self.what, "unit": self.unit, "values": self.values, "note": self.note}
        if self.values:
            out["median"] = statistics.median(self.values)
        if self.ratios:
            out.update(ratios_to_a=self.ratios, ratio_median=statistics.median(self.ratios))
        if self.floor is not None:
            out.update(floor=self.floor, floor_is_ceiling=self.at_most, floor_verdict=self.verdict(self.floor))
        if self.goal is not None:
            out.update(goal=self.goal, goal_verdict=self.verdict(self.goal))
        return out


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def spread(values):
    return f"{number(min(values))} – {number(max(values))}"


def table(lines):
    rows = [("", "what", "median", "min – max", "to (a)", "min – max", "floor", "", "goal", "")]
    for line in lines:
        limit = "≤" if line.at_most else "≥"
        rows.append((
            line.key, line.what,
            f"{number(statistics.median(line.values))} {line.unit}" if line.values else "-",
            spread(line.values) if len(line.values) > 1 else "",
            number(statistics.median(line.ratios)) if line.ratios else "",
            spread(line.ratios) if len(line.ratios) > 1 else "",
            f"{limit} {line.floor:g}" if line.floor is not None else "", line.verdict(line.floor),
            f"{limit} {line.goal:g}" if line.goal is not None else "", line.verdict(line.goal)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    out = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    out.insert(1, "-" * len(max(out, key=len)))
    out += [f"{line.key}: {line.note}" for line in lines if line.note]
    return "\n".join(out)
