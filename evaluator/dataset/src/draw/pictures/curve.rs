//! Lines and curves in the units of the figure: 0 is the pit of the neck, x goes right, y down.

use tiny_skia::{Path, PathBuilder};

/// x and y.
pub(super) type Point = (f32, f32);

/// A piece of a curve: its two control points and its end. A straight piece has them on itself.
#[derive(Debug, Clone, Copy)]
struct Piece(Point, Point, Point);

/// A curve of one stroke.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    start: Point,
    pieces: Vec<Piece>,
}

/// Points of a curved piece.
const STEPS: u8 = 12;

impl Curve {
    pub(super) const fn from(start: Point) -> Self {
        Self { start, pieces: Vec::new() }
    }

    fn end(&self) -> Point {
        self.pieces.last().map_or(self.start, |piece| piece.2)
    }

    pub(super) fn line(mut self, to: Point) -> Self {
        let from = self.end();
        self.pieces.push(Piece(between(from, to, 1.0 / 3.0), between(from, to, 2.0 / 3.0), to));
        self
    }

    pub(super) fn cubic(mut self, a: Point, b: Point, to: Point) -> Self {
        self.pieces.push(Piece(a, b, to));
        self
    }

    pub(super) fn quad(self, by: Point, to: Point) -> Self {
        let from = self.end();
        let (a, b) = (between(from, by, 2.0 / 3.0), between(to, by, 2.0 / 3.0));
        self.cubic(a, b, to)
    }

    /// Leaves and arrives upright, as a side seam does.
    pub(super) fn drop(self, to: Point) -> Self {
        let from = self.end();
        let rise = (to.1 - from.1) * 0.42;
        self.cubic((from.0, from.1 + rise), (to.0, to.1 - rise), to)
    }

    /// Goes on along another curve, with a straight line to its start if that is elsewhere.
    pub(super) fn then(mut self, other: &Self) -> Self {
        let end = self.end();
        if (end.0 - other.start.0).abs() + (end.1 - other.start.1).abs() > 1e-3 {
            self = self.line(other.start);
        }
        self.pieces.extend(&other.pieces);
        self
    }

    pub(super) fn mirrored(&self) -> Self {
        let flip = |(x, y): Point| (-x, y);
        let pieces = self.pieces.iter().map(|p| Piece(flip(p.0), flip(p.1), flip(p.2)));
        Self { start: flip(self.start), pieces: pieces.collect() }
    }

    pub(super) fn reversed(&self) -> Self {
        let mut back = Self::from(self.end());
        for (i, piece) in self.pieces.iter().enumerate().rev() {
            let to = if i == 0 { self.start } else { self.pieces[i - 1].2 };
            back.pieces.push(Piece(piece.1, piece.0, to));
        }
        back
    }

    /// A right half that starts on the middle line, with its left half before it.
    pub(super) fn both_sides(&self) -> Self {
        self.mirrored().reversed().then(self)
    }

    fn points(&self) -> Vec<Point> {
        let mut points = vec![self.start];
        let mut from = self.start;
        for Piece(a, b, to) in self.pieces.iter().copied() {
            for step in 1..=STEPS {
                let t = f32::from(step) / f32::from(STEPS);
                let [p, q, r] = [between(from, a, t), between(a, b, t), between(b, to, t)];
                points.push(between(between(p, q, t), between(q, r, t), t));
            }
            from = to;
        }
        points
    }

    /// Points about so far apart, from start to end.
    pub(super) fn evenly(&self, gap: f32) -> Vec<Point> {
        let points = self.points();
        let mut even = vec![self.start];
        let mut left = gap;
        for pair in points.windows(2) {
            let (mut from, to) = (pair[0], pair[1]);
            let mut length = distance(from, to);
            while length >= left {
                from = between(from, to, left / length);
                even.push(from);
                length -= left;
                left = gap;
            }
            left -= length;
        }
        even
    }

    /// The curve to be stroked.
    pub(super) fn open(&self) -> Option<Path> {
        self.pen().finish()
    }

    /// What the curve goes around, to be filled.
    pub(super) fn closed(&self) -> Option<Path> {
        let mut pen = self.pen();
        pen.close();
        pen.finish()
    }

    fn pen(&self) -> PathBuilder {
        let mut pen = PathBuilder::new();
        pen.move_to(self.start.0, self.start.1);
        for Piece(a, b, to) in &self.pieces {
            pen.cubic_to(a.0, a.1, b.0, b.1, to.0, to.1);
        }
        pen
    }
}

pub(super) fn between(a: Point, b: Point, share: f32) -> Point {
    (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
}

fn distance(a: Point, b: Point) -> f32 {
    let (x, y) = (b.0 - a.0, b.1 - a.1);
    (x * x + y * y).sqrt()
}

/// A closed figure with straight sides.
pub(super) fn polygon(pen: &mut PathBuilder, corners: &[Point]) {
    for (i, &(x, y)) in corners.iter().enumerate() {
        if i == 0 { pen.move_to(x, y) } else { pen.line_to(x, y) }
    }
    pen.close();
}

/// A straight line.
pub(super) fn line(pen: &mut PathBuilder, from: Point, to: Point) {
    pen.move_to(from.0, from.1);
    pen.line_to(to.0, to.1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_and_its_reverse_pass_the_same_points() {
        let curve = Curve::from((0.0, 0.0)).line((4.0, 0.0)).quad((8.0, 0.0), (8.0, 4.0));
        let mut back = curve.reversed().points();
        back.reverse();
        for (a, b) in curve.points().iter().zip(back) {
            assert!(distance(*a, b) < 1e-4);
        }
    }

    #[test]
    fn both_sides_of_a_half_are_alike() {
        let whole = Curve::from((0.0, 3.0)).line((5.0, 0.0)).both_sides();
        assert_eq!((whole.start, whole.end()), ((-5.0, 0.0), (5.0, 0.0)));
        assert_eq!(whole.evenly(2.0).len(), 6);
    }
}
