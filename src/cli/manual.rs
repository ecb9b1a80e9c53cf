//! `boardpack completions` and `boardpack man`, from the same description of the command line as `--help`.

use super::{Failure, exit, print};
use clap::{Args, Command};
use clap_complete::Shell;
use std::path::PathBuf;

#[derive(Args)]
pub struct Completions {
    shell: Shell,
}

#[derive(Args)]
pub struct Man {
    /// The folder, created if it does not exist
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub fn completions(arguments: &Completions, mut command: Command) -> Result<u8, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "boardpack", &mut text);
    print(&text)?;
    Ok(exit::DONE)
}

/// A page for the program and one for each command.
pub fn man(arguments: &Man, command: Command) -> Result<u8, Failure> {
    let written = std::fs::create_dir_all(&arguments.out).and_then(|()| clap_mangen::generate_to(command, &arguments.out));
    written.map_err(|e| {
        let message = format!("{}: cannot be written: {e} (check the folder and its rights)", arguments.out.display());
        Failure { code: exit::UNAVAILABLE, message }
    })?;
    Ok(exit::DONE)
}
