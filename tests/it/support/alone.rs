//! A test in a process of its own, such as one that measures the memory of its process.

use std::process::Command;

const MARK: &str = "BOARDPACK_TEST_ALONE";

/// Whether this process runs the test of that path alone. Where it does not, a process that does is started and held to passing.
pub fn is_alone(test: &str) -> bool {
    if std::env::var_os(MARK).is_some() {
        return true;
    }
    let own = std::env::current_exe().unwrap();
    let output = Command::new(own).args([test, "--exact", "--include-ignored"]).env(MARK, "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
    false
}
