#!/usr/bin/env python3
"""Reads the same large return with boardpack, openpyxl (read-only) and pandas, and prints time and peak memory side by side.

    cargo build --release
    python3 -m venv target/peers && target/peers/bin/pip install -r benches/peers/requirements.txt
    target/peers/bin/python benches/peers/returns.py

The return is made here: sheets About and Figures, as the template has them, with 100,000 rows of figures (and, to see
whether memory stays flat, with 10,000). Each program runs as a whole process, start to end, and goes through every cell.
boardpack is run as it reads a return, by the process that it starts for each workbook (`boardpack read-workbook`), whose
answer is then counted.
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


# The records of an answer, in the order of `Record` in crates/workbook_reader/src/ipc.rs, where their form is written down.
SHEET, CELL, BESIDE, END, PROBLEM = range(5)


def request(place):
    """What the process is sent before the workbook: its name and the limits, each a number of seven bits a byte, the lowest first."""

    def number(value):
        return bytes([value]) if value < 128 else bytes([value % 128 + 128]) + number(value // 128)

    place = place.encode()
    max_file_mb, max_unzipped_mb, max_cells, max_sheets, max_seconds, max_memory_mb = 20, 200, 1_000_000, 50, 20, 200
    limits = (max_file_mb, max_unzipped_mb, max_cells, max_sheets, max_seconds, max_memory_mb)
    record = number(len(place)) + place + b"".join(map(number, limits))
    return len(record).to_bytes(4, "little") + record


def cells_of(answer):
    """How many cells an answer of read-workbook holds: records, each its length in four bytes, its kind in one, and its parts."""
    at = cells = 0
    while True:
        kind = answer[at + 4]
        if kind == END:
            return cells
        if kind == PROBLEM:
            raise ValueError(f"boardpack refused the workbook: {answer[at + 5:]}")
        cells += kind == CELL
        at += 4 + int.from_bytes(answer[at : at + 4], "little")


def run(command, **options):
    """Seconds and peak memory in MB of one run."""
    began = time.perf_counter()
    process = subprocess.Popen(command, **options)
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return took, usage.ru_maxrss / 1024


def read_by_boardpack(program, path):
    answer, sent = path.with_suffix(".answer"), path.with_suffix(".request")
    sent.write_bytes(request(path.name) + path.read_bytes())
    with sent.open("rb") as sent, answer.open("wb") as output:
        took, memory = run([program, "read-workbook"], stdin=sent, stdout=output, env={})
    # Counted in a process of its own, since the memory of this one would be laid to the programs that it starts.
    return took, memory, int(subprocess.check_output([sys.executable, __file__, "--count", str(answer)]))


def read_by_python(script, path):
    answer = path.with_suffix(".answer")
    with answer.open("wb") as output:
        took, memory = run([sys.executable, "-c", script, str(path)], stdout=output)
    return took, memory, int(answer.read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(ROOT / "target/release/boardpack"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--make", type=Path, help="only make a return, of --rows rows")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--count", type=Path, help="only count the cells of an answer of boardpack")
    arguments = parser.parse_args()
    if arguments.count:
        return print(cells_of(arguments.count.read_bytes()))
    if arguments.make:
        return make(arguments.make, arguments.rows)
    readers = {
        "boardpack": lambda path: read_by_boardpack(arguments.program, path),
        "openpyxl": lambda path: read_by_python(OPENPYXL, path),
        "pandas": lambda path: read_by_python(PANDAS, path),
    }
    print(f"{'rows':>7}  {'':<10} {'cells':>8}  {'median s':>8}  {'fastest':>7}  {'slowest':>7}  {'peak MB':>7}  {'times':>5}")
    with tempfile.TemporaryDirectory() as folder:
        for rows in (10_000, 100_000):
            path = Path(folder) / f"{rows}.xlsx"
            # Not in this process: the programs below would seem to need as much memory as it.
            subprocess.run([sys.executable, __file__, "--make", str(path), "--rows", str(rows)], check=True)
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
