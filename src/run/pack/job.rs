//! What is asked of a run that makes packs.

use super::readers::PackReaders;

/// Makes a quarter's packs and sends them.
#[derive(Debug, Clone)]
pub struct PackJob {
    pub recipients: PackReaders,
    /// Marked as a draft on every page.
    pub draft: bool,
    /// Why the last issue is to be corrected, where it is: a corrected pack goes to all who have an earlier one.
    pub reissue: Option<String>,
}
