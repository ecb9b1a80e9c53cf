//! One reply of a mail server, cut from what it says: bounded, and nothing beside it.

use lettre::transport::smtp::authentication::Mechanism;

/// Bytes that a reply may have, all lines together.
pub const LARGEST: usize = 64 * 1024;

/// Lines that a reply may have; a server that lists all that it can do needs some thirty.
pub const MOST_LINES: usize = 100;

/// What a server answers to one command (RFC 5321, 4.2).
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// 200 to 559.
    pub code: u16,
    /// Without the code before and the line end behind.
    pub lines: Vec<String>,
}

/// Why there is no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoReply {
    /// What has come is the beginning of one.
    Unfinished,
    NotSmtp,
    TooLong,
}

impl Reply {
    /// Takes the first reply out of what has come.
    pub fn take(come: &mut Vec<u8>) -> Result<Self, NoReply> {
        let mut reply: Option<Self> = None;
        let mut from = 0;
        while let Some(length) = come[from..].iter().position(|byte| *byte == b'\n') {
            let line = &come[from..from + length];
            from += length + 1;
            let (code, is_last, text) = read(line.strip_suffix(b"\r").unwrap_or(line)).ok_or(NoReply::NotSmtp)?;
            let reply = reply.get_or_insert_with(|| Self { code, lines: Vec::new() });
            if reply.code != code {
                return Err(NoReply::NotSmtp);
            }
            if reply.lines.len() == MOST_LINES || from > LARGEST {
                return Err(NoReply::TooLong);
            }
            reply.lines.push(text);
            if is_last {
                let whole = reply.clone();
                come.drain(..from);
                return Ok(whole);
            }
        }
        Err(if come.len() >= LARGEST { NoReply::TooLong } else { NoReply::Unfinished })
    }

    /// 4xx and 5xx: the server's own no.
    pub fn is_refusal(&self) -> bool {
        self.code >= 400
    }

    /// Asking again would give the same.
    pub fn is_permanent(&self) -> bool {
        self.code >= 500
    }
}

/// The code of a line, whether it is the last, and its text.
fn read(line: &[u8]) -> Option<(u16, bool, String)> {
    let (digits, rest) = line.split_at_checked(3)?;
    let [b'2'..=b'5', b'0'..=b'5', b'0'..=b'9'] = digits else { return None };
    let code = digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
    let (is_last, text) = match rest {
        // A bare number is a reply too, which some servers ask for a token by.
        [] => (true, rest),
        [b' ', text @ ..] => (true, text),
        [b'-', text @ ..] => (false, text),
        _ => return None,
    };
    Some((code, is_last, String::from_utf8_lossy(text).into_owned()))
}

/// What a server says it can do (RFC 5321, 4.1.1.1).
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Offers {
    pub starttls: bool,
    pub sign_in: Vec<Mechanism>,
    /// It wants to be told how many bytes a message has, and takes no more than so many, or names no number (RFC 1870).
    pub size: Option<Option<u64>>,
}

impl Offers {
    /// From the answer to EHLO, whose first line is its name.
    pub fn of(reply: &Reply) -> Self {
        let mut offers = Self::default();
        for line in reply.lines.iter().skip(1) {
            let line = line.to_ascii_uppercase();
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                Some("STARTTLS") => offers.starttls = true,
                // Zero is no limit.
                Some("SIZE") => offers.size = Some(words.next().and_then(|word| word.parse().ok()).filter(|most| *most > 0)),
                Some("AUTH") => offers.sign_in.extend(words.filter_map(|word| match word {
                    "PLAIN" => Some(Mechanism::Plain),
                    "LOGIN" => Some(Mechanism::Login),
                    "XOAUTH2" => Some(Mechanism::Xoauth2),
                    _ => None,
                })),
                _ => {}
            }
        }
        offers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(come: &str) -> (Result<(u16, Vec<String>), NoReply>, String) {
        let mut come = come.as_bytes().to_vec();
        let reply = Reply::take(&mut come).map(|reply| (reply.code, reply.lines));
        (reply, String::from_utf8(come).unwrap())
    }

    #[test]
    fn replies_are_read_one_by_one() {
        for (come, code, lines, rest) in [
            ("250 ok\r\n", 250, vec!["ok"], ""),
            ("250 ok\n", 250, vec!["ok"], ""),
            ("334\r\n", 334, vec![""], ""),
            ("250-a\r\n250-b c\r\n250 d\r\n", 250, vec!["a", "b c", "d"], ""),
            ("354 go on\r\n250 taken\r\n", 354, vec!["go on"], "250 taken\r\n"),
            ("220 a\r\n25", 220, vec!["a"], "25"),
        ] {
            let lines = lines.into_iter().map(str::to_owned).collect();
            assert_eq!(taken(come), (Ok((code, lines)), rest.to_owned()), "{come:?}");
        }
    }

    #[test]
    fn what_is_no_reply_is_taken_for_none() {
        for come in ["", "2", "250", "250 ok", "250-a\r\n", "250-a\r\n250 b"] {
            assert_eq!(taken(come).0, Err(NoReply::Unfinished), "{come:?}");
        }
        for come in [
            "\r\n",
            "hello\r\n",
            "25\r\n",
            "199 x\r\n",
            "260 x\r\n",
            "600 x\r\n",
            "250_x\r\n",
            "250-a\r\n251 b\r\n",
            " 250 x\r\n",
        ] {
            assert_eq!(taken(come).0, Err(NoReply::NotSmtp), "{come:?}");
        }
    }

    #[test]
    fn replies_are_limited_in_bytes_and_lines() {
        let lines = |many: usize| format!("{}250 end\r\n", "250-x\r\n".repeat(many - 1));
        assert_eq!(taken(&lines(MOST_LINES)).0.unwrap().1.len(), MOST_LINES);
        assert_eq!(taken(&lines(MOST_LINES + 1)).0, Err(NoReply::TooLong));
        let long = |bytes: usize| format!("250 {}\r\n", "x".repeat(bytes - 6));
        assert_eq!(taken(&long(LARGEST)).0.unwrap().1[0].len(), LARGEST - 6);
        assert_eq!(taken(&long(LARGEST + 1)).0, Err(NoReply::TooLong));
        assert_eq!(taken(&"x".repeat(LARGEST)).0, Err(NoReply::TooLong));
    }

    #[test]
    fn extensions_are_recognised_in_any_case() {
        let offers =
            |lines: &[&str]| Offers::of(&Reply { code: 250, lines: lines.iter().map(|line| (*line).to_owned()).collect() });
        let both = vec![Mechanism::Login, Mechanism::Plain];
        assert_eq!(
            offers(&["here", "StartTLS", "auth LOGIN cram-md5 plain"]),
            Offers { starttls: true, sign_in: both, size: None }
        );
        assert_eq!(offers(&["STARTTLS", "8BITMIME", ""]), Offers::default());
        assert_eq!(offers(&[]), Offers::default());
        for (line, size) in [
            ("SIZE 35882577", Some(Some(35_882_577))),
            ("size 1", Some(Some(1))),
            ("SIZE", Some(None)),
            ("SIZE 0", Some(None)),
            ("SIZE many", Some(None)),
            ("SIZELESS 1", None),
        ] {
            assert_eq!(offers(&["here", line]).size, size, "{line}");
        }
    }
}
