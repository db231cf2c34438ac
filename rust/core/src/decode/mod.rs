//! Decode: the text that is in the bytes.
