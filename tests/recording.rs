//! Talks are recorded, callers are told before, and the recording needs us no longer than its beginning.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::support::application::ApplicationSettings;
use crate::support::company::{CALLER_TONE, Company, Result, SOON, employee_tone};
use crate::support::ear::{GREETING, Talker, assert_they_talk};
use crate::support::fault::{
    AT_ONCE, quick, reaches_sales, started_again_nothing_is_left, talking, they_hear_each_other,
    wait_until,
};
use crate::support::phone::{Answering, Kind};
use crate::support::records::CLIENT;
use crate::support::sound::{duration_of, read_wav, strength_of};

const ON: &str = "[recording]\nmode = \"all\"\n";
const ANNOUNCEMENT: &str = "Разговор может быть записан.";
const SECOND: Duration = Duration::from_secs(1);

async fn company() -> Result<Company> {
    let settings = quick();
    let more = format!("{ON}\n{}", settings.more);
    Company::open_with(ApplicationSettings { more, ..settings }).await
}

/// The files of all recordings.
fn files(company: &Company) -> Vec<PathBuf> {
    let entries = fs::read_dir(company.asterisk.recordings().join("vizavi"));
    let entries = entries.into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

/// The only recording: both are heard in it, and it is that long.
fn recorded(company: &Company, extension: &str) -> Result<Duration> {
    let files = files(company);
    let [file] = files.as_slice() else {
        let log = company.application.log() + &company.asterisk.log();
        return Err(format!("one recording was expected: {files:?}\n{log}").into());
    };
    let samples = read_wav(file)?;
    for tone in [CALLER_TONE, employee_tone(extension)] {
        let strength = strength_of(tone, &samples);
        assert!(strength > 0.1, "{tone} Hz is heard with {strength}");
    }
    Ok(duration_of(samples.len()))
}

fn has_recorder(company: &Company) -> bool {
    let channels = company.asterisk.channels().unwrap_or_default();
    channels.iter().any(|name| name.starts_with("Snoop/"))
}

/// The recorder is there a moment before Asterisk is asked to write down what it hears.
async fn wait_until_it_is_recorded(company: &Company) -> Result<()> {
    let is_recorded = || has_recorder(company) && !files(company).is_empty();
    wait_until("it is recorded", SOON, is_recorded).await?;
    Ok(())
}

#[tokio::test]
async fn a_caller_is_told_and_the_talk_alone_is_in_a_file_with_the_calls_id() -> Result<()> {
    let talker = Talker::open(ON).await?;
    let eugenia = talker.company.employee("34", AT_ONCE).await?;
    let begun = Instant::now();
    let caller = talker.company.caller(CLIENT).await?;
    talker
        .hears(&caller, begun, &[GREETING[0], ANNOUNCEMENT])
        .await?;
    caller.press('1').await?;
    assert_they_talk(&caller, &eugenia, "34").await?;
    let talk = Instant::now();
    tokio::time::sleep(2 * SECOND).await;
    let talked = talk.elapsed();
    eugenia.hang_up().await?;
    caller.wait_for(Kind::Closed, SOON).await?;
    talker.company.wait_until_nothing_is_left().await?;
    let length = recorded(&talker.company, "34")?;
    println!("recorded {length:?} of a talk of more than {talked:?}");
    assert!(length > talked - SECOND / 2 && length < begun.elapsed());
    let call = talker.company.application.entries("the call has ended")[0]["span"]["id"].clone();
    let name = format!("{}.wav", call.as_str().unwrap_or_default());
    assert!(files(&talker.company)[0].ends_with(&name), "{name}");
    talker.close().await
}

#[tokio::test]
async fn without_the_setting_nobody_is_told_and_nothing_is_recorded() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    assert!(!has_recorder(&company));
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await?;
    assert_eq!(files(&company), Vec::<PathBuf>::new());
    Ok(())
}

#[tokio::test]
async fn when_we_are_killed_the_recording_goes_on_and_ends_with_the_talk() -> Result<()> {
    for caller_ends_it in [true, false] {
        let mut company = company().await?;
        let eugenia = company.employee("34", AT_ONCE).await?;
        let caller = talking(&company, CLIENT, &eugenia).await?;
        wait_until_it_is_recorded(&company).await?;
        company.application.kill();
        they_hear_each_other(&caller, &eugenia, "34").await;
        tokio::time::sleep(3 * SECOND).await;
        let (first, second) = match caller_ends_it {
            true => (&caller, &eugenia),
            false => (&eugenia, &caller),
        };
        first.hang_up().await?;
        second.wait_for(Kind::Closed, SOON).await?;
        started_again_nothing_is_left(&mut company).await?;
        let length = recorded(&company, "34")?;
        println!("killed: {length:?} are recorded");
        assert!(length > 3 * SECOND);
    }
    Ok(())
}

#[tokio::test]
async fn started_again_in_a_talk_we_leave_its_recording_alone() -> Result<()> {
    let mut company = company().await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    wait_until_it_is_recorded(&company).await?;
    company.application.kill();
    company.application.restart()?;
    let connected = || company.application.entries("connected to Asterisk").len() == 2;
    wait_until("it is there again", SOON, connected).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    assert!(has_recorder(&company));
    eugenia.hang_up().await?;
    caller.wait_for(Kind::Closed, SOON).await?;
    wait_until("all channels are gone", SOON, || {
        company
            .asterisk
            .channels()
            .is_ok_and(|left| left.is_empty())
    })
    .await?;
    assert!(recorded(&company, "34")? > SECOND);
    Ok(())
}

#[tokio::test]
async fn a_caller_who_is_handed_on_to_the_fallback_is_not_recorded_there() -> Result<()> {
    let company = company().await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let _dmitry = company.employee("02", Answering::Busy).await?;
    let sales = company.employee("90", AT_ONCE).await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    wait_until_it_is_recorded(&company).await?;
    they_hear_each_other(&caller, &eugenia, "34").await;
    let target = format!("sip:02@{}", company.asterisk.sip_address());
    eugenia.transfer(&target).await?;
    reaches_sales(&caller, &sales, SOON).await?;
    assert!(!has_recorder(&company));
    assert!(recorded(&company, "34")? > SECOND / 2);
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}
