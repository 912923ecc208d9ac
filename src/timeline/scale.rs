//! From times to positions. The axis is true to scale within the life of the token; what lies far outside of it is drawn
//! nearer, behind a break.

/// Free room at both ends, in thousandths, for what leeway and labels reach beyond the outermost marks.
const MARGIN: i128 = 40;

/// The width between the margins.
const WIDTH: i128 = 1000 - 2 * MARGIN;

/// Of shorter lives every part is drawn to scale.
const LONG: i128 = 30 * 86_400;

/// A part of a long life is cut when it is so many times as long as all the rest, and then drawn so many times as long.
const CUT_FROM: i128 = 50;
const CUT_TO: i128 = 4;

/// What lies outside is drawn to scale up to so many lengths of the life; beyond that it stands one length away.
const FAR: i128 = 2;

/// Where marks and core fall on one moment, so many seconds are taken for its length.
const MOMENT: i128 = 60;

/// The times of the marks and the way between each two.
pub(super) struct Scale {
    gaps: Vec<Gap>,
    /// The earliest and the latest mark.
    ends: (i128, i128),
    /// The weight of all gaps together.
    total: i128,
}

struct Gap {
    from: i128,
    to: i128,
    /// The weights before it and of it: seconds where it is true to scale.
    before: i128,
    weight: i128,
    /// The end that a broken gap is true to scale at.
    broken: Option<Near>,
}

#[derive(Clone, Copy, PartialEq)]
enum Near {
    Left,
    Right,
}

impl Scale {
    /// A scale for these times, which are sorted; `core` begins and ends at one of them each.
    pub fn new(times: &[i64], core: (i64, i64), now: i64) -> Scale {
        let (core, now) = ((i128::from(core.0), i128::from(core.1)), i128::from(now));
        let pairs = times.iter().zip(times.iter().skip(1)).map(|(from, to)| (i128::from(*from), i128::from(*to)));
        let mut gaps: Vec<Gap> = pairs
            .filter(|(from, to)| from < to)
            .map(|(from, to)| Gap { from, to, before: 0, weight: to - from, broken: None })
            .collect();
        cut_long_life(&mut gaps, core, now);
        let inside = |gap: &Gap| core.0 <= gap.from && gap.to <= core.1;
        let unit: i128 = gaps.iter().filter(|gap| inside(gap)).map(|gap| gap.weight).sum();
        let unit = if unit == 0 { MOMENT } else { unit };
        let mut total = 0;
        for gap in &mut gaps {
            if !inside(gap) && gap.weight > FAR * unit {
                gap.weight = unit;
                gap.broken = Some(if gap.from >= core.1 { Near::Left } else { Near::Right });
            }
            gap.before = total;
            total += gap.weight;
        }
        let first = times.first().map_or(now, |time| i128::from(*time));
        let last = times.last().map_or(now, |time| i128::from(*time));
        Scale { gaps, ends: (first, last), total }
    }

    /// Where a time stands, 0 to 1000. A later time never stands further left.
    pub fn position(&self, time: i64) -> u32 {
        let time = i128::from(time);
        let weight = match self.gaps.iter().find(|gap| gap.from <= time && time < gap.to) {
            Some(gap) => gap.before + gap.offset(time),
            None if time < self.ends.0 => time - self.ends.0,
            None => self.total.saturating_add(time - self.ends.1),
        };
        let position = match self.total {
            // A single moment stands in the middle, and what is not it at the edges of its surroundings.
            0 => 500 + weight.clamp(-MOMENT, MOMENT),
            total => MARGIN + WIDTH * weight / total,
        };
        u32::try_from(position.clamp(0, 1000)).unwrap_or_default()
    }

    /// Whether a time lies behind a break.
    pub fn is_beyond(&self, time: i64) -> bool {
        let time = i128::from(time);
        self.gaps.iter().any(|gap| match gap.broken {
            Some(Near::Left) => gap.to <= time,
            Some(Near::Right) => time <= gap.from,
            None => false,
        })
    }

    /// Where the axis is broken: in the part of each broken gap that is not true to scale.
    pub fn breaks(&self) -> Vec<u32> {
        let at = |gap: &Gap| {
            let weight = gap.before + gap.weight * if gap.broken == Some(Near::Left) { 9 } else { 1 } / 10;
            u32::try_from(MARGIN + WIDTH * weight / self.total.max(1)).unwrap_or_default()
        };
        self.gaps.iter().filter(|gap| gap.broken.is_some()).map(at).collect()
    }
}

impl Gap {
    /// How far into the gap a time stands, in weight.
    fn offset(&self, time: i128) -> i128 {
        // Behind that the break stands.
        let true_part = self.weight * 8 / 10;
        match self.broken {
            None => time - self.from,
            Some(Near::Left) => (time - self.from).min(true_part),
            Some(Near::Right) => {
                self.weight - (self.to - time).min(if time == self.from { self.weight } else { true_part })
            }
        }
    }
}

/// Breaks the longest part of a life of months or years, where the marks would otherwise fall together at one end of it.
fn cut_long_life(gaps: &mut [Gap], core: (i128, i128), now: i128) {
    let all: i128 = gaps.iter().map(|gap| gap.weight).sum();
    if core.1 - core.0 <= LONG {
        return;
    }
    for gap in gaps.iter_mut().filter(|gap| core.0 <= gap.from && gap.to <= core.1) {
        let rest = all - gap.weight;
        if rest > 0 && gap.weight > CUT_FROM * rest {
            gap.weight = CUT_TO * rest;
            gap.broken = Some(if now <= gap.from { Near::Left } else { Near::Right });
            return;
        }
    }
}
