//! ARI over TLS: a certificate is trusted because an authority vouches for it, or not at all.

use std::path::Path;

use crate::support::application::{Application, ApplicationSettings};
use crate::support::asterisk::{Asterisk, strange_authority};
use crate::support::company::Result;

fn over_tls(asterisk: &Asterisk, authority: Option<&Path>) -> ApplicationSettings {
    ApplicationSettings {
        ari_base: Some(asterisk.https_base()),
        authority: authority.map(Path::to_owned),
        ..ApplicationSettings::of_the_tested_program()
    }
}

#[tokio::test]
async fn with_the_authority_of_the_settings_calls_are_served_over_tls() -> Result<()> {
    let asterisk = Asterisk::start().await?;
    let settings = over_tls(&asterisk, Some(&asterisk.authority()));
    Application::ready(&asterisk, &settings).await?;
    Ok(())
}

#[tokio::test]
async fn without_the_authority_nothing_is_sent_and_the_log_says_why() -> Result<()> {
    let asterisk = Asterisk::start().await?;
    let directory = tempfile::tempdir()?;
    let strange = directory.path().join("strange.pem");
    std::fs::write(&strange, strange_authority()?)?;
    for authority in [None, Some(strange.as_path())] {
        let application = Application::start(&asterisk, &over_tls(&asterisk, authority))?;
        let entry = application.wait_for("Asterisk does not answer").await?;
        let reason = entry["error"].as_str().unwrap_or_default();
        assert!(reason.contains("invalid peer certificate"), "{reason}");
        assert!(!application.log().contains("calls are served"));
    }
    Ok(())
}
