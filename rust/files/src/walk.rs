//! The files below a folder, as ripgrep would search them.
//!
//! In: a folder and globs. Out: regular files, sorted by name, and what could not be looked into.
//! Never: follows a link, looks into hidden files or those that a `.gitignore` names, unless asked
//! to; so no loop of links is ever walked.
//!
//! How: by the crate `ignore`, which is ripgrep's own walk.

use ignore::overrides::OverrideBuilder;
use ignore::{DirEntry, Walk, WalkBuilder};
use std::path::{Path, PathBuf};

/// What to leave out.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// As ripgrep's `-g`: what files must match, or with `!` in front what they must not.
    pub globs: Vec<String>,
    /// Ignore files count for nothing.
    pub no_ignore: bool,
    /// A folder that is not entered: where answers are written.
    pub without: Option<PathBuf>,
}

/// A file, or a place that could not be looked into and why.
pub type Found = Result<PathBuf, (PathBuf, String)>;

/// The files below a folder, one after the other.
pub struct Files {
    root: PathBuf,
    walk: Walk,
}

/// The files below a folder.
///
/// # Errors
///
/// A glob is no glob; the message says which and why.
pub fn files(root: &Path, options: &Options) -> Result<Files, String> {
    let mut builder = WalkBuilder::new(root);
    if !options.globs.is_empty() {
        let mut globs = OverrideBuilder::new(".");
        for glob in &options.globs {
            globs.add(glob).map_err(|error| error.to_string())?;
        }
        builder.overrides(globs.build().map_err(|error| error.to_string())?);
    }
    if options.no_ignore {
        builder
            .parents(false)
            .ignore(false)
            .git_ignore(false)
            .git_global(false)
            .git_exclude(false);
    }
    builder.sort_by_file_name(|a, b| a.cmp(b));
    if let Some(without) = options.without.clone() {
        builder.filter_entry(move |entry| !is_same_folder(entry, &without));
    }
    Ok(Files {
        root: root.to_path_buf(),
        walk: builder.build(),
    })
}

fn is_same_folder(entry: &DirEntry, folder: &Path) -> bool {
    entry.depth() > 0
        && entry.file_type().is_some_and(|kind| kind.is_dir())
        && entry.file_name() == folder.file_name().unwrap_or_default()
        && std::fs::canonicalize(entry.path()).is_ok_and(|path| path == folder)
}

impl Iterator for Files {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            match self.walk.next()? {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    return Some(Ok(entry.into_path()));
                }
                Ok(_) => {}
                Err(error) => {
                    let place = place_of(&error).unwrap_or(&self.root).to_path_buf();
                    return Some(Err((place, said_of(&error))));
                }
            }
        }
    }
}

fn place_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            place_of(err)
        }
        ignore::Error::Partial(errors) => errors.iter().find_map(place_of),
        _ => None,
    }
}

/// What went wrong, without the place, which is said in front of it.
fn said_of(error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithPath { err, .. }
        | ignore::Error::WithDepth { err, .. }
        | ignore::Error::WithLineNumber { err, .. } => said_of(err),
        ignore::Error::Io(error) => {
            let said = error.to_string();
            // "Permission denied (os error 13)": the number tells a reader nothing.
            said.split(" (os error").next().unwrap_or(&said).to_owned()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(root: &Path, options: &Options) -> Vec<String> {
        let found = files(root, options).unwrap();
        let paths = found.map(|file| file.unwrap());
        paths
            .map(|path| path.strip_prefix(root).unwrap().display().to_string())
            .collect()
    }

    #[test]
    fn ignore_files_and_globs_count_as_in_ripgrep() {
        let root = std::env::temp_dir().join(format!("hanfix-walk-{}", std::process::id()));
        for name in [
            "a.txt",
            "b/c.txt",
            "b/d.md",
            ".hidden",
            "out/e.txt",
            "skip.txt",
        ] {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        fs::write(root.join(".ignore"), "skip.txt\n").unwrap();
        let plain = Options::default();
        assert_eq!(
            names(&root, &plain),
            ["a.txt", "b/c.txt", "b/d.md", "out/e.txt"]
        );
        let no_ignore = Options {
            no_ignore: true,
            ..plain.clone()
        };
        assert_eq!(names(&root, &no_ignore).len(), 5);
        let without = Options {
            without: Some(fs::canonicalize(root.join("out")).unwrap()),
            globs: vec!["*.txt".to_owned(), "!a.*".to_owned()],
            ..plain
        };
        // A glob that names a file has the last word, as in ripgrep.
        assert_eq!(names(&root, &without), ["b/c.txt", "skip.txt"]);
        fs::remove_dir_all(root).unwrap();
    }
}
