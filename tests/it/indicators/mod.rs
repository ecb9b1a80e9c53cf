//! Public indicators: asked, read, checked.

mod age_bands;
mod checks;
mod distributions;
mod fetching;
mod json_answers;
mod outcomes;
mod settings;
mod shares_of_years;
mod sources;
