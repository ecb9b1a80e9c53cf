//! The compiler does not see files that macros embed: this makes a change of one build the crate again.

fn main() {
    for folder in ["config", "report_templates", "fonts", "starter", "src/store/migrations"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
