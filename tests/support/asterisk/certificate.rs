//! Certificates for Asterisk's web server: an authority of the test's own, and what it signed.

use std::fs;
use std::io;
use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

/// Writes `authority.pem`, for those who are to trust it, and `server.pem`, certificate and key.
pub(super) fn write(directory: &Path) -> io::Result<()> {
    let authority = authority()?;
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let names = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
    let server = CertificateParams::new(names)
        .and_then(|params| params.signed_by(&key, &authority))
        .map_err(io::Error::other)?;
    fs::write(directory.join("authority.pem"), authority.pem())?;
    fs::write(
        directory.join("server.pem"),
        server.pem() + &key.serialize_pem(),
    )
}

/// The certificate of an authority that signed nothing here.
pub(crate) fn strange_authority() -> io::Result<String> {
    authority().map(|authority| authority.pem())
}

fn authority() -> io::Result<CertifiedIssuer<'static, KeyPair>> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().map_err(io::Error::other)?;
    CertifiedIssuer::self_signed(params, key).map_err(io::Error::other)
}
