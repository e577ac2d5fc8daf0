#!/usr/bin/env python3
"""Makes a tree of reporting units from the territory columns of a table, for
`gangmu reference import regions`.

    tools/territory_tree.py PNRR_Localizzazione.csv --root IT,Italia \\
        --code Regione --code Provincia --code Comune \\
        --name "Descrizione Regione" --name "Descrizione Provincia" --name "Descrizione Comune"

One --code or --name for each level below the root, outermost first. A unit's code is the path of
codes, joined by hyphens; without --code the codes are counted and an import finds the units by
their names. Reads .csv (UTF-8, `;` or `,`) and, where openpyxl is installed, .xlsx.
"""
import argparse
import csv
import sys

LEVELS = ["league", "banner", "zone"]


def rows(path, header):
    """Yields the rows of a table as dictionaries, the header being the row that names all columns."""
    if path.endswith(".xlsx"):
        import openpyxl
        sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
        lines = ([str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True))
    else:
        with open(path, encoding="utf-8-sig", newline="") as file:
            delimiter = ";" if ";" in file.readline() else ","
            file.seek(0)
            lines = list(csv.reader(file, delimiter=delimiter))
    names = None
    for line in lines:
        line = [cell.strip() for cell in line]
        if names is None:
            names = line if set(header) <= set(line) else None
        elif any(line):
            yield dict(zip(names, line))
    if names is None:
        sys.exit(f"{path}: no row names the columns {', '.join(header)}")


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("tables", nargs="+")
    parse.add_argument("--root", required=True, help="code,name of the whole")
    parse.add_argument("--code", action="append", default=[])
    parse.add_argument("--name", action="append", required=True)
    asked = parse.parse_args()
    root, _, root_name = asked.root.partition(",")
    codes, units = asked.code or asked.name, {}
    for table in asked.tables:
        for row in rows(table, codes + asked.name):
            keys = tuple(row[column] for column in codes)
            for depth, column in enumerate(asked.name[:len(LEVELS)], 1):
                if keys[depth - 1]:
                    units.setdefault(keys[:depth], row[column])
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["code", "name", "parent_code", "level", "short_name", "name_en"])
    out.writerow([root, root_name, "", "region", root_name, root_name])
    known = {(): root}
    for keys, name in sorted(units.items()):
        if asked.code:
            known[keys] = "-".join(keys)
        else:
            known[keys] = f"{root}-{len(known)}"
        out.writerow([known[keys], name, known[keys[:-1]], LEVELS[len(keys) - 1], name, name])


if __name__ == "__main__":
    main()
