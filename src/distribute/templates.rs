//! The words of messages, from `report_templates/email/<message>/`.

use super::MessageTemplate;
use super::samples;
use crate::assets::Assets;
use crate::fault::{Fault, Faults};
use crate::visible::{in_lines, in_one_line};
use crate::{template_growth, template_limits};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use serde::{Deserialize, Serialize};
use strum::VariantArray;

const FOLDER: &str = "email";
const SUBJECT: &str = "subject.txt.j2";
const TEXT: &str = "body.txt.j2";
const HTML: &str = "body.html.j2";
const PARTS: [&str; 3] = [SUBJECT, TEXT, HTML];

/// What is told of a return, which stands in its receipt too.
pub(super) const ACCOUNT_TEXT: &str = "returns/account.txt.j2";
pub(super) const ACCOUNT_HTML: &str = "returns/account.html.j2";

/// Parsed templates of every message. A name that a template uses and the message does not have is an error.
#[derive(Debug)]
pub struct MessageTemplates {
    environment: Environment<'static>,
    assets: Assets,
}

/// A message's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageWords {
    /// One line.
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl MessageTemplates {
    /// Reads the templates and tries each on made-up messages with and without their optional parts.
    ///
    /// # Errors
    /// Every template that is missing, does not parse, or uses a name that its message does not have.
    pub fn load(assets: &Assets) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut environment = environment();
        let mut sources: Vec<(String, String)> = Vec::new();
        let known: Vec<&str> = MessageTemplate::VARIANTS.iter().map(|message| message.name()).collect();
        for name in assets.list(FOLDER).iter().filter(|name| !known.contains(&name.as_str())) {
            faults.push(
                assets.place(&format!("{FOLDER}/{name}")),
                "there is no such message",
                format!("there are: {}", known.join(", ")),
            );
        }
        for message in known {
            for part in assets.list(&format!("{FOLDER}/{message}")).iter().filter(|part| !PARTS.contains(&part.as_str())) {
                let place = assets.place(&format!("{FOLDER}/{message}/{part}"));
                faults.push(place, "is not part of a message", format!("its parts are: {}", PARTS.join(", ")));
            }
            for part in PARTS {
                let path = format!("{FOLDER}/{message}/{part}");
                match assets.read_text(&path) {
                    Ok(source) => {
                        sources.push((assets.place(&path), source.clone()));
                        if let Err(e) = environment.add_template_owned(path.clone(), source) {
                            faults.0.push(fault(assets, &path, &e));
                        }
                    }
                    Err(fault) => faults.0.push(fault),
                }
            }
        }
        // What is told of a return stands in its receipt too.
        for path in [ACCOUNT_TEXT, ACCOUNT_HTML] {
            match assets.read_text(path) {
                Ok(source) => {
                    sources.push((assets.place(path), source.clone()));
                    faults.0.extend(environment.add_template_owned(path, source).err().map(|e| fault(assets, path, &e)))
                }
                Err(fault) => faults.0.push(fault),
            }
        }
        // Each is filled in by itself, but that an account, the last two, may stand in it.
        let accounts = sources.len().saturating_sub(2);
        for source in &sources {
            let together = std::iter::once(source).chain(&sources[accounts..]);
            let found = template_growth::faults(together.map(|(place, text)| (place.clone(), text.as_str())));
            faults.0.extend(found.into_iter().filter(|(of, _)| *of == 0).map(|(_, fault)| fault));
        }
        faults.into_result()?;
        let templates = Self { environment, assets: assets.clone() };
        let mut faults = Faults::default();
        for message in MessageTemplate::VARIANTS {
            for (sample, recipient) in samples::of(*message) {
                for part in PARTS {
                    // A fault that two samples meet is told once.
                    if let Err(fault) = templates.part(*message, part, &sample, recipient)
                        && !faults.0.contains(&fault)
                    {
                        faults.0.push(fault);
                    }
                }
            }
        }
        faults.into_result().map(|()| templates)
    }

    /// The words of `message` to a recipient, whose name may be empty.
    ///
    /// # Errors
    /// A template that cannot be filled in, or that makes a subject that is empty or has control characters.
    pub fn words(&self, message: MessageTemplate, content: &impl Serialize, recipient: &str) -> Result<MessageWords, Fault> {
        Ok(MessageWords {
            subject: self.part(message, SUBJECT, content, recipient)?,
            text: self.part(message, TEXT, content, recipient)?,
            html: self.part(message, HTML, content, recipient)?,
        })
    }

    fn part(&self, message: MessageTemplate, part: &str, content: &impl Serialize, recipient: &str) -> Result<String, Fault> {
        let path = format!("{FOLDER}/{}/{part}", message.name());
        let content = context! { recipient, ..Value::from(Serde(content)) };
        let text = self
            .environment
            .get_template(&path)
            .and_then(|template| template.render(content))
            .map_err(|e| fault(&self.assets, &path, &e))?;
        let text = template_limits::checked(text, &self.assets.place(&path))?;
        if part != SUBJECT {
            // A trailing line end that the template may or may not have is no difference between messages.
            return Ok(format!("{}\n", in_lines(text.trim_end())));
        }
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(found) = line.chars().find(|c| c.is_control()) {
            return Err(Fault::new(
                self.assets.place(&path),
                format!("makes a subject with the control character {found:?}"),
                "remove it from the template or from the name that brings it",
            ));
        }
        if line.is_empty() {
            return Err(Fault::new(self.assets.place(&path), "makes an empty subject", "write one"));
        }
        Ok(in_one_line(&line).into_owned())
    }
}

/// Strict about names, and escaping where the template makes HTML.
pub(super) fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    template_limits::limit_work(&mut environment);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the delimiters are the usual ones"));
    environment.set_auto_escape_callback(|name| if name.ends_with(".html.j2") { AutoEscape::Html } else { AutoEscape::None });
    environment
}

pub(super) fn fault(assets: &Assets, path: &str, error: &minijinja::Error) -> Fault {
    let place = assets.place(path);
    let place = error.line().map_or_else(|| place.clone(), |line| format!("{place}, line {line}"));
    if let Some(fault) = template_limits::stopped(error, &place) {
        return fault;
    }
    let problem = error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
    Fault::new(place, problem, "compare it with the built-in template")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribute::BoardPack;

    fn replaced(part: &str, source: &str) -> Result<MessageTemplates, Faults> {
        let folder = tempfile::tempdir().unwrap();
        let message = folder.path().join("email/board_pack");
        std::fs::create_dir_all(&message).unwrap();
        std::fs::write(message.join(part), source).unwrap();
        MessageTemplates::load(&Assets::templates(Some(folder.path().to_owned())))
    }

    fn full() -> BoardPack {
        samples::packs()[1].0.clone()
    }

    #[test]
    fn illustrative_packs_say_so_first() {
        let words = MessageTemplates::load(&Assets::templates(None))
            .unwrap()
            .words(MessageTemplate::BoardPack, &full(), "Avery Example")
            .unwrap();
        assert_eq!(
            words.subject,
            "[ILLUSTRATIVE] Outcomes framework board pack: A partnership, July to September 2026 (2026-27-Q2)"
        );
        assert!(words.text.starts_with("ILLUSTRATIVE: "), "{}", words.text);
        let body = words.html.split("<body").nth(1).unwrap().split_once('>').unwrap().1.trim();
        assert!(body.starts_with("<p") && body.contains("<strong>Illustrative:</strong>"), "{body}");
    }

    #[test]
    fn the_text_reads_well() {
        let words = MessageTemplates::load(&Assets::templates(None))
            .unwrap()
            .words(MessageTemplate::BoardPack, &full(), "Avery")
            .unwrap();
        assert_eq!(
            words.text,
            "ILLUSTRATIVE: some figures in this pack are made up to show how it works. Do not act on them.\n\n\
             Dear Avery,\n\n\
             Outcomes framework board pack for A partnership is attached (board-pack-2026-27-Q2.pdf).\n\n\
             Quarter: July to September 2026 (2026-27-Q2)\nData as at: 20 November 2026\nStrategy edition: 2024\n\n\
             What the board needs to know\n- A measure: 6.2% in 2025/26; target: 5% by March 2027. Off track.\n\n\
             What we ask of the board\n- Decide how to recover it.\n\n\
             Ambitions by status (1 in all)\n- On track: 1\n\n\
             Since the pack of April to June 2026\n- Ambitions: 1 improved\n- Key action: An action (A trust): now off track\n\n\
             What is missing from the pack\n- A return\n\n\
             To read further\n\
             - Another document (summary.pdf, attached). What it is about.\n\
             - Another document (evidence.pdf, too large to be attached; it is here: the shared folder). What it is about.\n\
             - Another document (more.pdf, too large to be attached: please ask for it). What it is about.\n\n\
             The PDF files are tagged for screen readers.\nQuestions: secretariat@example.org\n\
             The next pack is due on 20 February 2027.\n\n\
             This message was sent automatically.\n"
        );
    }

    #[test]
    fn names_are_escaped_in_html_only() {
        let mut content = full();
        content.system = "A <b> & C".to_owned();
        let words = MessageTemplates::load(&Assets::templates(None))
            .unwrap()
            .words(MessageTemplate::BoardPack, &content, "Avery")
            .unwrap();
        assert!(words.html.contains("A &lt;b&gt; &amp; C") && !words.html.contains("<b>"));
        assert!(words.text.contains("A <b> & C"));
    }

    #[test]
    fn line_ends_in_names_add_no_header() {
        let templates = MessageTemplates::load(&Assets::templates(None)).unwrap();
        let mut content = full();
        content.system = "X\r\nBcc: all@example.org".to_owned();
        assert!(!templates.words(MessageTemplate::BoardPack, &content, "").unwrap().subject.contains(['\r', '\n']));
        content.system = "X\u{1b}[31m".to_owned();
        let refused = templates.words(MessageTemplate::BoardPack, &content, "").unwrap_err();
        assert!(refused.problem.contains("control character"), "{refused}");
    }

    #[test]
    fn what_nobody_sees_is_written_out() {
        let mut content = full();
        content.system = "X\u{202e}Y".to_owned();
        let words = MessageTemplates::load(&Assets::templates(None))
            .unwrap()
            .words(MessageTemplate::BoardPack, &content, "A\u{1b}[2J")
            .unwrap();
        for part in [&words.subject, &words.text, &words.html] {
            assert!(part.contains("X\\u202eY") && !part.contains(['\u{202e}', '\u{1b}']), "{part:?}");
        }
        assert!(words.text.contains("Dear A\\u001b[2J,\n"), "{}", words.text);
    }

    #[test]
    fn template_errors_name_file_and_line() {
        let unknown = replaced(TEXT, "Dear board,\n{{ sytem }}\n").unwrap_err().to_string();
        assert!(unknown.contains("body.txt.j2, line 2: undefined value"), "{unknown}");
        let broken = replaced(HTML, "<p>\n\n{% if missing %}").unwrap_err().to_string();
        assert!(broken.contains("body.html.j2, line 3: syntax error"), "{broken}");
        let empty = replaced(SUBJECT, "\n").unwrap_err().to_string();
        assert!(empty.contains("makes an empty subject"), "{empty}");
    }

    #[test]
    fn oversized_templates_are_stopped_and_named() {
        let doubled = format!("Dear board,\n{{% set x = 'aaaaaaaa' %}}\n{}", "{% set x = x ~ x %}\n".repeat(40));
        let stopped = replaced(TEXT, &doubled).unwrap_err().to_string();
        assert!(stopped.contains("body.txt.j2, line ") && stopped.contains(": was stopped: it does or makes more"), "{stopped}");
        let lists = format!("Dear board,\n{{% set x = [1] %}}\n{}{{{{ x }}}}", "{% set x = x + x %}\n".repeat(40));
        let growing = replaced(TEXT, &lists).unwrap_err().to_string();
        assert!(growing.contains("body.txt.j2, line 3: puts a list into itself"), "{growing}");
        let large = replaced(SUBJECT, "{{ 'a ' * 600000 }}").unwrap_err().to_string();
        assert!(large.contains("subject.txt.j2: makes a text of 1200 KB, and 1000 KB is the most"), "{large}");
    }

    #[test]
    fn unused_template_files_are_faults() {
        let misspelt = replaced("body.htm.j2", "<p>").unwrap_err().to_string();
        assert!(misspelt.contains("body.htm.j2: is not part of a message"), "{misspelt}");
    }
}
