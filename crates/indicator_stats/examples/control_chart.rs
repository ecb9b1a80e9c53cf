//! A control chart of monthly figures with one gap: what each point says, and what the process will do about its target.

use indicator_stats::Polarity;
use indicator_stats::spc::{Cause, Options, PeriodValue, chart_of};

fn main() {
    let months = [62.0, 64.0, 61.0, 63.0, 62.0, 65.0, 63.0, 61.0, 64.0, 62.0, 63.0, 64.0, 62.0, 71.0];
    let mut readings: Vec<PeriodValue> = months.map(PeriodValue::of).to_vec();
    readings.insert(6, PeriodValue::MISSING);
    let options = Options { target: Some(75.0), ..Options::new(Polarity::High) };
    let chart = chart_of(&readings, &options);
    for point in &chart.points {
        let marked = if point.cause == Cause::Common { "" } else { "  <- special cause" };
        println!("{:>2}  {:>5.1}  [{:.1}, {:.1}]{marked}", point.place + 1, point.value, point.limits.lower, point.limits.upper);
    }
    println!("variation: {:?}; target of 75: {:?}", chart.variation, chart.assurance);
}
