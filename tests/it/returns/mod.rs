//! Partners' workbooks: asked for, checked, read.

mod age_bands;
mod check;
mod faults;
mod hostile;
mod inbox;
mod mappings;
mod reading;
mod templates;
