//! Lines of a file, whatever its bytes.

use std::io::{self, BufRead};

use super::{LineError, LineErrorKind};

/// Longest line that is read, in bytes. A record of sixteen attributes is far below it; a file
/// of another kind may be one endless line.
pub(super) const MAX_LINE: usize = 1 << 20;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Reads lines with their numbers, without their ends and without a byte order mark.
pub(super) struct Lines<R> {
    reader: R,
    line: u64,
    failed: bool,
}

/// How reading one line ended.
enum End {
    /// A line, or a last one without an end.
    Line,
    /// A line beyond [`MAX_LINE`]; its rest is skipped.
    TooLong,
    /// Nothing more.
    File,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, line: 0, failed: false }
    }

    /// Appends a line without its LF to `bytes`, holding at most [`MAX_LINE`] bytes.
    fn read(&mut self, bytes: &mut Vec<u8>) -> io::Result<End> {
        let mut begun = false;
        let mut too_long = false;
        loop {
            let available = match self.reader.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                return Ok(match (begun, too_long) {
                    (false, _) => End::File,
                    (true, false) => End::Line,
                    (true, true) => End::TooLong,
                });
            }
            begun = true;
            let newline = available.iter().position(|byte| *byte == b'\n');
            let part = &available[..newline.unwrap_or(available.len())];
            if bytes.len() + part.len() > MAX_LINE {
                too_long = true;
            } else if !too_long {
                bytes.extend_from_slice(part);
            }
            let consumed = part.len() + usize::from(newline.is_some());
            self.reader.consume(consumed);
            if newline.is_some() {
                return Ok(if too_long { End::TooLong } else { End::Line });
            }
        }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<(u64, String), LineError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let mut bytes = Vec::new();
        let end = self.read(&mut bytes);
        let line = self.line + 1;
        let fail = |kind| Some(Err(LineError::of_line(line, kind)));
        match end {
            Ok(End::File) => return None,
            Ok(End::Line) => self.line = line,
            Ok(End::TooLong) => {
                self.line = line;
                return fail(LineErrorKind::LineTooLong(MAX_LINE));
            }
            Err(error) => {
                self.failed = true;
                return fail(LineErrorKind::Read(error.kind()));
            }
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        let Ok(mut text) = String::from_utf8(bytes) else {
            return fail(LineErrorKind::NotUtf8);
        };
        if line == 1 && text.starts_with(BYTE_ORDER_MARK) {
            text.drain(..BYTE_ORDER_MARK.len());
        }
        Some(Ok((line, text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<Result<(u64, String), LineErrorKind>> {
        let reader = io::BufReader::with_capacity(7, bytes);
        Lines::new(reader).map(|line| line.map_err(|error| error.kind)).collect()
    }

    #[test]
    fn strips_ends_and_byte_order_mark() {
        let text = |line, text: &str| Ok((line, text.to_owned()));
        let read = lines("\u{feff}one\r\ntwo\n\n\u{feff}four".as_bytes());
        assert_eq!(read, [text(1, "one"), text(2, "two"), text(3, ""), text(4, "\u{feff}four")]);
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"\n"), [text(1, "")]);
    }

    #[test]
    fn ends_where_the_file_cannot_be_read() {
        struct Broken;

        impl io::Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::TimedOut.into())
            }
        }

        let reader = io::BufReader::new(io::Read::chain(&b"a\nb"[..], Broken));
        let read: Vec<_> =
            Lines::new(reader).map(|line| line.map_err(|e| (e.line, e.kind))).collect();
        let error = (2, LineErrorKind::Read(io::ErrorKind::TimedOut));
        assert_eq!(read, [Ok((1, "a".to_owned())), Err(error)]);
    }

    #[test]
    fn goes_on_after_a_bad_line() {
        let mut bytes = b"a\n\xff\xfe\n".to_vec();
        bytes.extend(vec![b'x'; MAX_LINE + 1]);
        bytes.extend(b"\nb");
        assert_eq!(
            lines(&bytes),
            [
                Ok((1, "a".to_owned())),
                Err(LineErrorKind::NotUtf8),
                Err(LineErrorKind::LineTooLong(MAX_LINE)),
                Ok((4, "b".to_owned())),
            ]
        );
    }
}
