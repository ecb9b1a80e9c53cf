//! What the product promises, by feature.

mod configuration;
mod indicators;
mod judging;
mod packs;
mod returns;
mod running;
mod sending;
mod support;
