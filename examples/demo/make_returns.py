"""Makes the partners' returns of the demonstration, for July to September 2026.

Every figure here is made up. Six of the seven partners return; Nottingham CityCare does not, and the county
council's workbook holds three mistakes of the kinds that real workbooks hold.

Needs openpyxl and odfpy. Run it from anywhere: it writes into `returns/` beside itself, the same bytes each time.
"""

import datetime
import io
import re
import tomllib
import zipfile
from pathlib import Path

import openpyxl
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl.styles import Font, PatternFill

HERE = Path(__file__).resolve().parent
FRAMEWORKS = HERE.parents[1] / "config" / "frameworks"
QUARTER = "2026-27-Q2"
MADE = datetime.datetime(2026, 10, 19, 9, 0, 0)
BANNER = "ILLUSTRATIVE FIGURES \u2013 made up to show how boardpack works"
FIGURES = ["Measure ID", "Measure", "Period", "Numerator", "Denominator", "Value", "Lower", "Upper", "Area", "Note"]
GROUPS = ["Breakdown", "Group"]
ACTIONS = ["Action ID", "Action", "Status", "Forecast date", "Completed date", "Commentary"]
COMMENTS = ["Ambition ID", "Ambition", "Comment", "Said by", "On"]

YEARS = ["2022/23", "2023/24", "2024/25", "2025/26"]
QUARTERS = ["2022/23 Q4", "2025/26 Q1", "2025/26 Q2", "2025/26 Q3", "2025/26 Q4", "2026/27 Q1", "2026/27 Q2"]
# Every quarter since April 2023, for conditions that hold from then on.
SINCE = [f"{year}/{year - 1999} Q{quarter}" for year in range(2023, 2027) for quarter in range(1, 5)][:14]
MARCHES = ["Mar 2024", "Mar 2025", "Mar 2026"]
POOLED = ["2020 - 22", "2021 - 23", "2022 - 24", "2023 - 25"]
GAP = ["2018 - 20", "2019 - 21", "2020 - 22", "2021 - 23", "2022 - 24"]
CARBON = ["2019/20", "2022/23", "2023/24", "2024/25", "2025/26"]

# Areas that a return speaks of beside its sender's own.
SYSTEM, ENGLAND = "E54000060", "E92000001"

PROJECTION = "Projection version 1, locked 28 June 2024"


class Percent(float):
    """A share to stand in a cell with a percent format: 0.123 shows as 12.3%."""


def shares(periods, *pairs):
    """A row a period, as numerator and denominator. A mark such as `*` stands for both."""
    pairs = [(p, p, None) if isinstance(p, str) else (*p, None) for p in pairs]
    return list(zip(periods, pairs, strict=True))


def values(periods, *numbers):
    """A row a period, as a value alone."""
    return [(period, (None, None, number)) for period, number in zip(periods, numbers, strict=True)]


def estimates(periods, *numbers):
    """A row a period, as a value with its 95% limits."""
    return [(period, (None, None, *number)) for period, number in zip(periods, numbers, strict=True)]


def fifths(period, *pairs):
    """A row a fifth of the area's people by deprivation, the most deprived first, as numerator and denominator."""
    labels = ["1 - most deprived", "2", "3", "4", "5 - least deprived"]
    return [(period, "Deprivation quintiles (IMD 2019)", label, pair) for label, pair in zip(labels, pairs, strict=True)]


def core20(period, core, rest):
    """Those of the most deprived fifth nationally, and everybody else, as numerator and denominator or with a value alone."""
    labels = ["Core20", "Everybody else"]
    return [(period, "Core20 (IMD 2019)", label, amounts) for label, amounts in zip(labels, (core, rest), strict=True)]


def deciles(*rows):
    """Life expectancy of each tenth of the system's people by deprivation, the most deprived first, with its 95% limits and
    population: of each period the middle, and the gap from one end to the other."""
    labels = ["1 - most deprived", *map(str, range(2, 10)), "10 - least deprived"]
    unevenness = [0.1, -0.2, 0.1, 0.2, -0.1, -0.1, 0.2, -0.2, -0.1, 0.1]
    found = []
    for period, middle, gap in rows:
        for i, label in enumerate(labels):
            years = round(middle + gap * ((i + 0.5) / 10 - 0.5) + unevenness[i], 1)
            amounts = (None, 57_000 + 150 * i, years, round(years - 0.7, 1), round(years + 0.7, 1))
            found.append((period, "Deprivation deciles of the system (IMD 2019)", label, amounts))
    return found


def electricity(bought, other_until_2025=0):
    """Kilowatt hours under renewable contracts of those bought, for each quarter; the others' contracts ended in March 2025."""
    rows = []
    for i, quarter in enumerate(SINCE):
        whole = bought + bought * (0, -2, 1, 3)[i % 4] // 100
        rows.append((quarter, (whole - (other_until_2025 if i < 8 else 0), whole, None)))
    return rows


def day(text):
    return datetime.date.fromisoformat(text)


NUH = {
    "name": "Performance and information team",
    "figures": {
        "discharged-by-next-day": shares(
            QUARTERS, (9120, 13040), (9610, 13110), (9735, 13090), (9560, 13260), (9720, 13180), (9905, 13150), (10010, 13205)
        ),
        "mecc-training-frontline": shares(YEARS, (2080, 11450), (3990, 11520), (5830, 11610), (7420, 11640)),
        "mecc-training-workforce": shares(YEARS, (2240, 18120), (3160, 18260), (4390, 18410), (5560, 18470)),
        "mecc-training-new-starters": shares(
            QUARTERS, (270, 610), (548, 572), (551, 570), (563, 569), (561, 565), (548, 551), (557, 559)
        ),
        "trauma-informed-training": shares(YEARS, (310, 3400), (890, 3420), (1380, 3460), (1850, 3480)),
        "staff-turnover": shares(YEARS, (2590, 18050), (2390, 18190), (2290, 18340), (2180, 18440)),
        "sickness-absence": shares(YEARS, (353000, 6310000), (340000, 6360000), (326000, 6400000), (312000, 6430000)),
        "quality-improvement-training": shares(YEARS, (2710, 18120), (3820, 18260), (5140, 18410), (6280, 18470)),
        "workforce-under-25": shares(YEARS, (1160, 18120), (1190, 18260), (1275, 18410), (1335, 18470)),
        "emissions-scope-1-2": values(CARBON, 38400, 31900, 28100, 24300, 21200),
        "emissions-scope-1-2-net": values(CARBON, 38400, 31900, 28100, 24300, 21050),
        "renewable-electricity": electricity(15_630_000),
        "oil-heated-sites": shares(SINCE, *[(0, 4)] * 14),
        "low-emission-fleet": shares(YEARS, (61, 118), (74, 117), (83, 116), (92, 115)),
        "ultra-low-emission-fleet": shares(YEARS, (2, 61), (3, 74), (5, 83), (7, 92)),
    },
    "actions": [
        ("digital-staff-passport", "At risk", day("2026-12-18"), None, "Issued in both acute trusts; one provider still joins by hand."),
        ("supplier-partnerships", "Complete", None, day("2026-03-12"), "Agreements signed with all eleven major suppliers."),
    ],
    "comments": [
        ("mecc-training-workforce", "Training moved online in June. March 2028 is out of reach unless councils join.", "Director of Workforce", day("2026-10-12")),
    ],
}

SFH = {
    "name": "Business intelligence",
    "figures": {
        "discharged-by-next-day": shares(
            QUARTERS, (3640, 4920), (3890, 4950), (3940, 4975), (3870, 5010), (3930, 4990), (4010, 5005), (4065, 5020)
        ),
        "mecc-training-frontline": shares(YEARS, (790, 3620), (1490, 3650), (2080, 3690), (2520, 3710)),
        "mecc-training-workforce": shares(YEARS, (720, 5810), (1090, 5870), (1490, 5930), (1880, 5960)),
        "mecc-training-new-starters": shares(
            QUARTERS, (104, 203), (189, 192), (190, 193), (194, 194), (192, 192), (188, 188), (191, 191)
        ),
        "trauma-informed-training": shares(YEARS, (130, 1190), (330, 1210), (520, 1225), (690, 1230)),
        "staff-turnover": shares(YEARS, (760, 5790), (690, 5850), (655, 5910), (610, 5950)),
        "sickness-absence": shares(YEARS, (114000, 2070000), (109500, 2085000), (104000, 2095000), (98700, 2100000)),
        "quality-improvement-training": shares(YEARS, (1040, 5810), (1490, 5870), (1960, 5930), (2350, 5960)),
        "workforce-under-25": shares(YEARS, (380, 5810), (395, 5870), (420, 5930), (445, 5960)),
        "emissions-scope-1-2": values(CARBON, 11900, 9800, 8700, 7600, 6700),
        "emissions-scope-1-2-net": values(CARBON, 11900, 9800, 8700, 7600, 6700),
        "renewable-electricity": electricity(4_920_000),
        "oil-heated-sites": shares(SINCE, *[(0, 3)] * 14),
        "low-emission-fleet": shares(YEARS, (22, 41), (27, 41), (30, 40), (33, 40)),
        "ultra-low-emission-fleet": shares(YEARS, (1, 22), (1, 27), (2, 30), (3, 33)),
    },
    "actions": [
        ("integrated-discharge-hubs", "On track", day("2026-11-30"), None, "Hubs open at two sites; the third opens in November."),
        ("staff-waste-reduction", "Off track", day("2027-03-31"), None, "Schemes in six of nine organisations; three have not started."),
    ],
    "comments": [
        ("mecc-training-workforce", "Ward staff are trained on their induction day since April; those who came before are asked in the winter.", "Chief Nurse", day("2026-10-14")),
    ],
}

# The board returns for itself as an employer (it has no frontline staff: n/a), for the whole system, and England's
# figure where one is compared with.
ICB = {
    "name": "System analytics and intelligence unit",
    "figures": {
        "mecc-training-frontline": shares(YEARS, "n/a", "n/a", "n/a", "n/a"),
        "mecc-training-workforce": shares(YEARS, (95, 520), (160, 505), (230, 480), (270, 430)),
        "mecc-training-new-starters": shares(QUARTERS, (6, 16), (9, 9), (8, 8), (7, 7), (6, 6), (9, 9), (8, 8)),
        "trauma-informed-training": shares(YEARS, (12, 85), (31, 84), (45, 80), (52, 76)),
        "staff-turnover": shares(YEARS, (62, 515), (71, 512), (88, 492), (79, 455)),
        "sickness-absence": shares(YEARS, (4100, 150000), (3900, 148000), (3600, 142000), (3200, 130000)),
        "quality-improvement-training": shares(YEARS, (120, 520), (165, 505), (190, 480), (205, 430)),
        "workforce-under-25": shares(YEARS, (18, 520), (17, 505), (15, 480), (14, 430)),
    },
    "figures for": {
        SYSTEM: {
            "children-mental-health-access": values(YEARS, 15950, 17020, 18240, 19310),
            "smoking-at-delivery-local": shares(YEARS, (1290, 10410), (1120, 10290), (905, 10200), (720, 10150)),
            "self-harm-admissions-10-to-24-local": values(
                ["2020/21", "2021/22", *YEARS], 380.6, 371.2, 352.8, 356.9, 341.0, 333.5
            ),
            "children-anticipatory-care-planning": shares(YEARS, (19, 48), "*", (31, 47), (34, 46)),
            "emergency-admissions-local": values(YEARS, 131800, 134600, 136900, 138900),
            "emergency-admissions-unmitigated": values(
                [*YEARS, "2026/27", "2027/28"], 131800, 135400, 139100, 142900, 146800, 150800
            ),
            "mrsa-cases": values(YEARS, 12, 9, 11, 8),
            "c-difficile-cases": values(YEARS, 421, 438, 447, 433),
            "e-coli-cases": values(YEARS, 512, 530, 541, 528),
            "klebsiella-cases": values(YEARS, 171, 178, 183, 186),
            "pseudomonas-cases": values(YEARS, 62, 59, 64, 60),
            "social-prescribing-link-workers": values(YEARS, 96.0, 98.5, 93.0, 88.5),
            "core20-maternity-continuity": shares(YEARS, (610, 2890), (745, 2920), (880, 2905), (965, 2930)),
            "core20-smi-health-checks": shares(YEARS, (6020, 10410), (6490, 10530), (6910, 10640), (7190, 10760)),
            "core20-early-cancer-diagnosis": shares(YEARS[:3], (2960, 5390), (3080, 5470), (3210, 5560)),
            "long-term-condition-non-elective": shares(
                YEARS, (11910, 1255000), (11820, 1264000), (11640, 1273000), (11450, 1281000)
            ),
            "core20-hypertension-local": shares(YEARS, (128100, 191300), (136900, 195200), (146800, 198900), (153200, 202400)),
            "core20-children-oral-health": values(YEARS, 212, 231, 205, 188),
            "overweight-adults-recorded": shares(
                ["2020/21", "2021/22", *YEARS],
                (171200, 262100), (176900, 270300), (183600, 279800), (188400, 287200), (193100, 294600), (196900, 300800),
            ),
            "learning-disability-autism-inpatients-commissioned": values(QUARTERS, 58, 55, 54, 51, 52, 49, 47),
            "learning-disability-autism-community": values(YEARS, 14, "*", 17, 21),
            "learning-disability-health-checks": shares(YEARS, (4960, 6420), (5120, 6540), (5310, 6660), (5480, 6790)),
            "suicide-local": estimates(POOLED, (11.4, 10.2, 12.7), (11.6, 10.4, 12.9), (11.9, 10.7, 13.2), (11.7, 10.5, 13.0)),
            "tooth-extractions-under-10": values(YEARS, 640, 655, 610, 575),
            "recruitment-collaborative-partners": shares(SINCE, *[(5, 5)] * 14),
            "nhs-impact-adoption": shares(MARCHES, (3, 6), (5, 6), (6, 6)),
            "jointly-employed-posts": values(YEARS, 40, 41, 42, 43),
            "inhaler-emissions": values(CARBON, 14200, 12600, 11700, 10800, 9900),
        },
        ENGLAND: {
            "smoking-at-delivery-local": shares(YEARS, (49900, 567000), (42400, 566000), (36700, 563000), (31900, 560000)),
            "suicide-local": estimates(POOLED, (10.4, 10.3, 10.6), (10.7, 10.5, 10.8), (10.9, 10.8, 11.1), (11.0, 10.9, 11.2)),
        },
    },
    # The groups of each add up to the figure of the whole system.
    "by deprivation": {
        (SYSTEM, "smoking-at-delivery-local"): fifths("2025/26", (330, 2950), (176, 2210), (108, 1830), (65, 1640), (41, 1520)),
        (SYSTEM, "overweight-adults-recorded"): fifths(
            "2025/26", (47100, 66900), (42600, 63200), (38900, 59700), (35400, 56800), (32900, 54200)
        ),
        (SYSTEM, "life-expectancy-gap-system-female"): deciles(
            *zip(GAP, [82.4, 82.1, 82.0, 82.2, 82.5], [7.6, 7.8, 8.1, 7.9, 7.4], strict=True)
        ),
        (SYSTEM, "life-expectancy-gap-system-male"): deciles(
            *zip(GAP, [78.4, 78.0, 77.9, 78.2, 78.6], [9.2, 9.6, 9.9, 9.7, 9.5], strict=True)
        ),
        (SYSTEM, "core20-maternity-continuity"): core20("2025/26", (290, 910), (675, 2020)),
        (SYSTEM, "core20-smi-health-checks"): core20("2025/26", (2610, 4080), (4580, 6680)),
        (SYSTEM, "core20-early-cancer-diagnosis"): core20("2024/25", (980, 1850), (2230, 3710)),
        (SYSTEM, "core20-hypertension-local"): core20("2025/26", (38600, 52900), (114600, 149500)),
        (SYSTEM, "core20-children-oral-health"): core20("2025/26", (None, None, 97), (None, None, 91)),
    },
    "notes": {
        ("children-anticipatory-care-planning", "2023/24"): "Withheld: fewer than five on one side.",
        **{("emergency-admissions-unmitigated", year): PROJECTION for year in [*YEARS, "2026/27", "2027/28"]},
    },
    "actions": [
        ("ethnicity-and-disability-data", "On track", day("2027-03-31"), None, "Ethnicity known for 94% of records, disability for 71%."),
        ("mental-health-strategy", "Complete", None, day("2025-09-18"), "Agreed by the partnership."),
        ("prevention-spend", "At risk", day("2027-06-30"), None, "No agreed way yet to class spending as prevention."),
        ("workforce-reflects-population", "At risk", day("2026-12-31"), None, "Breakdown done for the NHS, not for social care."),
        ("aims-in-induction-and-reviews", "Off track", day("2026-12-31"), None, "In all inductions; in reviews at four of seven employers."),
        ("outcomes-framework", "On track", day("2026-12-15"), None, "This pack is the first dashboard."),
        ("virtual-intelligence-system", "On track", day("2027-03-31"), None, "Shared data platform live for the NHS partners."),
        ("mutual-aid-memorandum", "Complete", None, day("2026-02-20"), "Signed; wider partners joined in February."),
        ("system-staff-induction", "Not started", None, None, ""),
        ("estates-strategy", "Complete", None, day("2025-05-29"), "Agreed two months after its date."),
    ],
}

CITY = {
    "name": "Adult social care and public health",
    "figures": {
        "control-over-daily-life": values(YEARS, Percent(0.738), Percent(0.741), Percent(0.752), Percent(0.757)),
        "reablement-home-after-91-days": shares(YEARS, (412, 508), (431, 522), (455, 541), (471, 556)),
        "reablement-offered": shares(YEARS, (508, 14900), (522, 15150), (541, 15300), (556, 15420)),
        "carers-social-contact": values(["2021/22", "2023/24", "2025/26"], Percent(0.262), Percent(0.271), Percent(0.284)),
        "prevention-referrals": values(YEARS, 9810, 10350, 10920, 11240),
        "supported-back-into-work": shares(YEARS, (142, 610), (171, 655), (198, 690), (225, 720)),
        "mecc-training-frontline": shares(YEARS, (170, 940), (390, 930), (560, 925), (650, 920)),
        "mecc-training-workforce": shares(YEARS, (190, 2050), (330, 2020), (470, 1990), (610, 1970)),
        "mecc-training-new-starters": shares(
            QUARTERS, (19, 66), (53, 56), (54, 56), (54, 55), (53, 54), (55, 55), (56, 56)
        ),
        "trauma-informed-training": shares(YEARS, (90, 620), (190, 615), (300, 610), (365, 605)),
        "staff-turnover": shares(YEARS, (290, 2040), (270, 2030), (248, 2005), (231, 1980)),
        "sickness-absence": shares(YEARS, (47500, 670000), (45000, 662000), (42500, 656000), (40300, 650000)),
        "workforce-under-25": shares(YEARS, (105, 2050), (108, 2020), (112, 1990), (118, 1970)),
        "emissions-scope-1-2": values(CARBON, 26300, 17900, 15200, 12800, 10900),
        "emissions-scope-1-2-net": values(CARBON, 26300, 17600, 14900, 12500, 10600),
        "renewable-electricity": electricity(6_930_000),
        "low-emission-fleet": shares(YEARS, (142, 232), (161, 230), (178, 228), (190, 226)),
        "ultra-low-emission-fleet": shares(YEARS, (18, 142), (25, 161), (33, 178), (41, 190)),
    },
    "actions": [
        ("civic-agreement", "Complete", None, day("2024-11-07"), "Approved by all parties."),
    ],
}

COUNTY = {
    "name": "Performance, insight and public health",
    "figures": {
        "control-over-daily-life": values(YEARS, 77.9, 78.4, 78.1, 79.0),
        "reablement-home-after-91-days": shares(YEARS, (861, 1012), (902, 1040), ("about 900", 1061), (947, 1090)),
        "reablement-offered": shares(YEARS, (1012, 31200), (1040, 31650), (1061, 31900), (1090, 32150)),
        "carers-social-contact": values(["2021/22", "2023/24", "2025/26"], 28.9, 28.1, "#REF!"),
        "prevention-referrals": values(YEARS, 14320, 14900, 15480, 15930),
        "supported-back-into-work": shares(YEARS, (240, 1080), (281, 1120), (318, 1165), (1203, 352)),
        "mecc-training-frontline": shares(YEARS, (330, 1620), (690, 1610), (960, 1600), (1110, 1590)),
        "mecc-training-workforce": shares(YEARS, (410, 3510), (610, 3480), (850, 3450), (1090, 3420)),
        "mecc-training-new-starters": shares(
            QUARTERS, (33, 101), (90, 94), (91, 94), (92, 93), (91, 92), (92, 92), (90, 90)
        ),
        "trauma-informed-training": shares(YEARS, (150, 980), (340, 975), (510, 970), (600, 960)),
        "staff-turnover": shares(YEARS, (470, 3490), (430, 3470), (402, 3440), (371, 3410)),
        "sickness-absence": shares(YEARS, (69000, 1150000), (66000, 1143000), (63000, 1138000), (60000, 1130000)),
        "workforce-under-25": shares(YEARS, (180, 3510), (185, 3480), (194, 3450), (203, 3420)),
        "emissions-scope-1-2": values(CARBON, 21400, 16900, 15100, 13600, 12400),
        "emissions-scope-1-2-net": values(CARBON, 21400, 16700, 14900, 13400, 12100),
        "renewable-electricity": electricity(5_370_000, other_until_2025=224_000),
        "low-emission-fleet": shares(YEARS, (96, 210), (120, 208), (141, 205), (159, 203)),
        "ultra-low-emission-fleet": shares(YEARS, (4, 96), (6, 120), (9, 141), (13, 159)),
    },
    "actions": [
        ("mecc-framework", "Complete", None, day("2024-02-14"), "Agreed by both health and wellbeing boards."),
        ("better-care-fund-review", "Complete", None, day("2024-06-19"), "Received; two further areas chosen."),
        ("joint-head-posts", "On track", day("2027-01-29"), None, "Two of three in post; the third is being recruited."),
    ],
}

# The mental health trust returns for itself as an employer, and for those of the system's residents who are in its care.
NHC = {
    "name": "Applied information",
    "figures for": {
        SYSTEM: {
            "mental-health-independent-living": shares(YEARS, (2140, 3690), (2280, 3790), (2400, 3870), (2510, 3950)),
            "smoking-serious-mental-illness": values(YEARS, 41.2, 40.0, 38.7, 37.5),
        },
    },
    "figures": {
        "mecc-training-frontline": shares(YEARS, (1120, 6210), (2260, 6240), (3390, 6270), (4120, 6290)),
        "mecc-training-workforce": shares(YEARS, (1090, 9420), (1660, 9480), (2310, 9520), (2960, 9550)),
        "mecc-training-new-starters": shares(
            QUARTERS, (131, 326), (283, 298), (287, 297), (292, 297), (293, 297), (295, 298), (297, 299)
        ),
        "trauma-informed-training": shares(YEARS, (520, 4100), (1290, 4130), (1960, 4150), (2420, 4160)),
        "staff-turnover": shares(YEARS, (1310, 9400), (1240, 9450), (1200, 9500), (1155, 9530)),
        "sickness-absence": shares(YEARS, (196000, 3270000), (187000, 3290000), (179000, 3300000), (171000, 3310000)),
        "quality-improvement-training": shares(YEARS, (1690, 9420), (2290, 9480), (2940, 9520), (3510, 9550)),
        "workforce-under-25": shares(YEARS, (560, 9420), (570, 9480), (605, 9520), (640, 9550)),
        "emissions-scope-1-2": values(CARBON, 14800, 12300, 11200, 10100, 9200),
        "emissions-scope-1-2-net": values(CARBON, 14800, 12300, 11200, 10100, 9200),
        "renewable-electricity": electricity(4_440_000),
        "oil-heated-sites": shares(SINCE, *[(0, 11)] * 12, *[(0, 10)] * 2),
        "low-emission-fleet": shares(YEARS, (88, 176), (105, 174), (121, 172), (134, 170)),
        "ultra-low-emission-fleet": shares(YEARS, (3, 88), (5, 105), (8, 121), (11, 134)),
    },
    "actions": [
        ("green-plan-delivery", "On track", day("2027-03-31"), None, "Year three of the plan; 38% below its first year."),
    ],
}


def titles(kind, words):
    """The words of every entry of a kind in the framework's files, by its id."""
    files = sorted(FRAMEWORKS.glob("measures/*.toml")) + sorted(FRAMEWORKS.glob("2024/*.toml"))
    entries = (entry for file in files for entry in tomllib.loads(file.read_text("utf-8")).get(kind, []))
    return {entry["id"]: entry[words] for entry in entries}


def sheets(partner, content):
    """The sheets, each a list of rows of plain values."""
    about = [
        ["Partner", partner],
        ["Period", QUARTER],
        ["Edition", "2024"],
        ["Data status", "Illustrative"],
        ["Prepared by", content["name"]],
    ]
    measures, actions = titles("measure", "title"), titles("action", "statement")
    notes = content.get("notes", {})
    groups = content.get("by deprivation", {})
    figures = [[BANNER], [], FIGURES + GROUPS if groups else FIGURES]
    for area, given in [*content.get("figures for", {}).items(), (None, content["figures"])]:
        for measure, rows in given.items():
            for period, amounts in rows:
                amounts = [*amounts, None, None][:5]
                figures.append([measure, measures[measure], period, *amounts, area, notes.get((measure, period))])
    for (area, measure), rows in groups.items():
        for period, scheme, group, amounts in rows:
            amounts = [*amounts, None, None, None][:5]
            figures.append([measure, measures[measure], period, *amounts, area, None, scheme, group])
    reports = [[BANNER], [], ACTIONS] + [[action, actions[action], *rest] for action, *rest in content["actions"]]
    made = {"About": about, "Figures": figures, "Key actions": reports}
    if comments := content.get("comments"):
        ambitions = titles("ambition", "statement")
        made["Comments"] = [[BANNER], [], COMMENTS] + [[ambition, ambitions[ambition], *rest] for ambition, *rest in comments]
    return made


def excel(tables):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for i, row in enumerate(rows, start=1):
            for j, value in enumerate(row, start=1):
                cell = sheet.cell(i, j, float(value) if isinstance(value, Percent) else value)
                if isinstance(value, Percent):
                    cell.number_format = "0.0%"
                elif isinstance(value, datetime.date):
                    cell.number_format = "d mmm yyyy"
                elif isinstance(value, (int, float)):
                    cell.number_format = "#,##0" if float(value).is_integer() else "#,##0.0"
                if row in ([BANNER], FIGURES, FIGURES + GROUPS, ACTIONS, COMMENTS) or (name == "About" and j == 1):
                    cell.font = Font(bold=True)
                if row == [BANNER]:
                    cell.fill = PatternFill("solid", fgColor="FFEB9C")
        for column, width in zip("ABCDEFGHIJ", [38, 52, 14, 14, 14, 14, 14, 14, 14, 48], strict=True):
            sheet.column_dimensions[column].width = width
        if rows[2] == FIGURES + GROUPS:
            for column, width in zip("KL", [34, 20], strict=True):
                sheet.column_dimensions[column].width = width
        if name != "About":
            sheet.freeze_panes = "A4"
    book.properties.creator = "boardpack demonstration"
    book.properties.created = MADE
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def open_document(tables):
    book = OpenDocumentSpreadsheet()
    for name, rows in tables.items():
        table = Table(name=name)
        for row in rows:
            line = TableRow()
            for value in row:
                line.addElement(open_document_cell(value))
            table.addElement(line)
        book.spreadsheet.addElement(table)
    out = io.BytesIO()
    book.write(out)
    return out.getvalue()


def open_document_cell(value):
    if value is None:
        return TableCell()
    if isinstance(value, datetime.date):
        cell, text = TableCell(valuetype="date", datevalue=value.isoformat()), value.strftime("%d/%m/%Y")
    elif isinstance(value, (int, float)):
        cell, text = TableCell(valuetype="float", value=value), f"{value:,}"
    else:
        cell, text = TableCell(valuetype="string"), value
    cell.addElement(P(text=text))
    return cell


def with_fixed_dates(archive):
    """The same archive with one date everywhere, so that its bytes do not depend on when it was made."""
    out = io.BytesIO()
    stamp = MADE.isoformat() + "Z"
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename in ("docProps/core.xml", "meta.xml"):
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?", stamp.encode(), data)
            entry = zipfile.ZipInfo(item.filename, MADE.timetuple()[:6])
            # An OpenDocument file says what it is in a first entry that is not compressed.
            entry.compress_type = zipfile.ZIP_STORED if item.filename == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
    return out.getvalue()


def main():
    folder = HERE / "returns"
    folder.mkdir(exist_ok=True)
    partners = {"nuh": NUH, "sfh": SFH, "icb": ICB, "city-council": CITY, "county-council": COUNTY, "nhc": NHC}
    for partner, content in partners.items():
        write, ending = (open_document, "ods") if partner == "nhc" else (excel, "xlsx")
        path = folder / f"{partner}_{QUARTER}.{ending}"
        path.write_bytes(with_fixed_dates(write(sheets(partner, content))))
        print(path.relative_to(HERE))


if __name__ == "__main__":
    main()
