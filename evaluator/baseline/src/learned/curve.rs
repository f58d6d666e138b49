//! The learning curve as a picture.

use std::fmt::Write;

use super::training::Point;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 320.0;
const MARGIN: f64 = 48.0;

/// The loss, and the held-out recall if there is one, by epoch; each line has its own axis.
pub fn svg(model: &str, curve: &[Point]) -> String {
    let loss: Vec<(usize, f64)> = curve.iter().enumerate().map(|(i, p)| (i, p.loss)).collect();
    let held = |(i, point): (usize, &Point)| Some((i, point.held_out?));
    let held: Vec<(usize, f64)> = curve.iter().enumerate().filter_map(held).collect();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n\
         <title>Learning curve of {model}</title>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n"
    );
    line(&mut svg, &loss, curve.len(), "#1f4e9c", ("loss (nats)", 0.0));
    line(
        &mut svg,
        &held,
        curve.len(),
        "#b3541e",
        ("held-out mean of six (%)", WIDTH - 2.0 * MARGIN),
    );
    let middle = WIDTH / 2.0;
    let bottom = HEIGHT - 12.0;
    let _ = writeln!(
        svg,
        "<text x=\"{middle}\" y=\"{bottom}\" text-anchor=\"middle\">{} epochs</text>\n</svg>",
        curve.len()
    );
    svg
}

/// One line with the numbers at its ends, scaled to fill the height.
fn line(
    svg: &mut String,
    points: &[(usize, f64)],
    epochs: usize,
    colour: &str,
    label: (&str, f64),
) {
    let values = points.iter().map(|(_, value)| *value);
    let (low, high) = values.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    if points.is_empty() {
        return;
    }
    let x = |i: usize| MARGIN + (WIDTH - 2.0 * MARGIN) * i as f64 / (epochs.max(2) - 1) as f64;
    let y = |v: f64| {
        HEIGHT - MARGIN - (HEIGHT - 2.0 * MARGIN) * (v - low) / (high - low).max(f64::EPSILON)
    };
    let places: Vec<String> =
        points.iter().map(|&(i, v)| format!("{:.1},{:.1}", x(i), y(v))).collect();
    let _ = writeln!(
        svg,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
        places.join(" ")
    );
    for (i, value) in [points.first(), points.last()].into_iter().flatten() {
        let (x, y) = (x(*i), y(*value));
        let _ = writeln!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>\
             <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"{colour}\">{value:.2}</text>",
            y - 8.0
        );
    }
    let (text, shift) = label;
    let anchor = if shift > 0.0 { "end" } else { "start" };
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"20\" text-anchor=\"{anchor}\" fill=\"{colour}\">{text}</text>",
        MARGIN + shift
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_tells_both_lines_and_no_epoch_makes_none() {
        let curve =
            [Point { loss: 6.5, held_out: Some(9.25) }, Point { loss: 5.5, held_out: Some(11.5) }];
        let picture = svg("composed", &curve);
        assert_eq!(picture.matches("<polyline").count(), 2);
        assert!(picture.contains("11.50") && picture.contains("6.50"));
        assert!(!svg("composed", &[]).contains("polyline"));
    }
}
