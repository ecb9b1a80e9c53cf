//! What sending needs beside the mail settings, loaded and checked as one.

use crate::distribute::{self, Recipient, RecipientLists, Sender, Transport};
use crate::document::Places;
use crate::fault::Faults;
use crate::framework::Partner;
use crate::schedule::Schedules;
use crate::settings::Settings;
use std::collections::BTreeMap;

/// The list of `recipients.toml` that is told what goes wrong, and sees previews.
pub(crate) const OPERATORS: &str = "operators";

/// What sending needs beside the mail settings.
#[derive(Debug)]
pub struct MailConfig {
    pub sender: Sender,
    /// By the partner's id, who is asked for its return and told of it.
    pub contacts: BTreeMap<String, Vec<Recipient>>,
    pub lists: RecipientLists,
    pub templates: distribute::MessageTemplates,
    /// For the day of the next pack; none where they cannot be read, which is told where they are used.
    pub schedules: Schedules,
}

impl MailConfig {
    pub(crate) fn load(settings: &Settings, partners: &[Partner]) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let (mail, ..) = Self::read(settings, partners, &mut faults);
        faults.into_result()?;
        mail.ok_or_else(Faults::default)
    }

    /// None where something is at fault; the lists as far as they can be read, and where they stand.
    pub(super) fn read(
        settings: &Settings,
        partners: &[Partner],
        faults: &mut Faults,
    ) -> (Option<Self>, Option<RecipientLists>, Places) {
        let mut found = Faults::default();
        let sender = found.value_of(Sender::new(&settings.mail));
        let (lists, places) = RecipientLists::read(&settings.config_assets(), &mut found);
        let templates = found.value_of(distribute::MessageTemplates::load(&settings.template_assets()));
        // Only tried here: a run makes its own for the folder of its quarter.
        found.value_of(Transport::new(&settings.mail, &settings.paths.messages()));
        let contacts = found.value_of(contacts(partners));
        found.0.dedup();
        let mail = match (sender, contacts, lists.clone(), templates) {
            (Some(sender), Some(contacts), Some(lists), Some(templates)) if found.0.is_empty() => {
                let schedules = Schedules::load(&settings.config_assets(), &lists).unwrap_or_default();
                Some(Self { sender, contacts, lists, templates, schedules })
            }
            _ => None,
        };
        faults.0.extend(found.0);
        (mail, lists, places)
    }
}

/// The contacts of each partner, each address once.
fn contacts(partners: &[Partner]) -> Result<BTreeMap<String, Vec<Recipient>>, Faults> {
    let mut faults = Faults::default();
    let mut all = BTreeMap::new();
    for partner in partners {
        let mut recipients: Vec<Recipient> = Vec::new();
        for contact in &partner.contacts {
            match Recipient::parse(contact) {
                Ok(one) if recipients.iter().any(|other| other.address == one.address) => {}
                Ok(recipient) => recipients.push(recipient),
                // One without an @ is told with the partner.
                Err(problem) if contact.contains('@') => {
                    faults.push(format!("partner {}, contact", partner.id), problem, "correct it");
                }
                Err(_) => {}
            }
        }
        all.insert(partner.id.clone(), recipients);
    }
    faults.into_result().map(|()| all)
}
