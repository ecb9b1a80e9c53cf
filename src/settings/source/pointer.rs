//! JSON pointers (RFC 6901) that can never match, told before anything is asked.

/// Why a text is not a JSON pointer or can never match, and what to write instead; none where it may match.
///
/// An empty text is the whole document. A part of digits is an index into a list, or a key of that name.
pub(super) fn problem(text: &str) -> Option<(String, String)> {
    let instead = || format!("write {:?}", suggestion(text));
    if text.is_empty() {
        return None;
    }
    let Some(parts) = text.strip_prefix('/') else {
        return Some((format!("{text:?} is not a JSON pointer: a / was expected before each part of it"), instead()));
    };
    let lone_tilde = |part: &str| part.split('~').skip(1).any(|after| !after.starts_with(['0', '1']));
    if let Some(part) = parts.split('/').find(|part| lone_tilde(part)) {
        let problem = format!("{part:?} of the JSON pointer {text:?} has a ~ that is neither ~0 nor ~1");
        return Some((problem, "write ~0 for ~ and ~1 for / in a name".to_owned()));
    }
    // Habits of other ways of pointing into JSON, which RFC 6901 has not: they would be looked for as names.
    if let Some(part) = parts.split('/').find(|part| bracketed(part).is_some()) {
        let problem = format!("{part:?} of the JSON pointer {text:?} is not an index of a list: an index is a part of its own");
        return Some((problem, instead()));
    }
    if let Some(part) = parts.split('/').find(|part| matches!(*part, "*" | "-")) {
        let problem = format!("{part:?} of the JSON pointer {text:?} stands for no member of a list; an index was expected");
        return Some((problem, "write the member's place in the list, from 0, such as /data/0/rows".to_owned()));
    }
    None
}

/// Whether what lies at `pointer` can hold what lies at `other`, which is longer by at least one part.
pub(super) fn holds(pointer: &str, other: &str) -> bool {
    other.strip_prefix(pointer).is_some_and(|rest| rest.starts_with('/'))
}

/// The name and the index of `obs[0]`.
fn bracketed(part: &str) -> Option<(&str, &str)> {
    let (name, index) = part.strip_suffix(']')?.rsplit_once('[')?;
    (index == "*" || (!index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit()))).then_some((name, index))
}

/// The pointer that is likely meant: `/data/0/obs` for `$.data[0].obs`.
fn suggestion(text: &str) -> String {
    let plain = text.trim().trim_start_matches('$').replace("[*]", "/0");
    let slashed = if plain.contains('/') { plain } else { plain.replace('.', "/") };
    let parted = slashed.replace('[', "/").replace(']', "");
    format!("/{}", parted.trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_pointers_suggest_the_likely_one() {
        for (text, said, remedy) in [
            ("obs", "is not a JSON pointer", "write \"/obs\""),
            ("data.obs", "is not a JSON pointer", "write \"/data/obs\""),
            ("$.data[0].obs", "is not a JSON pointer", "write \"/data/0/obs\""),
            ("/data[0]/obs", "\"data[0]\" of the JSON pointer", "write \"/data/0/obs\""),
            ("/data/*/obs", "\"*\" of the JSON pointer", "from 0"),
            ("/data/-", "\"-\" of the JSON pointer", "from 0"),
            ("/a~b", "neither ~0 nor ~1", "~0 for ~"),
            ("/a~", "neither ~0 nor ~1", "~0 for ~"),
        ] {
            let (problem, instead) = problem(text).unwrap_or_else(|| panic!("{text}"));
            assert!(problem.contains(said) && instead.contains(remedy), "{text}: {problem} ({instead})");
        }
    }

    #[test]
    fn what_rfc_6901_has_may_match() {
        // The examples of its section 5.
        for text in ["", "/foo", "/foo/0", "/", "/a~1b", "/c%d", "/e^f", "/g|h", "/i\\j", "/k\"l", "/ ", "/m~0n", "/obs/01"] {
            assert_eq!(problem(text), None, "{text}");
        }
    }

    #[test]
    fn only_true_children_lie_below() {
        assert!(holds("/data", "/data/0") && holds("", "/data") && !holds("/data", "/database") && !holds("/data", "/data"));
    }
}
