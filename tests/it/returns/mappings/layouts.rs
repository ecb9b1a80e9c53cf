//! Layouts of many kinds, each in a small sheet.

use super::*;

#[test]
fn scaled_figures_become_the_measures_unit() {
    let share = block("beds-occupied", "value = { column = \"Beds\", given = \"share\" }");
    assert_eq!(values(&share, "Period|Beds\n2020/21 Q1|0.57"), [Value::Number(57.0)]);
    assert_eq!(values(&share, "Period|Beds\n2020/21 Q1|57%"), [Value::Number(57.0)]);
    let percent = block("beds-occupied", "value = { column = \"Beds\", given = \"percent\" }");
    assert_eq!(values(&percent, "Period|Beds\n2020/21 Q1|0.57"), [Value::Number(0.57)]);
    let thousands = block("staff-eu", "value = { column = \"Staff (000s)\", scale = 1000 }");
    assert_eq!(values(&thousands, "Period|Staff (000s)\n2020/21|1.5"), [Value::Number(1500.0)]);
}

#[test]
fn ambiguous_numbers_are_faults() {
    let doubtful = block("beds-occupied", "value = \"Beds\"");
    assert_fault(&doubtful, "Period|Beds\n2020/21 Q1|0.45", "w.xlsx, sheet S, cell B2", "0.45 may mean 0.45% or 45%");
    let share = block("beds-occupied", "value = { column = \"Beds\", given = \"share\" }");
    assert_fault(&share, "Period|Beds\n2020/21 Q1|45", "w.xlsx, sheet S, cell B2", "a share from 0 to 1 was expected");
    let count = block("staff-eu", "value = \"Staff\"");
    assert_fault(&count, "Period|Staff\n2020/21|45%", "w.xlsx, sheet S, cell B2", "45% was found where the unit is another");
    assert_fault(&count, "Period|Staff\n2020/21|about 5", "w.xlsx, sheet S, cell B2", "the text \"about 5\" was found");
    assert_fault(&count, "Period|Staff\n2020/21|-5", "w.xlsx, sheet S, cell B2", "0 or more was expected");
    assert_fault(&count, "Period|Staff\nlast year|5", "w.xlsx, sheet S, cell A2", "\"last year\" is not a period");
    assert_fault(&count, "Period|Staff\n2020-03-31|5", "w.xlsx, sheet S, cell A2", "does not say what it stands for");
}

#[test]
fn only_counted_things_must_be_whole() {
    let count = block("staff-eu", "value = \"Staff\"");
    assert_fault(&count, "Period|Staff\n2020/21|118.5", "w.xlsx, sheet S, cell B2", "118.5 was found; a count is a whole number");
    let thousands = block("staff-eu", "value = { column = \"Staff\", scale = 1000 }");
    assert_eq!(values(&thousands, "Period|Staff\n2020/21|118.503"), [Value::Number(118_503.0)]);
    assert_fault(&thousands, "Period|Staff\n2020/21|1.1185", "w.xlsx, sheet S, cell B2", "1118.5 was found");
    let share = block("beds-occupied", "numerator = \"Beds\"\ndenominator = \"Of\"");
    assert_fault(&share, "Period|Beds|Of\n2020/21 Q1|57.5|100", "w.xlsx, sheet S, cell B2", "57.5 was found");
    assert_fault(&share, "Period|Beds|Of\n2020/21 Q1|57|100.5", "w.xlsx, sheet S, cell C2", "100.5 was found");
    // A sum of a spreadsheet is whole but for the last digit.
    assert_eq!(values(&share, "Period|Beds|Of\n2020/21 Q1|57.0000000001|100"), [Value::Number(57.000_000_000_1)]);
}

#[test]
fn a_publishers_marks_come_before_those_known_everywhere() {
    let more = "value = \"Staff\"\n";
    let marks = "[marks]\nsuppressed = [\"#\"]\nmissing = [\"nil return\"]\nzero = [\"-\"]\nignored = [\"[p]\", \"r\"]\n";
    let text = format!(
        "{marks}[[figures]]\nsheet = \"any\"\nheader = [\"Period\"]\nmeasure = \"staff-eu\"\narea = \"RX1\"\nperiod = {{ column = \"Period\" }}\n{more}"
    );
    let table =
        "Period|Staff\n2015/16|#\n2016/17|Nil return\n2017/18|-\n2018/19|1,234 [p]\n2019/20|7r [p]\n2020/21|[c]\n2021/22|";
    let expected =
        [Value::Suppressed, Value::Missing, Value::Number(0.0), Value::Number(1234.0), Value::Number(7.0), Value::Suppressed];
    assert_eq!(values(&mapping(&text), table), expected);
    assert_eq!(values(&block("staff-eu", more), "Period|Staff\n2017/18|-"), [Value::Missing]);
}

#[test]
fn counts_make_values_unless_suppressed() {
    let counts = "numerator = \"In use\"\ndenominator = \"Beds\"";
    let table = "Period|In use|Beds\n2020/21 Q1|30|40\n2020/21 Q2|*|40\n2020/21 Q3|50|40";
    let reading = read(&block("beds-occupied", counts), &[sheet("S", table)]);
    let given: Vec<_> = reading.figures().map(|f| (f.value, f.numerator, f.denominator)).collect();
    assert_eq!(given, [(Value::Number(75.0), Some(30.0), Some(40.0)), (Value::Suppressed, None, Some(40.0))]);
    assert!(faults(&reading)[0].starts_with("w.xlsx, sheet S, cell B4: the numerator 50 is above the denominator 40"));
}

#[test]
fn suppressed_counts_hide_their_value() {
    let columns = "value = { column = \"Share\", given = \"percent\" }\nnumerator = \"In use\"\ndenominator = \"Beds\"";
    let table = "Period|Share|In use|Beds\n2020/21 Q1|1.25|*|320\n2020/21 Q2|1.25|4|[c]\n2020/21 Q3|50|20|40";
    let given: Vec<_> =
        read(&block("beds-occupied", columns), &[sheet("S", table)]).figures().map(|f| (f.value, f.numerator)).collect();
    let hidden = (Value::Suppressed, None);
    assert_eq!(given, [hidden, hidden, (Value::Number(50.0), Some(20.0))]);
}

#[test]
fn two_header_rows_are_one_figure() {
    let text = "[[figures]]\nsheet = \"any\"\nheader = [\"Org\"]\nheader_rows = 2\nmeasure = \"staff-eu\"\narea = { column = \"Org\" }\n\
                period = { header = true }\n";
    let both = "Org|2020/21|2021/22\n|2020/21|2021/22\nRX1|5|7";
    assert_eq!(values(&mapping(text), both), [Value::Number(5.0), Value::Number(7.0)]);
    // The lower heading says more: a quarter of the year above it.
    let more = "Org|2020/21|2020/21\n|2020/21 Q1|2020/21 Q2\nRX1|5|7";
    let reading = read(&mapping(text), &[sheet("S", more)]);
    let periods: Vec<String> = reading.figures().map(|figure| figure.period.to_string()).collect();
    assert_eq!(periods, ["2020/21 Q1", "2020/21 Q2"]);
    // Of the two rows one may be no period at all.
    let above = "Org|2020/21|2021/22\n|Headcount|Headcount\nRX1|5|7";
    assert_eq!(values(&mapping(text), above), [Value::Number(5.0), Value::Number(7.0)]);
    let below = "Org|Staff|Staff|Note\n|2020/21|2021/22|of the trust\nRX1|5|7|none";
    assert_eq!(values(&mapping(text), below), [Value::Number(5.0), Value::Number(7.0)]);
}

#[test]
fn limits_share_cells_or_give_distances() {
    let all = |more: &str, table: &str| {
        let reading = read(&block("mrsa-rate", more), &[sheet("S", table)]);
        assert_eq!(faults(&reading), [""; 0], "{table}");
        reading.figures().map(|f| (f.value, f.limits, f.found.clone())).collect::<Vec<_>>()
    };
    let figure = |value, lower, upper, found: &str| (Value::Number(value), Some(Limits { lower, upper }), found.to_owned());
    let one = "value = \"Value ± CI\"\nplus_minus = \"Value ± CI\"";
    let found = all(one, "Period|Value ± CI\n2020/21|24.5 ± 0.5\n2021/22|30 +/- 2\n2022/23|31");
    assert_eq!(found[..2], [figure(24.5, 24.0, 25.0, "24.5 ± 0.5"), figure(30.0, 28.0, 32.0, "30 +/- 2")]);
    assert_eq!(found[2].1, None, "a figure alone has no limits");
    let two = "value = \"Value\"\nplus_minus = \"± CI\"";
    assert_eq!(all(two, "Period|Value|± CI\n2020/21|24.5|0.5"), [figure(24.5, 24.0, 25.0, "24.5")]);
    let brackets = "value = \"Rate (95% CI)\"\nlower = \"Rate (95% CI)\"\nupper = \"Rate (95% CI)\"";
    let table = "Period|Rate (95% CI)\n2020/21|24.5 (24.0 to 25.0)\n2021/22|30 [28 - 32]";
    let expected = [figure(24.5, 24.0, 25.0, "24.5 (24.0 to 25.0)"), figure(30.0, 28.0, 32.0, "30 [28 - 32]")];
    assert_eq!(all(brackets, table), expected);
    // A share as a percentage, with its distance in the same way.
    let shares = "value = { column = \"V\", given = \"share\" }\nplus_minus = { column = \"D\", given = \"share\" }";
    let reading = read(&block("beds-occupied", shares), &[sheet("S", "Period|V|D\n2020/21 Q1|0.75|0.125")]);
    assert_eq!(reading.figures().next().unwrap().limits, Some(Limits { lower: 62.5, upper: 87.5 }));
    assert_fault(
        &block("mrsa-rate", two),
        "Period|Value|± CI\n2020/21|24.5|wide",
        "w.xlsx, sheet S, cell C2",
        "the value is used without limits",
    );
    let both = "value = \"V\"\nplus_minus = \"D\"\nlower = \"L\"\nupper = \"U\"";
    let text = format!(
        "title = \"T\"\n[[figures]]\nsheet = \"any\"\nheader = [\"V\"]\nmeasure = \"mrsa-rate\"\narea = \"RX1\"\nperiod = \"2020/21\"\n{both}\n"
    );
    assert!(mapping::parse(&text, "t.toml").unwrap_err().to_string().contains("limits are found in one way"));
}

#[test]
fn money_is_read_in_the_measures_scale() {
    let config = Assets::config(Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/second_system/config")));
    let (framework, areas) = (framework::load(&config, "2024").unwrap(), framework::read_areas(&config).unwrap());
    let read = |measure: &str, cells: &str| {
        let text = format!(
            "title = \"T\"\n[[figures]]\nsheet = \"any\"\nheader = [\"Period\"]\nmeasure = \"{measure}\"\narea = \"marsh-hospitals\"\n\
             period = {{ column = \"Period\" }}\nvalue = \"Spend\"\n"
        );
        let mapping = mapping::parse(&text, "t.toml").unwrap();
        mapping.check(&framework, &areas).unwrap();
        mapping::read(&[sheet("S", &format!("Period|Spend\n{cells}"))], "w.xlsx", &mapping, &framework, &areas)
    };
    let millions = read("agency-spend", "2025/26 Q1|£1.2m\n2025/26 Q2|£900k\n2025/26 Q3|1.45\n2025/26 Q4|£1.5");
    let values: Vec<Value> = millions.figures().map(|figure| figure.value).collect();
    assert_eq!(values, [1.2, 0.9, 1.45, 1.5].map(Value::Number));
    let others = read("agency-spend", "2025/26 Q1|1.3m\n2025/26 Q2|450k\n2025/26 Q3|£1.3 million\n2025/26 Q4|0.0013bn");
    assert_eq!(others.figures().map(|figure| figure.value).collect::<Vec<_>>(), [1.3, 0.45, 1.3, 1.3].map(Value::Number));
    let pounds = read("care-package", "2025/26 Q1|£1.2k\n2025/26 Q2|£742\n2025/26 Q3|-£3");
    assert_eq!(pounds.figures().map(|figure| figure.value).collect::<Vec<_>>(), [1200.0, 742.0, -3.0].map(Value::Number));
    assert!(faults(&read("agency-spend", "2025/26 Q1|45%"))[0].contains("where the unit is another (million pounds)"));
    let below = read("agency-spend", "2025/26 Q1|(£450k)\n2025/26 Q2|(0.2)");
    assert_eq!(below.figures().map(|figure| figure.value).collect::<Vec<_>>(), [-0.45, -0.2].map(Value::Number));
    // Written out in full, or many millions: the mapping says which, or nobody knows.
    for amount in ["£1,200,000", "1200000"] {
        let told = faults(&read("agency-spend", &format!("2025/26 Q1|{amount}")));
        assert!(told[0].contains("an amount in million pounds was expected"), "{told:?}");
        assert!(told[0].contains("1,200,000 may mean £1.2m or £1,200,000m"), "{told:?}");
    }
}

#[test]
fn limits_are_read_where_they_hold_the_value() {
    let with = "value = \"Rate\"\nlower = \"Lower*\"\nupper = \"Upper*\"";
    let table = "Period|Rate|Lower 95%|Upper 95%\n2020/21|24.3|23.4|25.3\n2021/22|30|31|32\n2022/23|30||32";
    let reading = read(&block("mrsa-rate", with), &[sheet("S", table)]);
    let limits: Vec<_> = reading.figures().map(|f| f.limits).collect();
    assert_eq!(limits, [Some(Limits { lower: 23.4, upper: 25.3 }), None]);
    let faults = faults(&reading);
    assert!(faults[0].contains("the value 30 does not lie within its limits, 31 to 32"), "{faults:?}");
    let expected = "cell C4: there is an upper limit and no lower; the value is used without it";
    assert!(faults[1].contains(expected), "{faults:?}");
}

#[test]
fn conflicting_figures_for_a_key_are_faults() {
    let count = block("staff-eu", "value = \"Staff\"");
    let reading = read(&count, &[sheet("S", "Period|Staff\n2020/21|5\n2020/21|6\n2021/22|7\n2021/22|7")]);
    assert_eq!(listed(&reading), ["staff-eu RX1 2021/22 7.000 B4"]);
    let expected = "w.xlsx, sheet S, cell B3: staff-eu of RX1 for 2020/21 was given before, differently, in sheet S, cell B2; \
        neither is used";
    assert!(faults(&reading)[0].starts_with(expected), "{:?}", faults(&reading));
}

#[test]
fn repeated_headings_must_be_told_apart() {
    let table = "|Open||In use|\nPeriod|Total|Day|Total|Day\n2020/21 Q1|40|1|30|1";
    assert_fault(
        &block("staff-eu", "value = \"Total\""),
        table,
        "w.xlsx, sheet S",
        "the heading \"Total\" appears in B2 and in D2",
    );
    let told = block("staff-eu", "value = { column = \"Total\", under = \"In use\" }");
    assert_eq!(values(&told, &table.replace("2020/21 Q1", "2020/21")), [Value::Number(30.0)]);
    assert_fault(
        &block("staff-eu", "value = \"Night\""),
        table,
        "w.xlsx, sheet S",
        "has no \"Night\"; it has \"Period\", \"Total\"",
    );
}

#[test]
fn sheets_and_labels_may_give_periods() {
    let text = "[[figures]]\nsheet = \"Staff *\"\nheader = [\"Trust\", \"Staff\"]\nmeasure = \"staff-eu\"\nperiod = { sheet = true }\n\
                only = { Group = \"All\" }\narea = { column = \"Trust\", down = true, labels = { \"NUH*\" = \"RX1\", SFH = \"RK5\" } }\nvalue = \"Staff\"";
    let table = "Trust|Group|Staff\nNUH (city)|Doctors|1\n|All|5\nSFH|Doctors|2\n|All|7";
    let other = sheet("Notes", "Trust|Staff\nNUH|99");
    let reading = read(&mapping(text), &[sheet("Staff 2020/21", table), sheet("Staff 2021/22", &table.replace('5', "6")), other]);
    let expected = [
        "staff-eu RX1 2020/21 5.000 C3",
        "staff-eu RK5 2020/21 7.000 C5",
        "staff-eu RX1 2021/22 6.000 C3",
        "staff-eu RK5 2021/22 7.000 C5",
    ];
    assert_eq!((listed(&reading), faults(&reading)), (expected.map(str::to_owned).to_vec(), vec![]));
}

#[test]
fn a_header_may_hold_areas_or_measures() {
    let areas = "[[figures]]\nsheet = \"any\"\nheader = [\"Year\"]\nmeasure = \"staff-eu\"\narea = { header = true }\nperiod = { column = \"Year\" }";
    let reading = read(&mapping(areas), &[sheet("S", "Year|RX1|R1H|RK5\n2020/21|1|2|3")]);
    assert_eq!(listed(&reading), ["staff-eu RX1 2020/21 1.000 B2", "staff-eu RK5 2020/21 3.000 D2"]);
    let measures = "[[figures]]\nsheet = \"any\"\nheader = [\"Year\"]\narea = \"RX1\"\nperiod = { column = \"Year\" }\n\
                    measure = { header = true, labels = { Staff = \"staff-eu\", Deaths = \"registered-deaths\" } }";
    let reading = read(&mapping(measures), &[sheet("S", "Year|Staff|Deaths|Beds\n2020/21|1|2|3")]);
    assert_eq!(listed(&reading), ["staff-eu RX1 2020/21 1.000 B2", "registered-deaths RX1 2020/21 2.000 C2"]);
    assert_eq!(reading.tables[0].skipped[0].places, ["column D (\"Beds\")"]);
}

#[test]
fn periods_are_read_as_publishers_write_them() {
    let quarterly = block("registered-deaths", "value = \"N\"");
    for (written, period) in [
        ("April to June 2020", "2020/21 Q1"),
        ("Jan \u{2013} Mar 2021", "2020/21 Q4"),
        ("Q3 2020/21", "2020/21 Q3"),
        ("Quarter 2 2020-21", "2020/21 Q2"),
        ("2020/21 Quarter 2", "2020/21 Q2"),
        ("2012 to 2013", "2012/13"),
        ("2012/13", "2012/13"),
        ("May to June 2020", "May 2020 - Jun 2020"),
    ] {
        let reading = read(&quarterly, &[sheet("S", &format!("Period|N\n{written}|5"))]);
        assert_eq!(
            reading.figures().map(|f| f.period.to_string()).collect::<Vec<_>>(),
            [period],
            "{written}: {:?}",
            reading.faults
        );
    }
    for (span, written, period) in [
        ("month", "2020-05-31", "May 2020"),
        ("quarter", "2020-05-31", "2020/21 Q1"),
        ("year", "2020-03-31", "2019/20"),
        ("year", "31 March 2020", "2019/20"),
        ("quarter", "30/09/2020", "2020/21 Q2"),
    ] {
        let text = format!(
            "[[figures]]\nsheet = \"any\"\nheader = [\"Period\"]\nmeasure = \"staff-eu\"\narea = \"RX1\"\nvalue = \"N\"\nperiod = {{ column = \"Period\", dates = \"{span}\" }}"
        );
        let reading = read(&mapping(&text), &[sheet("S", &format!("Period|N\n{written}|5"))]);
        assert_eq!(reading.figures().map(|f| f.period.to_string()).collect::<Vec<_>>(), [period], "{span} {written}");
    }
}

#[test]
fn unasked_rows_give_no_figures() {
    let text = "[[figures]]\nname = \"b\"\nsheet = \"any\"\nheader = [\"Area\"]\nmeasure = \"staff-eu\"\narea = { column = \"Area\", labels = { Nottingham = \"E06000018\" } }\nperiod = \"2020/21\"\nvalue = \"N\"";
    assert_fault(
        &mapping(text),
        "Area|N\nDerby|5\nLeicester|6",
        "w.xlsx, sheet S",
        "none of the 2 rows below row 1 is of a measure and an area",
    );
}

// Mistakes in a mapping.

#[test]
fn rounding_keeps_to_the_decimals_shown() {
    let rounding = |measure: &str, more: &str, table: &str| {
        let reading = read(&block(measure, more), &[sheet("S", table)]);
        assert_eq!(faults(&reading), [""; 0]);
        reading.figures().map(|figure| (figure.value.number().unwrap(), figure.rounding)).next().unwrap()
    };
    let near = |(value, rounding): (f64, f64), expected: (f64, f64)| {
        assert!((value - expected.0).abs() < 1e-9 && (rounding - expected.1).abs() < 1e-9, "{value} {rounding}");
    };
    let share = "value = { column = \"Share\", given = \"share\" }";
    near(rounding("beds-occupied", share, "Period|Share\n2020/21 Q1|0.815"), (81.5, 0.05));
    let percent = "value = { column = \"Share\", given = \"percent\" }";
    near(rounding("beds-occupied", percent, "Period|Share\n2020/21 Q1|81.5"), (81.5, 0.05));
    near(rounding("beds-occupied", share, "Period|Share\n2020/21 Q1|82%"), (82.0, 0.5));
    let scaled = "value = { column = \"Thousands\", scale = 1000 }";
    near(rounding("staff-eu", scaled, "Period|Thousands\n2020/21 Q1|1.2"), (1200.0, 50.0));
}
