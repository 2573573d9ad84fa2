//! A service whose certificate comes from an authority that the system does not know.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::*;

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn signed_by(authority: &CertifiedIssuer<'static, KeyPair>) -> TlsAcceptor {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let chain = vec![CertificateDer::from_pem_slice(certificate.pem().as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

fn salute(server: &StandIn, ca_file: Option<PathBuf>) -> Kind {
    let Kind::Salute(mut settings) = kinds(server).remove(3) else {
        panic!("the fourth is Salute");
    };
    settings.online.ca_file = ca_file;
    Kind::Salute(settings)
}

#[tokio::test]
async fn salute_is_believed_with_its_authority_and_not_without() {
    let (own, strange) = (authority(), authority());
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, authority: &CertifiedIssuer<'static, KeyPair>| {
        let path = directory.path().join(name);
        std::fs::write(&path, authority.pem()).unwrap();
        path
    };
    let server = StandIn::start_over_tls(signed_by(&own)).await;
    assert!(server.url("").starts_with("https://"));

    let strangers = Some(file("strange.pem", &strange));
    let error = ask(salute(&server, strangers)).await.unwrap_err();
    assert!(matches!(error, ServiceError::Unreachable(_)), "{error:?}");
    assert!(server.seen().is_empty(), "not even the key was sent");

    let decoded = ask(salute(&server, Some(file("own.pem", &own)))).await;
    assert_eq!(decoded.unwrap().samples.len(), 12_000);
    assert_eq!(server.seen().len(), 2);
}
