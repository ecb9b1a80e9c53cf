//! Exit codes: what a script or a service manager may rely on. The numbers are those of `sysexits.h`, but for
//! [`PARTIAL`].

/// Done, and nothing was left out that should have been there. Returns that are missing or refused are everyday:
/// the pack says so and the exit is still this.
pub const DONE: u8 = 0;
/// Done, but partial: the pack was made and some stage could not be finished (a source failed, a recipient was
/// refused, a message's fate is unknown, the pack may not be sent).
pub const PARTIAL: u8 = 3;
/// The command line is wrong.
pub const USAGE: u8 = 64;
/// The data is bad: not one figure could be collected, so no pack was made.
pub const BAD_DATA: u8 = 65;
/// Something needed cannot be reached or written: the ledger, the output folder, the server in `health`.
pub const UNAVAILABLE: u8 = 69;
/// Something is in use by another process, or the command was told to stop and did after the message in hand: try again.
pub const TRY_AGAIN: u8 = 75;
/// The configuration is wrong: settings, framework, templates, partners, recipients, schedules, fonts.
pub const CONFIGURATION: u8 = 78;
