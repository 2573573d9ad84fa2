//! A defect of ours in one call is that call's own: its caller is at the fallback at once, and no other call notices.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use tokio::sync::oneshot;
use vizavi::ari::ChannelId;
use vizavi::config::{self, Settings};
use vizavi::domain::call::{News, Outcome};
use vizavi::domain::directory::{Entry, Extensions};
use vizavi::domain::language::Language;
use vizavi::domain::menu::{Known, Menu, Reasons};
use vizavi::domain::phone::PhoneNumber;
use vizavi::switchboard::{Ending, Reception, Report, Welcome};

use crate::support::application::Application;
use crate::support::asterisk::Asterisk;
use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{
    AT_ONCE, SECOND, alive_until, quick, reaches_sales, they_hear_each_other, wait_until,
};
use crate::support::phone::Kind;
use crate::support::records::{self, CLIENT, STRANGER};

/// Knows callers, and panics for one of them.
struct Broken {
    menu: Menu,
    breaks_for: PhoneNumber,
    /// And when their talk begins.
    breaks_in_talks: bool,
    ended: Arc<Mutex<Vec<Outcome>>>,
}

impl Reception for Broken {
    fn welcome(
        &self,
        _: &ChannelId,
        caller: Option<&PhoneNumber>,
        _: &Arc<[Entry]>,
    ) -> BoxFuture<'static, Welcome> {
        assert!(
            self.breaks_in_talks || caller != Some(&self.breaks_for),
            "the defect that this test is about"
        );
        let known = Known {
            menu: self.menu.clone(),
            name: None,
            extensions: Extensions::default(),
            reasons: Reasons::default(),
        };
        ready(Welcome::of(known)).boxed()
    }

    fn call_goes_on(&self, news: News, report: Report) {
        let breaks = self.breaks_in_talks && report.caller.as_ref() == Some(&self.breaks_for);
        assert!(
            !breaks || news != News::Connected,
            "the defect that this test is about"
        );
    }

    fn call_ended(&self, outcome: Outcome, _: Report) {
        self.ended.lock().unwrap().push(outcome);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_in_one_call_sends_its_caller_to_the_fallback_and_harms_no_other() -> Result<()> {
    let company = company_without_a_process().await?;
    let directory = tempfile::tempdir()?;
    let settings = settings(&company, directory.path())?;
    let sales = [records::sales(Language::Russian)?];
    let reception = Broken {
        menu: Menu::personal(records::wanted(Language::Russian)?, &sales, 3),
        breaks_for: PhoneNumber::parse(STRANGER)?,
        breaks_in_talks: false,
        ended: Arc::default(),
    };
    let (stop, stopped) = oneshot::channel();
    let serving = tokio::spawn(vizavi::app::serve_with(
        settings,
        Arc::new(reception),
        None,
        async { drop(stopped.await) },
    ));
    let sales = company.employee("90", AT_ONCE).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    wait_until("the gate opens", SOON * 2, || {
        alive_until(&company.asterisk).is_ok_and(|until| until > 0)
    })
    .await?;

    let lucky = company.caller(CLIENT).await?;
    lucky.wait_for(Kind::Established, SOON).await?;
    let dialled = Instant::now();
    let unlucky = company.caller(STRANGER).await?;
    let took = reaches_sales(&unlucky, &sales, SOON).await? - dialled;
    println!("a panic in a call: its caller is at the fallback after {took:?}");
    assert!(took < SECOND * 2, "{took:?}");

    lucky.press('1').await?;
    eugenia.wait_for(Kind::Established, SOON).await?;
    they_hear_each_other(&lucky, &eugenia, "34").await;
    they_hear_each_other(&unlucky, &sales, "90").await;
    lucky.hang_up().await?;
    unlucky.hang_up().await?;
    company.wait_until_nothing_is_left().await?;
    stop.send(()).map_err(|()| "it has ended by itself")?;
    assert_eq!(serving.await??, Ending::Stopped);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_during_a_talk_is_not_heard_and_its_end_is_known() -> Result<()> {
    let company = company_without_a_process().await?;
    let directory = tempfile::tempdir()?;
    let settings = settings(&company, directory.path())?;
    let sales = [records::sales(Language::Russian)?];
    let ended = Arc::<Mutex<Vec<Outcome>>>::default();
    let reception = Broken {
        menu: Menu::personal(records::wanted(Language::Russian)?, &sales, 3),
        breaks_for: PhoneNumber::parse(STRANGER)?,
        breaks_in_talks: true,
        ended: Arc::clone(&ended),
    };
    let (stop, stopped) = oneshot::channel();
    let serving = tokio::spawn(vizavi::app::serve_with(
        settings,
        Arc::new(reception),
        None,
        async { drop(stopped.await) },
    ));
    let eugenia = company.employee("34", AT_ONCE).await?;
    wait_until("the gate opens", SOON * 2, || {
        alive_until(&company.asterisk).is_ok_and(|until| until > 0)
    })
    .await?;
    let caller = company.caller(STRANGER).await?;
    caller.wait_for(Kind::Established, SOON).await?;
    tokio::time::sleep(SECOND / 2).await;
    caller.press('1').await?;
    eugenia.wait_for(Kind::Established, SOON).await?;
    tokio::time::sleep(SECOND * 5).await;
    they_hear_each_other(&caller, &eugenia, "34").await;
    eugenia.hang_up().await?;
    caller.wait_for(Kind::Closed, SOON).await?;
    wait_until("the end is known", SOON, || {
        *ended.lock().unwrap() == [Outcome::Talked]
    })
    .await?;
    company.wait_until_nothing_is_left().await?;
    stop.send(()).map_err(|()| "it has ended by itself")?;
    assert_eq!(serving.await??, Ending::Stopped);
    Ok(())
}

/// The application runs in the test itself, so its process is not there.
async fn company_without_a_process() -> Result<Company> {
    let asterisk = Asterisk::start().await?;
    let mut application = Application::start(&asterisk, &quick())?;
    application.kill();
    Ok(Company {
        asterisk,
        application,
    })
}

fn settings(company: &Company, directory: &Path) -> Result<Settings> {
    let file = directory.join("vizavi.toml");
    let text = format!(
        "[ari]\nurl = \"{}/ari\"\npassword = \"{}\"\n\n[speech]\ndirectory = \"phrases\"\n\n{}",
        company.asterisk.http_base(),
        company.asterisk.ari_password(),
        quick().more,
    );
    fs::write(&file, text)?;
    Ok(config::read(&file)?)
}
