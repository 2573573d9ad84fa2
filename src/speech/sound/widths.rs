//! A phrase as both kinds of calls hear it: brought to the lower rate once, not in each clip anew.

use super::{RATE, SoundError, resample, to_floats, to_integers};

/// Samples a second of an ordinary call.
pub(in crate::speech) const NARROW_RATE: u32 = 8_000;

/// For which kind of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::speech) enum Width {
    /// An ordinary one: [`NARROW_RATE`].
    Narrow,
    /// One with the double rate: [`RATE`].
    Wide,
}

impl Width {
    /// How many samples are one of an ordinary call's.
    pub(in crate::speech) const fn scale(self) -> usize {
        match self {
            Self::Narrow => 1,
            Self::Wide => (RATE / NARROW_RATE) as usize,
        }
    }
}

/// The sound of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::speech) struct Sound {
    wide: Vec<i16>,
    narrow: Vec<i16>,
}

impl Sound {
    /// The sound of samples at [`RATE`].
    ///
    /// # Errors
    /// [`SoundError::NotResampled`].
    pub(in crate::speech) fn of(wide: Vec<i16>) -> Result<Self, SoundError> {
        let mut narrow = to_integers(&resample(to_floats(&wide), RATE, NARROW_RATE)?);
        narrow.resize(Self::narrow_length(wide.len()), 0);
        Ok(Self { wide, narrow })
    }

    /// Both kinds of samples as they were kept; `None` if they are not as long as each other.
    pub(in crate::speech) fn kept(wide: Vec<i16>, narrow: Vec<i16>) -> Option<Self> {
        (narrow.len() == Self::narrow_length(wide.len())).then_some(Self { wide, narrow })
    }

    /// What only ordinary calls are to hear: there are no samples for others.
    pub(in crate::speech) fn narrow(narrow: Vec<i16>) -> Self {
        let wide = Vec::new();
        Self { wide, narrow }
    }

    /// How many samples an ordinary call hears of so many at [`RATE`].
    pub(in crate::speech) const fn narrow_length(wide: usize) -> usize {
        wide.div_ceil(Width::Wide.scale())
    }

    /// How long it is, in samples of an ordinary call.
    pub(in crate::speech) fn length(&self) -> usize {
        self.narrow.len()
    }

    /// The samples of one width.
    pub(in crate::speech) fn samples(&self, width: Width) -> &[i16] {
        match width {
            Width::Narrow => &self.narrow,
            Width::Wide => &self.wide,
        }
    }
}
