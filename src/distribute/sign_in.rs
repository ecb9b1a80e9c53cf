//! Showing a mail server who we are: by a password (PLAIN or LOGIN) or by an access token (XOAUTH2).

use super::token::{NoToken, TokenEndpoint};
use crate::fault::Faults;
use crate::settings::{self, Authentication};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::Auth;
use reqwest::Certificate;
use secrecy::ExposeSecret;
use tokio::time::Instant;

/// In the order that they are preferred in.
const BY_PASSWORD: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];
const BY_TOKEN: [Mechanism; 1] = [Mechanism::Xoauth2];

/// How a server is told who we are.
pub(super) enum SignIn {
    /// It takes messages from anybody, or knows us by our address.
    NotNeeded,
    Password(Credentials),
    Token {
        username: String,
        endpoint: Box<TokenEndpoint>,
    },
}

/// What one conversation signs in with.
pub(super) struct Ticket {
    mechanisms: &'static [Mechanism],
    credentials: Credentials,
}

/// Why signing in failed.
pub(super) enum NotSignedIn {
    Refused(Error),
    /// The server offers no mechanism that we could use, or does not keep to it.
    Other(String),
}

impl SignIn {
    /// `authorities` are trusted beside the system's where tokens are fetched.
    pub fn new(smtp: &settings::Smtp, authorities: Vec<Certificate>, faults: &mut Faults) -> Option<Self> {
        let password = smtp.password.expose_secret();
        match (smtp.authentication, &smtp.username) {
            (Authentication::Password, None) => Some(Self::NotNeeded),
            (Authentication::Password, Some(username)) => {
                if password.is_empty() {
                    faults.push(
                        "mail.smtp.password",
                        "is not given, and mail.smtp.username is",
                        "set BOARDPACK__MAIL__SMTP__PASSWORD or mail.smtp.password_file",
                    );
                }
                Some(Self::Password(Credentials::new(username.clone(), password.to_owned())))
            }
            (Authentication::Xoauth2, username) => {
                if username.is_none() {
                    let problem = "is not given, and mail.smtp.authentication is \"xoauth2\"";
                    faults.push("mail.smtp.username", problem, "give the address of the mailbox that is sent from");
                }
                let endpoint = TokenEndpoint::new(&smtp.oauth2, authorities, faults);
                Some(Self::Token { username: username.clone()?, endpoint: Box::new(endpoint?) })
            }
        }
    }

    /// What to sign in with now, where that is needed; a token is fetched where none is kept that is good still.
    pub async fn ticket(&self) -> Result<Option<Ticket>, NoToken> {
        Ok(match self {
            Self::NotNeeded => None,
            Self::Password(credentials) => Some(Ticket { mechanisms: &BY_PASSWORD, credentials: credentials.clone() }),
            Self::Token { username, endpoint } => {
                let token = endpoint.token(Instant::now()).await?;
                let credentials = Credentials::new(username.clone(), token.expose_secret().to_owned());
                Some(Ticket { mechanisms: &BY_TOKEN, credentials })
            }
        })
    }

    /// Where tokens come from, where they do.
    pub fn endpoint(&self) -> Option<&TokenEndpoint> {
        match self {
            Self::Token { endpoint, .. } => Some(endpoint),
            Self::NotNeeded | Self::Password(_) => None,
        }
    }
}

impl Ticket {
    pub async fn show(&self, connection: &mut AsyncSmtpConnection) -> Result<(), NotSignedIn> {
        let Some(mechanism) = connection.server_info().get_auth_mechanism(self.mechanisms) else {
            let names: Vec<String> = self.mechanisms.iter().map(ToString::to_string).collect();
            return Err(NotSignedIn::Other(format!("it does not offer to sign in by {}", names.join(" or "))));
        };
        if mechanism != Mechanism::Xoauth2 {
            connection.auth(self.mechanisms, &self.credentials).await?;
            return Ok(());
        }
        // A token is longer than a line of a command may be: it is given when the server asks for it (RFC 4954, 4).
        let whole = Auth::new(mechanism, self.credentials.clone(), None)?.to_string();
        let (command, token) = whole.rsplit_once(' ').unwrap_or((&whole, "\r\n"));
        match connection.command(format!("{command}\r\n")).await {
            Ok(asks) if asks.has_code(334) => {}
            Ok(other) => return Err(NotSignedIn::Other(format!("it answered {} where 334 was expected", other.code()))),
            // A bare "334" is an answer too, though lettre takes it for none. Whatever else it was, the next answer tells.
            Err(error) if error.is_response() => {}
            Err(error) => return Err(error.into()),
        }
        let answer = connection.command(token).await?;
        if answer.has_code(334) {
            // It does not take the token, and asks whether we have heard before it says so; lettre would leave it waiting.
            connection.command("\r\n").await?;
        }
        Ok(())
    }
}

impl From<Error> for NotSignedIn {
    fn from(error: Error) -> Self {
        NotSignedIn::Refused(error)
    }
}
