//! A token that is good for a while: asked for once, kept, and renewed before its end.

use std::future::Future;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::secret::Secret;

use super::ServiceError;

/// The token that is used now. While one task signs in, the others wait for its token.
#[derive(Default)]
pub(super) struct KeptToken(Mutex<Option<(Secret, Instant)>>);

impl KeptToken {
    /// The token; if there is none, or it is near its end, `sign_in` gives one and says how long it
    /// is to be used.
    pub(super) async fn token(
        &self,
        sign_in: impl Future<Output = Result<(Secret, Duration), ServiceError>>,
    ) -> Result<Secret, ServiceError> {
        let mut kept = self.0.lock().await;
        if let Some((token, until)) = kept.as_ref()
            && Instant::now() < *until
        {
            return Ok(token.clone());
        }
        let (token, used_for) = sign_in.await?;
        *kept = Some((token.clone(), Instant::now() + used_for));
        Ok(token)
    }

    /// This token was refused. One that took its place meanwhile stays.
    pub(super) async fn forget(&self, token: &Secret) {
        let mut kept = self.0.lock().await;
        if kept.as_ref().is_some_and(|(kept, _)| kept == token) {
            *kept = None;
        }
    }
}
