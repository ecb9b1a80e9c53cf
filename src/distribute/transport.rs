//! Where messages go: files, or a mail server.

use super::delivery_result::DeliveryResult;
use super::message::Message;
use super::sender::Sender;
use super::smtp::MailServer;
use crate::atomic_file;
use crate::fault::Faults;
use crate::permissions;
use crate::settings::{self, TransportKind};
use std::path::{Path, PathBuf};

/// The way that the settings choose.
#[derive(Debug)]
pub struct Transport {
    /// Bytes that one message may have.
    largest: u64,
    way: Way,
}

#[derive(Debug)]
enum Way {
    /// A file a message in this folder.
    Folder(PathBuf),
    Smtp(Box<MailServer>),
}

impl Transport {
    /// `folder` is where the file transport writes.
    ///
    /// # Errors
    /// Every mail setting that is missing or that the chosen transport cannot work with.
    pub fn new(mail: &settings::Mail, folder: &Path) -> Result<Self, Faults> {
        let way = match mail.transport {
            TransportKind::File => Way::Folder(folder.to_owned()),
            TransportKind::Smtp => {
                let sender = Sender::new(mail);
                match (MailServer::new(&mail.smtp, sender.as_ref().map_or("localhost", Sender::domain)), sender) {
                    (Ok(server), Ok(_)) => Way::Smtp(Box::new(server)),
                    (server, sender) => {
                        let faults = [sender.err(), server.err()].into_iter().flatten().flat_map(|faults| faults.0);
                        return Err(Faults(faults.collect()));
                    }
                }
            }
        };
        Ok(Self { largest: largest(mail), way })
    }

    /// Sends one message to its one recipient, and says how that ended.
    pub async fn send(&self, message: &Message) -> DeliveryResult {
        let size = message.bytes.len() as u64;
        if size > self.largest {
            return DeliveryResult::refused_for_good(format!(
                "the message is {:.1} MB as sent, over the {} MB of mail.max_message_mb",
                size as f64 / 1e6,
                self.largest / 1_000_000
            ));
        }
        match &self.way {
            Way::Smtp(server) => server.send(message).await,
            Way::Folder(folder) => {
                let (path, bytes) = (folder.join(file_name(message)), message.bytes.clone());
                let written = tokio::task::spawn_blocking(move || {
                    permissions::create_private_folders(path.parent().unwrap_or(&path))?;
                    atomic_file::write_private(&path, &bytes)
                });
                let written = written.await;
                match written.map_err(std::io::Error::other).flatten() {
                    Ok(()) => DeliveryResult::Written,
                    Err(e) => {
                        DeliveryResult::refused_for_now(format!("the message cannot be written in {}: {e}", folder.display()))
                    }
                }
            }
        }
    }

    pub fn kind(&self) -> TransportKind {
        match self.way {
            Way::Smtp(_) => TransportKind::Smtp,
            Way::Folder(_) => TransportKind::File,
        }
    }

    /// Whether what is refused for the moment may be taken a little later: a folder does not mend itself.
    pub fn is_worth_retrying(&self) -> bool {
        matches!(self.way, Way::Smtp(_))
    }

    /// The file that `message` is written to, where it goes to a file.
    pub fn file_of(&self, message: &Message) -> Option<PathBuf> {
        match &self.way {
            Way::Folder(folder) => Some(folder.join(file_name(message))),
            Way::Smtp(_) => None,
        }
    }
}

/// Whether a message may have so many bytes attached: in base64, in lines of 76, with room for the words.
pub fn carries(mail: &settings::Mail, attached: usize) -> bool {
    const WORDS: u64 = 100_000;
    let digits = (attached as u64).div_ceil(3) * 4;
    digits + digits.div_ceil(76) * 2 + WORDS <= largest(mail)
}

/// Bytes that one message may have.
fn largest(mail: &settings::Mail) -> u64 {
    mail.max_message_mb.get().saturating_mul(1_000_000)
}

/// By the digits of the message's key, as its Message-ID has them. The recipient's address stands in the file only: names are
/// seen where files are not, in listings and backups.
fn file_name(message: &Message) -> String {
    let digits = message.id.local_part();
    format!("{}.eml", &digits[..20.min(digits.len())])
}
