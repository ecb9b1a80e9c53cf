//! How messages are sent, signed and handed to a mail server.

use super::values::unset_if_empty;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;
use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

/// How messages are sent.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// How messages leave.
    pub transport: TransportKind,
    /// The sender, such as `Secretariat <secretariat@example.org>`.
    #[serde(deserialize_with = "unset_if_empty")]
    pub from: Option<String>,
    /// Where answers go, where that is not the sender.
    #[serde(deserialize_with = "unset_if_empty")]
    pub reply_to: Option<String>,
    /// The largest message, in MB, with what base64 adds; NHSmail takes 35.
    pub max_message_mb: NonZero<u64>,
    /// Where a pack is found that is too large to send, named to its recipients. Not set: it is not delivered.
    #[serde(deserialize_with = "unset_if_empty")]
    pub pack_location: Option<String>,
    /// True sends, in the place of a pack that is too large, the next of `pack.make` that is not.
    pub smaller_pack: bool,
    /// More messages than this wait; Microsoft 365 takes 30 a minute.
    pub messages_per_minute: NonZero<usize>,
    /// How often one message is tried, where the server refuses it for the moment.
    pub attempts: NonZero<u32>,
    /// How long to wait before the second attempt, in seconds: doubled after each.
    pub first_retry_seconds: u64,
    /// True has each run send a message again that may have arrived, one copy: somebody may get it twice, and nobody goes without.
    pub at_least_once: bool,
    /// A domain of yours, such as `board.example.org`: a pack then has a `List-Id` under it. Not set: no list headers.
    #[serde(deserialize_with = "unset_if_empty")]
    pub list_id: Option<String>,
    /// An https: or mailto: address where readers learn what this is and how to stop it, for `List-Help`.
    #[serde(deserialize_with = "unset_if_empty")]
    pub list_help: Option<String>,
    /// A key of yours that signs each message, where the mail server does not sign.
    pub dkim: Dkim,
    /// The mail server, with `transport = "smtp"`.
    pub smtp: Smtp,
}

/// The key that messages are signed with; none are where neither selector nor key is given.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dkim {
    /// The public key is in DNS at SELECTOR._domainkey.DOMAIN. Neither this nor `key_file`: no signature.
    #[serde(deserialize_with = "unset_if_empty")]
    pub selector: Option<String>,
    /// Not set: the domain of `mail.from`.
    #[serde(deserialize_with = "unset_if_empty")]
    pub domain: Option<String>,
    /// A PEM file: an RSA key of 2048 to 4096 bits, or an Ed25519 key.
    #[serde(deserialize_with = "unset_if_empty")]
    pub key_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TransportKind {
    /// Each message is an `.eml` file in `messages/` beside the ledger, and nothing is sent.
    File,
    /// A mail server sends it, as `[mail.smtp]` says.
    Smtp,
}

/// The mail server, with `transport = "smtp"`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// The server's name.
    #[serde(deserialize_with = "unset_if_empty")]
    pub host: Option<String>,
    /// Its port.
    pub port: NonZero<u16>,
    /// How the connection is encrypted.
    pub tls: Tls,
    /// A PEM file of authorities to trust beside the system's, for tokens too.
    #[serde(deserialize_with = "unset_if_empty")]
    pub ca_file: Option<PathBuf>,
    /// Not set: no authentication.
    #[serde(deserialize_with = "unset_if_empty")]
    pub username: Option<String>,
    /// How `username` is shown to be who it says.
    pub authentication: Authentication,
    /// Better given by the environment or by `password_file`.
    #[schemars(with = "String")]
    pub password: SecretString,
    /// A file with the password.
    #[serde(deserialize_with = "unset_if_empty")]
    pub password_file: Option<PathBuf>,
    /// Where access tokens come from, with `authentication = "xoauth2"`.
    pub oauth2: OAuth2,
    /// How long the whole conversation of one message may take, in seconds, a token for it included.
    pub deadline_seconds: u64,
}

/// How `username` is shown to be who it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Authentication {
    /// By a password.
    Password,
    /// By an access token, fetched as `[mail.smtp.oauth2]` says.
    Xoauth2,
}

/// Where access tokens come from, for an application that acts on its own behalf (RFC 6749, 4.4).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OAuth2 {
    /// Such as `https://login.microsoftonline.com/TENANT/oauth2/v2.0/token`.
    #[serde(deserialize_with = "unset_if_empty")]
    pub token_url: Option<String>,
    /// The application's id.
    #[serde(deserialize_with = "unset_if_empty")]
    pub client_id: Option<String>,
    /// Better given by the environment or by `client_secret_file`.
    #[schemars(with = "String")]
    pub client_secret: SecretString,
    /// A file with the secret.
    #[serde(deserialize_with = "unset_if_empty")]
    pub client_secret_file: Option<PathBuf>,
    /// What the token is for.
    pub scope: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tls {
    /// Encrypted from the command STARTTLS on.
    Starttls,
    /// Encrypted from the first byte.
    Implicit,
    /// Not encrypted: only to a host of this machine.
    None,
}

impl Mail {
    /// Whom partners may ask about their returns; empty where nobody is named.
    pub fn secretariat(&self) -> &str {
        self.reply_to.as_deref().or(self.from.as_deref()).unwrap_or_default()
    }
}

impl TransportKind {
    /// Whether what it takes reaches people: a file beside the pack is no delivery.
    pub fn reaches_people(self) -> bool {
        match self {
            TransportKind::Smtp => true,
            TransportKind::File => false,
        }
    }

    /// As it is written in the settings, and in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            TransportKind::Smtp => "smtp",
            TransportKind::File => "file",
        }
    }
}

impl Smtp {
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.deadline_seconds)
    }
}
