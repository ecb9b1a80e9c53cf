//! A real HTTP server on this machine that does as it is told: by hyper where it is to behave, by hand where it is not.

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// What the server does with one request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Status, headers, body, by a server that keeps to the protocol.
    Proper(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// These bytes, then the connection is closed.
    Bytes(Vec<u8>),
    /// These bytes, then nothing more until the client gives up.
    Silence(Vec<u8>),
}

pub fn ok(body: impl Into<Vec<u8>>) -> Reply {
    Reply::Proper(200, vec![("content-type", "application/octet-stream".to_owned())], body.into())
}

pub fn status(code: u16, headers: &[(&'static str, &str)]) -> Reply {
    Reply::Proper(code, headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(), b"oops".to_vec())
}

/// What was asked: the request line and the headers, small letters, a line each, and the body, if any, on a last line.
pub type Asked = Arc<Mutex<Vec<String>>>;

/// The server with what is known of it.
#[derive(Debug, Clone)]
pub struct Server {
    pub base: String,
    pub port: u16,
    pub asked: Asked,
    pub connections: Arc<AtomicUsize>,
    /// What the next questions get, the last for ever.
    replies: Arc<Mutex<Vec<Reply>>>,
}

impl Server {
    pub async fn start(replies: Vec<Reply>) -> Self {
        Self::listen(replies, None).await
    }

    /// With this certificate of `tests/data/tls`.
    pub async fn with_tls(replies: Vec<Reply>, certificate: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls");
        let chain = CertificateDer::from_pem_file(folder.join(certificate)).unwrap();
        let key = PrivateKeyDer::from_pem_file(folder.join("localhost.key")).unwrap();
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![chain], key).unwrap();
        Self::listen(replies, Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    pub fn then(&self, replies: Vec<Reply>) {
        *self.replies.lock().unwrap() = replies;
    }

    pub fn times_asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    pub fn last_asked(&self) -> String {
        self.asked.lock().unwrap().last().cloned().unwrap_or_default()
    }

    async fn listen(replies: Vec<Reply>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let base = if tls.is_some() { format!("https://localhost:{port}/api/") } else { format!("http://127.0.0.1:{port}/api/") };
        let server =
            Self { base, port, asked: Asked::default(), connections: Arc::default(), replies: Arc::new(Mutex::new(replies)) };
        let at_work = server.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                at_work.connections.fetch_add(1, Ordering::Relaxed);
                let (server, tls) = (at_work.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => server.serve(stream).await,
                        // A client that does not trust the certificate hangs up.
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                server.serve(stream).await;
                            }
                        }
                    }
                });
            }
        });
        server
    }

    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        if !self.is_proper() {
            return self.serve_by_hand(stream).await;
        }
        let service = service_fn(|request: Request<Incoming>| {
            let mut head = format!("{} {}\n", request.method(), request.uri());
            for (name, value) in request.headers() {
                head += &format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()));
            }
            let server = &self;
            async move {
                head += &String::from_utf8_lossy(&request.into_body().collect().await?.to_bytes());
                let reply = server.next(head);
                // The next reply is by hand: on another connection.
                let last = !server.is_proper();
                let Reply::Proper(code, headers, body) = reply else { panic!("a proper connection cannot go on by hand") };
                let mut response = Response::builder().status(code);
                for (name, value) in headers {
                    response = response.header(name, value);
                }
                if last {
                    response = response.header("connection", "close");
                }
                Ok::<_, hyper::Error>(response.body(Full::new(Bytes::from(body))).unwrap())
            }
        });
        // A client that hangs up is no fault of the server.
        let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    }

    fn is_proper(&self) -> bool {
        matches!(self.replies.lock().unwrap().first(), Some(Reply::Proper(..)))
    }

    async fn serve_by_hand(self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) => return,
            }
        }
        let reply = self.next(String::from_utf8_lossy(&head).replace('\r', ""));
        let (bytes, then_silence) = match reply {
            Reply::Bytes(bytes) => (bytes, false),
            Reply::Silence(bytes) => (bytes, true),
            Reply::Proper(..) => panic!("a connection by hand cannot go on properly"),
        };
        // A client that has had enough hangs up, which is its right.
        let _ = stream.write_all(&bytes).await;
        let _ = stream.flush().await;
        if then_silence {
            while stream.read_u8().await.is_ok() {}
        }
    }

    fn next(&self, head: String) -> Reply {
        self.asked.lock().unwrap().push(head);
        let mut replies = self.replies.lock().unwrap();
        if replies.len() > 1 { replies.remove(0) } else { replies[0].clone() }
    }
}
