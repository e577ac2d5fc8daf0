#!/usr/bin/env python3
"""Compares data/calendar/cn.csv with two independent PyPI packages, day by day.

What a reader would get wrong: a difference to `chinesecalendar` on 2005-12-31 is
expected, and its absence is an error too, because it would mean that the file or
the package changed without this list being looked at again.

Run it without arguments; it makes a virtual environment in a temporary folder.
"""

import csv
import datetime
import pathlib
import subprocess
import sys
import tempfile
import venv

PACKAGES = ["chinesecalendar==1.11.0", "holidays==0.109"]
FIRST, LAST = datetime.date(2004, 1, 1), datetime.date(2026, 12, 31)
# Settled from the State Council's notice 国办发明电〔2005〕35号, see data/calendar/README.md.
KNOWN = {"chinesecalendar": {datetime.date(2005, 12, 31)}, "holidays": set()}
DATA = pathlib.Path(__file__).resolve().parent.parent / "data" / "calendar" / "cn.csv"


def main() -> int:
    if sys.argv[1:] == ["--compare"]:
        return compare()
    with tempfile.TemporaryDirectory(prefix="check-calendar-") as folder:
        venv.create(folder, with_pip=True)
        python = pathlib.Path(folder) / "bin" / "python"
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *PACKAGES], check=True)
        return subprocess.run([python, __file__, "--compare"]).returncode


def compare() -> int:
    import chinese_calendar
    import holidays

    china = holidays.country_holidays("CN", years=range(FIRST.year, LAST.year + 1))
    oracles = {
        "chinesecalendar": chinese_calendar.is_workday,
        "holidays": china.is_working_day,
    }
    shipped = shipped_exceptions()
    days = [FIRST + datetime.timedelta(n) for n in range((LAST - FIRST).days + 1)]
    failed = False
    for name, is_working in oracles.items():
        differing = {d for d in days if is_working(d) != is_shipped_working(shipped, d)}
        equal = len(days) - len(differing)
        listed = ", ".join(str(d) for d in sorted(differing)) or "none"
        print(f"{name}: {equal} of {len(days)} days equal; different: {listed}")
        if differing != KNOWN[name]:
            expected = ", ".join(str(d) for d in sorted(KNOWN[name])) or "none"
            print(f"  FAILED: expected different: {expected}")
            failed = True
    return 1 if failed else 0


def shipped_exceptions() -> dict:
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {datetime.date.fromisoformat(r["date"]): r["kind"] == "work" for r in rows}


def is_shipped_working(shipped: dict, day: datetime.date) -> bool:
    return shipped.get(day, day.weekday() < 5)


if __name__ == "__main__":
    sys.exit(main())
