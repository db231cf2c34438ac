//! Where in JSON the texts stand.
//!
//! In: one JSON value, and the names of fields. Out: the places of its strings, quotes included; and
//! a string's characters, or characters as a string. Never: a key; a value that is not valid JSON is
//! refused whole. Recursion: nesting is counted, not stacked, so no input overflows anything.

/// The place of a string, from its opening quote to one past the closing one.
pub type Place = (usize, usize);

/// More than any data that people make; a bound, so that no input takes memory out of proportion.
const DEEPEST: usize = 1_000;

/// Which strings are texts.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// Names, nested ones joined by dots; empty for every string that is no key.
    names: Vec<Vec<u8>>,
}

impl Fields {
    /// Fields by name: `text`, `meta.title`. Lists are looked through, so `messages.content` is that
    /// of every message, and the name of an object stands for all that is in it.
    pub fn new(names: impl IntoIterator<Item = String>) -> Fields {
        Fields {
            names: names.into_iter().map(String::into_bytes).collect(),
        }
    }

    fn has(&self, path: &[u8]) -> bool {
        self.names.is_empty()
            || self.names.iter().any(|name| {
                path.starts_with(name) && (path.len() == name.len() || path[name.len()] == b'.')
            })
    }
}

/// What stands open.
#[derive(Clone, Copy)]
enum Open {
    /// A list.
    List,
    /// An object, and how long the path was before its keys were put behind it.
    Object(usize),
}

/// The places of the texts in a value; `None` if it is not one valid JSON value.
pub fn places(line: &[u8], fields: &Fields) -> Option<Vec<Place>> {
    let mut found = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut path: Vec<u8> = Vec::new();
    let mut is_text = fields.has(&path);
    let mut at = blank(line, 0);
    loop {
        // A value begins here.
        match *line.get(at)? {
            b'{' => {
                at = blank(line, at + 1);
                open.push(Open::Object(path.len()));
                if line.get(at) != Some(&b'}') {
                    at = key(line, at, &mut path)?;
                    is_text = fields.has(&path);
                    if open.len() > DEEPEST {
                        return None;
                    }
                    continue;
                }
            }
            b'[' => {
                at = blank(line, at + 1);
                open.push(Open::List);
                if line.get(at) != Some(&b']') {
                    if open.len() > DEEPEST {
                        return None;
                    }
                    continue;
                }
            }
            b'"' => {
                let end = string_end(line, at)?;
                if is_text {
                    found.push((at, end));
                }
                at = end;
            }
            _ => at = plain(line, at)?,
        }
        // A value has ended, or an object or list that has nothing in it is about to.
        loop {
            at = blank(line, at);
            let Some(innermost) = open.last().copied() else {
                return (at == line.len()).then_some(found);
            };
            match (innermost, *line.get(at)?) {
                (Open::List, b',') => {
                    at = blank(line, at + 1);
                    break;
                }
                (Open::Object(length), b',') => {
                    path.truncate(length);
                    at = key(line, blank(line, at + 1), &mut path)?;
                    is_text = fields.has(&path);
                    break;
                }
                (Open::List, b']') => at += 1,
                (Open::Object(length), b'}') => {
                    path.truncate(length);
                    is_text = fields.has(&path);
                    at += 1;
                }
                _ => return None,
            }
            open.pop();
        }
    }
}

fn blank(line: &[u8], mut at: usize) -> usize {
    while matches!(line.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// Where the value of a key begins; the key is put behind the path.
fn key(line: &[u8], at: usize, path: &mut Vec<u8>) -> Option<usize> {
    if line.get(at) != Some(&b'"') {
        return None;
    }
    let end = string_end(line, at)?;
    if !path.is_empty() {
        path.push(b'.');
    }
    let inside = &line[at + 1..end - 1];
    if inside.contains(&b'\\') {
        let characters = characters(inside);
        for one in characters {
            let one = char::from_u32(one).unwrap_or(char::REPLACEMENT_CHARACTER);
            path.extend_from_slice(one.encode_utf8(&mut [0; 4]).as_bytes());
        }
    } else {
        path.extend_from_slice(inside);
    }
    let colon = blank(line, end);
    (line.get(colon) == Some(&b':')).then(|| blank(line, colon + 1))
}

/// One past the closing quote of the string that opens at `at`.
fn string_end(line: &[u8], at: usize) -> Option<usize> {
    let mut from = at + 1;
    loop {
        let stop = from + memchr::memchr2(b'"', b'\\', &line[from..])?;
        // Control characters must be escaped.
        if line[from..stop]
            .iter()
            .fold(false, |any, byte| any | (*byte < 0x20))
        {
            return None;
        }
        match line[stop] {
            b'"' => return Some(stop + 1),
            b'\\' => {
                from = stop
                    + match *line.get(stop + 1)? {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
                        b'u' => {
                            let digits = line.get(stop + 2..stop + 6)?;
                            if !digits.iter().all(u8::is_ascii_hexdigit) {
                                return None;
                            }
                            6
                        }
                        _ => return None,
                    };
            }
            _ => return None,
        }
    }
}

/// One past a number, `true`, `false` or `null`; Python writes `NaN` and `Infinity` as well.
fn plain(line: &[u8], at: usize) -> Option<usize> {
    let rest = &line[at..];
    for word in [
        &b"true"[..],
        b"false",
        b"null",
        b"NaN",
        b"Infinity",
        b"-Infinity",
    ] {
        if rest.starts_with(word) {
            return Some(at + word.len());
        }
    }
    let digits = |from: usize| {
        let count = rest[from.min(rest.len())..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit());
        from + count.count()
    };
    let first = usize::from(rest.first() == Some(&b'-'));
    let mut end = digits(first);
    if end == first || (rest[first] == b'0' && end > first + 1) {
        return None;
    }
    if rest.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        if fraction == end + 1 {
            return None;
        }
        end = fraction;
    }
    if matches!(rest.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(rest.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent == end + 1 + sign {
            return None;
        }
        end = exponent;
    }
    Some(at + end)
}

/// The characters of what stands between the quotes of a valid string. Halves of a pair that stand
/// alone are characters of their own, as in Python.
pub fn characters(inside: &[u8]) -> Vec<u32> {
    let mut all: Vec<u32> = Vec::with_capacity(inside.len() / 2);
    let mut from = 0;
    while from < inside.len() {
        let stop =
            memchr::memchr(b'\\', &inside[from..]).map_or(inside.len(), |length| from + length);
        all.extend(
            String::from_utf8_lossy(&inside[from..stop])
                .chars()
                .map(u32::from),
        );
        let Some(&letter) = inside.get(stop + 1) else {
            break;
        };
        from = stop + 2;
        all.push(match letter {
            b'b' => 8,
            b'f' => 12,
            b'n' => 10,
            b'r' => 13,
            b't' => 9,
            b'u' => {
                let unit = four_digits(&inside[from..]);
                from += 4;
                if (0xD800..0xDC00).contains(&unit) && inside[from..].starts_with(b"\\u") {
                    let low = four_digits(&inside[from + 2..]);
                    if (0xDC00..0xE000).contains(&low) {
                        from += 6;
                        all.push(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
                        continue;
                    }
                }
                unit
            }
            other => u32::from(other),
        });
    }
    all
}

/// How many bytes the first `count` characters take up, of what stands between the quotes of a valid
/// string.
pub fn length_of(inside: &[u8], count: usize) -> usize {
    let mut at = 0;
    for _ in 0..count {
        at += match inside.get(at) {
            None => return at,
            Some(b'\\') if inside.get(at + 1) == Some(&b'u') => {
                let is_pair = inside[at + 6..].starts_with(b"\\u")
                    && (0xD800..0xDC00).contains(&four_digits(&inside[at + 2..]))
                    && (0xDC00..0xE000).contains(&four_digits(&inside[at + 8..]));
                if is_pair { 12 } else { 6 }
            }
            Some(b'\\') => 2,
            Some(0xC0..=0xDF) => 2,
            Some(0xE0..=0xEF) => 3,
            Some(0xF0..) => 4,
            Some(_) => 1,
        };
    }
    at
}

fn four_digits(from: &[u8]) -> u32 {
    let digits = from.iter().take(4);
    digits.fold(0, |number, digit| {
        number * 16 + char::from(*digit).to_digit(16).unwrap_or(0)
    })
}

/// Put characters behind `line` as they stand between the quotes of a string. `in_ascii` writes all
/// beyond ASCII as `\uXXXX`, as Python does unless told otherwise.
pub fn write(line: &mut Vec<u8>, characters: impl IntoIterator<Item = u32>, in_ascii: bool) {
    for one in characters {
        match one {
            0x22 => line.extend_from_slice(b"\\\""),
            0x5C => line.extend_from_slice(b"\\\\"),
            0x08 => line.extend_from_slice(b"\\b"),
            0x09 => line.extend_from_slice(b"\\t"),
            0x0A => line.extend_from_slice(b"\\n"),
            0x0C => line.extend_from_slice(b"\\f"),
            0x0D => line.extend_from_slice(b"\\r"),
            0x20..=0x7F => line.push(one as u8),
            _ => match char::from_u32(one) {
                Some(character) if !in_ascii && one > 0x7F => {
                    line.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Some(character) => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        escape(line, *unit);
                    }
                }
                // Half of a pair.
                None => escape(line, one as u16),
            },
        }
    }
}

fn escape(line: &mut Vec<u8>, unit: u16) {
    let digit = |shift: u32| b"0123456789abcdef"[usize::from(unit >> shift & 0xF)];
    line.extend_from_slice(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
}

/// Whether what stands between quotes is written with everything beyond ASCII escaped.
pub fn is_in_ascii(inside: &[u8]) -> bool {
    inside.is_ascii() && memchr::memmem::find(inside, b"\\u").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(line: &str, fields: &[&str]) -> Option<Vec<String>> {
        let fields = Fields::new(fields.iter().map(|name| (*name).to_owned()));
        let found = places(line.as_bytes(), &fields)?.into_iter();
        Some(
            found
                .map(|(start, end)| line[start + 1..end - 1].to_owned())
                .collect(),
        )
    }

    #[test]
    fn texts_are_found_and_keys_are_not() {
        let line = r#"{"a":"甲","b":{"c":["乙",{"d":"丙"}],"e":1.5e-3},"f":[],"g":{}, "h":null}"#;
        assert_eq!(texts(line, &[]).unwrap(), ["甲", "乙", "丙"]);
        assert_eq!(texts(line, &["b.c"]).unwrap(), ["乙", "丙"]);
        assert_eq!(texts(line, &["b.c.d", "a"]).unwrap(), ["甲", "丙"]);
        assert_eq!(texts(line, &["b.cc"]).unwrap(), Vec::<String>::new());
        assert_eq!(texts("\"甲\"", &[]).unwrap(), ["甲"]);
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for line in [
            "",
            "{",
            "{\"a\"}",
            "[1,]",
            "{\"a\":1,}",
            "01",
            "1.",
            "-",
            "\"\\x\"",
            "\"\u{1}\"",
            "[1 2]",
            "{}{}",
            "nul",
            "\"\\u12\"",
            "[",
            "]",
            "{\"a\":1]",
            "\"甲",
        ] {
            assert_eq!(texts(line, &[]), None, "{line}");
        }
        assert_eq!(texts(&"[".repeat(100_000), &[]), None);
    }

    #[test]
    fn escapes_are_read_and_written() {
        let inside = br"\u4e2d\ud83d\ude00\ud800\n\/";
        assert_eq!(characters(inside), [0x4E2D, 0x1F600, 0xD800, 10, 0x2F]);
        let mut line = Vec::new();
        write(&mut line, [0x4E2D, 0x1F600, 0xD800, 10, 0x22, 1], true);
        assert_eq!(line, br#"\u4e2d\ud83d\ude00\ud800\n\"\u0001"#);
        assert!(is_in_ascii(&line));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(text in any::<String>(), in_ascii in any::<bool>()) {
            let points: Vec<u32> = text.chars().map(u32::from).collect();
            let mut line = b"\"".to_vec();
            write(&mut line, points.iter().copied(), in_ascii);
            line.push(b'"');
            prop_assert_eq!(places(&line, &Fields::default()), Some(vec![(0, line.len())]));
            let inside = &line[1..line.len() - 1];
            prop_assert_eq!(length_of(inside, points.len()), inside.len());
            prop_assert_eq!(characters(inside), points);
        }

        /// Nothing a line holds ends in a panic.
        #[test]
        fn anything_is_answered(line in r#"[{}\[\]",:\\u0-9a-f甲 -]{0,40}"#) {
            if let Some(found) = places(line.as_bytes(), &Fields::default()) {
                for (start, end) in found {
                    characters(&line.as_bytes()[start + 1..end - 1]);
                }
            }
        }
    }
}
