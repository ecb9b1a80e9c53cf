"""Cuts the publications down to the excerpts beside this file: python cut.py FOLDER_OF_ORIGINALS

Rows are taken out; layout, header rows, notes, merged cells, number formats and every figure that is left stay as published.
Needs openpyxl 3.1 and LibreOffice (soffice), which turns .xls and .ods into .xlsx and back.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

from openpyxl import Workbook, load_workbook

HERE = pathlib.Path(__file__).parent


def converted(path, kind, folder):
    subprocess.run(["soffice", "--headless", "--convert-to", kind, "--outdir", folder, path], check=True, capture_output=True)
    return pathlib.Path(folder) / f"{path.stem}.{kind}"


def cut(source, target, sheets):
    """Keeps the sheets named, and of each the rows that its test lets through."""
    values = load_workbook(source, data_only=True)
    out = Workbook()
    out.remove(out.active)
    for name, keep in sheets.items():
        old, new = values[name], out.create_sheet(name)
        new.sheet_state = old.sheet_state
        rows = {}
        for row in old.iter_rows():
            texts = [cell.value for cell in row]
            if keep(row[0].row, texts):
                rows[row[0].row] = len(rows) + 1
                for cell in row:
                    if cell.value is not None:
                        named = cell.column > 1 and old.cell(cell.row, cell.column - 1).value == "Contact:"
                        copy = new.cell(rows[cell.row], cell.column, "(left out)" if named else cell.value)
                        copy.number_format = cell.number_format
        for merged in old.merged_cells.ranges:
            if merged.min_row in rows and merged.max_row in rows:
                new.merge_cells(
                    start_row=rows[merged.min_row],
                    end_row=rows[merged.max_row],
                    start_column=merged.min_col,
                    end_column=merged.max_col,
                )
    out.save(target)


def without_author(source, target):
    """The workbook whole, but for the name of the person who saved it."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "docProps/core.xml":
                data = re.sub(rb"(<(dc:creator|cp:lastModifiedBy)>)[^<]*", rb"\1", data)
            new.writestr(item, data)


def among(words, header, last=10_000):
    """The rows down to the header, those with one of the words, and those after `last`."""
    return lambda number, texts: number <= header or number > last or any(text in words for text in texts)


def main(originals):
    everything = lambda number, texts: True
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        steps = folder / "steps"

        def step(name):
            steps.mkdir(exist_ok=True)
            return steps / name

        source = converted(originals / "ukhsa_hcai_annual_2023_24_Temporal_Rates.ods", "xlsx", folder)
        icbs = {"QT1", "QJ2", "QJM", "QK1"}
        cut(source, step("ukhsa_hcai.xlsx"), {
            "Cover_sheet": everything,
            "Notes": everything,
            "Table_S1": lambda number, texts: number <= 15,
            "Table_S6": among(icbs, 3),
        })
        converted(steps / "ukhsa_hcai.xlsx", "ods", HERE)

        trusts = {"England", "RX1", "RK5", "RHA", "R1H", "RAP"}
        cut(originals / "nhse_beds_open_overnight_2021q1.xlsx", HERE / "nhse_beds.xlsx", {
            "NHS Trust by Sector": among(trusts, 15),
            "Region by Sector": among({"England", "Y60"}, 15),
            "Data Quality": everything,
        })

        weeks = lambda number, texts: number <= 16 or texts[0] is not None or (texts[1] or "").startswith("Deaths by region")
        source = converted(originals / "ons_weekly_deaths_2019.xls", "xlsx", folder)
        cut(source, step("ons_weekly_deaths_2019.xlsx"), {"Contents": everything, "Weekly figures 2019": weeks})
        converted(steps / "ons_weekly_deaths_2019.xlsx", "xls", HERE)
        cut(originals / "ons_weekly_deaths_2020.xlsx", HERE / "ons_weekly_deaths_2020.xlsx", {
            "Contents": everything,
            "Weekly figures 2020": weeks,
        })

        organisations = {"England", "RX1", "RK5", "RHA", "RFS", "04K"}
        source = converted(originals / "nhsdigital_hchs_nationality.xls", "xlsx", folder)
        cut(source, step("nhsdigital_nationality_2017.xlsx"), {"final": among(organisations, 9, 466)})
        converted(steps / "nhsdigital_nationality_2017.xlsx", "xls", HERE)
        cut(originals / "nhsdigital_eu_uk_nationals_2016.xlsx", HERE / "nhsdigital_nationality_2016.xlsx", {
            "final": among(organisations, 8, 471),
        })

    without_author(originals / "nhse_fft_ae_template.xlsm", HERE / "nhse_fft.xlsm")


main(pathlib.Path(sys.argv[1]))
