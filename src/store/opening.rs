//! Opening the store. What is damaged is put aside, not deleted, and an empty store is begun.

use std::path::{Path, PathBuf};

use super::callbacks::Index;
use super::error::{OpenError, StoreError};
use super::known::Known;
use super::place::Place;
use super::settings::Settings;
use super::trees::Trees;

/// The version of the whole: which trees there are, and what their keys mean.
const FORMAT: u64 = 1;

/// A store that can be read and written.
pub(super) struct Ready {
    pub(super) trees: Trees,
    pub(super) known: Known,
    pub(super) callbacks: Index,
    /// Where a damaged one was put.
    pub(super) moved_aside: Option<PathBuf>,
}

pub(super) fn open(place: &Place, settings: &Settings) -> Result<Ready, OpenError> {
    let directory = place.directory();
    let unusable = |reason: std::io::Error| OpenError::unusable(directory, &reason);
    let mut moved_aside = None;
    if let Some(data) = place.current().map_err(unusable)? {
        let damage = if place.is_marked_damaged() {
            "it was found damaged while it was in use".to_owned()
        } else {
            match open_data(place, &data, settings) {
                Ok((trees, known, callbacks)) => {
                    place.tidy(&data).map_err(unusable)?;
                    return Ok(Ready {
                        trees,
                        known,
                        callbacks,
                        moved_aside: None,
                    });
                }
                Err(StoreError::Damaged(reason)) => reason,
                Err(StoreError::Newer(what)) => {
                    return Err(OpenError::Newer {
                        directory: directory.to_owned(),
                        what,
                    });
                }
                Err(reason) => return Err(OpenError::unusable(directory, &reason)),
            }
        };
        let aside = place.put_aside(&data).map_err(unusable)?;
        tracing::error!(
            damage,
            aside = %aside.display(),
            "the store is damaged: it was put aside, and an empty one is begun"
        );
        moved_aside = Some(aside);
    }
    let data = place.first();
    place.tidy(&data).map_err(unusable)?;
    let (trees, known, callbacks) = open_data(place, &data, settings)
        .map_err(|reason| OpenError::unusable(directory, &reason))?;
    Ok(Ready {
        trees,
        known,
        callbacks,
        moved_aside,
    })
}

/// Opens the trees in one directory. An empty one becomes a store, unless one was there.
fn open_data(
    place: &Place,
    data: &Path,
    settings: &Settings,
) -> Result<(Trees, Known, Index), StoreError> {
    let trees = Trees::open(data, settings.cache_bytes)?;
    match trees.format()? {
        Some(FORMAT) => {}
        Some(later) if later > FORMAT => {
            return Err(StoreError::Newer(format!(
                "its format is {later}, and {FORMAT} is the latest that this program knows"
            )));
        }
        Some(format) => return Err(StoreError::Damaged(format!("its format is {format}"))),
        None if place.is_complete(data) => {
            return Err(StoreError::Damaged("all that was in it is gone".to_owned()));
        }
        None => {
            trees.set_format(FORMAT)?;
            trees.flush()?;
        }
    }
    let known = Known::load(&trees)?;
    let callbacks = Index::load(&trees, settings.zone.clone())?;
    if !place.is_complete(data) {
        place.set_current(data)?;
    }
    Ok((trees, known, callbacks))
}
