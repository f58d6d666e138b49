//! The outline of a garment: necklines, sleeves, sides and hems.

use tiny_skia::Path;

use super::curve::{Curve, Point, between};
use super::figure::{ARM, ARMPIT, HIP, WAIST};
use crate::draw::garment::{Detail, Fit, Garment, Kind, Length, Neckline, Sleeve};

/// The pieces of a garment, in the units of the figure.
pub(super) struct Cut {
    /// Bodice and skirt.
    pub(super) body: Curve,
    /// The right sleeve; the left one is its mirror image.
    pub(super) sleeve: Option<Curve>,
    /// Where the right sleeve ends: its outer and its inner point.
    pub(super) cuff: Option<(Point, Point)>,
    /// The right strap, as a line to be stroked.
    pub(super) strap: Option<Curve>,
    /// The upper edge, from left to right.
    pub(super) neckline: Curve,
    /// How low the upper edge reaches.
    pub(super) depth: f32,
    /// Half the width of the hem.
    pub(super) hem: f32,
    /// The height of the hem at its sides, and how much lower it is in the middle.
    pub(super) end: f32,
    pub(super) sag: f32,
    /// Half the width at the waist.
    pub(super) waist: f32,
}

impl Cut {
    pub(super) fn of(garment: &Garment) -> Self {
        let sides = Sides::of(garment);
        let (edge, strap) = upper_edge(garment);
        let hem = sides.hem;
        let (end, sag) = match garment.kind {
            Kind::ButtonDown | Kind::ShirtDress => (sides.end - 7.0, 10.0),
            Kind::Gown => (sides.end, 4.5),
            _ => (sides.end, 2.5),
        };
        let armpit = (sides.bust, sides.armpit);
        let mut right = edge.top.clone();
        right = match edge.shoulder {
            Some(tip) => {
                let inner = tip.0.min(armpit.0) - edge.scoop;
                right.line(tip).cubic((inner, tip.1 + 7.0), (inner, armpit.1 - 3.0), armpit)
            }
            None => right.quad((armpit.0 - 2.0, armpit.1 - 5.0), armpit),
        };
        right = sides.down(right, end);
        right = right.quad((hem * 0.5, end + sag), (0.0, end + sag));
        let seam = edge.shoulder.unwrap_or((16.0, 10.0));
        let sleeve = sleeve(garment, seam, armpit);
        Self {
            body: right.mirrored().reversed().then(&right),
            cuff: sleeve.as_ref().map(|(_, cuff)| *cuff),
            sleeve: sleeve.map(|(sleeve, _)| sleeve),
            strap,
            neckline: edge.top.both_sides(),
            depth: edge.depth,
            hem,
            end,
            sag,
            waist: sides.waist,
        }
    }

    /// All pieces of cloth that are not the body.
    pub(super) fn sleeves(&self) -> [Option<Path>; 2] {
        let sleeve = self.sleeve.as_ref();
        [sleeve.and_then(Curve::closed), sleeve.and_then(|s| s.mirrored().closed())]
    }

    /// How low the hem is there.
    pub(super) fn hem_at(&self, x: f32) -> f32 {
        let share = x / self.hem;
        self.end + self.sag * (1.0 - share * share)
    }

    /// The hem, from left to right.
    pub(super) fn hemline(&self) -> Curve {
        Curve::from((0.0, self.end + self.sag))
            .quad((self.hem * 0.5, self.end + self.sag), (self.hem, self.end))
            .both_sides()
    }

    /// The middle of the chest, as far as there is cloth.
    pub(super) fn chest(&self) -> f32 {
        f32::midpoint(self.depth.max(16.0), self.end.min(64.0))
    }

    /// Where a print on the front has its place: the middle, or smaller at one side where the garment
    /// opens in front.
    pub(super) fn front(&self, garment: &Garment) -> (Point, f32) {
        let opens = matches!(garment.kind, Kind::ButtonDown | Kind::ShirtDress | Kind::Cardigan)
            || matches!(garment.detail, Detail::Buttons | Detail::Zipper);
        if opens { ((-8.8, self.chest() - 2.0), 0.5) } else { ((0.0, self.chest()), 1.0) }
    }

    /// The waist, or just above the hem of what ends before it.
    pub(super) fn belt(&self) -> f32 {
        WAIST.min(self.end - 8.0)
    }
}

/// Half widths of the body, and where it ends.
struct Sides {
    bust: f32,
    armpit: f32,
    waist: f32,
    hip: f32,
    hem: f32,
    end: f32,
}

impl Sides {
    fn of(garment: &Garment) -> Self {
        let (bust, waist, hip) = match garment.fit {
            Fit::Tight => (16.8, 12.8, 19.2),
            Fit::Fitted => (17.6, 14.0, 20.6),
            Fit::Regular => (19.0, 18.0, 22.0),
            Fit::Loose => (20.0, 23.0, 28.0),
            Fit::Oversized => (25.0, 27.5, 29.0),
        };
        let end = match garment.length {
            Length::Cropped => 47.0,
            Length::Waist => 63.0,
            Length::Hip => 82.0,
            Length::Tunic => 103.0,
            Length::Mini => 102.0,
            Length::Knee => 127.0,
            Length::Midi => 150.0,
            Length::Maxi => 179.0,
        };
        let wide = garment.sleeve == Sleeve::Sleeveless && garment.kind == Kind::Tank;
        let armpit = if wide { ARMPIT + 5.0 } else { ARMPIT };
        let mut sides = Self { bust, armpit, waist, hip, hem: hip, end };
        if garment.length >= Length::Mini {
            sides.skirt(garment);
        } else {
            sides.hem = sides.at(end);
        }
        sides
    }

    /// A dress continues from the waist as a skirt, the wider the looser, the longer the wider.
    fn skirt(&mut self, garment: &Garment) {
        let flare = match garment.fit {
            Fit::Tight => -0.04,
            Fit::Fitted => 0.17,
            Fit::Regular => 0.2,
            Fit::Loose | Fit::Oversized => 0.26,
        };
        let flare = flare
            + match garment.kind {
                Kind::Gown => 0.1,
                Kind::Sundress => 0.07,
                Kind::ShirtDress => -0.06,
                _ => 0.0,
            };
        self.waist = self.waist.min(21.0);
        self.hem = self.hip + flare * (self.end - HIP);
        self.hip = self.hip.max(self.waist + flare * (HIP - WAIST));
    }

    /// Half the width of a top at some height.
    fn at(&self, y: f32) -> f32 {
        let (above, below, from, to) = if y < WAIST {
            (self.bust, self.waist, self.armpit, WAIST)
        } else {
            (self.waist, self.hip, WAIST, HIP)
        };
        above + (below - above) * ((y - from) / (to - from)).min(1.2)
    }

    /// The side, from the armpit down to the hem.
    fn down(&self, mut side: Curve, end: f32) -> Curve {
        let (hip, hem) = (self.hip, self.hem);
        if hem > hip + 2.0 {
            // a flared skirt knows no hip
            let out = self.waist + (hem - self.waist) * 0.62;
            let low = WAIST + (end - WAIST) * 0.56;
            let high = WAIST + (end - WAIST) * 0.2;
            return side.drop((self.waist, WAIST)).cubic(
                (self.waist + 0.5, high),
                (out, low),
                (hem, end),
            );
        }
        for knot in [(self.waist, WAIST), (hip, HIP)] {
            if knot.1 < end - 6.0 {
                side = side.drop(knot);
            }
        }
        side.drop((hem, end))
    }
}

/// The right half of the upper edge.
struct Edge {
    /// From the middle outwards.
    top: Curve,
    /// The tip of the shoulder, where there is one.
    shoulder: Option<Point>,
    /// How far the armhole is cut in.
    scoop: f32,
    /// How low it reaches in the middle.
    depth: f32,
}

/// The height of the shoulder's slope.
fn slope(x: f32) -> f32 {
    -1.5 + (x - 7.0) * 0.45
}

fn upper_edge(garment: &Garment) -> (Edge, Option<Curve>) {
    match garment.sleeve {
        Sleeve::Strapless | Sleeve::Straps => below_the_shoulder(garment),
        _ if garment.neckline == Neckline::Halter => {
            let top = Curve::from((0.0, 4.0)).quad((4.0, 3.0), (6.4, -4.0));
            let tip = (8.4, -3.4);
            (Edge { top, shoulder: Some(tip), scoop: -3.6, depth: 4.0 }, None)
        }
        _ => (over_the_shoulder(garment), None),
    }
}

fn over_the_shoulder(garment: &Garment) -> Edge {
    let (neck, depth) = match garment.neckline {
        Neckline::Turtleneck => (7.0, 2.0),
        Neckline::Collar => (8.0, 6.5),
        Neckline::Crew | Neckline::Halter => (8.5, 7.5),
        Neckline::Boat => (16.5, 5.0),
        Neckline::Square => (12.0, 17.0),
        Neckline::Scoop => (12.5, 20.0),
        Neckline::Cowl => (13.0, 17.0),
        Neckline::VNeck => (9.5, 26.0),
        Neckline::Sweetheart => (13.0, 21.0),
        Neckline::Plunging => (10.5, 46.0),
    };
    let side = (neck, slope(neck));
    let middle = Curve::from((0.0, depth));
    let top = match garment.neckline {
        Neckline::Square => middle.line((neck - 0.4, depth)).line(side),
        Neckline::VNeck | Neckline::Collar => middle.line(side),
        Neckline::Plunging => middle.quad((neck * 0.55, depth * 0.5), side),
        Neckline::Sweetheart => heart(depth, (neck - 2.0, depth - 4.0)).line(side),
        _ => {
            let low = side.1 + (depth - side.1) * 0.35;
            middle.cubic((neck * 0.62, depth), (neck, low), side)
        }
    };
    let (tip, scoop): Point = match (garment.sleeve, garment.kind, garment.fit) {
        (Sleeve::Sleeveless, Kind::Tank, _) => (16.0, 3.4),
        (Sleeve::Sleeveless, ..) => (18.4, 2.4),
        (_, _, Fit::Oversized) => (25.0, 0.5),
        (_, _, Fit::Loose) => (21.5, 1.0),
        _ => (20.0, 1.4),
    };
    // the edge of a boat neck ends near the shoulder's tip
    let tip = tip.max(neck + 1.2);
    Edge { top, shoulder: Some((tip, slope(tip) + 1.0)), scoop, depth }
}

/// Held by thin straps or by nothing.
fn below_the_shoulder(garment: &Garment) -> (Edge, Option<Curve>) {
    let bare = garment.sleeve == Sleeve::Strapless;
    let corner: Point = match garment.neckline {
        Neckline::Halter => (4.6, 10.0),
        Neckline::Sweetheart => (9.0, 17.0),
        _ => (10.8, 16.0),
    };
    let (depth, top) = match garment.neckline {
        Neckline::Halter => (12.0, Curve::from((0.0, 12.0)).line(corner)),
        Neckline::Sweetheart => (23.0, heart(23.0, corner)),
        Neckline::Square => (17.0, Curve::from((0.0, 17.0)).line(corner)),
        Neckline::VNeck => (28.0, Curve::from((0.0, 28.0)).line(corner)),
        Neckline::Plunging => (46.0, Curve::from((0.0, 46.0)).quad((5.5, 28.0), corner)),
        Neckline::Cowl => (21.0, Curve::from((0.0, 21.0)).cubic((6.0, 21.0), (9.0, 19.0), corner)),
        _ => (23.0, Curve::from((0.0, 23.0)).cubic((7.0, 23.0), (10.4, 20.0), corner)),
    };
    let over = if garment.neckline == Neckline::Halter { (5.8, -6.0) } else { (9.6, -0.6) };
    let strap = (!bare).then(|| Curve::from(corner).line(over));
    (Edge { top, shoulder: None, scoop: 0.0, depth }, strap)
}

fn heart(depth: f32, end: Point) -> Curve {
    let high = end.1 - 3.0;
    Curve::from((0.0, depth)).cubic((1.0, high + 1.0), (end.0 - 5.0, high), end)
}

/// The right sleeve and where it ends.
fn sleeve(garment: &Garment, seam: Point, armpit: Point) -> Option<(Curve, (Point, Point))> {
    let reach = match garment.sleeve {
        Sleeve::Strapless | Sleeve::Straps | Sleeve::Sleeveless => return None,
        Sleeve::Cap if garment.neckline == Neckline::Halter => 0.28,
        Sleeve::Cap => 0.17,
        Sleeve::Short => 0.38,
        Sleeve::ThreeQuarter => 0.7,
        Sleeve::Long => 1.0,
    };
    let ease = match garment.fit {
        Fit::Tight => 0.0,
        Fit::Fitted => 0.6,
        Fit::Regular => 1.3,
        Fit::Loose => 2.6,
        Fit::Oversized => 4.0,
    };
    let puff = if garment.kind == Kind::Blouse { 1.6 } else { 0.0 };
    let [root, elbow, wrist] = ARM;
    let at = |t: f32| {
        if t < 0.5 { between(root, elbow, t * 2.0) } else { between(elbow, wrist, t * 2.0 - 1.0) }
    };
    let half = |t: f32| 6.4 - 2.3 * t + ease;
    // off the arm's line, which leans a third to the side
    let beside = |t: f32, by: f32| (at(t).0 + 0.94 * by, at(t).1 - 0.33 * by);
    let outer = beside(reach, half(reach) + if reach < 0.3 { 2.6 } else { 0.0 });
    let inner = beside(reach, -half(reach));
    // without a shoulder to be sewn to, a sleeve begins below it
    let off = garment.neckline == Neckline::Halter;
    let start = if off { beside(0.12, half(0.12)) } else { seam };
    let mut curve = Curve::from(start);
    if reach > 0.5 {
        let (a, b) = (beside(0.25, half(0.25) + puff), beside(0.5, half(0.5) + puff));
        curve = curve.quad(a, b).quad(beside(0.8, half(0.8) + 2.0 * puff), outer).line(inner);
        curve = curve.line(beside(0.5, -half(0.5)));
    } else {
        curve = curve.quad(beside(reach * 0.5, half(0.1) + 1.0 + puff), outer).line(inner);
    }
    let end = if off { beside(0.2, -half(0.2)) } else { (armpit.0 - 1.0, armpit.1) };
    curve = curve.line(end);
    if !off {
        // covered by the body
        curve = curve.line((armpit.0 - 5.0, armpit.1 - 10.0));
    }
    Some((curve, (outer, inner)))
}
