//! What commands about returns are given, and what they warn of.

use crate::cli::Failure;
use crate::collect::Finding;
use crate::fault::Fault;
use crate::framework::Partner;

/// The partner of that id, which `key` names.
pub(super) fn partner<'a>(key: &str, id: &str, partners: &'a [Partner]) -> Result<&'a Partner, Failure> {
    partners.iter().find(|partner| partner.id == id).ok_or_else(|| {
        let ids = partners.iter().map(|partner| partner.id.as_str()).collect::<Vec<_>>().join(", ");
        Failure::usage(key, format!("{id:?} is not a partner; there are: {ids}"))
    })
}

/// Says what of earlier runs could not be read.
pub(super) fn warn(unread: &[Finding]) {
    for Finding { place, problem, remedy, .. } in unread {
        eprintln!("warning: {}", Fault::new(place, problem, remedy));
    }
}
