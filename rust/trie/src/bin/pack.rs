//! `pack SPEC`: compile the plans and dictionaries that a file names; the words go to stdout.
//!
//! A line of the file is `dict NAME PATH` or `plan …` (see `hanfix_trie::plan`).

use hanfix_trie::{compile::compile, plan::Plan, reference::Library, source::Dictionary};
use std::io::Write;
use std::{env, fs, process};

fn main() {
    let words = env::args()
        .nth(1)
        .ok_or("usage: pack SPEC".to_owned())
        .and_then(|path| pack(&path));
    let written = words.and_then(|words| {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        std::io::stdout()
            .write_all(&bytes)
            .map_err(|error| error.to_string())
    });
    if let Err(error) = written {
        eprintln!("pack: {error}");
        process::exit(1);
    }
}

fn pack(path: &str) -> Result<Vec<u32>, String> {
    let read = |path: &str| fs::read_to_string(path).map_err(|error| format!("{path}: {error}"));
    let (mut library, mut plans) = (Library::new(), Vec::new());
    for line in read(path)?.lines() {
        let wrong = || format!("{line:?}: neither dict nor plan");
        match line.split_once(' ').ok_or_else(wrong)? {
            ("dict", rest) => {
                let (name, path) = rest.split_once(' ').ok_or_else(wrong)?;
                let dictionary =
                    Dictionary::parse(&read(path)?).map_err(|error| format!("{path}: {error}"))?;
                library.insert(name.to_owned(), dictionary);
            }
            ("plan", rest) => plans.push(Plan::parse(rest).map_err(|error| error.to_string())?),
            _ => return Err(wrong()),
        }
    }
    compile(&plans, &library).map_err(|error| error.to_string())
}
