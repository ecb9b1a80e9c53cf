//! An SMTP server that does as its script says, for one connection or for many.

// Each test binary uses a part of this.

pub mod real;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// What the server does at one step.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    Say(&'static str),
    /// Listens on and never answers.
    Silent,
    /// Hangs up.
    Drop,
    /// Answers, and hangs up at once.
    LastWord(&'static str),
    /// Says this again and again until the client hangs up.
    Endless(&'static str),
    /// Says this a byte each 20 milliseconds.
    Drip(&'static str),
}

/// The file of the authority that signed the server's certificate.
pub const CA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls/ca.pem");

/// An act for each step; by default all goes well.
#[derive(Debug, Clone, Copy)]
pub struct Script {
    /// TLS from the first byte.
    pub implicit: bool,
    pub greeting: Act,
    pub ehlo: Act,
    /// Where it says 220, TLS begins.
    pub starttls: Act,
    /// The answer to EHLO once TLS has begun by STARTTLS.
    pub secured_ehlo: Act,
    /// The answer to AUTH, and to each line that follows a question (334).
    pub auth: fn(&str) -> Act,
    pub mail: Act,
    pub rcpt: Act,
    pub data: Act,
    /// In the middle of the text, where it does not listen to its end.
    pub in_text: Option<Act>,
    /// Once, after the first line of the text, which it listens to on to its end.
    pub after_first_line: Option<&'static str>,
    /// How long after that line it says so.
    pub lag: Duration,
    /// After the whole text.
    pub text: Act,
    pub noop: Act,
    pub quit: Act,
    /// Before each answer.
    pub pause: Duration,
    /// Refuses addresses that begin so, where it is not empty.
    pub nobody: &'static str,
}

impl Script {
    pub fn has_silence(&self) -> bool {
        [self.greeting, self.ehlo, self.mail, self.rcpt, self.data, self.text, self.noop, self.quit]
            .iter()
            .any(|act| matches!(act, Act::Silent | Act::Drip(_)))
    }

    /// Offers STARTTLS, and signing in behind it.
    pub fn upgrading() -> Self {
        Self { ehlo: Act::Say("250-test.invalid\r\n250 STARTTLS"), ..Self::default() }
    }

    pub fn implicit() -> Self {
        Self { implicit: true, ..Self::default() }
    }
}

impl Default for Script {
    fn default() -> Self {
        Self {
            implicit: false,
            greeting: Act::Say("220 test.invalid ESMTP"),
            ehlo: Act::Say("250-test.invalid\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN"),
            starttls: Act::Say("220 go ahead"),
            secured_ehlo: Act::Say("250-test.invalid\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN"),
            auth: |_| Act::Say("235 2.7.0 signed in"),
            mail: Act::Say("250 ok"),
            rcpt: Act::Say("250 ok"),
            data: Act::Say("354 go on"),
            in_text: None,
            after_first_line: None,
            lag: Duration::ZERO,
            text: Act::Say("250 2.0.0 taken"),
            noop: Act::Say("250 2.0.0 ok"),
            quit: Act::Say("221 bye"),
            pause: Duration::ZERO,
            nobody: "",
        }
    }
}

/// What the client said.
#[derive(Debug, Default)]
pub struct Heard {
    pub commands: Vec<String>,
    /// The message, with doubled dots undone.
    pub text: Vec<u8>,
    /// The text came to its end: whatever is answered, and whether or not that arrives, the server has the message.
    pub is_whole: bool,
    /// One of the two has hung up.
    pub is_over: bool,
    pub is_secured: bool,
}

pub struct Running {
    pub port: u16,
    conversation: JoinHandle<Heard>,
}

impl Running {
    /// Waits for the client to hang up.
    pub async fn heard(self) -> Heard {
        self.conversation.await.unwrap()
    }
}

pub async fn start(script: Script) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let conversation = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let heard = Mutex::default();
        // A client that hangs up in the middle ends the conversation, and is no fault of the server's.
        let _ = converse(stream, script, &heard).await;
        heard.into_inner().unwrap()
    });
    Running { port, conversation }
}

/// A server that takes every message, for as long as the test runs.
pub struct PostOffice {
    pub port: u16,
    taken: Arc<Mutex<Vec<Arc<Mutex<Heard>>>>>,
    more: Arc<Notify>,
}

impl PostOffice {
    pub async fn open() -> Self {
        Self::with(Script::default()).await
    }

    pub async fn with(script: Script) -> Self {
        Self::by_turn(move |_| script).await
    }

    /// Of the conversations, counted from 0, each goes by a script of its own.
    pub async fn by_turn(script: impl Fn(usize) -> Script + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken: Arc<Mutex<Vec<Arc<Mutex<Heard>>>>> = Arc::default();
        let more = Arc::<Notify>::default();
        let (keeps, tells) = (taken.clone(), more.clone());
        tokio::spawn(async move {
            let mut turn = 0;
            while let Ok((stream, _)) = listener.accept().await {
                // Written down as it is said: a client that knows its message to be taken finds it in the book.
                let heard = Arc::<Mutex<Heard>>::default();
                keeps.lock().unwrap().push(heard.clone());
                let _ = converse(stream, script(turn), &heard).await;
                turn += 1;
                heard.lock().unwrap().is_over = true;
                tells.notify_waiters();
            }
        });
        Self { port, taken, more }
    }

    /// As [`PostOffice::take`], once there are so many: the client may know that one is over before the server does.
    pub async fn heard(&self, conversations: usize) -> Vec<Heard> {
        loop {
            let more = self.more.notified();
            let over = self.taken.lock().unwrap().iter().filter(|heard| heard.lock().unwrap().is_over).count();
            if over >= conversations {
                return self.take();
            }
            more.await;
        }
    }

    /// The conversations since this was last asked, in their order; without one that has come to no message yet.
    pub fn take(&self) -> Vec<Heard> {
        let mut taken = self.taken.lock().unwrap();
        let is_done = |heard: &Arc<Mutex<Heard>>| {
            let heard = heard.lock().unwrap();
            heard.is_whole || heard.is_over
        };
        let (done, on): (Vec<_>, Vec<_>) = std::mem::take(&mut *taken).into_iter().partition(is_done);
        *taken = on;
        done.iter().map(|heard| std::mem::take(&mut *heard.lock().unwrap())).collect()
    }
}

trait Line: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Line for T {}

async fn secure(line: Box<dyn Line>) -> std::io::Result<BufReader<Box<dyn Line>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls");
    let chain = CertificateDer::from_pem_file(folder.join("localhost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("localhost.key")).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![chain], key).unwrap();
    let line: Box<dyn Line> = Box::new(TlsAcceptor::from(Arc::new(config)).accept(line).await?);
    Ok(BufReader::new(line))
}

async fn converse(stream: TcpStream, script: Script, heard: &Mutex<Heard>) -> std::io::Result<()> {
    let mut stream: BufReader<Box<dyn Line>> = BufReader::new(Box::new(stream));
    if script.implicit {
        stream = secure(stream.into_inner()).await?;
        heard.lock().unwrap().is_secured = true;
    }
    let mut is_upgraded = false;
    tokio::time::sleep(script.pause).await;
    if !act(&mut stream, script.greeting).await? {
        return Ok(());
    }
    let (mut in_text, mut in_auth) = (false, false);
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        if in_text && line != b".\r\n" {
            if let Some(early) = script.after_first_line.filter(|_| heard.lock().unwrap().text.is_empty()) {
                tokio::time::sleep(script.lag).await;
                act(&mut stream, Act::Say(early)).await?;
            }
            heard.lock().unwrap().text.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            if let Some(next) = script.in_text
                && !act(&mut stream, next).await?
            {
                return Ok(());
            }
            continue;
        }
        let begins_tls = !in_text && line == b"STARTTLS\r\n";
        let next = if in_text {
            in_text = false;
            heard.lock().unwrap().is_whole = true;
            script.text
        } else {
            let command = String::from_utf8_lossy(&line).trim_end().to_owned();
            let next = match command.get(..4) {
                _ if in_auth => (script.auth)(&command),
                Some("AUTH") => (script.auth)(&command),
                Some("EHLO") if is_upgraded => script.secured_ehlo,
                Some("EHLO") => script.ehlo,
                Some("MAIL") => script.mail,
                Some("RCPT") if !script.nobody.is_empty() && command.starts_with(&format!("RCPT TO:<{}", script.nobody)) => {
                    Act::Say("550 5.1.1 nobody here")
                }
                Some("RCPT") => script.rcpt,
                Some("DATA") => script.data,
                Some("NOOP") => script.noop,
                Some("QUIT") => script.quit,
                Some("STAR") => script.starttls,
                _ => Act::Say("500 what"),
            };
            in_text = command == "DATA" && matches!(next, Act::Say(answer) if answer.starts_with("354"));
            in_auth = (in_auth || command.starts_with("AUTH")) && matches!(next, Act::Say(answer) if answer.starts_with("334"));
            heard.lock().unwrap().commands.push(command);
            next
        };
        tokio::time::sleep(script.pause).await;
        if !act(&mut stream, next).await? {
            return Ok(());
        }
        if begins_tls && matches!(next, Act::Say(answer) if answer.starts_with("220")) {
            stream = secure(stream.into_inner()).await?;
            is_upgraded = true;
            heard.lock().unwrap().is_secured = true;
        }
    }
}

/// False where the server hangs up.
async fn act(stream: &mut BufReader<Box<dyn Line>>, act: Act) -> std::io::Result<bool> {
    let result = perform(stream, act).await;
    // What TLS keeps back goes out.
    stream.flush().await?;
    result
}

async fn perform(stream: &mut BufReader<Box<dyn Line>>, act: Act) -> std::io::Result<bool> {
    match act {
        Act::Endless(line) => {
            let many = line.repeat(16 * 1024 / line.len() + 1);
            loop {
                stream.write_all(many.as_bytes()).await?;
            }
        }
        Act::Drip(text) => {
            for byte in text.bytes() {
                stream.write_all(&[byte]).await?;
                stream.flush().await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Ok(true)
        }
        Act::Say(answer) => stream.write_all(format!("{answer}\r\n").as_bytes()).await.map(|()| true),
        Act::Silent => Ok(true),
        Act::Drop => Ok(false),
        Act::LastWord(answer) => stream.write_all(format!("{answer}\r\n").as_bytes()).await.map(|()| false),
    }
}

pub fn decode_base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0u32, 0);
    for digit in text.bytes().filter_map(|byte| DIGITS.iter().position(|digit| *digit == byte)) {
        (bits, held) = ((bits << 6) | digit as u32, held + 6);
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}
