//! What is told of a return, as text and as HTML, from `report_templates/returns/`.

use super::templates::{ACCOUNT_HTML, ACCOUNT_TEXT, environment, fault};
use crate::assets::Assets;
use crate::collect::ValidationReport;
use crate::fault::{Fault, Faults};
use crate::template_limits;
use crate::visible::in_lines;
use minijinja::Environment;
use minijinja::value::{Serde, Value};

/// The parsed templates. A name that a template uses and an account does not have is an error.
#[derive(Debug)]
pub struct AccountTemplates {
    environment: Environment<'static>,
    assets: Assets,
}

impl AccountTemplates {
    /// # Errors
    /// A template that does not parse.
    pub fn load(assets: &Assets) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut environment = environment();
        for path in [ACCOUNT_TEXT, ACCOUNT_HTML] {
            let added = assets
                .read_text(path)
                .and_then(|source| environment.add_template_owned(path, source).map_err(|e| fault(assets, path, &e)));
            faults.0.extend(added.err());
        }
        faults.into_result().map(|()| Self { environment, assets: assets.clone() })
    }

    /// # Errors
    /// A template that uses a name that there is not.
    pub fn text(&self, account: &ValidationReport) -> Result<String, Fault> {
        self.fill(ACCOUNT_TEXT, account)
    }

    /// The inside of a page's body, everything in it escaped.
    ///
    /// # Errors
    /// As [`Self::text`].
    pub fn html(&self, account: &ValidationReport) -> Result<String, Fault> {
        self.fill(ACCOUNT_HTML, account)
    }

    fn fill(&self, path: &str, account: &ValidationReport) -> Result<String, Fault> {
        let template = self.environment.get_template(path);
        let text = template.and_then(|template| template.render(Value::from(Serde(account))));
        let text = text.map_err(|e| fault(&self.assets, path, &e))?;
        template_limits::checked(format!("{}\n", in_lines(text.trim_end())), &self.assets.place(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::ReturnOutcome;

    fn account() -> ValidationReport {
        let found = |problem: &str| crate::collect::FindingLine {
            place: "sheet Figures, cell F4".to_owned(),
            problem: problem.to_owned(),
            remedy: "correct it".to_owned(),
            mended: false,
            measure: "Discharged".to_owned(),
        };
        ValidationReport {
            partner: "A <b> & C".to_owned(),
            partner_id: "nuh".to_owned(),
            quarter: "July to September 2026".to_owned(),
            quarter_id: "2026-27-Q2".to_owned(),
            file: "nuh.xlsx".to_owned(),
            sha256: "00".to_owned(),
            outcome: ReturnOutcome::AcceptedInPart,
            verdict: "accepted in part, with questions",
            illustrative: true,
            by: String::new(),
            nil: String::new(),
            replaced_nil: String::new(),
            changed: Vec::new(),
            errors: vec![found("<script>alert(1)</script> was found")],
            questions: vec![found("is it so?")],
            notes: Vec::new(),
            figures: Vec::new(),
            actions: Vec::new(),
            comments: Vec::new(),
            missing: 0,
            lacking: Vec::new(),
            baselines: Vec::new(),
            still_open: Vec::new(),
        }
    }

    #[test]
    fn a_return_is_told_grade_by_grade() {
        let text = AccountTemplates::load(&Assets::templates(None)).unwrap().text(&account()).unwrap();
        assert_eq!(
            text,
            "A <b> & C: return for July to September 2026 (2026-27-Q2)\n\
             nuh.xlsx: accepted in part, with questions\n\
             ILLUSTRATIVE: its figures are marked as made up.\n\n\
             Not used (1)\n- sheet Figures, cell F4: <script>alert(1)</script> was found (correct it)\n\n\
             Questions: the figures are used, and flagged until you answer (1)\n- sheet Figures, cell F4: is it so? (correct it)\n\n\
             Figures as understood (0)\n"
        );
    }

    #[test]
    fn partners_text_is_escaped_in_html() {
        let html = AccountTemplates::load(&Assets::templates(None)).unwrap().html(&account()).unwrap();
        assert!(html.contains("A &lt;b&gt; &amp; C") && html.contains("&lt;script&gt;"), "{html}");
        assert!(!html.contains("<script") && !html.contains("<b>"));
    }
}
