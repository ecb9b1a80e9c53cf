//! Whose certificates are trusted, and TLS over a connection to a mail server.

use super::quoted::innermost;
use crate::fault::Faults;
use crate::settings;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::io;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Those of `ca_file`, which are trusted beside the system's (or those of `SSL_CERT_FILE`).
#[derive(Default)]
pub struct Authorities {
    pub for_mail: Vec<CertificateDer<'static>>,
    pub for_tokens: Vec<reqwest::Certificate>,
}

/// How a server must show who it is.
pub struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Authorities {
    pub fn read(smtp: &settings::Smtp, faults: &mut Faults) -> Self {
        let Some(file) = &smtp.ca_file else { return Self::default() };
        let read = || {
            let pem = std::fs::read(file).map_err(|e| e.to_string())?;
            let for_mail = CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>().map_err(|e| innermost(&e))?;
            let for_tokens = reqwest::Certificate::from_pem_bundle(&pem).map_err(|e| innermost(&e))?;
            Ok(Self { for_mail, for_tokens })
        };
        read().unwrap_or_else(|problem: String| {
            let place = format!("mail.smtp.ca_file, {}", file.display());
            faults.push(place, format!("cannot be read: {problem}"), "name a PEM file of certificates");
            Self::default()
        })
    }
}

impl Tls {
    /// With the server of that name, by TLS 1.2 or 1.3.
    pub fn new(authorities: Vec<CertificateDer<'static>>, host: &str, faults: &mut Faults) -> Option<Self> {
        let Ok(name) = ServerName::try_from(host.to_owned()) else {
            // One that is not given is told of already.
            if !host.is_empty() {
                let problem = format!("{host:?} is neither a name nor an address of a server");
                faults.push("mail.smtp.host", problem, "write it as its certificate has it, such as mail.example.org");
            }
            return None;
        };
        let made = || {
            let mut roots = RootCertStore::empty();
            // Those that cannot be read trust nobody, and a server that needs them is refused by its certificate.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            for authority in authorities {
                roots.add(authority).map_err(|e| format!("a certificate of mail.smtp.ca_file cannot be used: {e}"))?;
            }
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
            let config = config.map_err(|e| e.to_string())?.with_root_certificates(roots).with_no_client_auth();
            Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
        };
        made().map_err(|problem: String| faults.push("mail.smtp", format!("TLS cannot be set up: {problem}"), "")).ok()
    }

    pub async fn over<T: AsyncRead + AsyncWrite + Unpin>(&self, line: T) -> io::Result<TlsStream<T>> {
        self.connector.connect(self.name.clone(), line).await
    }
}
