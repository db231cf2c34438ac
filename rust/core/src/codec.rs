//! Encodings that more than one room needs.
