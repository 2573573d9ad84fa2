//! stub
use crate::domain::prompt::{Clip, Prompt};
/// stub
#[derive(Debug)]
pub struct Speech;
/// stub
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct SpeechError;
impl Speech {
    /// stub
    pub fn open(_: Settings) -> Result<Self, SpeechError> {
        Err(SpeechError)
    }
    /// stub
    pub fn ready(&self, _: &Prompt) -> Option<Clip> {
        None
    }
    /// stub
    pub async fn prepare(&self, _: &Prompt) -> Result<Clip, SpeechError> {
        Err(SpeechError)
    }
    /// stub
    pub async fn warm(&self, _: &[Prompt]) -> Result<(), SpeechError> {
        Err(SpeechError)
    }
}

/// stub
#[derive(Clone, Debug)]
pub struct Settings {
    /// dir
    pub directory: std::path::PathBuf,
    /// ru
    pub russian: Vec<String>,
    /// en
    pub english: Vec<String>,
}
