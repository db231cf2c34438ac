//! The other dialect: readings without tones, doubled, behind any character: 系(xi)(xi)統(tong).
//!
//! It has a gate of its own: at least two doubled readings, and hardly a bracket in the document
//! that is no reading of the character before it.

use super::token::{Form, Token};
use crate::clean::Context;
use crate::edit::{Edit, Kind};
use crate::tables::characters::{has_tone, is_read_without_tone};
use crate::text::{CodeUnit, is_han};

pub fn is_damage<T: CodeUnit>(text: &[T], tokens: &[Token]) -> bool {
    let runs = runs(text, tokens);
    let doubled = runs.iter().filter(|run| run.tokens >= 2 && run.is_reading);
    let readings: usize = runs
        .iter()
        .filter(|run| run.is_reading)
        .map(|run| run.tokens)
        .sum();
    // Nine in ten: one f(x) among a page of readings does not save the page.
    doubled.count() >= 2 && readings * 10 >= tokens.len() * 9
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
