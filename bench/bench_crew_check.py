"""Reads the public crew problems and checks schedules, sharing no code with the program: its own readers, plain loops.

usage: bench_crew_check.py FILE START,START,...     prints "sound, finish N" or what is broken
"""
import re
import sys


class Problem:
    """durations[i]; demands[i][r]; capacities[r]; links (from, to, least distance of starts)."""

    def __init__(self, durations, demands, capacities, links):
        self.durations, self.demands, self.capacities, self.links = durations, demands, capacities, links


def read(path):
    text = open(path, errors="replace").read()
    if path.endswith(".sm"):
        return read_psplib(text)
    return read_max(text) if path.upper().endswith(".SCH") else read_patterson(text)


def read_psplib(text):
    part = None
    successors, rows, capacities = {}, {}, []
    for line in text.splitlines():
        if line.startswith("PRECEDENCE"):
            part = "links"
        elif line.startswith("REQUESTS"):
            part = "work"
        elif line.startswith("RESOURCEAVAIL"):
            part = "crews"
        elif re.fullmatch(r"\s*[\d\s]+", line):
            numbers = [int(x) for x in line.split()]
            if part == "links":
                successors[numbers[0]] = numbers[3:3 + numbers[2]]
            elif part == "work":
                rows[numbers[0]] = numbers[2:]
            elif part == "crews":
                capacities = numbers
    durations = [rows[k][0] for k in sorted(rows)]
    links = [(i - 1, j - 1, durations[i - 1]) for i in successors for j in successors[i]]
    return Problem(durations, [rows[k][1:] for k in sorted(rows)], capacities, links)


def read_patterson(text):
    numbers = iter([int(x) for x in text.split()])
    n, crews = next(numbers), next(numbers)
    capacities = [next(numbers) for _ in range(crews)]
    durations, demands, links = [], [], []
    for i in range(n):
        durations.append(next(numbers))
        demands.append([next(numbers) for _ in range(crews)])
        links += [(i, next(numbers) - 1, durations[i]) for _ in range(next(numbers))]
    return Problem(durations, demands, capacities, links)


def read_max(text):
    lines = [line.split() for line in text.splitlines() if line.strip()]
    n, crews = int(lines[0][0]) + 2, int(lines[0][1])
    links = []
    for fields in lines[1:1 + n]:
        count = int(fields[2])
        lags = [int(x.strip("[]")) for x in fields[3 + count:3 + 2 * count]]
        links += [(int(fields[0]), int(to), lag) for to, lag in zip(fields[3:3 + count], lags)]
    work = [[int(x) for x in fields] for fields in lines[1 + n:1 + 2 * n]]
    return Problem([w[2] for w in work], [w[3:3 + crews] for w in work], [int(x) for x in lines[1 + 2 * n][:crews]], links)


def fault(problem, start):
    """None when every link and every crew in every slot is respected."""
    if len(start) != len(problem.durations):
        return f"{len(start)} starts for {len(problem.durations)} activities"
    if min(start) < 0:
        return f"a start of {min(start)}"
    for i, j, lag in problem.links:
        if start[j] - start[i] < lag:
            return f"activity {j + 1} starts {start[j] - start[i]} after activity {i + 1}, not {lag}"
    used = {}
    for i, begin in enumerate(start):
        for slot in range(begin, begin + problem.durations[i]):
            row = used.setdefault(slot, [0] * len(problem.capacities))
            for r, units in enumerate(problem.demands[i]):
                row[r] += units
    for slot, row in used.items():
        for r, units in enumerate(row):
            if units > problem.capacities[r]:
                return f"slot {slot} uses {units} of crew {r + 1}, which has {problem.capacities[r]}"
    return None


def finish(problem, start):
    return max(s + d for s, d in zip(start, problem.durations))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    given, starts = read(sys.argv[1]), [int(x) for x in sys.argv[2].split(",")]
    broken = fault(given, starts)
    print(broken or f"sound, finish {finish(given, starts)}")
    sys.exit(1 if broken else 0)
