//! CPU time of a call, application by application, as an SVG.

use std::fmt::Write as _;

use super::results::{Results, Window};

const LEFT: f64 = 150.0;
const WIDTH: f64 = 480.0;
const BAR: f64 = 22.0;
const GAP: f64 = 8.0;
const HEAD: f64 = 34.0;
const FOOT: f64 = 30.0;

/// Two-coloured bars for each application at the highest rate: Asterisk, and the application.
pub(crate) fn draw(results: &Results) -> String {
    let Some(rate) = results.rates().into_iter().next_back() else {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n".to_owned();
    };
    let applications = results.applications();
    let bars: Vec<(&str, f64, f64)> = applications
        .iter()
        .map(|application| {
            let asterisk = results.middle(*application, rate, Window::asterisk);
            let own = results.middle(*application, rate, Window::own);
            (application.name(), asterisk, own)
        })
        .collect();
    let longest = bars
        .iter()
        .map(|(_, asterisk, own)| asterisk + own)
        .fold(1.0, f64::max);
    let height = HEAD + bars.len() as f64 * (BAR + GAP) + FOOT;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {height}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
         <text x=\"10\" y=\"20\" font-weight=\"bold\">CPU time of a call, {rate:.0} calls a second, milliseconds</text>\n",
        LEFT + WIDTH + 70.0
    );
    for (row, (name, asterisk, own)) in bars.iter().enumerate() {
        bar(
            &mut svg,
            HEAD + row as f64 * (BAR + GAP),
            name,
            (asterisk * WIDTH / longest, own * WIDTH / longest),
            asterisk + own,
        );
    }
    let legend = height - 10.0;
    let _ = write!(
        svg,
        "<rect x=\"{LEFT}\" y=\"{0}\" width=\"12\" height=\"12\" fill=\"#7a8ca0\"/><text x=\"{1}\" y=\"{legend}\">Asterisk</text>\n\
         <rect x=\"{2}\" y=\"{0}\" width=\"12\" height=\"12\" fill=\"#d9822b\"/><text x=\"{3}\" y=\"{legend}\">the application with all that it starts</text>\n</svg>\n",
        legend - 11.0,
        LEFT + 18.0,
        LEFT + 90.0,
        LEFT + 108.0,
    );
    svg
}

fn bar(svg: &mut String, y: f64, name: &str, (asterisk, own): (f64, f64), total: f64) {
    let middle = y + BAR * 0.7;
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{middle:.1}\" text-anchor=\"end\">{name}</text>\
         <rect x=\"{LEFT}\" y=\"{y:.1}\" width=\"{asterisk:.1}\" height=\"{BAR}\" fill=\"#7a8ca0\"/>\
         <rect x=\"{:.1}\" y=\"{y:.1}\" width=\"{own:.1}\" height=\"{BAR}\" fill=\"#d9822b\"/>\
         <text x=\"{:.1}\" y=\"{middle:.1}\">{total:.1}</text>",
        LEFT - 8.0,
        LEFT + asterisk,
        LEFT + asterisk + own + 6.0,
    );
}
