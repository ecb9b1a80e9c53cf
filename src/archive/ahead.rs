//! Reading ahead: a large answer is unpacked by one core while another reads it.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

/// What is read at a time, and how many of those may wait: memory stays flat however large the answer.
const PART: u64 = 256 * 1024;
const WAITING: usize = 4;

/// The rest of a reader that is read on a thread of its own.
#[derive(Debug)]
pub(super) struct Ahead {
    /// An empty part is the end.
    parts: Receiver<io::Result<Vec<u8>>>,
    part: io::Cursor<Vec<u8>>,
    ended: bool,
}

impl Ahead {
    /// # Errors
    /// A thread that cannot be started.
    pub fn of(mut reader: impl Read + Send + 'static) -> io::Result<Self> {
        let (send, parts) = sync_channel(WAITING);
        thread::Builder::new().name("unpack".to_owned()).spawn(move || {
            loop {
                let mut part = Vec::new();
                let read = reader.by_ref().take(PART).read_to_end(&mut part).map(|_| part);
                let last = !read.as_ref().is_ok_and(|part| !part.is_empty());
                // Whoever reads may have had enough.
                if send.send(read).is_err() || last {
                    return;
                }
            }
        })?;
        Ok(Self { parts, part: io::Cursor::default(), ended: false })
    }
}

impl Read for Ahead {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.part.read(into)?;
            if read > 0 || self.ended || into.is_empty() {
                return Ok(read);
            }
            let part = self.parts.recv().map_err(|_| io::Error::other("unpacking the answer broke off"))??;
            self.ended = part.is_empty();
            self.part = io::Cursor::new(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_ahead_gives_the_same_bytes_and_errors() {
        let text: Vec<u8> = (0..3 * PART + 17).map(|n| (n % 251) as u8).collect();
        let mut read = Vec::new();
        Ahead::of(io::Cursor::new(text.clone())).unwrap().read_to_end(&mut read).unwrap();
        assert!(read == text);

        struct Broken(u64);
        impl Read for Broken {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                let read = self.0.min(into.len() as u64);
                self.0 -= read;
                if read == 0 { Err(io::Error::other("broken")) } else { Ok(read as usize) }
            }
        }
        let mut read = Vec::new();
        let error = Ahead::of(Broken(2 * PART)).unwrap().read_to_end(&mut read).unwrap_err();
        assert_eq!((error.to_string().as_str(), read.len() as u64), ("broken", 2 * PART));
    }

    #[test]
    fn dropping_the_reader_ends_its_thread() {
        drop(Ahead::of(io::repeat(1)).unwrap());
    }
}
