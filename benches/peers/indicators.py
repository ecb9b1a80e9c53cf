#!/usr/bin/env python3
"""Reads the same large answer of Fingertips with boardpack and with pandas, and prints time and peak memory side by side.

    cargo build --release
    python3 -m venv target/peers && target/peers/bin/pip install -r benches/peers/requirements.txt
    target/peers/bin/python benches/peers/indicators.py

The answer is made here: 27 columns, 1,000,000 rows (and, to see whether memory stays flat, 100,000), of which two measures of
the framework, for females and males, ask for some. Each program runs as a whole process, start to end, and gives the number of figures that fit. boardpack
reads the answer where it lies in its archive, packed (`boardpack indicators fetch`); how long it takes to hash and pack it there first is
printed apart. pandas reads the plain file (`read_csv`) and filters it.
"""

import argparse
import csv
import itertools
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEASURE, INDICATOR = "life-expectancy-female", "90366"
REQUEST = f"all_data/csv/by_indicator_id?indicator_ids={INDICATOR}&child_area_type_id=501&parent_area_type_id=15"
# The measure's parts, the system, England.
AREAS = ["E06000018", *(f"E0700017{n}" for n in range(7)), "E54000060", "E92000001"]
HEADER = (
    "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,Category,"
    "Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,"
    "Value note,Recent Trend,Compared to England value or percentiles,Column not used,Time period Sortable,New data,"
    "Compared to goal,Time period range"
).split(",")

PANDAS = """
import sys
import pandas
table = pandas.read_csv(sys.argv[1])
fits = table[
    (table["Indicator ID"] == int(sys.argv[2]))
    & table["Area Code"].isin(sys.argv[3].split(","))
    & table["Sex"].isin(["Female", "Male"])
    & (table["Age"] == "All ages")
    & table["Time period"].str.contains(" - ", regex=False)
]
print(len(fits))
"""


def make(path, rows):
    areas = AREAS + [f"E08{n:06}" for n in range(390)]
    periods = [f"{y} - {(y + 2) % 100:02}" for y in range(2001, 2022)] + [str(y) for y in range(2001, 2025)]
    ages = ["All ages", "65", "75", "85"]
    groups = [("", "")] + [("Deprivation deciles", f"Decile {n}") for n in range(1, 11)]
    # Areas go round fastest, so that every stretch of the answer has some that are asked for.
    all_rows = itertools.product(groups, ages, ["Female", "Male"], periods, areas)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number, ((scheme, group), age, sex, period, area) in enumerate(itertools.islice(all_rows, rows)):
            value = 70 + number % 997 / 50
            writer.writerow(
                [INDICATOR, "Life expectancy at birth", "E92000001", "England", area, f"Area {area}", "Districts & UAs", sex, age]
                + [scheme, group, period, f"{value:.4f}", f"{value - 0.7:.5f}", f"{value + 0.7:.5f}", "", "", "", 12_345 + number % 89]
                + ["", "Cannot be calculated", "Similar", "Not compared", f"{period[:4]}0000", "", "", "3y" if "-" in period else "1y"]
            )


def run(command, **options):
    """Seconds and peak memory in MB of one run, and what it printed."""
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, **options)
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read().decode()
    if process.returncode:
        sys.exit(f"{command[0]} ended with {process.returncode}: {printed}")
    return took, usage.ru_maxrss / 1024, printed


def install(folder, answer):
    """A boardpack whose Fingertips is the recording of one answer."""
    recordings = folder / "fingertips"
    recordings.mkdir()
    (recordings / "recordings.toml").write_text(
        f'[[answer]]\nrequest = "{REQUEST}"\nfile = "answer.csv"\nretrieved = "2026-11-02T09:00:00Z"\n'
    )
    answer.rename(recordings / "answer.csv")
    (folder / "boardpack.toml").write_text(
        '[sources.fingertips]\nbase_url = "fingertips"\n[paths]\narchive = "archive"\noutput = "out"\nledger = "ledger"\n'
    )
    return recordings / "answer.csv"


def read_by_boardpack(program, folder):
    command = [program, "indicators", "fetch", "--measure", MEASURE]
    took, memory, printed = run(command, cwd=folder, stderr=subprocess.DEVNULL)
    return took, memory, int(re.search(r": (\d+) figures,", printed)[1])


def read_by_pandas(path):
    took, memory, printed = run([sys.executable, "-c", PANDAS, str(path), INDICATOR, ",".join(AREAS)])
    return took, memory, int(printed)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(ROOT / "target/release/boardpack"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--make", type=Path, help="only make an answer, of --rows rows")
    parser.add_argument("--rows", type=int, default=1_000_000)
    arguments = parser.parse_args()
    if arguments.make:
        return make(arguments.make, arguments.rows)
    print(f"{'rows':>8}  {'MB':>4}  {'':<16} {'figures':>7}  {'median s':>8}  {'fastest':>7}  {'slowest':>7}  {'peak MB':>7}  {'times':>5}")
    for rows in (100_000, arguments.rows):
        with tempfile.TemporaryDirectory() as folder:
            answer = Path(folder) / "answer.csv"
            # Not in this process: the programs below would seem to need as much memory as it.
            subprocess.run([sys.executable, __file__, "--make", str(answer), "--rows", str(rows)], check=True)
            size = answer.stat().st_size / 1024 / 1024
            path = install(Path(folder), answer)
            results = {"boardpack, first": [read_by_boardpack(arguments.program, folder)], "boardpack": [], "pandas": []}
            # In turns, so that a busy machine slows all alike.
            for _ in range(arguments.rounds):
                results["boardpack"].append(read_by_boardpack(arguments.program, folder))
                results["pandas"].append(read_by_pandas(path))
            ours = statistics.median(took for took, _, _ in results["boardpack"])
            if len({figures for all_of in results.values() for _, _, figures in all_of}) > 1:
                sys.exit(f"not the same figures: {results}")
            for name, all_of in results.items():
                times = [took for took, _, _ in all_of]
                median, peak = statistics.median(times), max(memory for _, memory, _ in all_of)
                print(
                    f"{rows:>8}  {size:>4.0f}  {name:<16} {all_of[0][2]:>7}  {median:>8.3f}  {min(times):>7.3f}  {max(times):>7.3f}"
                    f"  {peak:>7.0f}  {median / ours:>5.1f}"
                )


if __name__ == "__main__":
    main()
