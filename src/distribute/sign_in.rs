//! Showing a mail server who we are: by a password (PLAIN or LOGIN) or by an access token (XOAUTH2).

use super::smtp::{Connection, Offers, SmtpFailure};
use super::token::{NoToken, TokenEndpoint};
use crate::fault::Faults;
use crate::settings::{self, Authentication};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use reqwest::Certificate;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

/// In the order that they are preferred in.
const BY_PASSWORD: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];
const BY_TOKEN: [Mechanism; 1] = [Mechanism::Xoauth2];

/// How a server is told who we are.
pub(super) enum SignIn {
    /// It takes messages from anybody, or knows us by our address.
    NotNeeded,
    Password {
        username: String,
        password: SecretString,
    },
    Token {
        username: String,
        endpoint: Box<TokenEndpoint>,
    },
}

/// What one conversation signs in with.
pub(super) struct Ticket {
    mechanisms: &'static [Mechanism],
    username: String,
    /// The password or the token.
    pub secret: SecretString,
}

impl SignIn {
    /// `authorities` are trusted beside the system's where tokens are fetched.
    pub fn new(smtp: &settings::Smtp, authorities: Vec<Certificate>, faults: &mut Faults) -> Option<Self> {
        match (smtp.authentication, &smtp.username) {
            (Authentication::Password, None) => Some(Self::NotNeeded),
            (Authentication::Password, Some(username)) => {
                if smtp.password.expose_secret().is_empty() {
                    faults.push(
                        "mail.smtp.password",
                        "is not given, and mail.smtp.username is",
                        "set BOARDPACK__MAIL__SMTP__PASSWORD or mail.smtp.password_file",
                    );
                }
                Some(Self::Password { username: username.clone(), password: smtp.password.clone() })
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
            Self::Password { username, password } => {
                Some(Ticket { mechanisms: &BY_PASSWORD, username: username.clone(), secret: password.clone() })
            }
            Self::Token { username, endpoint } => {
                let token = endpoint.token(Instant::now()).await?;
                Some(Ticket { mechanisms: &BY_TOKEN, username: username.clone(), secret: token })
            }
        })
    }

    /// Where tokens come from, where they do.
    pub fn endpoint(&self) -> Option<&TokenEndpoint> {
        match self {
            Self::Token { endpoint, .. } => Some(endpoint),
            Self::NotNeeded | Self::Password { .. } => None,
        }
    }
}

impl Ticket {
    pub async fn show(&self, connection: &mut Connection, offers: &Offers) -> Result<(), SmtpFailure> {
        let Some(mechanism) = self.mechanisms.iter().copied().find(|mechanism| offers.sign_in.contains(mechanism)) else {
            let names: Vec<String> = self.mechanisms.iter().map(ToString::to_string).collect();
            return Err(SmtpFailure::Other(format!("it does not offer to sign in by {}", names.join(" or "))));
        };
        match mechanism {
            Mechanism::Plain => {
                let command = format!("AUTH PLAIN {}", self.answer(mechanism, None)?);
                connection.command(command, &[235]).await?;
            }
            Mechanism::Login => {
                let mut reply = connection.command("AUTH LOGIN\r\n", &[334]).await?;
                for codes in [&[334], &[235]] {
                    let question = reply.lines.first().and_then(|line| BASE64_STANDARD.decode(line.trim()).ok());
                    let question = question.map(|question| String::from_utf8_lossy(&question).into_owned());
                    let answer = self.answer(mechanism, question.as_deref())?;
                    reply = connection.command(answer, codes).await?;
                }
            }
            Mechanism::Xoauth2 => {
                // A token is longer than a line of a command may be: it is given when the server asks for it (RFC 4954, 4).
                connection.command("AUTH XOAUTH2\r\n", &[334]).await?;
                let reply = connection.command(self.answer(mechanism, None)?, &[235, 334]).await?;
                if reply.code == 334 {
                    // It does not take the token, and asks whether we have heard before it says so.
                    connection.command("\r\n", &[535]).await?;
                }
            }
        }
        Ok(())
    }

    /// What a mechanism says, in base64 and with a line end.
    fn answer(&self, mechanism: Mechanism, question: Option<&str>) -> Result<String, SmtpFailure> {
        let credentials = Credentials::new(self.username.clone(), self.secret.expose_secret().to_owned());
        let answer = mechanism.response(&credentials, question);
        // lettre says no more than that the question is none that it knows.
        let answer = answer.map_err(|_| SmtpFailure::Other("it asks for neither a name nor a password".to_owned()))?;
        Ok(format!("{}\r\n", BASE64_STANDARD.encode(answer)))
    }
}
