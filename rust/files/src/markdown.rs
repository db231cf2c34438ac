//! Where in Markdown text stands, and what stands between.
//!
//! In: a document, or a part of it that begins and ends between blocks. Out: [`Run`]s, each the text
//! of one block with the places it has in the source. Never: code, HTML, the targets of links,
//! metadata; labels that another place in the document refers to.
//!
//! How: by pulldown-cmark, which says for each event where it stands.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

/// What a part of a run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text, as it stands in the source.
    Text,
    /// Text that the source writes otherwise: `&amp;` for `&`.
    Written(String),
    /// Not to be touched, but read as this by whatever looks at the text around it.
    Locked(&'static str),
}

/// Parts in order, each with its first byte and one past its last. What stands between two parts of
/// a run (`**`, `<b>`, `](…)`) is markup.
pub type Run = Vec<(usize, usize, Part)>;

/// What code is read as: it is there, and it is not Chinese.
const CODE: &str = "`x`";

/// The texts of a document.
pub fn runs(source: &str) -> Vec<Run> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    let mut runs = Vec::new();
    let mut run = Run::new();
    // How many elements are open whose text is not to be touched.
    let mut kept = 0_usize;
    let mut links = Vec::new();
    for (event, place) in Parser::new_ext(source, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_)) => {
                finish(&mut run, &mut runs);
                kept += 1;
            }
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_)) => {
                kept = kept.saturating_sub(1);
            }
            Event::Start(Tag::Link { link_type, .. } | Tag::Image { link_type, .. }) => {
                let is_kept = !matches!(link_type, LinkType::Inline | LinkType::Reference);
                links.push(is_kept);
                kept += usize::from(is_kept);
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                kept = kept.saturating_sub(usize::from(links.pop().unwrap_or(false)));
            }
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough)
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough)
            | Event::InlineHtml(_) => {}
            Event::Start(_) | Event::End(_) | Event::Rule | Event::Html(_) => {
                finish(&mut run, &mut runs);
            }
            Event::Text(text) if kept == 0 => {
                let part = if source[place.clone()] != *text {
                    Part::Written(text.into_string())
                } else if source[..place.start].ends_with('\\') && is_escapable(&text) {
                    // `\*`: what takes its place would not be escaped by the backslash.
                    let first = place.start + 1;
                    run.push((place.start, first, Part::Locked("x")));
                    run.push((first, place.end, Part::Text));
                    continue;
                } else {
                    Part::Text
                };
                run.push((place.start, place.end, part));
            }
            Event::Text(_) | Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                run.push((place.start, place.end, Part::Locked(CODE)));
            }
            Event::SoftBreak | Event::HardBreak => {
                run.push((place.start, place.end, Part::Locked("\n")));
            }
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }
    finish(&mut run, &mut runs);
    runs
}

fn is_escapable(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_punctuation())
}

fn finish(run: &mut Run, runs: &mut Vec<Run>) {
    run.retain(|(start, end, _)| start < end);
    if run
        .iter()
        .any(|(_, _, part)| !matches!(part, Part::Locked(_)))
    {
        runs.push(std::mem::take(run));
    } else {
        run.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(source: &str) -> Vec<String> {
        let read = |(start, end, part): (usize, usize, Part)| match part {
            Part::Text => source[start..end].to_owned(),
            Part::Written(text) => text,
            Part::Locked(text) => text.to_owned(),
        };
        let runs = runs(source).into_iter();
        runs.map(|run| run.into_iter().map(read).collect())
            .collect()
    }

    #[test]
    fn text_is_told_from_markup() {
        let source = "---\n标题: 发\n---\n# 头**发** `发` <b title=\"发\">展\n\n[发](发 \"发\") &amp; <http://发.cn>\n\n\
                      ```\n发\n```\n\n<div>发</div>\n\n| 甲 | 乙 |\n|---|---|\n| 丙 | \\*丁 |\n\n> 第一行\n> 第二行\n";
        assert_eq!(
            texts(source),
            [
                "头发 `x` 展",
                "发 & `x`",
                "甲",
                "乙",
                "丙",
                "x丁",
                "第一行\n第二行"
            ]
        );
    }

    #[test]
    fn labels_that_something_refers_to_stay() {
        assert_eq!(
            texts("见[发展]与[这里][发展]\n\n[发展]: http://x.cn\n"),
            ["见`x`与这里"]
        );
    }

    proptest! {
        /// In order, disjoint, on characters: whatever a document is.
        #[test]
        fn parts_are_places_of_the_source(source in "[发*_`<>\\[\\]()#|&;\\\\ \n-]{0,60}") {
            let mut at = 0;
            for (start, end, part) in runs(&source).into_iter().flatten() {
                prop_assert!(at <= start && start < end && source.get(start..end).is_some(), "{start}..{end} {part:?}");
                at = end;
            }
        }
    }
}
