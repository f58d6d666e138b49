//! Stories told through the whole reader.
