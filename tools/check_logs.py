#!/usr/bin/env python3
"""Has an independent reader read the event logs that we write, and compares what both find.

Usage: tools/check_logs.py DATABASE [--schema ocel20.schema.json] [--gangmu target/release/gangmu]

DATABASE is an address such as sqlite:///tmp/demo/gangmu.db. The acts on record are exported as XES
(one case per matter, one per project), as XES in gzip and as OCEL 2.0, and read back by pm4py. Cases,
events, objects and every directly-follows count must equal what `gangmu approvals analyse` finds.
With --schema the OCEL file is also held against the published JSON schema of OCEL 2.0, which is not
ours to ship (https://www.ocel-standard.org). pm4py and jsonschema come from PyPI into a virtual
environment; GANGMU_BENCH_PYTHON names an interpreter that has them already.
"""
import argparse
import collections
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOGS = [
    ("XES, one case per matter", "matters.xes", [], []),
    ("XES in gzip", "matters.xes.gz", [], []),
    ("XES, one case per project", "projects.xes", ["--projects"], []),
    # By project, acts on different matters bear one instant, and their order is anybody's.
    ("OCEL 2.0, by matter", "acts.jsonocel", [], ["--object", "matter"]),
]


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("database")
    asked.add_argument("--schema", type=pathlib.Path)
    asked.add_argument("--gangmu", type=pathlib.Path, default=ROOT / "target/release/gangmu")
    asked = asked.parse_args()
    reader = os.environ.get("GANGMU_BENCH_PYTHON")
    if reader is None and importable("pm4py") and importable("jsonschema"):
        reader = sys.executable
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        if reader is None:
            reader = installed(folder)
        if pathlib.Path(reader).absolute() != pathlib.Path(sys.executable).absolute():
            # Everything below runs in the interpreter that has the reader.
            os.environ["GANGMU_BENCH_PYTHON"] = str(reader)
            raise SystemExit(subprocess.run([reader, *sys.argv]).returncode)
        print("| log | cases | events | kinds of step | steps | equal |")
        print("|---|---|---|---|---|---|")
        wrong = [check(asked, folder, *log) for log in LOGS]
        if asked.schema:
            wrong.append(fits(asked.schema, folder / "acts.jsonocel"))
    raise SystemExit(any(wrong))


def importable(name):
    import importlib.util

    return importlib.util.find_spec(name) is not None


def installed(folder):
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([venv / "bin/pip", "install", "--quiet", "pm4py", "jsonschema"], check=True)
    return venv / "bin/python"


def check(asked, folder, title, name, exporting, analysing):
    """Exports one log, has both read it, prints a line; returns whether they differ."""
    path = folder / name
    run(asked, "export", path, *exporting)
    ours = json.loads(run(asked, "analyse", path, "--json", *analysing))
    steps = {(step["from"], step["to"]): step["count"] for step in ours["graph"]["steps"]}
    mine = {
        "cases": ours["cases"],
        "events": ours["events"],
        "steps": steps,
        "starts": {one["name"]: one["count"] for one in ours["graph"]["starts"]},
        "ends": {one["name"]: one["count"] for one in ours["graph"]["ends"]},
    }
    theirs = read_by_peer(path, analysing[1] if analysing else None)
    differ = [what for what in mine if mine[what] != theirs[what]]
    count = f"{len(steps):,} | {sum(steps.values()):,}"
    verdict = "yes" if not differ else "no: " + ", ".join(differ)
    print(f"| {title} | {mine['cases']:,} | {mine['events']:,} | {count} | {verdict} |", flush=True)
    for what in differ:
        print(f"{title}: {what}: ours {mine[what]}, theirs {theirs[what]}", file=sys.stderr)
    return bool(differ)


def read_by_peer(path, object_type):
    import warnings

    warnings.filterwarnings("ignore")
    with contextlib.redirect_stdout(sys.stderr):
        import pm4py

    if object_type:
        log = pm4py.read_ocel2_json(str(path))
        log = pm4py.ocel_flattening(log, object_type)
    else:
        log = pm4py.read_xes(str(path), show_progress_bar=False)
    case, activity, at = "case:concept:name", "concept:name", "time:timestamp"
    # Within a case the order is the file's; equal instants never come up in what we write.
    assert not log.duplicated([case, at]).any(), "two events of a case at one instant"
    dfg, starts, ends = pm4py.discover_dfg(log)
    return {
        "cases": log[case].nunique(),
        "events": len(log),
        "steps": {pair: int(count) for pair, count in dfg.items()},
        "starts": {name: int(count) for name, count in starts.items()},
        "ends": {name: int(count) for name, count in ends.items()},
    }


def fits(schema, path):
    """Holds the OCEL file against the published schema; returns whether it does not fit."""
    import jsonschema

    validator = jsonschema.Draft7Validator(json.loads(schema.read_text()))
    log = json.loads(path.read_text())
    errors = collections.Counter(
        f"{'/'.join('#' if isinstance(one, int) else one for one in error.absolute_path)}: {error.message[:120]}"
        for error in validator.iter_errors(log)
    )
    for error, count in errors.most_common(10):
        print(f"schema: {count} × {error}", file=sys.stderr)
    print(
        f"\nSchema: {len(log['objects']):,} objects, {len(log['events']):,} events, "
        f"{'valid' if not errors else 'NOT valid'}."
    )
    return bool(errors)


def run(asked, command, *arguments):
    words = [asked.gangmu, "--database", asked.database, "approvals", command, *arguments]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


if __name__ == "__main__":
    main()
