#!/usr/bin/env python3
"""Measures the analysis of event logs beside its peers in one run and prints a Markdown table.

Usage: tools/bench_logs.py LOG.xes[.gz] [EVENTS]

The log is repeated, every time under other case names, until it has at least EVENTS events (by
default 260,000), and read as plain XES by `gangmu approvals analyse` (reading and the whole
analysis, process start included) and by pm4py's importer, variant `iterparse` (reading only, start
and imports not included); rustxes is shown for comparison. pm4py and rustxes come from PyPI into a
virtual environment. GANGMU_BENCH_PYTHON names an interpreter that has them already. The what-if
over 3,343 cases × 40 matters is timed by the example of the analysis crate. `make bench` takes the same
rows over.
"""
import gzip
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
GANGMU = ROOT / "target/release/gangmu"
EXAMPLE = ROOT / "target/release/examples/what_if"
RUNS = 5

PM4PY = """
import sys, time, warnings
warnings.filterwarnings("ignore")
from pm4py.objects.log.importer.xes import importer
parameters = {"show_progress_bar": False}
begun = time.perf_counter()
log = importer.apply(sys.argv[1], variant=importer.Variants.ITERPARSE, parameters=parameters)
print("took", time.perf_counter() - begun, len(log), sum(map(len, log)))
"""

RUSTXES = """
import sys, time, rustxes
begun = time.perf_counter()
frame = rustxes.import_xes(sys.argv[1])[0]
print("took", time.perf_counter() - begun, frame["case:concept:name"].n_unique(), len(frame))
"""


def python_with_peers(folder):
    named = os.environ.get("GANGMU_BENCH_PYTHON")
    if named:
        return named
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([venv / "bin/pip", "install", "--quiet", "pm4py", "rustxes"], check=True)
    return venv / "bin/python"


def repeated(path, events, folder):
    """Writes the log again and again under other case names; returns the file."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        text = file.read()
    begin, end = text.index("<trace"), text.rindex("</trace>") + len("</trace>")
    head, traces, tail = text[:begin], text[begin:end], text[end:]
    times = -(-events // len(re.findall(r"<event[\s>]", traces)))
    # The name of a case is the `concept:name` outside its events; here it begins with `case`.
    case_name = re.compile(r'(<string key="concept:name" value=")(case)')
    out = folder / "repeated.xes"
    with open(out, "w", encoding="utf-8") as file:
        file.write(head)
        for n in range(times):
            file.write(case_name.sub(rf"\g<1>{n}-\g<2>", traces))
        file.write(tail)
    return out


def ours(path):
    """Seconds of every run, the analysis, and the most memory one took, in MB."""
    samples, memory = [], 0
    for _ in range(RUNS):
        with tempfile.TemporaryFile() as out:
            begun = time.perf_counter()
            command = [GANGMU, "approvals", "analyse", path, "--json"]
            process = subprocess.Popen(command, stdout=out)
            _, status, usage = os.wait4(process.pid, 0)
            samples.append(time.perf_counter() - begun)
            assert status == 0, status
            memory = max(memory, usage.ru_maxrss / 1024)
            out.seek(0)
            analysis = json.load(out)
    return samples, analysis, memory


def peer(python, program, path, runs):
    samples = []
    for _ in range(runs):
        done = subprocess.run(
            [python, "-c", program, path], check=True, capture_output=True, text=True
        )
        _, took, cases, events = re.search(r"(took) (\S+) (\d+) (\d+)", done.stdout).groups()
        samples.append(float(took))
    return samples, int(cases), int(events)


def seconds(samples):
    return f"{statistics.median(samples):.2f} s"


def what_if():
    """Milliseconds of the what-if over drawn plans, by the example of the analysis crate."""
    return json.loads(subprocess.run([EXAMPLE], check=True, capture_output=True).stdout)


def compare(log, events=260_000):
    """The rows of the table: what, ours, the peer's, which peer, the goal, the ratio."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        python = python_with_peers(folder)
        path = repeated(log, events, folder)
        mine, analysis, memory = ours(path)
        what = f"Log of {analysis['cases']:,} cases, {analysis['events']:,} events ({path.stat().st_size >> 20} MB XES)"
        for title, program, runs, goal in [
            ("pm4py, `iterparse`", PM4PY, 3, "≥ 10×"),
            ("rustxes", RUSTXES, 3, "–"),
        ]:
            samples, cases, found = peer(python, program, path, runs)
            same = (cases, found) == (analysis["cases"], analysis["events"])
            assert same, (title, cases, found)
            ratio = statistics.median(samples) / statistics.median(mine)
            rows.append((what, seconds(mine), seconds(samples), title, goal, f"{ratio:.1f}×"))
        rows.append((what + ", memory", f"{memory:.0f} MB", "–", "–", "–", "–"))
    return rows


def main():
    rows = compare(pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 260_000)
    found = what_if()
    what = f"What-if over {found['cases']:,} cases × 40 matters"
    ranking = found["ranking_ms"] + found["parallels_ms"]
    rows.append((what + ", one change", f"{found['cut_ms']:.1f} ms", "–", "–", "< 1 s", "–"))
    cuts = f"{found['cuts']} cuts and {found['pairs']} parallel pairs"
    rows.append((f"{what}, ranking of {cuts}", f"{ranking:.0f} ms", "–", "–", "< 1 s", "–"))
    print("| what | gangmu | peer | which | goal | ratio |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
