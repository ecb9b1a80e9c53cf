//! The line to a mail server: one thing is said, one reply is heard.
//!
//! lettre's own connection reads ahead and keeps what it has read: what an attacker adds to the last reply before TLS, or a
//! server says before it is asked, would be the answer to what is said next. Here whatever has come when something is to be
//! said ends the conversation. An answer that comes too early may still be on its way then. So the end of a text, on which all
//! depends, waits for it, and what follows must be answered in turn: an answer that came too early is one too many.

use super::quoted::innermost;
use super::reply::{LARGEST, MOST_LINES, NoReply, Reply};
use super::tls::Tls;
use std::fmt::Display;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Bytes of the text that are made ready for the wire at a time.
const PIECE: usize = 64 * 1024;

/// A server that shuts down says so whenever it likes (RFC 5321, 3.8).
const SHUTTING_DOWN: &[u8] = b"421";
const SHUTS_DOWN: u16 = 421;

/// The answer to QUIT.
const GOODBYE: u16 = 221;

trait Line: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Line for T {}

pub struct Connection {
    line: Box<dyn Line>,
    /// What has come and was no part of a reply yet.
    come: Vec<u8>,
    /// Nothing more is said: what would answer it is not known.
    is_broken: bool,
}

/// Why something that was said came to nothing.
pub enum SmtpFailure {
    /// The server's own no.
    Refusal(Reply),
    /// It answered what it was not asked yet.
    Early,
    /// Anything else: a lost connection, a certificate, an answer that is not SMTP.
    Other(String),
}

impl Connection {
    pub async fn open(host: &str, port: u16) -> Result<Self, SmtpFailure> {
        let stream = TcpStream::connect((host, port)).await.map_err(|e| SmtpFailure::Other(innermost(&e)))?;
        // The end of a text is a few bytes of their own, which are not to wait for the text to be acknowledged.
        stream.set_nodelay(true).map_err(|e| SmtpFailure::Other(innermost(&e)))?;
        Ok(Self { line: Box::new(stream), come: Vec::new(), is_broken: false })
    }

    /// The same connection with TLS from here on. What came before it did not come from who has the certificate.
    pub async fn secured(self, tls: &Tls) -> Result<Self, SmtpFailure> {
        if !self.come.is_empty() {
            return Err(SmtpFailure::Early);
        }
        let line = tls.over(self.line).await.map_err(|e| SmtpFailure::Other(innermost(&e)))?;
        Ok(Self { line: Box::new(line), come: Vec::new(), is_broken: false })
    }

    /// Says a command, with its line end, and hears a reply with one of the codes.
    pub async fn command(&mut self, command: impl Display, codes: &[u16]) -> Result<Reply, SmtpFailure> {
        self.say(command).await?;
        self.reply(codes).await
    }

    async fn say(&mut self, command: impl Display) -> Result<(), SmtpFailure> {
        self.nothing_has_come().await?;
        let written = self.write(command.to_string().as_bytes()).await;
        written.map_err(|e| self.broken(innermost(&e)))
    }

    /// Says the text but for its end, without which no server has it. Its last line is ended where it is not. What the server
    /// answers to a part of it comes before the end, or within `patience`, and keeps the end back.
    pub async fn text(&mut self, text: &[u8], patience: Duration) -> Result<(), SmtpFailure> {
        let mut starts_line = true;
        for piece in text.chunks(PIECE) {
            self.nothing_has_come().await?;
            let mut ready = Vec::with_capacity(piece.len() + piece.len() / 64);
            for byte in piece {
                if starts_line && *byte == b'.' {
                    ready.push(b'.');
                }
                ready.push(*byte);
                starts_line = *byte == b'\n';
            }
            let written = self.write(&ready).await;
            written.map_err(|e| self.broken(innermost(&e)))?;
        }
        if !starts_line {
            let written = self.write(b"\r\n").await;
            written.map_err(|e| self.broken(innermost(&e)))?;
        }
        self.nothing_has_come().await?;
        let mut piece = [0; 4096];
        match timeout(patience, self.line.read(&mut piece)).await {
            Err(_) => Ok(()),
            Ok(Ok(length)) => Err(self.came_unasked(&piece[..length])),
            Ok(Err(e)) => Err(self.lost(&e)),
        }
    }

    /// Says that the text is at its end, and hears what became of it.
    pub async fn end_of_text(&mut self) -> Result<(), SmtpFailure> {
        let written = self.write(b".\r\n").await;
        written.map_err(|e| self.broken(innermost(&e)))?;
        self.reply(&[250]).await?;
        Ok(())
    }

    /// Makes sure that the answer to the end of the text was one: the next command must have its own. A server that answered
    /// early has the true answer still to give, and gives it here, or hangs up instead.
    ///
    /// # Errors
    /// Never [`SmtpFailure::Refusal`]: whatever comes here refuses no text for certain.
    pub async fn confirm(&mut self) -> Result<(), SmtpFailure> {
        let shut_down = "it answered 250 to the text, and then shut down without answering anything further";
        match self.command("NOOP\r\n", &[250]).await {
            Ok(_) => Ok(()),
            Err(SmtpFailure::Refusal(reply)) if reply.code == SHUTS_DOWN => Err(self.broken(shut_down)),
            // It knows no NOOP, or this refuses the text: only the former leaves the goodbye in its place.
            Err(SmtpFailure::Refusal(_)) => {
                let answered = self.command("QUIT\r\n", &[GOODBYE]).await;
                self.is_broken = true;
                answered.map(drop).map_err(|_| SmtpFailure::Early)
            }
            Err(SmtpFailure::Early) => Err(SmtpFailure::Early),
            Err(SmtpFailure::Other(problem)) => Err(self.broken(format!("it answered 250 to the text, and then {problem}"))),
        }
    }

    /// The next reply, which is the last thing that has come. A code of neither these nor a refusal is out of turn.
    pub async fn reply(&mut self, codes: &[u16]) -> Result<Reply, SmtpFailure> {
        match self.next_reply().await? {
            reply if reply.is_refusal() => Err(SmtpFailure::Refusal(reply)),
            reply if codes.contains(&reply.code) => Ok(reply),
            other => {
                let codes: Vec<String> = codes.iter().map(u16::to_string).collect();
                Err(self.broken(format!("it answered {} where {} was expected", other.code, codes.join(" or "))))
            }
        }
    }

    /// The next reply, whatever its code.
    async fn next_reply(&mut self) -> Result<Reply, SmtpFailure> {
        let reply = loop {
            match Reply::take(&mut self.come) {
                Ok(reply) => break reply,
                Err(NoReply::Unfinished) => {}
                Err(NoReply::NotSmtp) => return Err(self.broken("it answered with what is not SMTP")),
                Err(NoReply::TooLong) => {
                    let limit = format!("its answer is over {} KB or {MOST_LINES} lines", LARGEST / 1024);
                    return Err(self.broken(limit));
                }
            }
            // Until a line ends there is nothing new in it.
            let mut ends_line = false;
            while !ends_line && self.come.len() < LARGEST {
                let mut piece = [0; 4096];
                match self.line.read(&mut piece).await {
                    Ok(0) => return Err(self.broken("it hung up")),
                    Ok(length) => self.come.extend_from_slice(&piece[..length]),
                    Err(e) => return Err(self.lost(&e)),
                }
                ends_line = piece.contains(&b'\n');
            }
        };
        let is_last_word = self.come.iter().zip(SHUTTING_DOWN).all(|(come, expected)| come == expected);
        if is_last_word { Ok(reply) } else { Err(self.early()) }
    }

    /// Before anything is said: what has come by now answers nothing.
    async fn nothing_has_come(&mut self) -> Result<(), SmtpFailure> {
        if !self.come.is_empty() {
            return Err(self.came_unasked(&[]));
        }
        // So that the runtime has looked for what has come.
        tokio::task::yield_now().await;
        let mut piece = [0; 4096];
        let mut buffer = ReadBuf::new(&mut piece);
        let looked = poll_fn(|context| Poll::Ready(Pin::new(&mut self.line).poll_read(context, &mut buffer))).await;
        match looked {
            Poll::Pending => Ok(()),
            Poll::Ready(Ok(())) => Err(self.came_unasked(buffer.filled())),
            Poll::Ready(Err(e)) => Err(self.lost(&e)),
        }
    }

    /// What to make of what came before anything was asked; of nothing more, where nothing came: the end of the line.
    fn came_unasked(&mut self, piece: &[u8]) -> SmtpFailure {
        self.come.extend_from_slice(piece);
        if self.come.is_empty() {
            return self.broken("it hung up");
        }
        self.is_broken = true;
        match Reply::take(&mut self.come) {
            // It has said no already.
            Ok(reply) if reply.is_refusal() && self.come.is_empty() => SmtpFailure::Refusal(reply),
            _ => SmtpFailure::Early,
        }
    }

    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.line.write_all(bytes).await?;
        self.line.flush().await
    }

    /// Says goodbye, where the conversation is in order.
    ///
    /// # Errors
    /// [`SmtpFailure::Early`] where the server says anything but goodbye: that answers what was said before, so that the answer
    /// which was taken for that one's came too early and is none. To hang up without a word, or shut down, says nothing of it.
    pub async fn quit(&mut self) -> Result<(), SmtpFailure> {
        if self.is_broken {
            return Ok(());
        }
        let answered = match self.say("QUIT\r\n").await {
            Ok(()) => self.next_reply().await,
            Err(failure) => Err(failure),
        };
        match answered {
            Ok(reply) | Err(SmtpFailure::Refusal(reply)) if matches!(reply.code, GOODBYE | SHUTS_DOWN) => Ok(()),
            Err(SmtpFailure::Other(_)) if self.come.is_empty() => Ok(()),
            _ => Err(SmtpFailure::Early),
        }
    }

    fn early(&mut self) -> SmtpFailure {
        self.is_broken = true;
        SmtpFailure::Early
    }

    fn broken(&mut self, problem: impl Into<String>) -> SmtpFailure {
        self.is_broken = true;
        SmtpFailure::Other(problem.into())
    }

    /// A server that closes its end of TLS without a word has hung up.
    fn lost(&mut self, error: &io::Error) -> SmtpFailure {
        let hung_up = error.kind() == io::ErrorKind::UnexpectedEof;
        self.broken(if hung_up { "it hung up".to_owned() } else { innermost(error) })
    }
}
