//! What a template can bring in by name: tables, charts, statuses, notes.

use super::content::{
    AimView, AmbitionView, GroupView, MatterView, MeasureView, View, dumbbell, funnel, of_100, small_multiples, statuses,
};
use super::markdown::{Made, escape, token};
use super::signs;
use super::tables;
use crate::evaluate::Status;
use crate::template_limits;
use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior};
use std::sync::{Arc, Mutex, PoisonError};
use tagged_document::model::{Block, Card, Picture, Run, Tone};

/// The names of all directives with what each takes, for messages and for checking templates.
pub const DIRECTIVES: [(&str, &str); 58] = [
    ("abbreviations", "abbreviations(): the table of those short forms of abbreviations.toml that the pack has"),
    ("actions", "actions(priority): the table of key actions"),
    ("aim_actions", "aim_actions(aim): its key actions, a row each"),
    ("alert_list", "alert_list(alert | advise | assure): what it holds, by reason"),
    ("alert_rows", "alert_rows(): every alert as a row"),
    ("ambition_rows", "ambition_rows(aim | priority): its ambitions, a row each with the measure that decides"),
    ("anchor", "anchor(ambition | measure | priority | aim): the name that links and headings share"),
    ("areas", "areas(measure): the table of areas"),
    ("beside_comparator", "beside_comparator(): what is worse here than for the comparator, as a list, and what is better"),
    ("board_table", "board_table(): alert, advise, assure, what has moved and what is missing"),
    ("by_organisation", "by_organisation(): the measures of organisations, a column each"),
    ("cards", "cards(list): each with label, value, and where wanted note and status"),
    ("chances", "chances(): the chance of meeting each target that is still to come"),
    ("changes_table", "changes_table(): what the edition changed"),
    ("chart", "chart(measure): the measure's chart"),
    ("commentary", "commentary(ambition | measure): what those who answer for it, or partners, said"),
    ("contents", "contents(depth): headings down to a level, with their pages"),
    ("contents_of", "contents_of(list of ambitions or measures, or alert | advise | assure): a table of them, with links"),
    (
        "corrections_table",
        "corrections_table(): what a corrected issue says otherwise than the one before it, or a final pack than the interim one",
    ),
    ("definitions", "definitions(): what each measure is"),
    ("dumbbell", "dumbbell(priority): baseline, latest and target of its measures"),
    ("figures", "figures(measure): latest, previous, baseline, target"),
    ("freshness_table", "freshness_table(): answers of public sources, and how fresh they are"),
    ("funnel", "funnel(measure): which of its areas or organisations differ by more than chance"),
    ("got_better", "got_better(): what is significantly better, as a list"),
    ("got_worse", "got_worse(): what is significantly worse, as a list"),
    ("here", "here(ambition | measure | priority | aim): at the end of a heading, makes it the one that links lead to"),
    ("icon_key", "icon_key(): what the icons of control charts mean"),
    ("illustrative_note", "illustrative_note(pack | aim | priority | measure): the warning, where it is due"),
    ("inequality", "inequality(measure): charts by deprivation"),
    ("logo", "logo(): the brand's logo, where theme.toml names one"),
    ("map", "map(): the areas of the measure in which most of them differ, where they lie"),
    ("matrix", "matrix(): measures by variation and assurance"),
    ("measures", "measures(priority): the table of its measures"),
    ("messages", "messages(): what the board reads first, as a numbered list"),
    ("movements_list", "movements_list(): what has moved since the last pack, by way"),
    ("movements_table", "movements_table(): what has moved since the last pack"),
    ("of_100", "of_100(): the shares of what the public reads as squares, with a table of them"),
    ("place_actions", "place_actions(): key actions under priorities in which something is amiss here"),
    ("plan", "plan(): aims and priorities with their counts"),
    ("plural", "plural(count, one, many): `1 measure`, `2 measures`"),
    ("range", "range(from, to): numbers, as in minijinja"),
    ("revisions_table", "revisions_table(): figures that were revised"),
    ("returns_table", "returns_table(): partners' returns"),
    ("rug", "rug(): every measure in every area, beside the comparator"),
    ("small", "small(words): a note in small type"),
    ("small_multiples", "small_multiples(measure): a small chart over time for each of its areas"),
    ("source_faults_table", "source_faults_table(): what was found in figures of public sources"),
    ("sources", "sources(measure): where its figures are from"),
    (
        "spine",
        "spine(): the figures here beside the comparator's and those of all areas of the kind, as charts; spine_table() has them all",
    ),
    ("spine_table", "spine_table(): every figure here by aim, with targets and statuses"),
    ("status", "status(ambition | measure | action): the sign and the word"),
    ("status_bar", "status_bar(): how many ambitions stand where, as one bar"),
    ("status_key", "status_key(): what each status means"),
    ("summary_table", "summary_table(): priorities by status of their ambitions"),
    ("told_us", "told_us(): what people say is and is not working for them, by theme"),
    ("told_us_of", "told_us_of(ambition): the themes of what people say that bear on it, with links"),
    ("without_list", "without_list(): measures that have no figure here"),
];

/// What lies in the templates' folder for directives to bring in.
#[derive(Debug, Clone, Default)]
pub struct Stock {
    /// Short forms with what they stand for.
    pub abbreviations: Vec<(String, String)>,
    pub logo: Option<Picture>,
}

/// What the directives of one template made, in order of their tokens.
pub type Workshop = Arc<Mutex<Vec<Made>>>;

/// An environment in which every directive works on `view` and leaves what it makes in the workshop.
pub fn environment(view: &Arc<View>, stock: &Arc<Stock>, workshop: &Workshop) -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    template_limits::limit_work(&mut env);
    env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    env.set_formatter(|out, state, value| {
        // Text is escaped here, once, for every template: none can forget it.
        if value.kind() == ValueKind::String && !value.is_safe() {
            out.write_str(&escape(value.as_str().unwrap_or_default())).map_err(Error::from)
        } else {
            minijinja::escape_formatter(out, state, value)
        }
    });
    env.add_function("anchor", |of: Value| Ok::<_, Error>(Value::from_safe_string(anchor(&of)?)));
    env.add_function("here", |of: Value| Ok::<_, Error>(Value::from_safe_string(format!("{{#{}}}", anchor(&of)?))));
    env.add_function("plural", |count: usize, one: String, many: String| crate::counted::counted(count, &one, &many));
    let make = |workshop: &Workshop| {
        let workshop = workshop.clone();
        move |made: Made| {
            let mut all = workshop.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(made);
            Value::from_safe_string(token(all.len() - 1))
        }
    };
    macro_rules! directive {
        ($name:literal, |$view:ident $(, $arg:ident : $type:ty)*| $body:expr) => {{
            let ($view, make) = (view.clone(), make(workshop));
            env.add_function($name, move |state: &State<'_, '_>, $($arg: $type),*| -> Result<Value, Error> {
                state.consume_fuel(template_limits::FUEL_OF_A_DIRECTIVE)?;
                let $view = &*$view;
                Ok(make($body))
            });
        }};
    }
    directive!("contents", |_view, depth: u8| blocks(vec![Block::Contents(depth)]));
    directive!("status", |view, of: Value| Made::Runs(signs::status(status(view, &of)?)));
    directive!("small", |_view, words: String| blocks(vec![tables::small(vec![Run::text(words)])]));
    directive!("chart", |view, of: Value| {
        blocks(measure(view, &of)?.figure.clone().map(Block::Figure).into_iter().collect())
    });
    directive!("funnel", |view, of: Value| {
        blocks(measure(view, &of)?.parts.as_ref().and_then(funnel).map(Block::Figure).into_iter().collect())
    });
    directive!("small_multiples", |view, of: Value| {
        blocks(measure(view, &of)?.parts.as_ref().and_then(small_multiples).map(Block::Figure).into_iter().collect())
    });
    directive!("figures", |view, of: Value| blocks(vec![tables::figures_table(measure(view, &of)?)]));
    directive!("areas", |view, of: Value| blocks(tables::areas_table(measure(view, &of)?)));
    directive!("sources", |view, of: Value| blocks(tables::sources(measure(view, &of)?)));
    directive!("measures", |view, of: Value| blocks(tables::measures_table(
        &group(view, &of)?.measures.iter().collect::<Vec<_>>(),
        view
    )));
    directive!("contents_of", |view, of: Value| {
        let (mut ambitions, mut measures) = (Vec::new(), Vec::new());
        for value in of.try_iter()? {
            // A key action in a list of the board's has no row among ambitions.
            match matter(view, &value) {
                Some(of) => ambitions.extend(view.ambitions().find(|a| Some(a.key) == of.ambition)),
                None if kind(&value) == "ambition" => ambitions.push(ambition(view, &value)?),
                None => measures.push(measure(view, &value)?),
            }
        }
        let mut made = tables::ambitions_table(&ambitions, view);
        made.extend(tables::measures_table(&measures, view));
        blocks(made)
    });
    directive!("alert_list", |view, of: Value| {
        let expected = || wrong("alert, advise or assure was expected");
        let matters = of.try_iter()?.map(|value| matter(view, &value).ok_or_else(expected)).collect::<Result<Vec<_>, _>>()?;
        blocks(tables::alert_list(&matters, view))
    });
    directive!("actions", |view, of: Value| blocks(tables::actions_table(group(view, &of)?)));
    directive!("cards", |_view, of: Value| {
        let cards = of.try_iter()?.map(|value| card(&value)).collect::<Result<Vec<_>, _>>()?;
        blocks(if cards.is_empty() { Vec::new() } else { vec![Block::Cards(cards)] })
    });
    directive!("commentary", |view, of: Value| {
        blocks(match ambition(view, &of) {
            Ok(ambition) => tables::comments(ambition),
            Err(_) => tables::commentary(measure(view, &of)?),
        })
    });
    directive!("dumbbell", |view, of: Value| {
        let rows: Vec<_> = group(view, &of)?.measures.iter().filter_map(|m| m.dumbbell.as_ref()).collect();
        blocks(dumbbell(&rows).map(Block::Figure).into_iter().collect())
    });
    directive!("inequality", |view, of: Value| {
        blocks(measure(view, &of)?.inequality.iter().cloned().map(Block::Figure).collect())
    });
    directive!("illustrative_note", |_view, of: Value| {
        let due = of.get_attr("illustrative")?;
        blocks(if due.is_true() { vec![tables::illustrative_note()] } else { Vec::new() })
    });
    directive!("aim_actions", |view, of: Value| blocks(tables::aim_actions(aim(view, &of)?)));
    directive!("ambition_rows", |view, of: Value| {
        let priorities: Vec<&GroupView> = match aim(view, &of) {
            Ok(aim) => aim.priorities.iter().collect(),
            Err(_) => vec![group(view, &of)?],
        };
        blocks(tables::ambition_rows(&priorities, view))
    });
    directive!("messages", |view| blocks(tables::message_list(view)));
    directive!("got_worse", |view| blocks(tables::got_worse(view)));
    directive!("got_better", |view| blocks(tables::got_better(view)));
    directive!("alert_rows", |view| blocks(tables::alert_rows(view)));
    directive!("beside_comparator", |view| blocks(tables::beside_comparator(view)));
    directive!("by_organisation", |view| blocks(tables::by_organisation(view)));
    directive!("chances", |view| blocks(tables::chances(view)));
    directive!("board_table", |view| blocks(vec![tables::board_table(view)]));
    directive!("changes_table", |view| blocks(tables::changes_table(view)));
    directive!("corrections_table", |view| blocks(tables::corrections_table(view)));
    directive!("definitions", |view| blocks(tables::definitions(view)));
    directive!("freshness_table", |view| blocks(vec![tables::freshness_table(view)]));
    directive!("icon_key", |_view| blocks(vec![tables::icon_key()]));
    directive!("map", |view| blocks(view.brief.rug.map.clone().map(Block::Figure).into_iter().collect()));
    directive!("matrix", |view| blocks(tables::matrix(view)));
    directive!("movements_list", |view| blocks(tables::movements_list(view)));
    directive!("movements_table", |view| blocks(tables::movements_table(view)));
    directive!("of_100", |view| {
        let picture = of_100(&view.plain).map(Block::Figure);
        blocks(picture.into_iter().chain(tables::of_100(view)).collect())
    });
    directive!("plan", |view| blocks(tables::plan(view)));
    directive!("place_actions", |view| blocks(tables::place_actions(view)));
    directive!("revisions_table", |view| blocks(tables::revisions_table(view)));
    directive!("rug", |view| blocks(tables::rug(view)));
    directive!("spine", |view| blocks(tables::spine(view)));
    directive!("spine_table", |view| blocks(tables::spine_table(view)));
    directive!("source_faults_table", |view| blocks(vec![tables::source_faults_table(view)]));
    directive!("returns_table", |view| blocks(vec![tables::returns_table(view)]));
    directive!("status_bar", |view| {
        blocks(statuses(&view.pack.cards, view.pack.illustrative).map(Block::Figure).into_iter().collect())
    });
    directive!("status_key", |_view| blocks(vec![tables::status_key()]));
    directive!("summary_table", |view| blocks(vec![tables::summary_table(view)]));
    directive!("told_us", |view| blocks(tables::told_us(view)));
    directive!("told_us_of", |view, of: Value| blocks(tables::told_us_of(ambition(view, &of)?, view)));
    directive!("without_list", |view| blocks(tables::without_list(view)));
    let (of_abbreviations, of_logo) = (stock.clone(), stock.clone());
    directive!("abbreviations", |_view| blocks(tables::abbreviations_table(&of_abbreviations.abbreviations)));
    directive!("logo", |_view| blocks(of_logo.logo.clone().map(Block::Picture).into_iter().collect()));
    env
}

fn blocks(blocks: Vec<Block>) -> Made {
    Made::Blocks(blocks)
}

fn wrong(message: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.to_owned())
}

fn field(value: &Value, name: &str) -> Option<Value> {
    value.get_attr(name).ok().filter(|field| !field.is_undefined())
}

fn kind(value: &Value) -> String {
    field(value, "kind").and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default()
}

fn key(value: &Value, of: &str) -> Option<usize> {
    field(value, "key").filter(|_| kind(value) == of).and_then(|key| usize::try_from(key).ok())
}

fn measure<'a>(view: &'a View, value: &Value) -> Result<&'a MeasureView, Error> {
    key(value, "measure").and_then(|key| view.measures().find(|m| m.key == key)).ok_or_else(|| wrong("a measure was expected"))
}

fn ambition<'a>(view: &'a View, value: &Value) -> Result<&'a AmbitionView, Error> {
    key(value, "ambition")
        .and_then(|key| view.ambitions().find(|a| a.key == key))
        .ok_or_else(|| wrong("an ambition was expected"))
}

fn aim<'a>(view: &'a View, value: &Value) -> Result<&'a AimView, Error> {
    let number = field(value, "number").filter(|_| kind(value) == "aim").and_then(|number| usize::try_from(number).ok());
    number.and_then(|number| view.aims.iter().find(|aim| aim.number == number)).ok_or_else(|| wrong("an aim was expected"))
}

fn matter<'a>(view: &'a View, value: &Value) -> Option<&'a MatterView> {
    let key = key(value, "matter")?;
    view.alert.iter().chain(&view.advise).chain(&view.assure).find(|m| m.key == key)
}

/// A label and a value, or a status and a count.
fn card(value: &Value) -> Result<Card, Error> {
    let words = |name: &str| {
        field(value, name).map(|of| of.as_str().map_or_else(|| of.to_string(), str::to_owned)).filter(|words| !words.is_empty())
    };
    let status = words("status").and_then(|word| Status::ALL.into_iter().find(|status| status.label() == word));
    let label = words("label").or_else(|| words("status"));
    let figure = words("value").or_else(|| words("count"));
    match label.zip(figure) {
        Some((label, value)) => Ok(Card {
            label,
            value,
            note: words("note").unwrap_or_default(),
            tone: status.map_or(Tone::Plain, |status| Tone::Named(status.code())),
        }),
        None => Err(wrong("a card with a label and a value was expected")),
    }
}

fn group<'a>(view: &'a View, value: &Value) -> Result<&'a GroupView, Error> {
    key(value, "priority").and_then(|key| view.groups().find(|g| g.key == key)).ok_or_else(|| wrong("a priority was expected"))
}

fn status(view: &View, value: &Value) -> Result<Status, Error> {
    if let Ok(measure) = measure(view, value) {
        return Ok(measure.of);
    }
    if let Ok(ambition) = ambition(view, value) {
        return Ok(ambition.of);
    }
    let word = field(value, "status").and_then(|status| status.as_str().map(str::to_owned));
    let found = word.and_then(|word| Status::ALL.into_iter().find(|status| status.label() == word));
    found.ok_or_else(|| wrong("an ambition, a measure or an action was expected"))
}

/// `measure-3-life-expectancy`: letters, digits and hyphens.
fn anchor(value: &Value) -> Result<String, Error> {
    let id = field(value, "id").and_then(|id| id.as_str().map(str::to_owned));
    let id = id.ok_or_else(|| wrong("an ambition, a measure, a priority or an aim was expected"))?;
    let number = field(value, "key").and_then(|key| usize::try_from(key).ok());
    Ok(tables::named(&kind(value), number, &id))
}
