//! Callback jobs as one table, sent page by page, so that it may have any length.

use axum::body::{Body, Bytes};
use futures_util::stream;

use crate::crm::wire::{COLUMNS, Moments, row};
use crate::domain::callback::Job;
use crate::store::{CallbackFilter, CallbackPlace, Store, StoreError};

/// So many jobs are read at once.
const PAGE: usize = 1000;

/// How far the table is.
enum Progress {
    Head,
    After(CallbackPlace),
    Done,
}

/// Why the table broke off.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the table can't be written: {0}")]
    Table(String),
}

/// All jobs that are meant, the latest first. If the store fails in the middle, the table breaks off.
pub(super) fn table(store: Store, filter: CallbackFilter, moments: Moments) -> Body {
    let pages = stream::try_unfold(Progress::Head, move |progress| {
        let (store, filter, moments) = (store.clone(), filter.clone(), moments.clone());
        async move {
            let read = move || next_page(&store, &filter, &moments, progress);
            let read = tokio::task::spawn_blocking(read).await;
            let page = read.map_err(|_| Broken::Store(StoreError::BrokeOff))?;
            page.inspect_err(|error| tracing::error!(%error, "a table of callbacks broke off"))
        }
    });
    Body::from_stream(pages)
}

fn next_page(
    store: &Store,
    filter: &CallbackFilter,
    moments: &Moments,
    progress: Progress,
) -> Result<Option<(Bytes, Progress)>, Broken> {
    let (place, is_first) = match progress {
        Progress::Head => (None, true),
        Progress::After(place) => (Some(place), false),
        Progress::Done => return Ok(None),
    };
    let jobs = store.callbacks_before(filter, place.as_ref(), PAGE)?;
    let bytes = rows(&jobs, moments, is_first).map_err(Broken::Table)?;
    let last = jobs.last().filter(|_| jobs.len() == PAGE);
    let next = last.map(|job| (job.created, job.wanted.id.clone()));
    let next = next.map_or(Progress::Done, Progress::After);
    Ok(Some((bytes, next)))
}

fn rows(jobs: &[Job], moments: &Moments, with_head: bool) -> Result<Bytes, String> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut write = || -> csv::Result<()> {
        if with_head {
            table.write_record(COLUMNS)?;
        }
        for job in jobs {
            table.write_record(row(job, moments))?;
        }
        Ok(())
    };
    write().map_err(|error| error.to_string())?;
    let bytes = table.into_inner().map_err(|error| error.to_string())?;
    Ok(bytes.into())
}
