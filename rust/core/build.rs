//! Refuses to compile a table that is not the one in `src/tables/MANIFEST`.

use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

fn main() {
    let tables = Path::new("src/tables");
    println!("cargo::rerun-if-changed=src/tables");
    let manifest = fs::read_to_string(tables.join("MANIFEST")).expect("src/tables/MANIFEST");
    for line in manifest.lines() {
        let (want, name) = line.split_once("  ").expect("a line is `sha256  name`");
        let raw = fs::read(tables.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let digest = Sha256::digest(&raw);
        let found: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            found, want,
            "{name} is not the table in MANIFEST; run python data/build.py"
        );
    }
}
