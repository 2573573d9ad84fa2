//! Whom we trust over `https` and `wss`: one configuration for all that we connect to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// There is nobody to trust.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file of certificate authorities can't be used.
    #[error("the CA file {} can't be used ({reason}); it must hold certificates in PEM form", path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// `https` needs somebody to trust.
    #[error(
        "no trusted certificate authorities were found on this system ({0}): install ca-certificates or name a CA file"
    )]
    NoRoots(String),
    /// TLS could not be set up.
    #[error("TLS can't be set up: {0}")]
    Unusable(String),
}

/// The system's certificate authorities, and those of `ca_file`.
///
/// # Errors
/// [`TlsError::CaFile`] when the file can't be read or holds no certificate, and
/// [`TlsError::NoRoots`] when `needed` and there is nobody to trust.
pub fn client_config(ca_file: Option<&Path>, needed: bool) -> Result<Arc<ClientConfig>, TlsError> {
    let mut roots = RootCertStore::empty();
    let native = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(native.certs);
    if let Some(path) = ca_file {
        add_file(&mut roots, path)?;
    }
    if needed && roots.is_empty() {
        let reasons: Vec<String> = native.errors.iter().map(ToString::to_string).collect();
        return Err(TlsError::NoRoots(reasons.join("; ")));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| TlsError::Unusable(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn add_file(roots: &mut RootCertStore, path: &Path) -> Result<(), TlsError> {
    let unusable = |reason: String| TlsError::CaFile {
        path: path.to_owned(),
        reason,
    };
    let certificates = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unusable(error.to_string()))?;
    if certificates.is_empty() {
        return Err(unusable("it holds no certificate".to_owned()));
    }
    for certificate in certificates {
        roots
            .add(certificate)
            .map_err(|error| unusable(error.to_string()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_ca_file_that_is_not_there_is_named() {
        let error = client_config(Some(Path::new("/nowhere/ca.pem")), true).unwrap_err();
        assert!(error.to_string().contains("/nowhere/ca.pem"), "{error}");
    }

    #[test]
    fn a_ca_file_without_a_certificate_is_refused() {
        for text in [
            "",
            "not a certificate",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(text.as_bytes()).unwrap();
            let result = client_config(Some(file.path()), false);
            assert!(matches!(result, Err(TlsError::CaFile { .. })), "{text}");
        }
    }
}
