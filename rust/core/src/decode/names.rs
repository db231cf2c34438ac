//! Names of encodings, as people and documents write them.

use crate::codec::{SINGLES, Single, StepEncoding};
use std::sync::Mutex;

/// An encoding that somebody named.
#[derive(Clone, Copy)]
pub struct Hint {
    pub(super) encoding: StepEncoding,
}

/// The hint of a name: letter case, `_` and spaces do not matter. `None` where it is none of ours.
pub fn hint(name: &str) -> Option<Hint> {
    let plain: String = name
        .trim()
        .to_ascii_lowercase()
        .chars()
        .map(|c| if matches!(c, '_' | ' ') { '-' } else { c })
        .collect();
    let encoding = match plain.as_str() {
        "utf-8" | "utf8" | "utf-8-sig" | "cesu-8" | "ascii" | "us-ascii" => StepEncoding::Utf8,
        "gb18030" | "gbk" | "gb2312" | "cp936" | "ms936" | "windows-936" | "x-gbk" | "euc-cn"
        | "gb-2312-80" | "gb18030-2000" | "gb18030-2022" => StepEncoding::Gb18030,
        "big5" | "big5hkscs" | "big5-hkscs" | "cp950" | "windows-950" | "big5-eten"
        | "x-x-big5" | "big-5" => StepEncoding::Big5,
        "shift-jis" | "sjis" | "cp932" | "windows-31j" | "ms932" | "shift-jis-2004"
        | "shift-jisx0213" => StepEncoding::ShiftJis,
        "euc-jp" | "eucjp" | "ujis" | "euc-jis-2004" => StepEncoding::EucJp,
        "euc-kr" | "euckr" | "cp949" | "uhc" | "ks-c-5601-1987" | "ksc5601" | "ms949" => {
            StepEncoding::EucKr
        }
        "euc-tw" | "euctw" | "x-euc-tw" => StepEncoding::EucTw,
        "johab" | "cp1361" | "ms1361" => StepEncoding::Johab,
        "cp037" | "ibm037" | "ebcdic-cp-us" => StepEncoding::Ebcdic,
        "utf-16" | "utf16" | "utf-16-le" | "utf-16le" | "ucs-2" => StepEncoding::Utf16(false),
        "utf-16-be" | "utf-16be" => StepEncoding::Utf16(true),
        "utf-32" | "utf32" | "utf-32-le" | "utf-32le" => StepEncoding::Utf32(false),
        "utf-32-be" | "utf-32be" => StepEncoding::Utf32(true),
        _ => {
            let name = match plain.as_str() {
                "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "l1" => "cp1252",
                "macintosh" | "mac" | "x-mac-roman" => "mac-roman",
                "tis-620" | "iso-8859-11" => "cp874",
                "iso-8859-9" | "latin5" => "cp1254",
                "x-mac-ce" | "mac-centraleurope" | "maccentraleurope" => "mac-latin2",
                "x-mac-cyrillic" | "maccyrillic" => "mac-cyrillic",
                other => other,
            };
            let name = name
                .replace("windows-", "cp")
                .replace("ibm", "cp")
                .replace("iso8859", "iso-8859");
            let known = SINGLES.iter().find(|single| single.name == name);
            StepEncoding::Single(known.or_else(|| registered(&plain))?)
        }
    };
    Some(Hint { encoding })
}

/// One-byte encodings that the caller knows and we do not, each once.
static REGISTERED: Mutex<Vec<&'static Single>> = Mutex::new(Vec::new());

fn registered(name: &str) -> Option<&'static Single> {
    let all = REGISTERED
        .lock()
        .unwrap_or_else(|broken| broken.into_inner());
    all.iter().find(|single| single.name == name).copied()
}

/// Make a one-byte encoding known: its name, and the characters of its 128 upper bytes, U+0000 where
/// there is none. The first of a name stays. Made for the few dozen of a language's own library: each
/// takes a kilobyte for good.
pub fn register(name: &str, characters: [u16; 128]) -> &'static Single {
    if let Some(Hint {
        encoding: StepEncoding::Single(single),
    }) = hint(name)
    {
        return single;
    }
    let mut all = REGISTERED
        .lock()
        .unwrap_or_else(|broken| broken.into_inner());
    let name = name.to_ascii_lowercase().replace(['_', ' '], "-");
    if let Some(known) = all.iter().find(|single| single.name == name) {
        return known;
    }
    let made: &'static Single = Box::leak(Box::new(Single::other(name.leak(), characters)));
    all.push(made);
    made
}

impl Hint {
    /// The one-byte encoding that it is, if it is one.
    pub fn single(self) -> Option<&'static Single> {
        match self.encoding {
            StepEncoding::Single(single) => Some(single),
            _ => None,
        }
    }
}

/// Bytes in which a document declares its encoding; HTML asks for it in the first 1,024.
const HEAD: usize = 2048;

/// What a document says of itself: `charset=` of HTML, HTTP and mail, `encoding=` of XML, `@charset`
/// of CSS, `coding:` of program text.
pub(super) fn declared(data: &[u8]) -> Option<Hint> {
    let head = data[..data.len().min(HEAD)].to_ascii_lowercase();
    let behind = |key: &[u8]| {
        let at = memchr::memmem::find(&head, key)? + key.len();
        let rest = &head[at..];
        let is_name =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
        let start = rest.iter().position(is_name).filter(|start| *start < 4)?;
        let rest = &rest[start..];
        let length = rest
            .iter()
            .position(|byte| !is_name(byte))
            .unwrap_or(rest.len());
        hint(std::str::from_utf8(&rest[..length]).ok()?)
    };
    if head.trim_ascii_start().starts_with(b"<?xml")
        && let Some(hint) = behind(b"encoding")
    {
        return Some(hint);
    }
    behind(b"charset").or_else(|| {
        let two_lines = head
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .nth(1);
        let end = two_lines.map_or(head.len(), |(at, _)| at);
        let at = memchr::memmem::find(&head[..end], b"coding")?;
        matches!(head.get(at + 6), Some(b':' | b'=')).then(|| behind(b"coding"))?
    })
}

/// The canonical name of an encoding; empty where it is none of ours, or read with states.
pub fn known_name(name: &str) -> &'static str {
    hint(name).map_or("", |hint| hint.encoding.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_names_mean_one_encoding() {
        for (name, canonical) in [
            ("GB2312", "gb18030"),
            ("Big5-HKSCS", "big5"),
            ("Windows-1251", "cp1251"),
            ("ISO_8859-1", "cp1252"),
            ("iso8859-2", "iso-8859-2"),
            ("UTF_8", "utf-8"),
        ] {
            assert_eq!(hint(name).unwrap().encoding.name(), canonical);
        }
        assert!(hint("klingon").is_none());
    }
}
