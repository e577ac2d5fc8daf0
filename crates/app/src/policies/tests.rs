//! The shipped files are read whole; broken ones are refused with every line that is wrong.
