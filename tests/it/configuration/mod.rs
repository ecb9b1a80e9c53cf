//! Configuration: editions of a framework, its mistakes, installing.

mod editions;
mod framework;
mod installing;
mod mistakes;
