//! An answer on its way into the archive and out of it: packed and hashed as it comes, never whole in memory.

use super::ahead::Ahead;
use super::content_store::{self, Archive};
use super::digest::hexadecimal;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// From how many packed bytes on a second core is worth its thread.
const LARGE: u64 = 256 * 1024;

/// What an answer is called and how long it was, unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    pub sha256: String,
    pub bytes: u64,
}

/// An answer that is being received; nothing is left of it unless it is [`Receiving::finish`]ed.
#[derive(Debug)]
pub struct Receiving {
    archive: Archive,
    unfinished: PathBuf,
    packed: Option<GzEncoder<BufWriter<File>>>,
    hash: Sha256,
    bytes: u64,
}

impl Archive {
    /// # Errors
    /// A folder or a file that cannot be written.
    pub fn receive(&self) -> io::Result<Receiving> {
        self.make(&self.folder)?;
        let (unfinished, file) = content_store::unfinished(&self.folder)?;
        let file = BufWriter::new(file);
        // The time in the head of a gzip file stays 0: the same answer, the same bytes.
        let packed = Some(GzEncoder::new(file, Compression::fast()));
        Ok(Receiving { archive: self.clone(), unfinished, packed, hash: Sha256::new(), bytes: 0 })
    }

    /// Keeps an answer that lies in a file already. What is here is not packed again.
    ///
    /// # Errors
    /// A file that cannot be read, an archive that cannot be written.
    pub fn keep_answer(&self, mut file: File) -> io::Result<KeptAnswer> {
        let mut hash = Sha256::new();
        let mut bytes = 0;
        let mut part = vec![0; 64 * 1024];
        loop {
            let read = file.read(&mut part)?;
            if read == 0 {
                break;
            }
            hash.update(&part[..read]);
            bytes += read as u64;
        }
        let sha256 = hexadecimal(hash.finalize().as_slice());
        if self.has_answer(&sha256) {
            return Ok(KeptAnswer { sha256, bytes });
        }
        file.rewind()?;
        let mut receiving = self.receive()?;
        io::copy(&mut file, &mut receiving)?;
        receiving.finish()
    }

    /// Whether the answer of that SHA-256 is here.
    pub fn has_answer(&self, sha256: &str) -> bool {
        self.packed_path(sha256).is_file()
    }

    /// Whether it is here and undamaged, which takes reading it.
    pub fn has_whole_answer(&self, sha256: &str) -> bool {
        self.answer(sha256).and_then(|mut answer| io::copy(&mut answer, &mut io::sink())).is_ok()
    }

    /// The answer of that SHA-256, unpacked as it is read. It is held against its name as it ends, so that a damaged
    /// file is an error and not another answer.
    ///
    /// # Errors
    /// An answer that is not here.
    pub fn answer(&self, sha256: &str) -> io::Result<Box<dyn Read>> {
        let file = File::open(self.packed_path(sha256))?;
        let is_large = file.metadata()?.len() > LARGE;
        let unpacked = GzDecoder::new(BufReader::with_capacity(1 << 16, file));
        let verified = Verified { unpacked, hash: Some(Sha256::new()), sha256: sha256.to_owned() };
        Ok(if is_large { Box::new(Ahead::of(verified)?) } else { Box::new(verified) })
    }
}

impl Write for Receiving {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        let packed = self.packed.as_mut().ok_or_else(|| io::Error::other("the answer has ended"))?;
        let written = packed.write(part)?;
        self.hash.update(&part[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.packed.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Receiving {
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Puts the answer in its place, where the same answer does not lie there already.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn finish(mut self) -> io::Result<KeptAnswer> {
        let Some(packed) = self.packed.take() else { return Err(io::Error::other("the answer has ended")) };
        let file = packed.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        let kept = KeptAnswer { sha256: hexadecimal(self.hash.clone().finalize().as_slice()), bytes: self.bytes };
        let path = self.archive.packed_path(&kept.sha256);
        // The packed bytes of the same answer are the same; a file of another length is damaged and is replaced.
        if fs::metadata(&path).ok().map(|old| old.len()) != Some(file.metadata()?.len()) {
            file.sync_all()?;
            let folder = path.parent().unwrap_or(Path::new(""));
            self.archive.make(folder)?;
            fs::rename(&self.unfinished, &path)?;
            // Not every file system can sync a folder.
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(kept)
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        // After a rename there is nothing to remove; a file that cannot be removed is no loss.
        let _ = fs::remove_file(&self.unfinished);
    }
}

/// Holds what was read against its name as it ends.
struct Verified<R> {
    unpacked: R,
    /// None once it has ended.
    hash: Option<Sha256>,
    sha256: String,
}

impl<R: Read> Read for Verified<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.unpacked.read(into)?;
        if read > 0 {
            self.hash.iter_mut().for_each(|hash| hash.update(&into[..read]));
        } else if !into.is_empty()
            && let Some(hash) = self.hash.take()
            && hexadecimal(hash.finalize().as_slice()) != self.sha256
        {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("the archive's {}.gz is damaged; remove it", self.sha256),
            ));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(archive: &Archive, text: &str) -> KeptAnswer {
        let mut receiving = archive.receive().unwrap();
        receiving.write_all(text.as_bytes()).unwrap();
        receiving.finish().unwrap()
    }

    fn read(archive: &Archive, sha256: &str) -> io::Result<String> {
        let mut text = String::new();
        archive.answer(sha256)?.read_to_string(&mut text).map(|_| text)
    }

    #[test]
    fn answers_are_packed_and_come_back_whole() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::new(folder.path().to_owned());
        let text = "a,b\n1,2\n".repeat(10_000);
        let first = kept(&archive, &text);
        assert_eq!((first.sha256.as_str(), first.bytes), (crate::archive::sha256(text.as_bytes()).as_str(), 80_000));
        assert_eq!(kept(&archive, &text), first);
        assert_eq!(read(&archive, &first.sha256).unwrap(), text);
        assert!(fs::metadata(archive.packed_path(&first.sha256)).unwrap().len() < 8_000);
        assert!(!archive.has_answer(&"0".repeat(64)));
    }

    #[test]
    fn an_answer_that_broke_off_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::new(folder.path().to_owned());
        let mut receiving = archive.receive().unwrap();
        receiving.write_all(b"half").unwrap();
        drop(receiving);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn damaged_answers_are_errors_and_get_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::new(folder.path().to_owned());
        let (one, other) = (kept(&archive, "one"), kept(&archive, "other"));
        fs::copy(archive.packed_path(&other.sha256), archive.packed_path(&one.sha256)).unwrap();
        assert!(read(&archive, &one.sha256).unwrap_err().to_string().contains("is damaged"));
        assert!(archive.has_answer(&one.sha256) && !archive.has_whole_answer(&one.sha256));
        kept(&archive, "one");
        assert_eq!(read(&archive, &one.sha256).unwrap(), "one");
    }
}
