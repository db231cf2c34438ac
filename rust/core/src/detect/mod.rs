//! Detect: which script a text is in, and where it is not.
//!
//! In: any text. Out: [`Profile`]. Never changes anything, and never decides on words: what is in one
//! script only is known from tables ([`crate::tables::scripts`]), and the rest is shared.

use crate::tables::scripts::{self, Counts, SIMPLIFIED, TRADITIONAL};
use crate::text::CodeUnit;

/// The script of a text, by ISO 15924's code where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Script {
    /// Simplified Chinese.
    Hans,
    /// Traditional Chinese.
    Hant,
    /// Characters of both.
    Mixed,
    /// Chinese, but no character tells which.
    Shared,
    /// Japanese.
    Jpan,
    /// No ideographs.
    None,
}

impl Script {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Script::Hans => "Hans",
            Script::Hant => "Hant",
            Script::Mixed => "mixed",
            Script::Shared => "shared",
            Script::Jpan => "Jpan",
            Script::None => "none",
        }
    }
}

/// The script of a text with these counts.
pub fn script(counts: &Counts) -> Script {
    match (counts.simplified, counts.traditional) {
        _ if counts.kana + counts.han() == 0 => Script::None,
        _ if counts.are_japanese() => Script::Jpan,
        (0, 0) if counts.han() == 0 => Script::None,
        (0, 0) => Script::Shared,
        (_, 0) => Script::Hans,
        (0, _) => Script::Hant,
        _ => Script::Mixed,
    }
}

/// What was found of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The script of the whole.
    pub script: Script,
    /// Characters by kind.
    pub counts: Counts,
    /// Where characters of the other script stand; only in text that is mixed.
    pub off_script: Vec<usize>,
}

/// Look at a text.
pub fn detect<T: CodeUnit>(text: &[T]) -> Profile {
    let counts = Counts::of(text);
    let script = script(&counts);
    let off = match script {
        Script::Mixed if counts.simplified > counts.traditional => TRADITIONAL,
        Script::Mixed => SIMPLIFIED,
        _ => 0,
    };
    let off_script = if off == 0 {
        Vec::new()
    } else {
        let places = text.iter().enumerate();
        places
            .filter(|(_, unit)| scripts::flags(unit.wide()) & off != 0)
            .map(|(at, _)| at)
            .collect()
    };
    Profile {
        script,
        counts,
        off_script,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::from_str;
    use proptest::prelude::*;

    fn script(text: &str) -> &'static str {
        detect(&from_str(text)).script.name()
    }

    #[test]
    fn scripts_are_told_apart() {
        assert_eq!(script("我们的学校"), "Hans");
        assert_eq!(script("我們的學校"), "Hant");
        assert_eq!(script("我們的学校"), "mixed");
        assert_eq!(script("天地人和"), "shared");
        assert_eq!(script("鮮の每日"), "Hant");
        assert_eq!(script("彼は学校へ行きました"), "Jpan");
        assert_eq!(script("東京駅"), "Jpan");
        assert_eq!(script("他说「ありがとう」就走了，我们都听见了"), "Hans");
        assert_eq!(script("abc, 123"), "none");
        assert_eq!(script(""), "none");
    }

    proptest! {
        #[test]
        fn every_character_is_counted_once(text in "[们們人のa気 \u{20000}]{0,20}") {
            let text = from_str(&text);
            let counts = Counts::of(&text);
            prop_assert_eq!(counts.han() + counts.kana + counts.other, text.len());
        }
    }
}
