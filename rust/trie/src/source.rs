//! A dictionary as text: OpenCC's format.
//!
//! Comes in: lines `key TAB value [SPACE value …]`; lines that begin with `#` and empty lines say
//! nothing. Goes out: keys with their first value, sorted. Never: a line skipped in silence; a line
//! without a tab is an error that names it.

use crate::Error;
use std::collections::BTreeMap;

/// Longest key or value, in code points. OpenCC's own longest has 15.
pub const MAX_LENGTH: usize = 4_095;

/// Keys and what they are replaced by, as code points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dictionary {
    /// Sorted by key; of a key given twice, the last.
    pub entries: BTreeMap<Vec<u32>, Vec<u32>>,
}

impl Dictionary {
    /// Read a dictionary's text.
    pub fn parse(text: &str) -> Result<Dictionary, Error> {
        let mut found = Dictionary::default();
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        for (number, line) in text.split('\n').enumerate() {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((key, values)) = line.split_once('\t') else {
                return Err(Error::new(format!(
                    "line {}: no tab between key and value",
                    number + 1
                )));
            };
            let value = values.split(' ').next().unwrap_or_default();
            found
                .insert(code_points(key), code_points(value))
                .map_err(|error| Error::new(format!("line {}: {error}", number + 1)))?;
        }
        Ok(found)
    }

    /// Add an entry; it takes the place of one with the same key.
    pub fn insert(&mut self, key: Vec<u32>, value: Vec<u32>) -> Result<(), Error> {
        if key.is_empty() {
            return Err(Error::new("an empty key"));
        }
        if key.len() > MAX_LENGTH || value.len() > MAX_LENGTH {
            return Err(Error::new(format!(
                "more than {MAX_LENGTH} characters in a key or value"
            )));
        }
        if key
            .iter()
            .chain(&value)
            .any(|&code_point| code_point > 0x10_FFFF)
        {
            return Err(Error::new("a number that is no code point"));
        }
        self.entries.insert(key, value);
        Ok(())
    }
}

fn code_points(text: &str) -> Vec<u32> {
    text.chars().map(u32::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_counts_and_comments_do_not() {
        let read = Dictionary::parse("\u{FEFF}# head\r\n\r\n发\t發 髮\r\n干\t\n").unwrap();
        let want = [(vec![0x53D1], vec![0x767C]), (vec![0x5E72], vec![])];
        assert_eq!(read.entries, want.into_iter().collect());
        assert!(
            Dictionary::parse("发 發")
                .unwrap_err()
                .to_string()
                .contains("line 1")
        );
        assert!(Dictionary::parse("\t發").is_err());
    }
}
