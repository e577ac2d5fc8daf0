//! A reader that stops at the byte that passes a limit.
//!
//! What a reader would get wrong: the parser collects one piece of markup in memory before it
//! hands it out. [`Bounded::next_piece`] is called between pieces, so that a single piece can be
//! bounded as well as the whole, without the parser's help.

use std::io::{self, BufRead, Read};

/// One tag with its attributes, one comment: at most a megabyte.
pub(super) const PIECE: usize = 1 << 20;

/// What was passed, found again inside the parser's error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Passed {
    #[error("a piece is too long")]
    Piece,
    #[error("the whole is too long")]
    Whole,
}

pub(super) struct Bounded<R> {
    inner: R,
    piece_left: usize,
    whole_left: usize,
}

impl<R: BufRead> Bounded<R> {
    pub(super) fn new(inner: R, whole: usize) -> Self {
        Self {
            inner,
            piece_left: PIECE,
            whole_left: whole,
        }
    }

    /// A new piece begins.
    pub(super) fn next_piece(&mut self) {
        self.piece_left = PIECE;
    }
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let found = self.fill_buf()?;
        let n = found.len().min(buf.len());
        buf[..n].copy_from_slice(&found[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let found = self.inner.fill_buf()?;
        if found.is_empty() {
            return Ok(found);
        }
        // A piece may end within what is there, so only what is left of the bounds is shown.
        let passed = |what| Err(io::Error::other(what));
        match self.piece_left.min(self.whole_left) {
            0 if self.whole_left == 0 => passed(Passed::Whole),
            0 => passed(Passed::Piece),
            left => Ok(&found[..found.len().min(left)]),
        }
    }

    fn consume(&mut self, n: usize) {
        self.piece_left = self.piece_left.saturating_sub(n);
        self.whole_left = self.whole_left.saturating_sub(n);
        self.inner.consume(n);
    }
}
