//! Where Alembic's versions are, as `alembic.ini` or `pyproject.toml` say it. Reads texts; touches no disk.

/// The folders that Alembic works with, from the folder that the settings lie in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The folder of `env.py`.
    pub scripts: String,
    /// The folders of versions, where they are named: otherwise `versions` beside `env.py`.
    pub versions: Vec<String>,
}

impl Settings {
    /// Reads the section `[alembic]` of an ini file; `None` where it doesn't say where `env.py` is.
    #[must_use]
    pub fn of_ini(text: &str) -> Option<Self> {
        let scripts = folder(&ini_value(text, "script_location")?);
        let versions = ini_value(text, "version_locations").unwrap_or_default();
        let separator =
            ini_value(text, "path_separator").or_else(|| ini_value(text, "version_path_separator"));
        let is_between: fn(char) -> bool = match separator.as_deref() {
            Some("os") if cfg!(windows) => |c| c == ';',
            Some("os" | ":") => |c| c == ':',
            Some(";") => |c| c == ';',
            Some("newline") => |c| c == '\n',
            Some(_) => |c| c == ' ',
            None => |c| c == ' ' || c == ',' || c == '\n',
        };
        let named = versions.split(is_between).map(str::trim).filter(|one| !one.is_empty());
        Some(Self { scripts, versions: named.map(folder).collect() })
    }

    /// Reads the section `[tool.alembic]` of `pyproject.toml`; `None` where it doesn't say where `env.py` is.
    #[must_use]
    pub fn of_pyproject(text: &str) -> Option<Self> {
        let scripts = toml_texts(text, "script_location").into_iter().next()?;
        let versions = toml_texts(text, "version_locations");
        Some(Self { scripts: folder(&scripts), versions: versions.iter().map(|one| folder(one)).collect() })
    }
}

/// A folder as settings write it, where `%(here)s` is that of the settings.
fn folder(text: &str) -> String {
    text.trim().replace("%(here)s", ".").replace("%%", "%")
}

/// The lines of a section.
fn section<'t>(text: &'t str, name: &str) -> impl Iterator<Item = &'t str> {
    let begins = move |line: &str| {
        let inner = line.trim_end().strip_prefix('[').and_then(|line| line.strip_suffix(']'));
        inner.is_some_and(|inner| inner.trim() == name)
    };
    let mut lines = text.lines();
    let found = lines.by_ref().any(begins);
    lines.take_while(move |line| found && !line.starts_with('['))
}

/// The value of a key, with the lines that go on with it.
fn ini_value(text: &str, key: &str) -> Option<String> {
    let is_comment = |line: &&str| !line.trim_start().starts_with(['#', ';']);
    let mut lines = section(text, "alembic").filter(is_comment);
    let first = lines.find_map(|line| {
        let (name, value) = line.split_once(['=', ':'])?;
        (name.trim_end() == key).then(|| value.trim().to_owned())
    })?;
    let more = lines.take_while(|line| line.starts_with([' ', '\t']) && !line.trim().is_empty());
    let value = more.fold(first, |value, line| format!("{value}\n{}", line.trim()));
    Some(value.trim().to_owned())
}

/// The texts that a key has: one, or those of a list that may go over several lines.
fn toml_texts(text: &str, key: &str) -> Vec<String> {
    let mut lines = section(text, "tool.alembic").map(|line| line.split(" #").next().unwrap_or(line));
    let first = lines.find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then(|| value.trim().to_owned())
    });
    let Some(mut value) = first else { return Vec::new() };
    while value.starts_with('[') && !value.contains(']') {
        let Some(line) = lines.next() else { break };
        value.push_str(line);
    }
    let mut texts = Vec::new();
    let mut rest = value.as_str();
    while let Some(start) = rest.find(['"', '\'']) {
        let (quote, behind) = rest[start..].split_at(1);
        let Some(end) = behind.find(quote) else { break };
        texts.push(behind[..end].to_owned());
        rest = &behind[end + 1..];
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(settings: Option<Settings>) -> String {
        settings.map_or_else(String::new, |one| format!("{} {:?}", one.scripts, one.versions))
    }

    #[test]
    fn an_ini_file_names_one_folder_or_several() {
        let read = |text: &str| folders(Settings::of_ini(text));
        assert_eq!(read("[alembic]\nscript_location = %(here)s/db\n"), "./db []");
        assert_eq!(
            read("[post]\nscript_location = x\n[alembic]\n# script_location = y\nscript_location=a b\n"),
            "a b []"
        );
        assert_eq!(read("[alembic]\nversion_locations = a\n[other]\nscript_location = db\n"), "");
        let with = |rest: &str| read(&format!("[alembic]\nscript_location: db\n{rest}"));
        assert_eq!(with("version_locations = %(here)s/a, b c\n"), r#"db ["./a", "b", "c"]"#);
        assert_eq!(with("version_locations = a b;c\npath_separator = ;\n"), r#"db ["a b", "c"]"#);
        assert_eq!(with("version_path_separator = :\nversion_locations = a:b c\n"), r#"db ["a", "b c"]"#);
        let lines =
            "version_locations =\n    %(here)s/a\n    # not this\n    %(here)s/b\npath_separator = newline\n";
        assert_eq!(with(lines), r#"db ["./a", "./b"]"#);
        #[cfg(unix)]
        assert_eq!(with("version_locations = a:b\npath_separator = os\n"), r#"db ["a", "b"]"#);
    }

    #[test]
    fn a_pyproject_names_them_as_texts() {
        let read = |text: &str| folders(Settings::of_pyproject(text));
        assert_eq!(read("[tool.alembic]\nscript_location = \"%(here)s/db\" # here\n"), "./db []");
        let several = "[tool.alembic]\nversion_locations = [\n  \"a\", # one\n  'b/c',\n]\nscript_location = 'db'\n[tool.x]\n";
        assert_eq!(read(several), r#"db ["a", "b/c"]"#);
        assert_eq!(read("[tool.other]\nscript_location = \"db\"\n"), "");
    }
}
