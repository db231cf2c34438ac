//! The steps of a plan, one on the result of the other, where characters alone do not decide.
//!
//! Comes in: a place of the text. Goes out: what becomes of the text from there to the next place at
//! which no step holds anything back; the caller goes on from that place. Never: a look further ahead
//! than the keys of the later steps are long.
//!
//! Every step draws from the queue before it, and asks the step before it for more when a key may go
//! on; so a text of any length is worked on in a few items. An item remembers the range of the text
//! that it came from, which is all that edits need.

use super::engine::Overlay;
use super::sink::Sink;
use crate::text::CodeUnit;
use hanfix_trie::ids;
use hanfix_trie::trie::NO_NODE;
use hanfix_trie::view::{Found, New, PlanView, Stage};

#[derive(Clone, Copy, Debug)]
struct Item {
    code_point: u32,
    from: usize,
    to: usize,
}

#[derive(Debug, Default)]
struct Queue {
    items: Vec<Item>,
    head: usize,
}

impl Queue {
    fn waiting(&self) -> &[Item] {
        &self.items[self.head..]
    }

    fn drop_first(&mut self, count: usize) {
        self.head += count;
        if self.head == self.items.len() {
            self.items.clear();
            self.head = 0;
        }
    }
}

/// What is kept from island to island: only memory.
#[derive(Debug, Default)]
pub struct Cascade {
    queues: Vec<Queue>,
    pending: Vec<u32>,
}

impl Cascade {
    /// Convert from `at` to the next place where no step waits for more; answers that place.
    #[inline(never)]
    pub fn island<T: CodeUnit, O: Overlay>(
        &mut self,
        plan: &PlanView<'_>,
        overlay: &O,
        text: &[T],
        at: usize,
        sink: &mut impl Sink<T>,
    ) -> usize {
        self.queues.resize_with(plan.rest.len(), Queue::default);
        let mut island = Island {
            plan,
            overlay,
            text,
            next: at,
            started: false,
            ended: false,
            written_to: at,
            range: (at, at),
            sink,
            memory: self,
        };
        let last = plan.rest.len();
        while island.step(last) {
            if island
                .memory
                .queues
                .iter()
                .all(|queue| queue.waiting().is_empty())
            {
                break;
            }
        }
        island.finish()
    }
}

struct Island<'a, 'p, T, O, S> {
    plan: &'a PlanView<'p>,
    overlay: &'a O,
    text: &'a [T],
    /// How far the first step has come.
    next: usize,
    started: bool,
    /// The first step is at a boundary, or the end.
    ended: bool,
    /// How far the sink has heard.
    written_to: usize,
    /// What `memory.pending` replaces.
    range: (usize, usize),
    sink: &'a mut S,
    memory: &'a mut Cascade,
}

impl<'p, T: CodeUnit, O: Overlay, S: Sink<T>> Island<'_, 'p, T, O, S> {
    /// Let a step write once; 0 is the front. False if it has nothing to write any more.
    fn step(&mut self, step: usize) -> bool {
        let Some(queue) = step.checked_sub(1) else {
            return self.front();
        };
        if !self.has(queue, 0) {
            return false;
        }
        let stage = self.plan.rest[queue];
        if let Some(found) = self.find(&stage, queue) {
            self.write_found(&stage, queue, &found);
            return true;
        }
        let length = ids::length(|offset| {
            self.has(queue, offset)
                .then(|| self.memory.queues[queue].waiting()[offset].code_point)
        });
        for offset in 0..length.max(1) {
            let item = self.memory.queues[queue].waiting()[offset];
            self.write(step, item);
        }
        self.memory.queues[queue].drop_first(length.max(1));
        true
    }

    /// Whether a queue has an item at an offset, once the steps before have done what they can.
    fn has(&mut self, queue: usize, offset: usize) -> bool {
        while self.memory.queues[queue].waiting().len() <= offset {
            if !self.step(queue) {
                return false;
            }
        }
        true
    }

    /// The match at the head of a queue.
    fn find(&mut self, stage: &Stage<'p>, queue: usize) -> Option<Found<'p>> {
        let (mut word, mut best) = (stage.trie.root(), None);
        let mut depth = 0;
        while self.has(queue, depth) {
            let code_point = self.memory.queues[queue].waiting()[depth].code_point;
            word = stage.trie.child(word, stage.trie.label(code_point));
            if word == NO_NODE {
                break;
            }
            depth += 1;
            if let Some(value) = stage.trie.value(word) {
                best = Some((value, depth));
            }
            // Asking for more would keep the island going for nothing.
            if stage.trie.is_leaf(word) {
                break;
            }
        }
        best.and_then(|(value, depth)| stage.found(value, depth))
    }

    /// Take a match from a queue, and hand on what it is replaced by.
    fn write_found(&mut self, stage: &Stage<'p>, queue: usize, found: &Found<'p>) {
        let matched = &self.memory.queues[queue].waiting()[..found.length];
        match found.new {
            New::Written(new) => {
                // Ranges never go back, but may reach over one another.
                let from = matched[0].from;
                let to = matched.iter().map(|item| item.to).max().unwrap_or(from);
                for &code_point in new {
                    self.write(
                        queue + 1,
                        Item {
                            code_point,
                            from,
                            to,
                        },
                    );
                }
            }
            New::Charwise => {
                for offset in 0..found.length {
                    let item = self.memory.queues[queue].waiting()[offset];
                    let code_point = stage.alone(item.code_point);
                    self.write(queue + 1, Item { code_point, ..item });
                }
            }
        }
        self.memory.queues[queue].drop_first(found.length);
    }

    /// The first step: segmentation and first dictionaries, on the text itself.
    fn front(&mut self) -> bool {
        let at = self.next;
        if self.ended
            || at == self.text.len()
            || (self.started && self.overlay.find(self.text, at).is_some())
        {
            self.ended = true;
            return false;
        }
        let rest = &self.text[at..];
        let found = self.plan.front.find(rest.iter().map(|unit| unit.wide()));
        if found.is_some_and(|found| found.closed && self.plan.bounded) {
            self.ended = true;
            if self.started {
                return false;
            }
        }
        self.started = true;
        let item = |code_point, from, to| Item {
            code_point,
            from,
            to,
        };
        let length = match found {
            Some(Found {
                length,
                new: New::Written(new),
                ..
            }) => {
                for &code_point in new {
                    self.write(0, item(code_point, at, at + length));
                }
                length
            }
            Some(Found {
                length,
                new: New::Charwise,
                ..
            }) => {
                for (from, unit) in (at..).zip(&rest[..length]) {
                    self.write(0, item(self.plan.front.alone(unit.wide()), from, from + 1));
                }
                length
            }
            None => {
                let length = ids::length(|offset| rest.get(offset).map(|unit| unit.wide())).max(1);
                for (from, unit) in (at..).zip(&rest[..length]) {
                    self.write(0, item(unit.wide(), from, from + 1));
                }
                length
            }
        };
        self.next = at + length;
        true
    }

    /// Hand an item to the step after `step`, or to the sink.
    fn write(&mut self, step: usize, item: Item) {
        if let Some(queue) = self.memory.queues.get_mut(step) {
            queue.items.push(item);
            return;
        }
        if !self.memory.pending.is_empty() && item.from < self.range.1 {
            self.range.1 = self.range.1.max(item.to);
        } else {
            self.flush(item.from);
            self.range = (item.from, item.to);
        }
        self.memory.pending.push(item.code_point);
    }

    /// Tell the sink what is pending, and of what was left out before `next`.
    fn flush(&mut self, next: usize) {
        if !self.memory.pending.is_empty() {
            let (from, to) = self.range;
            self.sink.replace(self.text, from, to, &self.memory.pending);
            self.memory.pending.clear();
            self.written_to = to;
        }
        if self.written_to < next {
            self.sink.replace(self.text, self.written_to, next, &[]);
            self.written_to = next;
        }
    }

    fn finish(mut self) -> usize {
        self.flush(self.next);
        self.next
    }
}
