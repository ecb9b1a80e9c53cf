//! Alternative texts: what stands for a figure where it cannot be seen. All are made or checked here.

/// Characters that an alternative text has at most: a screen reader says it in one breath and cannot be stopped to look again.
pub const MOST: usize = 150;

/// Room for names, in characters: the first in which a finding fits is taken.
const ROOMS: [usize; 5] = [usize::MAX, 48, 32, 16, 0];

/// What is wrong with words that somebody wrote for a picture, and what to do; none where nothing is.
pub fn fault_of(words: &str) -> Option<(String, String)> {
    let length = characters(words);
    (length > MOST).then(|| {
        let problem = format!("the words for those who cannot see it have {length} characters");
        (problem, format!("say in at most {MOST} what it shows, and the rest in the text"))
    })
}

/// The words that stand for a chart: its title, the finding with the main figures, what else fits, and where all of its figures
/// are. `finding` makes its sentence with so much room for each name. Nothing is cut but names, and those between words: what
/// does not fit whole is left out.
pub fn of_chart(title: &str, finding: &dyn Fn(usize) -> String, more: &[String], pointer: &str) -> String {
    let mut left = MOST.saturating_sub(characters(pointer));
    let mut fits = |words: &str| {
        let needed = characters(words) + 1;
        let fits = needed > 1 && needed <= left;
        left -= if fits { needed } else { 0 };
        fits
    };
    let finding = ROOMS.iter().map(|room| finding(*room)).find(|words| fits(words));
    let title = Some(format!("{}.", title.trim().trim_end_matches('.'))).filter(|title| title != "." && fits(title));
    let mut said: Vec<&str> = title.as_deref().into_iter().chain(finding.as_deref()).collect();
    said.extend(more.iter().map(String::as_str).filter(|words| fits(words)));
    said.extend(Some(pointer).filter(|pointer| !pointer.is_empty()));
    said.join(" ")
}

/// A name as far as there is room for its words, with `…` for the others; empty where not even the first has room.
pub fn shortened(name: &str, room: usize) -> String {
    if characters(name) <= room {
        return name.to_owned();
    }
    let mut kept = String::new();
    for word in name.split_whitespace() {
        let gap = if kept.is_empty() { "" } else { " " };
        if characters(&kept) + characters(gap) + characters(word) >= room {
            break;
        }
        kept = kept + gap + word;
    }
    let kept = kept.trim_end_matches([',', ';', ':', '(', '–', '-', ' ']);
    if kept.is_empty() { String::new() } else { format!("{kept}…") }
}

/// `Ashfield: 4.7%`; the figure alone where there is no room for the name.
pub fn of_whom(name: &str, room: usize, figure: &str) -> String {
    let name = shortened(name, room);
    if name.is_empty() { capitalised(figure) } else { format!("{name}: {figure}") }
}

/// `4.7% (Ashfield)`; the figure alone where there is no room for the name.
pub fn with_whom(figure: &str, name: &str, room: usize) -> String {
    let name = shortened(name, room);
    if name.is_empty() { figure.to_owned() } else { format!("{figure} ({name})") }
}

fn capitalised(words: &str) -> String {
    let first = words.chars().take(1).flat_map(char::to_uppercase);
    first.chain(words.chars().skip(1)).collect()
}

fn characters(words: &str) -> usize {
    words.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINTER: &str = "The table below has the figures.";

    #[test]
    fn what_does_not_fit_is_left_out_whole() {
        let finding = |room: usize| format!("{} in 2024.", of_whom("Ashfield", room, "4.7%"));
        let more = ["England: 11.6%.".to_owned(), "x".repeat(90) + ".", "Target: 5.0%.".to_owned()];
        let said = of_chart("Adults who smoke", &finding, &more, POINTER);
        assert_eq!(said, format!("Adults who smoke. Ashfield: 4.7% in 2024. England: 11.6%. Target: 5.0%. {POINTER}"));
        let said = of_chart(&"long ".repeat(30), &finding, &more[..1], POINTER);
        assert_eq!(said, format!("Ashfield: 4.7% in 2024. England: 11.6%. {POINTER}"));
    }

    #[test]
    fn names_are_cut_between_words_and_figures_never() {
        let trust = "Sherwood Forest Community Partnership Collaborative NHS Foundation Trust (provisional)";
        for (room, expected) in [
            (usize::MAX, trust),
            (86, trust),
            (48, "Sherwood Forest Community Partnership…"),
            (16, "Sherwood Forest…"),
            (15, "Sherwood…"),
            (8, ""),
            (0, ""),
        ] {
            assert_eq!(shortened(trust, room), expected);
            assert!(room == usize::MAX || characters(&shortened(trust, room)) <= room);
        }
        assert_eq!(shortened("Barrow, in Furness", 8), "Barrow…");
        let finding = |room: usize| {
            let (least, most) = ("12,345,678 tonnes CO₂e", "98,765,432 tonnes CO₂e");
            format!("In 2024/25 from {} to {}.", with_whom(least, trust, room), with_whom(most, trust, room))
        };
        let said = of_chart("Carbon", &finding, &[], POINTER);
        let names = "12,345,678 tonnes CO₂e (Sherwood Forest…) to 98,765,432 tonnes CO₂e (Sherwood Forest…)";
        assert_eq!(said, format!("Carbon. In 2024/25 from {names}. {POINTER}"));
        assert!(characters(&said) <= MOST, "{}", characters(&said));
    }

    #[test]
    fn the_longest_that_fits_is_taken() {
        let exactly = |length: usize| move |_: usize| "x".repeat(length);
        let room = MOST - POINTER.len() - 1;
        assert_eq!(characters(&of_chart("", &exactly(room), &[], POINTER)), MOST);
        assert_eq!(of_chart("", &exactly(room + 1), &[], POINTER), POINTER);
    }

    #[test]
    fn written_words_that_are_too_long_are_a_fault() {
        assert_eq!(fault_of(&"ü".repeat(MOST)), None);
        assert!(fault_of(&"ü".repeat(MOST + 1)).is_some_and(|(problem, _)| problem.contains("have 151 characters")));
    }
}
