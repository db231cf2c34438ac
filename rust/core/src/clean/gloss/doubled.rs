//! The other dialect: readings without tones, doubled, behind any character: 系(xi)(xi)統(tong).
//!
//! It has a gate of its own: at least two doubled readings, and hardly a bracket in the document
//! that is no reading of the character before it.

use super::pool::Pooled;
use super::token::{Form, Token};
use crate::clean::Context;
use crate::edit::{Edit, Kind};
use crate::tables::characters::{has_tone, is_read_without_tone};
use crate::text::{CodeUnit, is_han};

/// What is counted of the brackets of a text, or of a corpus.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    doubled: u64,
    readings: u64,
    tokens: u64,
}

impl Counts {
    pub fn of<T: CodeUnit>(text: &[T], tokens: &[Token]) -> Counts {
        let mut counts = Counts {
            tokens: tokens.len() as u64,
            ..Counts::default()
        };
        for run in runs(text, tokens).iter().filter(|run| run.is_reading) {
            counts.readings += run.tokens as u64;
            counts.doubled += u64::from(run.tokens >= 2);
        }
        counts
    }

    pub fn add(&mut self, other: Counts) {
        self.doubled += other.doubled;
        self.readings += other.readings;
        self.tokens += other.tokens;
    }

    pub fn are_damage(self) -> bool {
        self.doubled >= 2 && self.are_readings()
    }

    /// Nine in ten: one f(x) among a page of readings does not save the page.
    fn are_readings(self) -> bool {
        self.readings * 10 >= self.tokens * 9
    }
}

/// By the text itself, or with one doubled reading in a corpus that has shown more.
pub fn is_damage<T: CodeUnit>(text: &[T], tokens: &[Token], pooled: &Pooled) -> bool {
    let counts = Counts::of(text, tokens);
    counts.are_damage() || pooled.doubled && counts.doubled >= 1 && counts.are_readings()
}

pub fn undo<T: CodeUnit>(text: &[T], tokens: &[Token], context: &Context, edits: &mut Vec<Edit>) {
    for run in runs(text, tokens) {
        if run.is_reading && !context.protects(run.start..run.end) {
            edits.push(Edit::new(run.start, run.end, [], Kind::Gloss));
        }
    }
}

/// Brackets that follow one another behind one character.
struct Run {
    start: usize,
    end: usize,
    tokens: usize,
    is_reading: bool,
}

fn runs<T: CodeUnit>(text: &[T], tokens: &[Token]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut last = None;
    for token in tokens.iter().filter(|token| token.form == Form::Bracket) {
        match runs.last_mut() {
            Some(run) if run.end == token.start && last == Some(token.syllable) => {
                run.end = token.end;
                run.tokens += 1;
            }
            _ => {
                let base = token.start.checked_sub(1).map_or(0, |at| text[at].wide());
                let is_reading = is_han(base)
                    && !has_tone(token.syllable)
                    && is_read_without_tone(base, token.syllable);
                runs.push(Run {
                    start: token.start,
                    end: token.end,
                    tokens: 1,
                    is_reading,
                });
            }
        }
        last = Some(token.syllable);
    }
    runs
}
