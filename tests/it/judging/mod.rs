//! From figures to statuses, and what may be published of them.

mod demonstration_figures;
mod demonstration_inputs;
mod disclosure;
mod explain;
mod inequality;
mod made_figures;
mod revisions;
mod rollup;
mod rules;
mod rules_evaluation;
mod steps_of_actions;
mod worked_cases;
