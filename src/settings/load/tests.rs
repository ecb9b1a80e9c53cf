use super::*;
use secrecy::ExposeSecret;

fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("boardpack.toml");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

fn faults(text: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let (_folder, path) = file(text);
    let name = path.display().to_string();
    let faults = load(Some(&path), &environment(variables)).unwrap_err();
    faults.0.iter().map(|f| f.to_string().replace(&name, "FILE")).collect()
}

#[test]
fn the_defaults_alone_are_settings() {
    let settings = load(None, &environment(&[])).unwrap();
    assert_eq!(settings.mail.smtp.port.get(), 587);
    assert_eq!(settings.paths.config, None);
}

#[test]
fn environment_overrides_file_overrides_defaults() {
    let (_folder, path) = file("[mail.smtp]\nport = 2525\nhost = \"a.example\"\n");
    let variables = environment(&[("BOARDPACK__MAIL__SMTP__PORT", "465"), ("OTHER", "x")]);
    let settings = load(Some(&path), &variables).unwrap();
    assert_eq!((settings.mail.smtp.port.get(), settings.mail.smtp.host.as_deref()), (465, Some("a.example")));
    let shown = show(Some(&path), &variables).unwrap();
    let origin = |key: &str| shown.iter().find(|(k, ..)| k == key).unwrap().2.to_string();
    assert_eq!(origin("mail.smtp.port"), "environment variable BOARDPACK__MAIL__SMTP__PORT");
    assert_eq!(origin("mail.smtp.host"), path.display().to_string());
    assert_eq!(origin("mail.smtp.tls"), "default");
}

#[test]
fn all_faults_are_told_with_their_places() {
    let found = faults(
        "[mail]\ntransprot = \"smtp\"\n[mail.smtp]\nport = \"many\"\n[pack]\nallow_illustrative = 3.5\n[nonsense]\na = 1\n",
        &[("BOARDPACK__MAIL__SMTP__TLS", "maybe"), ("BOARDPACK__FETCH__ATTEMPTS", ""), ("BOARDPACK__PATHS__STATE", "")],
    );
    let all = found.join("\n");
    for part in [
        "FILE, line 2, mail.transprot: there is no such setting; expected one of",
        "FILE, line 4, mail.smtp.port: is the text \"many\"; a whole number",
        "FILE, line 7, nonsense: there is no such setting",
        "environment variable BOARDPACK__MAIL__SMTP__TLS, mail.smtp.tls:",
        "environment variable BOARDPACK__FETCH__ATTEMPTS, fetch.attempts: is the text \"\"",
        "environment variable BOARDPACK__PATHS__STATE, paths.state: is empty, a path was expected",
    ] {
        assert!(all.contains(part), "{part} is not in:\n{all}");
    }
}

#[test]
fn limits_of_zero_are_refused() {
    for key in [
        "returns.max_file_mb",
        "returns.max_unzipped_mb",
        "returns.max_cells",
        "returns.max_sheets",
        "returns.max_seconds",
        "returns.max_memory_mb",
        "fetch.connect_timeout_seconds",
        "fetch.first_byte_timeout_seconds",
        "fetch.answer_timeout_seconds",
        "fetch.max_answer_mb",
        "fetch.attempts",
        "fetch.concurrency",
        "run.deadline_seconds",
        "mail.max_message_mb",
        "mail.messages_per_minute",
        "mail.attempts",
    ] {
        let told = "is 0; a whole number, 1 or more was expected (config/default.toml says what it is for)";
        assert_eq!(faults(&format!("{key} = 0\n"), &[]), [format!("FILE, line 1, {key}: {told}")]);
        let variable = format!("BOARDPACK__{}", key.to_uppercase().replace('.', "__"));
        let found = faults("", &[(variable.as_str(), "0")]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(&format!("{key}: is 0; a whole number, 1 or more was expected")), "{found:?}");
    }
    let found = faults("mail.smtp.port = 0\n", &[]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("mail.smtp.port: is 0; a whole number from 1 to 65535 was expected"), "{found:?}");
}

#[test]
fn file_paths_are_relative_to_the_file() {
    let (folder, path) = file("[paths]\nreturns = \"in\"\noutput = \"/abs\"\n[sources.fingertips]\nbase_url = \"recorded\"\n");
    let settings = load(Some(&path), &environment(&[("BOARDPACK__PATHS__ARCHIVE", "kept")])).unwrap();
    assert_eq!(settings.paths.returns, folder.path().join("in"));
    assert_eq!(settings.paths.output, Path::new("/abs"));
    assert_eq!(settings.paths.archive, Path::new("kept"));
    assert_eq!(settings.paths.ledger, Path::new("state/ledger.sqlite"));
    assert_eq!(settings.paths.messages(), Path::new("state/messages"));
    assert_eq!(settings.sources["fingertips"].base_url.as_deref(), folder.path().join("recorded").to_str());
}

#[test]
fn state_lives_in_the_state_folder() {
    let (folder, path) = file("[paths]\nstate = \"ours\"\nledger = \"\"\n");
    let settings = load(Some(&path), &environment(&[])).unwrap();
    assert_eq!(settings.paths.ledger, folder.path().join("ours/ledger.sqlite"));
    assert_eq!(settings.paths.archive, folder.path().join("ours/archive"));
    let elsewhere = environment(&[("BOARDPACK__PATHS__STATE", "/var/x"), ("BOARDPACK__PATHS__LEDGER", "/var/y/ledger")]);
    let settings = load(Some(&path), &elsewhere).unwrap();
    assert_eq!(settings.paths.messages(), Path::new("/var/y/messages"));
    assert_eq!(settings.paths.archive, Path::new("/var/x/archive"));
}

#[test]
fn secrets_are_read_whole_and_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "hunter2\n").unwrap();
    for name in ["BOARDPACK__MAIL__SMTP__PASSWORD", "BOARDPACK__MAIL__SMTP__OAUTH2__CLIENT_SECRET"] {
        let read = |variables: &BTreeMap<String, String>| {
            let smtp = load(None, variables).unwrap().mail.smtp;
            let secrets = [smtp.password, smtp.oauth2.client_secret];
            secrets.map(|secret| secret.expose_secret().to_owned()).concat()
        };
        assert_eq!(read(&environment(&[(&format!("{name}_FILE"), secret.to_str().unwrap())])), "hunter2");
        let variables = environment(&[(name, "007")]);
        assert_eq!(read(&variables), "007");
        assert!(!format!("{:?}", load(None, &variables).unwrap()).contains("007"));
        assert!(show(None, &variables).unwrap().iter().all(|(_, value, _)| !value.contains("007")));
    }
}

#[test]
fn source_secrets_and_users_are_never_shown() {
    let variables = environment(&[
        ("BOARDPACK__SOURCES__FINGERTIPS__BASE_URL", "https://user:hunter2@example.org/a@b"),
        ("BOARDPACK__SOURCES__X__API__SECRET", "hunter2"),
    ]);
    let shown = show(None, &variables).unwrap();
    let value = |key: &str| shown.iter().find(|(of, ..)| of == key).map(|(_, value, _)| value.as_str());
    assert_eq!(value("sources.fingertips.base_url"), Some("https://(hidden)@example.org/a@b"));
    assert_eq!(value("sources.x.api.secret"), Some("(hidden)"));
    assert!(load(None, &variables).unwrap_err().0.iter().all(|fault| !fault.to_string().contains("hunter2")));
}

#[test]
fn unreadable_secret_files_are_told_together() {
    let found = faults("[mail.smtp]\npassword_file = \"no\"\n[mail.smtp.oauth2]\nclient_secret_file = \"such\"\n", &[]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[1].starts_with("FILE, line 4, mail.smtp.oauth2.client_secret_file: "), "{found:?}");
}

#[test]
fn missing_and_invalid_files_are_named() {
    let missing = load(Some(Path::new("no/such.toml")), &environment(&[])).unwrap_err().to_string();
    assert!(missing.starts_with("no/such.toml: the settings file cannot be read"), "{missing}");
    let found = faults("[mail\n", &[]);
    assert!(found[0].starts_with("FILE, line 1, column 6: is not TOML"), "{found:?}");
}

/// Each setting of the defaults by its key, with every value that a file can give it of another type.
#[test]
fn wrong_types_are_told_at_their_line() {
    let mut leaves = Vec::new();
    let mut ahead = vec![(String::new(), DEFAULTS.parse::<toml::Table>().unwrap())];
    while let Some((within, table)) = ahead.pop() {
        for (name, value) in table {
            let key = if within.is_empty() { name } else { format!("{within}.{name}") };
            match value {
                toml::Value::Table(inner) if !inner.is_empty() => ahead.push((key, inner)),
                value => leaves.push((key, value)),
            }
        }
    }
    assert!(leaves.len() > 150, "{}", leaves.len());
    let kind = |value: &toml::Value| match value {
        toml::Value::Float(_) => "integer",
        other => other.type_str(),
    };
    let wrong =
        ["\"yes\"", "7", "true", "[7]", "{ a = 7 }"].map(|text| (text, format!("v = {text}").parse::<toml::Table>().unwrap()));
    let mut passed = Vec::new();
    for (key, default) in &leaves {
        for (text, value) in wrong.iter().filter(|(_, value)| kind(&value["v"]) != kind(default)) {
            let (table, name) = key.rsplit_once('.').unwrap();
            // What a source needs beside it is there by default.
            let told = file_faults(&format!("[{table}]\n\n{name} = {text}\n"));
            let is_it = |fault: &String| fault.starts_with("FILE, line 3, ") && fault.contains(name);
            if told.iter().filter(|fault| is_it(fault)).count() != 1 {
                passed.push(format!("{key} = {text} ({}): {told:?}", value["v"].type_str()));
            }
        }
    }
    assert!(passed.is_empty(), "{} of {}:\n{}", passed.len(), leaves.len(), passed.join("\n"));
}

fn file_faults(text: &str) -> Vec<String> {
    let (_folder, path) = file(text);
    let name = path.display().to_string();
    let (_, faults) = read(Some(&path), &BTreeMap::new());
    faults.0.iter().map(|f| f.to_string().replace(&name, "FILE")).collect()
}
