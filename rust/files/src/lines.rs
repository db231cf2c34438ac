//! Lines, as files have them: only line feed ends one.
//!
//! In: bytes. Out: their lines, ends included, or how many end in them. Never: a line that is empty.

/// Lines with their ends; the last may have none.
pub fn split(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = &data[from..];
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        from += length;
        (length > 0).then(|| &rest[..length])
    })
}

/// Whole lines, so many together that they are `least` bytes or more; the last may be fewer.
pub fn groups(data: &[u8], least: usize) -> impl Iterator<Item = &[u8]> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = &data[from..];
        let searched = rest.get(least.saturating_sub(1)..).unwrap_or_default();
        let end = memchr::memchr(b'\n', searched).map_or(rest.len(), |at| at + least.max(1));
        from += end;
        (end > 0).then(|| &rest[..end])
    })
}

/// How many lines end.
pub fn ends(data: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', data).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lines_are_what_the_standard_library_splits(
            data in prop::collection::vec(prop::sample::select(vec![b'a', b'\n', b'\r', 0xE4]), 0..40)
        ) {
            let slowly: Vec<&[u8]> = data.split_inclusive(|byte| *byte == b'\n').collect();
            prop_assert_eq!(split(&data).collect::<Vec<_>>(), slowly);
            for least in 0..9 {
                let groups: Vec<&[u8]> = groups(&data, least).collect();
                prop_assert_eq!(groups.concat(), &data[..]);
                for (at, group) in groups.iter().enumerate() {
                    prop_assert!(!group.is_empty());
                    let is_whole = group.ends_with(b"\n") && group.len() >= least;
                    prop_assert!(is_whole || at + 1 == groups.len());
                }
            }
            prop_assert_eq!(ends(&data), data.iter().filter(|byte| **byte == b'\n').count());
        }
    }
}
