//! A double-array trie over code points.
