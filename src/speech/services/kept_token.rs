//! A token that is good for a while: asked for once, kept, and renewed before its end.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::secret::Secret;

use super::ServiceError;

/// The token that is used now. While one task signs in, the others wait for its token.
#[derive(Default)]
pub(super) struct KeptToken(Mutex<Option<(Secret, Instant)>>);

impl KeptToken {
    /// Asks with the token. If it is refused, signs in once more and asks again.
    pub(super) async fn ask<T, SignedIn, Answered>(
        &self,
        sign_in: impl Fn() -> SignedIn,
        question: impl Fn(Secret) -> Answered,
    ) -> Result<T, ServiceError>
    where
        SignedIn: Future<Output = Result<(Secret, Duration), ServiceError>>,
        Answered: Future<Output = Result<T, ServiceError>>,
    {
        let token = self.token(sign_in()).await?;
        match question(token.clone()).await {
            Err(error) if error.is_unauthorised() => self.forget(&token).await,
            answer => return answer,
        }
        question(self.token(sign_in()).await?).await
    }

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
    async fn forget(&self, token: &Secret) {
        let mut kept = self.0.lock().await;
        if kept.as_ref().is_some_and(|(kept, _)| kept == token) {
            *kept = None;
        }
    }
}
