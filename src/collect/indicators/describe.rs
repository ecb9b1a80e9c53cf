//! What sources say of their indicators, held against the framework and against what they said before: a changed name,
//! unit, polarity or age band is a question to whoever runs this, never a silent switch.

use crate::archive::{Archive, FetchRecord};
use crate::collect::indicators::description::Description;
use crate::collect::indicators::fetch::Fetcher;
use crate::collect::indicators::figure::MeasureFigures;
use crate::collect::indicators::options::FetchSetup;
use crate::collect::indicators::page::ResponsePage;
use crate::collect::indicators::query::{MeasureQuery, SourceQuery};
use crate::collect::indicators::readers::answer_error::AnswerError;
use crate::collect::indicators::readers::excerpt::excerpt;
use crate::collect::indicators::registry;
use crate::collect::indicators::source::IndicatorSource;
use crate::collect::{Finding, Grade};
use crate::fault::Fault;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// A description with the day on which the source first gave it.
type EarlierDescription = (Description, Date);

/// Asks for the descriptions of every indicator that the framework names, and gives what is to be looked at.
///
/// A source that has none, or does not answer, costs no figure: that it could not be compared is a note.
pub(super) async fn questions_to_the_admin(
    questions: &[SourceQuery<'_>],
    asks: &BTreeMap<&str, Fetcher>,
    means: &FetchSetup<'_>,
) -> Vec<Finding> {
    let mut of_indicator: BTreeMap<(&str, &str), Vec<&SourceQuery<'_>>> = BTreeMap::new();
    for question in questions {
        of_indicator.entry((question.source_name, question.indicator)).or_default().push(question);
    }
    let mut findings = Vec::new();
    for ((_, indicator), questions) in of_indicator {
        let Some((first, source)) = questions.first().and_then(|first| Some((first, first.source?))) else { continue };
        let kind = registry::source_of(source);
        let Some(request) = kind.describing(indicator) else { continue };
        let place = format!("{} {indicator}", source.publisher);
        let requests = [request];
        let ask = asks[first.source_name].unless_fresh(&requests, means);
        let page = match ask.answer(&requests, Some(&*kind), means.archive, means.now).await {
            Ok(pages) => pages.into_iter().next(),
            Err(unanswered) => {
                if matches!(ask, Fetcher::Live(_)) {
                    let problem = format!("its description could not be compared: {}", unanswered.problem);
                    findings.push(Finding::new(Grade::Note, Fault::new(&place, problem, "it is asked for again the next time")));
                }
                None
            }
        };
        let Some(page) = page else { continue };
        let earlier = earlier(&*kind, &page, indicator, means.archive);
        let now = one(&*kind, &page, indicator, means.archive);
        if matches!(ask, Fetcher::Live(_)) {
            note(&page, now.as_ref().err().map(ToString::to_string), means.archive);
        }
        let asking: Vec<MeasureQuery<'_>> = questions.iter().flat_map(|question| question.measures.iter().copied()).collect();
        match now {
            Ok(now) => findings.extend(compared(&place, &now, earlier.as_ref(), &asking)),
            Err(reason) => {
                let problem = format!("its description could not be read: {reason}");
                findings.push(Finding::new(Grade::Note, Fault::new(&place, problem, "")));
            }
        }
    }
    findings
}

/// What is to be asked of an indicator whose source says `now` of it.
fn compared(place: &str, now: &Description, earlier: Option<&EarlierDescription>, asking: &[MeasureQuery<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut told = BTreeSet::new();
    let mut ask = |problem: String, remedy: String| {
        if told.insert(problem.clone()) {
            findings.push(Finding::new(Grade::Question, Fault::new(place, problem, remedy)));
        }
    };
    let named: Vec<&str> = asking.iter().map(|asking| asking.name).filter(|name| !name.is_empty()).collect();
    for asking in asking {
        let measure = asking.measure;
        if !asking.name.is_empty() && asking.name != now.name {
            let problem = format!("is called {:?}; the framework has {:?} for {}", excerpt(&now.name), asking.name, measure.id);
            ask(problem, "see that it is the same indicator, then write its name in the measure's source".to_owned());
        }
        if now.contradicts(&measure.unit) {
            let problem = format!("is given in {:?}; the framework has {:?} for {}", now.unit, measure.unit.label(), measure.id);
            ask(problem, "correct the measure's unit, its targets with it, or choose another indicator".to_owned());
        }
        if let (Some(theirs), Some(_)) = (now.direction(), measure.polarity.sign())
            && theirs != measure.polarity
        {
            let problem = format!("has {:?}; the framework has the other way round for {}", now.polarity.trim(), measure.id);
            ask(problem, "correct the measure's polarity, or say in its notes why it is judged otherwise".to_owned());
        }
    }
    let Some((before, day)) = earlier else { return findings };
    let ids = asking.iter().map(|asking| asking.measure.id.0.as_str()).collect::<BTreeSet<_>>();
    let ids = ids.into_iter().collect::<Vec<_>>().join(", ");
    if named.is_empty() && before.name != now.name {
        let problem = format!("is called {:?}; on {day} it was {:?}", excerpt(&now.name), excerpt(&before.name));
        let remedy =
            format!("if it is still what {ids} need, write name = {:?} in their source; if not, choose another", now.name);
        ask(problem, remedy);
    }
    if before.unit != now.unit && now.known_unit().is_none() {
        let problem = format!("is given in {:?}; on {day} it was in {:?}", now.unit, before.unit);
        ask(problem, format!("see that the unit and the targets of {ids} are still right"));
    }
    if before.direction() != now.direction() {
        let problem = format!("has {:?}; on {day} it had {:?}", now.polarity.trim(), before.polarity.trim());
        ask(problem, format!("see that the polarity of {ids} is still right"));
    }
    if before.definition != now.definition {
        let problem = format!("is defined differently than on {day}: {:?}", excerpt(&now.definition));
        ask(problem, format!("see that its figures can still be set beside earlier ones of {ids}"));
    }
    findings
}

/// The age labels of an answer, where the framework names none, that its last good answer did not have.
pub(super) fn changed_ages(question: &SourceQuery<'_>, old: &[MeasureFigures], new: &[MeasureFigures]) -> Vec<Finding> {
    let ages = |reading: &MeasureFigures| -> BTreeSet<String> {
        reading.figures.iter().flatten().map(|figure| figure.observation.age.clone()).collect()
    };
    let joined = |ages: BTreeSet<String>| ages.into_iter().collect::<Vec<_>>().join(", ");
    let mut findings = Vec::new();
    for new in new {
        let Some(old) = old.iter().find(|old| old.measure == new.measure) else { continue };
        let (before, now) = (ages(old), ages(new));
        if !before.is_empty() && !now.is_empty() && before != now {
            let place = format!("{} {}", question.source.map_or(question.source_name, |s| &s.publisher), question.indicator);
            let problem = format!("is for the ages {:?}; before it was for {:?}", joined(now), joined(before));
            let remedy = format!("see that it is still what {} needs, and name the age in its source", new.measure);
            findings.push(Finding::new(Grade::Question, Fault::new(place, problem, remedy)));
        }
    }
    findings
}

/// The description of `indicator` on a page.
fn one(kind: &dyn IndicatorSource, page: &ResponsePage, indicator: &str, archive: &Archive) -> Result<Description, AnswerError> {
    let mut found = None;
    let mut body = page.open(archive)?;
    kind.describe(&mut body, &mut |description| {
        if description.indicator == indicator {
            found = Some(description);
        }
    })?;
    found.ok_or_else(|| AnswerError::NotDescribed(indicator.to_owned()))
}

/// The first description that the archive has from the same address.
fn earlier(kind: &dyn IndicatorSource, page: &ResponsePage, indicator: &str, archive: &Archive) -> Option<EarlierDescription> {
    let fetches = archive.fetches(&page.url);
    let first = fetches.iter().find_map(|asked| Some((asked, asked.good().filter(|head| archive.has_answer(&head.sha256))?)))?;
    let then = ResponsePage { answer: first.1.clone(), ..page.clone() };
    Some((one(kind, &then, indicator, archive).ok()?, first.0.day()))
}

/// Keeps in mind what was answered, for the next comparison.
pub(super) fn note(page: &ResponsePage, fault: Option<String>, archive: &Archive) {
    let ResponsePage { url, retrieved, answer, .. } = page;
    let asked = FetchRecord { url: url.clone(), at: *retrieved, answer: Some(answer.clone()), fault };
    if let Err(error) = archive.log_fetch(&asked) {
        tracing::warn!(url, %error, "the archive cannot note an answer");
    }
}
