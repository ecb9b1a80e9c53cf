//! The editions that are built in.

use super::*;

/// Ambitions and key actions as counted from the bullets of each edition's text: 49 and 48 with three above them, and 23
/// actions in each. A part of a bullet stays inside it; the supports of net zero count one each.
#[test]
fn every_ambition_and_action_of_2024_is_there() {
    let priorities = [
        ("best-start", 7, 0),
        ("frailty", 10, 0),
        ("every-contact", 6, 1),
        ("greatest-needs", 6, 1),
        ("prevention", 6, 2),
        ("recruitment-hub", 4, 1),
        ("quality-improvement", 2, 1),
        ("better-care-fund", 0, 1),
        ("intelligence", 0, 2),
        ("working-across", 0, 8),
        ("employability", 0, 0),
        ("local-communities", 0, 0),
        ("social-value", 2, 6),
        ("environment", 6, 0),
    ];
    for edition in EDITIONS {
        let framework = load(edition);
        assert_eq!(framework.aims.len(), 4, "{edition}");
        assert_eq!(framework.edition.principles.len(), 3, "{edition}");
        assert_eq!(framework.ambitions_of(None).count(), 3, "{edition}: overarching");
        let counted: Vec<_> = framework
            .priorities
            .iter()
            .map(|p| (p.id.as_str(), framework.ambitions_of(Some(&p.id)).count(), framework.actions_of(&p.id).count()))
            .collect();
        let mut expected = priorities.to_vec();
        if edition == "2023" {
            // NHS IMPACT came with the refresh.
            expected[6].1 = 1;
        }
        assert_eq!(counted, expected, "{edition}");
        let bullets: usize = counted.iter().map(|(_, ambitions, _)| ambitions).sum();
        assert_eq!((bullets, framework.actions.len()), (if edition == "2024" { 49 } else { 48 }, 23), "{edition}");
    }
}

/// As the texts have them: no bullet is left out, and none is there twice.
#[test]
fn ambitions_and_actions_cite_the_text() {
    for edition in EDITIONS {
        let framework = load(edition);
        let places = framework.ambitions.iter().map(|a| &a.text).chain(framework.actions.iter().map(|a| &a.text));
        let mut bullets: BTreeMap<&str, Vec<Option<u32>>> = BTreeMap::new();
        for place in places {
            assert!(!place.heading.is_empty() && place.verbatim.is_empty(), "{edition}: {place:?}");
            bullets.entry(&place.heading).or_default().push(place.bullet);
        }
        for (heading, found) in bullets.iter().filter(|(heading, _)| !heading.starts_with("Overarching")) {
            assert_eq!(*found, (1..).map(Some).take(found.len()).collect::<Vec<_>>(), "{edition}: {heading}");
        }
    }
}

/// The numbers, dates and baselines of the text, or of the document that it refers to, in the words of the list.
#[test]
fn targets_are_those_of_the_text() {
    let areas = framework::read_areas(&built_in()).unwrap();
    let framework = load("2024");
    let target = |id: &str| {
        let (_, aspiration) = framework.aspirations().find(|(_, a)| a.id.0 == id).unwrap_or_else(|| panic!("{id}"));
        framework.target_in_words(aspiration, &areas)
    };
    for (id, words) in [
        ("preventable-mortality-under-75-pooled", "better than 2017 to 2019 by 31 March 2028"),
        ("gram-negative-healthcare-associated", "50% below 2016/17 by 31 March 2025"),
        ("smoking-adults", "5% by 31 December 2035, from 2022"),
        ("smoking-routine-and-manual", "better than 2020 to 2022 by 31 December 2040"),
        ("core20-early-cancer-diagnosis-published", "75% by 31 December 2028, from 2022"),
        ("core20-smi-health-checks-published", "60% by 31 March 2025, from 2022/23 Q4"),
        ("core20-hypertension", "80% by 31 March 2025, from 2022/23 Q4"),
        ("core20-lipids", "65% by 31 March 2025, from 2022/23 Q4"),
        ("learning-disability-health-checks", "each year's own target (75% in every year)"),
        ("renewable-electricity", "all (100%) in every period from 1 April 2023"),
        ("oil-heated-sites", "none (0%) in every period from 1 April 2023"),
        ("recruitment-collaborative-partners", "all (100%) in every period from 1 April 2023"),
        ("inhaler-emissions", "50% below 2019/20 by 31 December 2028"),
        ("emissions-scope-1-2-net", "100% below 2019/20 by 31 December 2040"),
    ] {
        assert_eq!(target(id), words, "{id}");
    }
    let beyond: Vec<_> =
        framework.aspirations().filter(|(_, a)| a.target.goes_beyond_due()).map(|(ambition, _)| ambition.id.as_str()).collect();
    assert_eq!(beyond, ["healthy-life-expectancy", "healthy-life-expectancy", "life-expectancy", "life-expectancy"]);
}

/// A target that its document withdrew is ended by date, and holds on the days before.
#[test]
fn withdrawn_targets_hold_until_their_day() {
    let framework = load("2024");
    let (_, maternity) = framework.aspirations().find(|(_, a)| a.id.0 == "core20-maternity-continuity").unwrap();
    let on = |day: &str| maternity.target_on(day.parse().unwrap()).0.clone();
    assert!(matches!(on("2022-09-20"), Target::Level { value: 75.0, .. }));
    assert!(matches!(on("2022-09-21"), Target::NotJudged { .. }));
}

/// Ten areas decide as equals; two series of one thing are a lead and its stand-in.
#[test]
fn core20plus5_has_a_lead_for_each_area() {
    for edition in EDITIONS {
        let framework = load(edition);
        let ambition = framework.ambitions.iter().find(|a| a.id == "core20plus5").unwrap();
        let of = |role: Role| ambition.measures.iter().filter(move |a| a.role == role);
        assert_eq!((ambition.combine, of(Role::Lead).count()), (Combine::Tally, 10));
        assert!(of(Role::StandIn).all(|a| a.stands_in_for.is_some()));
        assert!(of(Role::Lead).chain(of(Role::StandIn)).all(|a| a.target.baseline().is_none() || !a.document.is_empty()));
    }
}

/// The texts name no lead and no evidence.
#[test]
fn additions_to_the_text_are_marked_proposals() {
    for action in EDITIONS.into_iter().flat_map(|edition| load(edition).actions) {
        assert!(action.proposed, "{}", action.id);
    }
}

/// A number that the source says nothing of chance about gets no limits: sites, kilowatt hours, vehicles, organisations.
#[test]
fn whole_counts_have_no_uncertainty() {
    let framework = load("2024");
    for id in ["renewable-electricity", "oil-heated-sites", "low-emission-fleet", "nhs-impact-adoption", "emissions-scope-1-2"] {
        let measure = framework.measures.iter().find(|m| m.id.0 == id).unwrap();
        assert_eq!(measure.uncertainty(), Uncertainty::None, "{id}");
    }
    let pooled = framework.measures.iter().filter(|m| m.parts_are == PartsAre::Organisations);
    assert!(pooled.clone().any(|m| m.id.0 == "staff-turnover"));
    assert!(pooled.into_iter().all(|m| m.coverage_percent == 80.0));
}

/// A partner that is named and not asked returns nothing, and no figure of the system waits for it.
#[test]
fn partners_not_yet_asked_are_no_parts() {
    let partners = framework::load_partners(&built_in()).unwrap();
    let named: Vec<_> = partners.iter().filter(|p| !p.asked).flat_map(|p| &p.areas).map(|area| area.as_str()).collect();
    assert!(["RP5", "RX9", "primary-care", "vcse-alliance", "E07000171"].iter().all(|area| named.contains(area)), "{named:?}");
    let parts = |framework: &Framework| {
        let turnover = framework.measures.iter().find(|m| m.id.0 == "staff-turnover").unwrap();
        turnover.parts.iter().map(|part| part.to_string()).collect::<Vec<_>>()
    };
    assert!(!parts(&load("2024")).contains(&"RX9".to_owned()));

    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config/partners.toml")).unwrap();
    std::fs::write(folder.path().join("partners.toml"), text.replace("asked = false", "asked = true")).unwrap();
    let asked = framework::load(&Assets::config(Some(folder.path().to_owned())), "2024").unwrap();
    assert!(parts(&asked).contains(&"RX9".to_owned()));
    let all = framework::load_partners(&Assets::config(Some(folder.path().to_owned()))).unwrap();
    let of = |list: &[Partner], id: &str| list.iter().find(|p| p.id == id).cloned().unwrap();
    let asks = |framework: &Framework, partner: &Partner| framework.measures.iter().any(|m| m.is_asked_of(partner));
    assert!(!asks(&load("2024"), &of(&partners, "emas")) && asks(&asked, &of(&all, "emas")));
}

#[test]
fn built_in_editions_load_with_all_definitions() {
    assert_eq!(framework::editions(&built_in()), EDITIONS);
    for edition in EDITIONS {
        let framework = load(edition);
        for (ambition, aspiration) in framework.aspirations() {
            let measure = framework.measure(&aspiration.id).unwrap_or_else(|| panic!("{} of {}", aspiration.id, ambition.id));
            assert!(!measure.title.is_empty() && !measure.definition.is_empty(), "{}", measure.id);
        }
    }
}

#[test]
fn each_thing_named_in_a_bullet_is_measured() {
    let framework = load("2024");
    let measures = |id: &str| {
        let ambition = framework.ambitions.iter().find(|a| a.id == id).unwrap_or_else(|| panic!("{id}"));
        ambition.measures.len()
    };
    assert_eq!(measures("infection-thresholds"), 5);
    assert_eq!(measures("home-after-91-days"), 2);
    assert_eq!(measures("smoke-free-generation"), 4);
    assert_eq!(measures("equity"), 3);
    assert_eq!(measures("low-emission-fleet"), 2);
}

#[test]
fn unjudgeable_targets_say_what_is_needed() {
    let framework = load("2024");
    let needed: Vec<_> = framework
        .aspirations()
        .filter_map(|(ambition, a)| match &a.target {
            Target::NotJudged { needed } => Some((ambition.id.as_str(), needed.as_str())),
            _ => None,
        })
        .collect();
    let ambitions: BTreeSet<_> = needed.iter().map(|(ambition, _)| *ambition).collect();
    let awkward = ["equity", "best-start-indicators", "quality-improvement-training"];
    assert!(awkward.iter().all(|id| ambitions.contains(id)), "{ambitions:?}");
    assert!(needed.iter().all(|(_, words)| words.len() > 20), "{needed:?}");
}

/// Otherwise "all of them have returned it" would mean one thing to the reader and another to the judge.
#[test]
fn returned_measures_have_their_partners_as_parts() {
    let partners = framework::load_partners(&built_in()).unwrap();
    for measure in EDITIONS.into_iter().flat_map(|edition| load(edition).measures) {
        let MeasureSource::Return { partners: kinds, areas, .. } = &measure.source else { continue };
        let is_asked = |p: &&Partner| p.asked && p.kinds.iter().any(|kind| kinds.contains(kind));
        let asked: BTreeSet<_> = partners.iter().filter(is_asked).flat_map(|p| &p.areas).collect();
        // What is returned for the whole system has no parts.
        let expected = if areas.is_empty() { asked } else { BTreeSet::new() };
        assert_eq!(measure.parts.iter().collect::<BTreeSet<_>>(), expected, "{}", measure.id);
    }
}
