//! Every input as it was received, named by its content, so that a figure can be traced to the bytes it came from; and when each
//! public source was asked, with what came of it.

mod ahead;
mod answer;
mod content_store;
mod digest;
mod fetch_log;

pub use answer::{KeptAnswer, Receiving};
pub use content_store::Archive;
pub use digest::{sha256, sha256_of_file, short_sha256};
pub use fetch_log::{ASKED, AnswerHead, FetchRecord};
