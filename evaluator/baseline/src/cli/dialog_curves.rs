//! Percentile and Hits@10 by turn as a picture.

use std::fmt::Write;

use scoring::statistics::Interval;
use scoring::{Score, Scorecard};

use crate::error::Result;

const PANEL: f64 = 340.0;
const HEIGHT: f64 = 260.0;
const MARGIN: f64 = 44.0;
const LEGEND: f64 = 20.0;

/// The measures of the two panels, and what they are called.
const PANELS: [(&str, &str); 2] = [("percentile", "percentile (%)"), ("hits@10", "Hits@10 (%)")];

/// Dashes distinguish the lines for those who see no colours.
const STROKES: [(&str, &str); 6] = [
    ("#7f1d31", ""),
    ("#2b6b6b", "7 3"),
    ("#b3541e", "2 3"),
    ("#1f4e9c", "9 3 2 3"),
    ("#5c5348", "12 4"),
    ("#6b3fa0", "4 4"),
];

/// The curves of some agents.
pub(super) struct DialogCurves {
    turns: u32,
    agents: Vec<Agent>,
}

struct Agent {
    title: String,
    /// For each panel and turn, in percent: the low end of the interval, the value, the high end.
    panels: Vec<Vec<[f64; 3]>>,
}

/// How a panel places its values.
struct Axes {
    left: f64,
    turns: u32,
    low: f64,
}

impl DialogCurves {
    /// No agents yet.
    pub(super) fn of_turns(turns: u32) -> Self {
        Self { turns, agents: vec![] }
    }

    /// Adds the scorecard of an agent.
    pub(super) fn add(&mut self, title: &str, card: &Scorecard) -> Result<()> {
        let mut panels = Vec::new();
        for (measure, _) in PANELS {
            let mut points = Vec::new();
            for turn in 1..=self.turns {
                points.push(in_percent(card.score(format!("{measure}:{turn}").parse()?)));
            }
            panels.push(points);
        }
        self.agents.push(Agent { title: title.to_owned(), panels });
        Ok(())
    }

    /// The picture.
    pub(super) fn svg(&self) -> String {
        let (width, height) = (2.0 * PANEL, HEIGHT + LEGEND * (self.agents.len() + 1) as f64);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n<title>Percentile and Hits@10 \
             by turn, with 95 % intervals</title>\n<rect width=\"{width}\" height=\"{height}\" \
             fill=\"#fff\"/>\n"
        );
        for (at, (_, label)) in PANELS.iter().enumerate() {
            let lowest = self.agents.iter().flat_map(|agent| &agent.panels[at]);
            let lowest = lowest.map(|[low, ..]| *low).fold(100.0, f64::min);
            // A quarter of the height is a whole number.
            let low = ((lowest / 20.0).floor() * 20.0).clamp(0.0, 80.0);
            let axes = Axes { left: PANEL * at as f64 + MARGIN, turns: self.turns, low };
            axes.draw(&mut svg, label);
            for (agent, stroke) in self.agents.iter().zip(STROKES.iter().cycle()) {
                axes.curve(&mut svg, &agent.panels[at], *stroke);
            }
        }
        for (n, (agent, (colour, dashes))) in
            self.agents.iter().zip(STROKES.iter().cycle()).enumerate()
        {
            let y = HEIGHT + LEGEND * (n as f64 + 0.5);
            let _ = writeln!(
                svg,
                "<path d=\"M{MARGIN} {y}h36\" stroke=\"{colour}\" stroke-width=\"2\" \
                 stroke-dasharray=\"{dashes}\"/><text x=\"{}\" y=\"{}\">{}</text>",
                MARGIN + 46.0,
                y + 4.0,
                escaped(&agent.title)
            );
        }
        svg + "</svg>\n"
    }
}

impl Axes {
    fn x(&self, turn: usize) -> f64 {
        self.left + (PANEL - 1.5 * MARGIN) * turn as f64 / f64::from(self.turns.max(2) - 1)
    }

    fn y(&self, value: f64) -> f64 {
        let height = HEIGHT - 2.0 * MARGIN;
        HEIGHT - MARGIN - height * (value - self.low) / (100.0 - self.low)
    }

    /// Lines, numbers and names.
    fn draw(&self, svg: &mut String, label: &str) {
        let (left, right) = (self.x(0), self.x(self.turns.max(2) as usize - 1));
        let _ = writeln!(svg, "<text x=\"{left:.0}\" y=\"24\" font-weight=\"bold\">{label}</text>");
        for part in 0..=4 {
            let value = self.low + (100.0 - self.low) * f64::from(part) / 4.0;
            let y = self.y(value);
            let _ = writeln!(
                svg,
                "<path d=\"M{left:.1} {y:.1}H{right:.1}\" stroke=\"#ddd6cc\"/><text x=\"{:.1}\" \
                 y=\"{:.1}\" text-anchor=\"end\" fill=\"#655c53\">{value:.0}</text>",
                left - 6.0,
                y + 4.0
            );
        }
        for turn in 0..self.turns as usize {
            let _ = writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#655c53\">{}{}</text>",
                self.x(turn),
                HEIGHT - MARGIN + 18.0,
                if turn == 0 { "turn " } else { "" },
                turn + 1
            );
        }
    }

    /// A line in the band of its intervals.
    fn curve(&self, svg: &mut String, points: &[[f64; 3]], (colour, dashes): (&str, &str)) {
        let place =
            |(turn, value): (usize, f64)| format!("{:.1},{:.1}", self.x(turn), self.y(value));
        let along = |end: usize| points.iter().map(move |ends| ends[end]).enumerate();
        let line: Vec<String> = along(1).map(place).collect();
        let band: Vec<String> = along(0).chain(along(2).rev()).map(place).collect();
        let _ = writeln!(
            svg,
            "<polygon points=\"{}\" fill=\"{colour}\" opacity=\"0.15\"/>\n<polyline points=\"{}\" \
             fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dashes}\"/>",
            band.join(" "),
            line.join(" ")
        );
    }
}

/// The ends of the interval around the value; a value without one is both its ends.
fn in_percent(score: Option<&Score>) -> [f64; 3] {
    let value = score.and_then(|score| score.overall).unwrap_or_default();
    let ends = score.and_then(|score| score.interval);
    let Interval { low, high } = ends.unwrap_or(Interval { low: value, high: value });
    [low, value, high].map(|share| 100.0 * share)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_agent_has_a_line_in_each_panel_and_its_name_below() {
        let rising = |from: f64| -> Vec<[f64; 3]> {
            [0.0, 1.0, 2.0].map(|turn| [0.0, 1.0, 2.0].map(|end| from + end + turn)).to_vec()
        };
        let agent = |title: &str, from: f64| Agent {
            title: title.to_owned(),
            panels: vec![rising(from), rising(from)],
        };
        let agents = vec![agent("words & more", 52.0), agent("manager", 90.0)];
        let svg = DialogCurves { turns: 3, agents }.svg();
        assert_eq!(svg.matches("<polyline").count(), 4);
        assert!(svg.contains("words &amp; more") && svg.contains(">40</text>"), "{svg}");
        assert!(!DialogCurves::of_turns(5).svg().contains("polyline"));
    }
}
