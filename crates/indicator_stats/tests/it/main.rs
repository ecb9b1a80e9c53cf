//! The statistics reproduce worked cases of the field's reference implementations, and hold what they promise.

mod cases;
mod changes;
mod composite;
mod control_charts;
mod funnels;
mod methods;
mod numbers;
mod projections;
