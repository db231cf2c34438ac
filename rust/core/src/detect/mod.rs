//! Detect: what a text is written in.
