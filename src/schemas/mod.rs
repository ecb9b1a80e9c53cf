//! A JSON Schema for each kind of configuration file, made from the types that read it: editors check a file by it, and
//! [`page()`] writes the reference of every key from it.

mod defaults;
mod generate;
mod kind;
mod page;
#[cfg(test)]
mod tests;
mod tidy;

pub use generate::{head_line, schema, text};
pub use kind::FileKind;
pub use page::page;
