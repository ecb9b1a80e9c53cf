//! How much a template may do and make, whether of a pack or of a message: it ends, and it fits in memory.

use crate::fault::Fault;
use minijinja::{Environment, ErrorKind};

/// For one template with all that it includes: an instruction, and 64 bytes of what it makes, count one. So it makes 128 MB at
/// the most before it is stopped. A list that is put into itself again and again is not counted so, and is told by
/// [`crate::template_growth`] before.
const FUEL: u64 = 2_000_000;

/// Of that, for a table or a chart that a template brings in, which is larger than the word that stands for it.
pub const FUEL_OF_A_DIRECTIVE: u64 = 50;

/// Bytes of one text that a template makes: some 400 pages of prose.
const LARGEST: usize = 1_000_000;

const REMEDY: &str = "look for a loop in a loop, or for a text that is put to itself again and again";

/// Holds every template of the environment to it.
pub fn limit_work(environment: &mut Environment<'_>) {
    environment.set_fuel(Some(FUEL));
}

/// What to say of a template that was stopped, at its place; none of any other error.
pub fn stopped(error: &minijinja::Error, place: &str) -> Option<Fault> {
    let problem = "was stopped: it does or makes more than a template may";
    (error.kind() == ErrorKind::OutOfFuel).then(|| Fault::new(place, problem, REMEDY))
}

/// # Errors
/// A text that is larger than a template may make.
pub fn checked(text: String, place: &str) -> Result<String, Fault> {
    if text.len() <= LARGEST {
        return Ok(text);
    }
    let problem = format!("makes a text of {} KB, and {} KB is the most", text.len() / 1000, LARGEST / 1000);
    Err(Fault::new(place, problem, REMEDY))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of it: the text, or the problem.
    fn made(template: &str) -> Result<String, String> {
        let mut environment = Environment::new();
        limit_work(&mut environment);
        let text = environment.render_str(template, ()).map_err(|error| {
            let fault = stopped(&error, "here").unwrap_or_else(|| panic!("{error:#}"));
            fault.problem
        })?;
        checked(text, "here").map_err(|fault| fault.problem)
    }

    #[test]
    fn endless_templates_are_stopped() {
        let doubled = "{% set x = x ~ x %}".repeat(40);
        let captured = "{% set x %}{{ x }}{{ x }}{% endset %}".repeat(40);
        let nested = "{% for i in range(10000) %}{% for j in range(10000) %}{% endfor %}{% endfor %}";
        for template in [
            format!("{{% set x = 'aaaaaaaaaaaaaaaa' %}}{doubled}"),
            format!("{{% set x = 'aaaaaaaaaaaaaaaa' %}}{captured}"),
            format!("{{% set x = 'aaaaaaaaaaaaaaaa' %}}{}", doubled.replace("x ~ x", "[x, x] | join")),
            format!("{{% set x = 'aaaaaaaaaaaaaaaa' %}}{}", doubled.replace("x ~ x", "x | replace('a', 'aa')")),
            format!("{{% set x = 'aaaaaaaaaaaaaaaa' %}}{}", doubled.replace("x ~ x", "x * 2")),
            "{{ 'a' * 99999999 }}".to_owned(),
            nested.to_owned(),
            "{% for i in range(100000) %}a text of some length, again and again and again and again and again{% endfor %}"
                .repeat(20),
        ] {
            let problem = made(&template).unwrap_err();
            assert_eq!(problem, "was stopped: it does or makes more than a template may", "{template}");
        }
    }

    #[test]
    fn texts_are_limited_in_size() {
        assert_eq!(made("{{ 'a' * 1000000 }}").unwrap().len(), 1_000_000);
        assert_eq!(made("{{ 'a' * 1000001 }}").unwrap_err(), "makes a text of 1000 KB, and 1000 KB is the most");
    }
}
