//! Lines of text that stand beside cells, as many as are looked through.

/// Lines and characters of one part that are looked through: more than a list of persons needs to be known as one.
pub(super) const MOST_LINES: usize = 5_000;
pub(super) const MOST_TEXT: usize = 1024 * 1024;

/// Lines of text, as many as are looked through.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub text: String,
    count: usize,
}

impl Lines {
    pub fn add(&mut self, line: &str) {
        let line = line.trim_matches(['\r', '\n', ' ']);
        if !line.is_empty() && self.count < MOST_LINES && self.text.len() + line.len() < MOST_TEXT {
            self.text.push_str(line);
            self.text.push('\n');
            self.count += 1;
        }
    }

    fn is_full(&self) -> bool {
        self.count >= MOST_LINES
    }
}

/// Columns, each under its name, as lines.
pub(super) fn rows_of(columns: &[Vec<String>]) -> String {
    let mut lines = Lines::default();
    let rows = columns.iter().map(Vec::len).max().unwrap_or_default();
    for row in 0..rows {
        let cells: Vec<&str> = columns.iter().map(|column| column.get(row).map_or("", String::as_str)).collect();
        lines.add(&cells.join("\t"));
        if lines.is_full() {
            break;
        }
    }
    lines.text
}
