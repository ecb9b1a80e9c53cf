//! Who looks on while work is done.

/// Told how a run goes on.
pub trait Progress: Sync {
    fn stage_starts(&self, name: &str);
    /// So many public indicators of so many, and which was the last.
    fn counted(&self, done: usize, total: usize, last: &str);
    fn stage_ends(&self, name: &str, detail: &str);
}

/// Where nobody looks on.
pub struct Unwatched;

impl Progress for Unwatched {
    fn stage_starts(&self, _: &str) {}
    fn counted(&self, _: usize, _: usize, _: &str) {}
    fn stage_ends(&self, _: &str, _: &str) {}
}
