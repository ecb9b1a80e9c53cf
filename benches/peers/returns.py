#!/usr/bin/env python3
"""Reads the same large return with boardpack, openpyxl (read-only) and pandas, and prints time and peak memory side by side.

    cargo build --release
    python3 -m venv target/peers && target/peers/bin/pip install -r benches/peers/requirements.txt
    target/peers/bin/python benches/peers/returns.py

The return is made here: sheets About and Figures, as the template has them, with 100,000 rows of figures (and, to see
whether memory stays flat, with 10,000). Each program runs as a whole process, start to end, and goes through every cell.
boardpack is run as it reads a return, by the process that it starts for each workbook (`boardpack read-workbook`), whose
answer is read here and counted.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEADINGS = ["Measure ID", "Area", "Period", "Numerator", "Denominator", "Value", "Lower limit", "Upper limit"]

OPENPYXL = """
import sys
from openpyxl import load_workbook
workbook = load_workbook(sys.argv[1], read_only=True, data_only=True)
print(sum(1 for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None))
"""

PANDAS = """
import sys
import pandas
sheets = pandas.read_excel(sys.argv[1], sheet_name=None, header=None)
print(sum(int(sheet.notna().sum().sum()) for sheet in sheets.values()))
"""


def make(path, rows):
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    about = workbook.create_sheet("About")
    for pair in [("Partner", "nuh"), ("Period", "2026-27-Q2"), ("Data status", "Illustrative")]:
        about.append(pair)
    figures = workbook.create_sheet("Figures")
    figures.append(HEADINGS)
    for row in range(rows):
        numerator, denominator = row % 997, 1000 + row % 89
        value = 100 * numerator / denominator
        figures.append(
            [f"measure-{row % 60}", f"E{row:08}", "2026/27 Q2", numerator, denominator, value, value - 1.5, value + 1.5]
        )
    workbook.save(path)


def cells_of(answer):
    """How many cells an answer of read-workbook holds; its form is written down in src/collect/workbook/wire.rs."""
    at = cells = 0

    def text():
        nonlocal at
        at += 4 + int.from_bytes(answer[at : at + 4], "little")

    while True:
        sign = chr(answer[at])
        at += 1
        if sign == ".":
            return cells
        if sign == "S":
            at += 1
            text()
            continue
        if sign not in "TNDHLEF":
            raise ValueError(f"boardpack refused the workbook: {answer[at:]}")
        at += 9
        cells += 1
        if sign in "TE":
            text()
        else:
            at += {"N": 8, "D": 4, "L": 1}.get(sign, 0)


def run(command, **options):
    """Seconds, peak memory in MB, and standard output of one run."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, **options)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return took, usage.ru_maxrss / 1024, output


def read_by_boardpack(program, path):
    limits = ["--max-file-mb=20", "--max-unzipped-mb=200", "--max-cells=1000000", "--max-sheets=50"]
    limits += ["--max-seconds=20", "--max-memory-mb=200", f"--place={path.name}"]
    with path.open("rb") as workbook:
        took, memory, answer = run([program, "read-workbook", *limits], stdin=workbook, env={})
    return took, memory, cells_of(answer)


def read_by_python(script, path):
    took, memory, output = run([sys.executable, "-c", script, str(path)])
    return took, memory, int(output)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(ROOT / "target/release/boardpack"))
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    readers = {
        "boardpack": lambda path: read_by_boardpack(arguments.program, path),
        "openpyxl": lambda path: read_by_python(OPENPYXL, path),
        "pandas": lambda path: read_by_python(PANDAS, path),
    }
    print(f"{'rows':>7}  {'':<10} {'cells':>8}  {'median s':>8}  {'fastest':>7}  {'slowest':>7}  {'peak MB':>7}  {'times':>5}")
    with tempfile.TemporaryDirectory() as folder:
        for rows in (10_000, 100_000):
            path = Path(folder) / f"{rows}.xlsx"
            make(path, rows)
            ours = None
            # In turns, so that a busy machine slows all alike.
            results = {name: [] for name in readers}
            for _ in range(arguments.rounds):
                for name, read in readers.items():
                    results[name].append(read(path))
            for name, all_of in results.items():
                times = [took for took, _, _ in all_of]
                median = statistics.median(times)
                ours = ours or median
                peak = max(memory for _, memory, _ in all_of)
                print(
                    f"{rows:>7}  {name:<10} {all_of[0][2]:>8}  {median:>8.3f}  {min(times):>7.3f}  {max(times):>7.3f}"
                    f"  {peak:>7.0f}  {median / ours:>5.1f}"
                )


if __name__ == "__main__":
    main()
