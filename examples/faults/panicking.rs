//! The application inside of this program, with a defect planted: it panics in a call.

use std::fs;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use tempfile::TempDir;
use tokio::sync::oneshot;
use vizavi::ari::ChannelId;
use vizavi::config;
use vizavi::domain::call::{News, Outcome};
use vizavi::domain::directory::{Entry, Extensions};
use vizavi::domain::language::Language;
use vizavi::domain::menu::{Known, Menu, Reasons};
use vizavi::domain::phone::PhoneNumber;
use vizavi::switchboard::{Reception, Report, Welcome};

use crate::moment::Moment;
use crate::support::asterisk::Asterisk;
use crate::support::company::{Result, SOON};
use crate::support::fault::{alive_until, quick, wait_until};
use crate::support::records;

/// Knows everybody, and panics at this moment of each call.
struct Broken {
    menu: Menu,
    at: Moment,
}

/// The application at work. Dropped, it stops.
pub(crate) struct Panicking {
    _stop: oneshot::Sender<()>,
    _directory: TempDir,
}

impl Reception for Broken {
    fn welcome(
        &self,
        _: &ChannelId,
        _: Option<&PhoneNumber>,
        _: &Arc<[Entry]>,
    ) -> BoxFuture<'static, Welcome> {
        assert!(self.at != Moment::Entry, "planted");
        let known = Known {
            menu: self.menu.clone(),
            name: None,
            extensions: Extensions::default(),
            reasons: Reasons::default(),
        };
        ready(Welcome::of(known)).boxed()
    }

    fn call_goes_on(&self, news: News, _: Report) {
        let planted = match news {
            News::Started => false,
            News::Offered => self.at == Moment::Menu,
            News::Connected => self.at == Moment::Talking,
        };
        assert!(!planted, "planted");
    }

    fn call_ended(&self, _: Outcome, _: Report) {}
}

/// Starts it, and waits until calls are served.
pub(crate) async fn start(asterisk: &Asterisk, at: Moment) -> Result<Panicking> {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("vizavi.toml");
    let text = format!(
        "[ari]\nurl = \"{}/ari\"\npassword = \"{}\"\n\n[speech]\ndirectory = \"phrases\"\n\n{}",
        asterisk.http_base(),
        asterisk.ari_password(),
        quick().more,
    );
    fs::write(&file, text)?;
    let settings = config::read(&file)?;
    let sales = [records::sales(Language::Russian)?];
    let reception = Broken {
        menu: Menu::personal(records::wanted(Language::Russian)?, &sales, 3),
        at,
    };
    let (stop, stopped) = oneshot::channel();
    tokio::spawn(async move {
        let stopped = async { drop(stopped.await) };
        vizavi::app::serve_with(settings, Arc::new(reception), None, stopped).await
    });
    wait_until("the gate opens", SOON * 2, || {
        alive_until(asterisk).is_ok_and(|until| until > 0)
    })
    .await?;
    Ok(Panicking {
        _stop: stop,
        _directory: directory,
    })
}
