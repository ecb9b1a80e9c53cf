"""Fills a blank workbook as a person would: copies what stands in the open cells of a filled one into it.

Usage: fill_template.py BLANK FILLED OUT. Ends with a message where a sheet is not protected, a filled cell is locked or
has no check of its own, or a cell holds a formula.
"""

import io
import sys
from pathlib import Path

import openpyxl

HEADER_ROWS = {"Figures": 3, "Key actions": 3}


def load(path):
    return openpyxl.load_workbook(io.BytesIO(Path(path).read_bytes()))


def main(blank, filled, out):
    blank, filled = load(blank), load(filled)
    typed = 0
    for sheet in blank:
        if not sheet.protection.sheet:
            sys.exit(f"{sheet.title} is not protected")
        if sheet.title in HEADER_ROWS and [table.headerRowCount for table in sheet.tables.values()] != [1]:
            sys.exit(f"{sheet.title} has no table with a header row")
        checked = {cell for check in sheet.data_validations.dataValidation for area in check.sqref.ranges for cell in area.cells}
        for row in filled[sheet.title].iter_rows():
            for source in row:
                cell = sheet[source.coordinate]
                if cell.data_type == "f":
                    sys.exit(f"{sheet.title}!{cell.coordinate} holds a formula")
                if source.value == cell.value:
                    continue
                if cell.protection.locked:
                    sys.exit(f"{sheet.title}!{cell.coordinate} is locked")
                if (cell.row, cell.column) not in checked:
                    sys.exit(f"{sheet.title}!{cell.coordinate} is not checked")
                cell.value = source.value
                typed += 1
    if typed < 10:
        sys.exit("next to nothing was typed")
    blank.save(out)


main(*sys.argv[1:])
