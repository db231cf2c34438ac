//! Convert: one consistent script.
