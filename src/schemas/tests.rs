use super::*;
use std::fs;
use std::path::Path;

/// With `BOARDPACK_WRITE=1` in the environment the files are written instead.
fn assert_current(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("BOARDPACK_WRITE").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == text, "{path} is not what the types say: BOARDPACK_WRITE=1 cargo test --lib schemas writes it");
}

#[test]
fn schemas_and_reference_match_the_types() {
    for kind in FileKind::ALL {
        assert_current(&kind.schema_file(), &text(kind));
    }
    assert_current("docs/configuration.md", &page());
}
