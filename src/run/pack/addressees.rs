//! Who is to get a pack.

use super::job::PackJob;
use super::readers::{Addressee, PackReaders};
use crate::area::AreaCode;
use crate::distribute::{Recipient, RecipientList};
use crate::fault::{Fault, Faults};
use crate::run::loaded_config::LoadedConfig;
use crate::run::mail_config::{MailConfig, OPERATORS};

/// Those who are to get a pack: the addresses asked for, or the list, and with it every list of those who get that of a part
/// of the system; nobody where nothing is to be sent.
pub(super) fn addressees(config: &LoadedConfig, job: &PackJob) -> Result<Vec<Addressee>, Faults> {
    let place = &config.only.place;
    let each = |recipients: &[Recipient], part: &Option<AreaCode>| -> Vec<Addressee> {
        recipients.iter().map(|recipient| Addressee { recipient: recipient.clone(), part: part.clone() }).collect()
    };
    match (&job.recipients, &config.mail) {
        (PackReaders::Nobody, _) | (_, None) => Ok(Vec::new()),
        (PackReaders::These(recipients), _) => Ok(each(recipients, place)),
        (PackReaders::Operators, Some(mail)) => {
            let operators = list(mail, OPERATORS, "add the list: a preview is sent to the operators")?;
            Ok(each(&operators.recipients, place))
        }
        (PackReaders::List(name), Some(mail)) => {
            let named = list(mail, name, "add the list, name another in pack.recipients, or run with --to or --no-send")?;
            let of_parts = mail.lists.iter().filter(|other| named.pack_of.is_none() && other.pack_of.is_some());
            let lists = std::iter::once(named).chain(of_parts);
            let lists = lists.filter(|list| place.is_none() || list.pack_of == *place);
            let mut addressees: Vec<Addressee> = Vec::new();
            for addressee in lists.flat_map(|list| each(&list.recipients, &list.pack_of)) {
                // Two lists may have one part and one reader.
                if !addressees.iter().any(|other| other.is_same(&addressee)) {
                    addressees.push(addressee);
                }
            }
            Ok(addressees)
        }
    }
}

fn list<'a>(mail: &'a MailConfig, name: &str, remedy: &str) -> Result<&'a RecipientList, Faults> {
    mail.lists.get(name).ok_or_else(|| {
        let there_are = mail.lists.names();
        let there_are = if there_are.is_empty() { String::new() } else { format!("; there are {there_are}") };
        Fault::new("recipients.toml", format!("there is no list {name:?} to send to{there_are}"), remedy).into()
    })
}
