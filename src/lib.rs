//! boardpack turns partner returns and public indicators into an evaluated outcomes framework, an
//! accessible PDF board pack, and the e-mail that carries it.
//!
//! The modules follow the data: [`framework`] says what is measured, [`return_template`] writes the workbooks that partners fill
//! in, [`collect`] brings the figures, [`evaluate`] judges them, [`report`] sets the pack, [`distribute`] makes the messages. [`store`] keeps
//! what happened, [`schedule`] says when, and [`run`] drives one run from end to end. `ARCHITECTURE.md` has the rest.

pub mod age;
pub mod archive;
pub mod area;
pub mod assets;
mod atomic_file;
pub mod cli;
pub mod collect;
pub mod component;
mod counted;
pub mod distribute;
mod document;
pub mod evaluate;
mod explanation;
pub mod fault;
pub mod figure;
pub mod framework;
pub mod health_server;
mod net;
pub mod period;
mod permissions;
pub mod precision;
pub mod report;
pub mod retention;
pub mod return_template;
pub mod run;
pub mod schedule;
pub mod schemas;
pub mod serve;
pub mod settings;
pub mod store;
mod template_growth;
mod template_limits;
pub mod value;
mod visible;
