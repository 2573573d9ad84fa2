//! Reads the notation of the rules.

use super::plural::Plural;
use super::rules::{BadRule, Piece, Rule};

/// Rules for negative numbers, fractions and the like have bases such as `-x`; we need none.
pub(super) fn is_of_whole_numbers(base: &str) -> bool {
    base.starts_with(|c: char| c.is_ascii_digit())
}

/// One rule from its base value (`20`, or with the radix of its divisor `2000/1000`) and its text.
pub(super) fn rule(set: &str, base_text: &str, text: &str) -> Result<Rule, BadRule> {
    let bad = |reason| BadRule {
        set: set.to_owned(),
        base: base_text.to_owned(),
        reason,
    };
    let (base, radix) = base_text.split_once('/').unwrap_or((base_text, "10"));
    let base = base.parse().map_err(|_| bad("the base is not a number"))?;
    let radix = radix
        .parse()
        .ok()
        .filter(|radix| *radix > 1)
        .ok_or_else(|| bad("the radix is not a number above one"))?;
    let text = text.strip_suffix(';').unwrap_or(text);
    // An apostrophe only keeps the blank that follows it.
    let text = text.strip_prefix('\'').unwrap_or(text);
    Ok(Rule {
        base,
        divisor: divisor(base, radix),
        pieces: pieces(text).map_err(bad)?,
    })
}

/// The largest power of the radix that is not above the base.
fn divisor(base: u64, radix: u64) -> u64 {
    let mut divisor = 1_u64;
    while let Some(next) = divisor.checked_mul(radix).filter(|next| *next <= base) {
        divisor = next;
    }
    divisor
}

fn pieces(text: &str) -> Result<Vec<Piece>, &'static str> {
    let mut rest = text;
    let mut pieces = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (piece, after) = match first {
            '←' => {
                let (set, after) = between(rest, "←", "←")?;
                (Piece::Quotient(named(set)), after)
            }
            '→' => {
                let (set, after) = between(rest, "→", "→")?;
                (Piece::Remainder(named(set)), after)
            }
            '=' => {
                let (inner, after) = between(rest, "=", "=")?;
                (same(inner), after)
            }
            '$' => {
                let (inner, after) = between(rest, "$(", ")$")?;
                (plural(inner)?, after)
            }
            '[' => {
                let (inner, after) = between(rest, "[", "]")?;
                (Piece::UnlessNothingRemains(self::pieces(inner)?), after)
            }
            _ => {
                let end = rest.find(['←', '→', '=', '$', '[']).unwrap_or(rest.len());
                let (text, after) = rest.split_at(end);
                (Piece::Text(text.to_owned()), after)
            }
        };
        pieces.push(piece);
        rest = after;
    }
    Ok(pieces)
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Result<(&'a str, &'a str), &'static str> {
    text.strip_prefix(open)
        .and_then(|inner| inner.split_once(close))
        .ok_or("something is not closed")
}

fn named(set: &str) -> Option<String> {
    Some(set.to_owned()).filter(|set| !set.is_empty())
}

/// `=%set=` is another set; `=#,##0=` is digits.
fn same(inner: &str) -> Piece {
    if inner.starts_with('%') {
        Piece::Same(inner.to_owned())
    } else {
        Piece::Digits
    }
}

/// `cardinal,one{…}few{…}other{…}`.
fn plural(inner: &str) -> Result<Piece, &'static str> {
    let (_, mut rest) = inner.split_once(',').ok_or("a plural without forms")?;
    let mut forms = Vec::new();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('{').ok_or("a plural without forms")?;
        let (form, after) = after.split_once('}').ok_or("something is not closed")?;
        let plural = match name {
            "one" => Plural::One,
            "few" | "two" => Plural::Few,
            "other" => Plural::Other,
            _ => return Err("an unknown plural"),
        };
        forms.push((plural, form.to_owned()));
        rest = after;
    }
    Ok(Piece::Plural(forms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_with_its_divisor() {
        let rule = rule("%x", "2000/1000", "←%a←тысячи[ →→];").unwrap();
        assert_eq!(rule.divisor, 1000);
        assert_eq!(
            rule.pieces,
            [
                Piece::Quotient(Some("%a".to_owned())),
                Piece::Text("тысячи".to_owned()),
                Piece::UnlessNothingRemains(vec![
                    Piece::Text(" ".to_owned()),
                    Piece::Remainder(None),
                ]),
            ]
        );
    }

    #[test]
    fn what_is_not_closed_is_named() {
        let error = rule("%x", "20", "двадцать[ →→;").unwrap_err();
        assert_eq!(error.to_string(), "rule 20 of %x: something is not closed");
    }
}
