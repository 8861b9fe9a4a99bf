//! The files of Alembic's versions on the disk, by the folder that a person names: that of `alembic.ini`, that of
//! `env.py`, or that of the versions themselves.

use std::fs;
use std::path::{Path, PathBuf};

use super::folder;
use crate::cli::commands::init::root_join;
use crate::diagnostic::Diagnostic;
use crate::import::{Folder, Settings};

/// The folder of versions beside `env.py`, where the settings name no others.
const VERSIONS: &str = "versions";

/// Reads them. Where the settings name several folders, each file's path begins with its folder.
pub(super) fn read(named: &Path) -> Result<Folder, Vec<Diagnostic>> {
    let folders = folders(named);
    let [one] = folders.as_slice() else {
        let (mut all, mut problems) = (Folder::new(), Vec::new());
        for folder in &folders {
            let shown = folder.strip_prefix(named).unwrap_or(folder).display();
            match folder::read(folder) {
                Ok(files) => {
                    all.extend(files.into_iter().map(|(path, text)| (format!("{shown}/{path}"), text)))
                }
                Err(found) => problems.extend(found),
            }
        }
        return if problems.is_empty() { Ok(all) } else { Err(problems) };
    };
    folder::read(one)
}

/// The folders that the versions are in, none of them within another.
fn folders(named: &Path) -> Vec<PathBuf> {
    let (base, settings) = match settings(named) {
        Some(settings) => (named, Some(settings)),
        None => around(named).map_or((named, None), |(base, settings)| (base, Some(settings))),
    };
    let scripts =
        settings.as_ref().map_or_else(|| named.to_owned(), |settings| place(base, &settings.scripts));
    let mut found: Vec<PathBuf> =
        settings.iter().flat_map(|settings| &settings.versions).map(|one| place(base, one)).collect();
    if found.is_empty() {
        let versions = scripts.join(VERSIONS);
        return vec![if versions.is_dir() { versions } else { scripts }];
    }
    found.sort();
    found.dedup_by(|folder, before| folder.starts_with(before));
    found
}

/// The settings in the folder above, if they are those of this one.
fn around(named: &Path) -> Option<(&Path, Settings)> {
    let above = match named.parent()? {
        here if here.as_os_str().is_empty() => Path::new("."),
        above => above,
    };
    let settings = settings(above)?;
    let is_meant = place(above, &settings.scripts).canonicalize().ok()? == named.canonicalize().ok()?;
    is_meant.then_some((above, settings))
}

/// What the settings in a folder say.
fn settings(folder: &Path) -> Option<Settings> {
    let text = |name: &str| fs::read_to_string(folder.join(name)).ok();
    let of_ini = text("alembic.ini").and_then(|text| Settings::of_ini(&text));
    of_ini.or_else(|| Settings::of_pyproject(&text("pyproject.toml")?))
}

/// A folder of the settings: a path, or a package with a path in it, `shop.db:alembic`.
fn place(base: &Path, text: &str) -> PathBuf {
    let package =
        || text.split_once(':').map(|(package, path)| base.join(package.replace('.', "/")).join(path));
    let path = root_join(base, text.strip_prefix("./").unwrap_or(text));
    if path.exists() { path } else { package().unwrap_or(path) }
}
