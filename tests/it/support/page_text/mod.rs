//! What a page says, as one line of text.

/// Words with one space between them, tags left out.
pub fn words(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                text.push(' ');
            }
            c if !in_tag => text.push(if c == '\u{a0}' { ' ' } else { c }),
            _ => {}
        }
    }
    let text = text.replace("&amp;", "&").replace("&#39;", "'").replace("&quot;", "\"");
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    [" .", " ,", " ;", " )"].iter().fold(joined, |text, mark| text.replace(mark, mark.trim())).replace("( ", "(")
}
