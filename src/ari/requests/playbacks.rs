//! Requests about playbacks.

use hyper::Method;

use super::Requests;
use crate::ari::{PlaybackId, RequestError, Thing};

impl Requests {
    /// Stops a playback. Its `PlaybackFinished` follows.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    /// [`RequestError::Gone`] when it has ended by itself.
    pub async fn stop_playback(&self, playback: &PlaybackId) -> Result<(), RequestError> {
        let request = self.request(Method::DELETE, &["playbacks", playback.as_str()]);
        self.done(request, Thing::Playback).await
    }
}
