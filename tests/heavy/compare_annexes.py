"""Says whether workbooks of the data annex are one: their sheets, their cells, and how they are marked up.

Usage: compare_annexes.py OURS OTHER...   OURS is our .xlsx; the others are what LibreOffice made of it and of our .ods.
Ends with a message where they differ, or where OURS has something that the checklist for accessible spreadsheets forbids.
"""

import datetime
import math
import sys

import openpyxl


def value(cell):
    """A cell's value, with days as moments."""
    value = cell.value
    if cell.data_type == "f":
        sys.exit(f"{cell.parent.title}!{cell.coordinate} holds a formula")
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        value = datetime.datetime(value.year, value.month, value.day)
    if isinstance(value, datetime.datetime):
        return value.replace(microsecond=0)
    return value


def same(one, two):
    """Whether two cells say the same; LibreOffice writes numbers with fifteen figures."""
    if isinstance(one, (int, float)) and isinstance(two, (int, float)):
        return math.isclose(one, two, rel_tol=1e-13)
    return one == two


def main(ours, others):
    book = openpyxl.load_workbook(ours)
    cells = 0
    for sheet in book:
        if sheet.freeze_panes or sheet.merged_cells.ranges or sheet.auto_filter.ref:
            sys.exit(f"{sheet.title} has frozen panes, merged cells or a filter")
        tables = list(sheet.tables.values())
        if len(tables) != 1 or tables[0].autoFilter is not None:
            sys.exit(f"{sheet.title} has not one table without a filter")
        if not sheet.print_title_rows or sheet.page_setup.orientation != "landscape":
            sys.exit(f"{sheet.title} is not laid out for printing")
    if book.properties.language != "en-GB" or not book.properties.title or not book.properties.creator:
        sys.exit("the workbook does not say its language, title or author")
    for name in others:
        other = openpyxl.load_workbook(name)
        if other.sheetnames != book.sheetnames:
            sys.exit(f"{name} has the sheets {other.sheetnames}")
        for sheet in book:
            twin = other[sheet.title]
            if (twin.max_row, twin.max_column) != (sheet.max_row, sheet.max_column):
                sys.exit(f"{name}: {sheet.title} ends at {twin.max_row}, {twin.max_column}")
            for row, twins in zip(sheet.iter_rows(), twin.iter_rows()):
                for one, two in zip(row, twins):
                    cells += one.value is not None
                    if not same(value(one), value(two)):
                        sys.exit(f"{name}: {sheet.title}!{one.coordinate} is {two.value!r}, not {one.value!r}")
    print(f"{len(book.sheetnames)} sheets, {cells} cells compared")


main(sys.argv[1], sys.argv[2:])
