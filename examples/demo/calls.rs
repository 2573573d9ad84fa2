//! Calls that go well: a known client, an unknown one, somebody who does not answer.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::cast::{Cast, Client};
use crate::ear;
use crate::hope::Hope;
use crate::log::Log;
use crate::support::company::{Result, SOON};
use crate::support::phone::{Event, Kind};
use crate::support::records::{CLIENT, STRANGER};
use crate::support::sound::write_wav_lasting;
use crate::told::{Hoping, ensure};
use crate::words::{Said, Who};

/// A sentence may take so long to be heard.
pub(crate) const SENTENCE: Duration = Duration::from_secs(15);
/// The menu is interrupted in the middle of its next sentence, so that this can be heard.
const INTO_THE_NEXT: Duration = Duration::from_millis(900);
/// Somebody at work picks up after about this time.
const PICKS_UP_AFTER: Duration = Duration::from_millis(700);

/// 1. A client whom the company knows. `recording` is where the sound goes that they heard.
pub(crate) async fn known(cast: &Cast<'_>, recording: &Path) -> Result<()> {
    cast.stage.heading(&Said::KnownClient);
    let log = cast.log();
    let menu = cast.script.menu(CLIENT)?;
    let client = arrive(cast, log, CLIENT, true).await?;
    hears(
        cast,
        &client,
        &cast.script.wording.greeting().phrases[0].clone(),
    )
    .await?;
    let first = menu.phrases.first().ok_or("the menu is empty")?;
    let begun = hears(cast, &client, first).await?;

    tokio::time::sleep(INTO_THE_NEXT).await;
    let pressed = client.now();
    client.press('1').await?;
    cast.stage.at(pressed, &Said::PressesEarly { key: '1' });
    telephone_rings(cast, &client, log, Who::Eugenia, CLIENT).await?;
    let silent = ear::ringing_tone(&client.phone, client.dialled, pressed, SOON).await?;
    let last = menu.phrases.last().ok_or("the menu is empty")?;
    cast.ear
        .hears_not(&client.phone, client.dialled, last)
        .await?;
    let whole = cast.ear.length(&menu).await?;
    cast.stage.at(
        silent,
        &Said::MenuStops {
            after: silent.saturating_sub(pressed),
            played: silent - begun,
            whole,
        },
    );
    cast.stage.at(silent, &Said::Ringback);

    tokio::time::sleep(PICKS_UP_AFTER).await;
    let talk = answers(cast, &client, Who::Eugenia).await?;
    cast.talk(&client, Who::Eugenia, talk).await?;
    let heard = client.phone.heard_since(client.dialled);
    write_wav_lasting(recording, &heard, client.now()).hoping(Hope::FilesWritten)?;
    cast.goodbye(&client, Who::Eugenia).await?;
    ended(cast, &client, log, "talked").await
}

/// 2. A number that nobody knows.
pub(crate) async fn unknown(cast: &Cast<'_>) -> Result<()> {
    cast.stage.heading(&Said::UnknownClient);
    let log = cast.log();
    let client = arrive(cast, log, STRANGER, false).await?;
    hears(
        cast,
        &client,
        &cast.script.wording.greeting().phrases[0].clone(),
    )
    .await?;
    for sentence in &cast.script.menu(STRANGER)?.phrases {
        hears(cast, &client, sentence).await?;
    }
    cast.stage.at(client.now(), &Said::HearsToTheEnd);
    let pressed = client.now();
    client.press('1').await?;
    cast.stage.at(pressed, &Said::Presses { key: '1' });
    telephone_rings(cast, &client, log, Who::Sales, STRANGER).await?;
    let talk = answers(cast, &client, Who::Sales).await?;
    cast.talk(&client, Who::Sales, talk).await?;
    cast.goodbye(&client, Who::Sales).await?;
    ended(cast, &client, log, "talked").await
}

/// 3. Eugenia does not answer; Dmitry does.
pub(crate) async fn no_answer(cast: &Cast<'_>) -> Result<()> {
    cast.stage.heading(&Said::NobodyAnswers);
    let log = cast.log();
    let client = arrive(cast, log, CLIENT, true).await?;
    ear::any_sound(&client.phone, client.dialled, SOON).await?;
    let pressed = client.now();
    client.press('1').await?;
    cast.stage.at(pressed, &Said::PressesAtOnce { key: '1' });
    let rung = telephone_rings(cast, &client, log, Who::Eugenia, CLIENT).await?;

    let stopped = cast
        .phone_of(Who::Eugenia)
        .wait_for(Kind::Closed, SOON * 2)
        .await
        .hoping(Hope::IsReleased(Who::Eugenia))?;
    let rang = stopped.at.saturating_duration_since(rung);
    cast.stage.at(
        client.since_dialled(stopped.at),
        &Said::DoesNotAnswer {
            who: Who::Eugenia,
            rang,
        },
    );
    hears(
        cast,
        &client,
        &cast.script.wording.no_answer().phrases[0].clone(),
    )
    .await?;
    let rest = cast.script.menu_without_first(CLIENT)?;
    let dmitry = rest.phrases.first().ok_or("the menu is empty")?;
    hears(cast, &client, dmitry).await?;
    let eugenia = &cast.script.menu(CLIENT)?.phrases[0];
    cast.ear
        .hears_not(&client.phone, client.dialled, eugenia)
        .await?;
    cast.stage.note(&Said::MenuWithout { who: Who::Eugenia });

    // Of the two telephones that have rung, this one is measured.
    let log = cast.log();
    let pressed = client.now();
    client.press('2').await?;
    cast.stage.at(pressed, &Said::Presses { key: '2' });
    telephone_rings(cast, &client, log, Who::Dmitry, CLIENT).await?;
    let talk = answers(cast, &client, Who::Dmitry).await?;
    cast.talk(&client, Who::Dmitry, talk).await?;
    cast.goodbye(&client, Who::Dmitry).await?;
    ended(cast, &client, log, "talked").await
}

/// A client dials, is answered by the application and hears a first sound.
pub(crate) async fn arrive(
    cast: &Cast<'_>,
    log: Log<'_>,
    number: &str,
    known: bool,
) -> Result<Client> {
    let client = cast.dial(number).await?;
    cast.stage.at(Duration::ZERO, &Said::Dials { number });
    client
        .phone
        .wait_for(Kind::Established, SOON)
        .await
        .hoping(Hope::CallIsTaken)?;
    let arrival = log.wait_for("a caller arrives").await?;
    let personal = arrival["menu"] == "Personal";
    ensure(personal == known, Hope::MenuOf { personal: known }, || {
        arrival.to_string()
    })?;
    let said = match arrival["choices"].as_u64() {
        Some(choices) if personal => Said::PersonalMenu { choices },
        Some(_) | None => Said::DefaultMenu,
    };
    cast.stage.at(client.now(), &said);
    let after_ms = log.milliseconds("the caller hears the first sound").await?;
    cast.stage.at(client.now(), &Said::FirstSound { after_ms });
    Ok(client)
}

/// The client hears a sentence to its end, and it is told. Gives when it began, since dialling.
pub(crate) async fn hears(
    cast: &Cast<'_>,
    client: &Client,
    sentence: &vizavi::domain::prompt::Phrase,
) -> Result<Duration> {
    let begun = cast
        .ear
        .hears(&client.phone, client.dialled, sentence, SENTENCE)
        .await?;
    cast.stage.at(
        begun,
        &Said::Hears {
            text: &sentence.text,
        },
    );
    Ok(begun)
}

/// The telephone rings that the key led to, and it is told.
pub(crate) async fn telephone_rings(
    cast: &Cast<'_>,
    client: &Client,
    log: Log<'_>,
    who: Who,
    number: &str,
) -> Result<Instant> {
    let rung = cast.rings(who, number).await?;
    let after_ms = log
        .milliseconds("the telephone rings after the key")
        .await?;
    cast.stage.at(
        client.since_dialled(rung),
        &Said::TelephoneRings {
            who,
            after_ms,
            number,
        },
    );
    Ok(rung)
}

/// Somebody picks up, and it is told.
pub(crate) async fn answers(cast: &Cast<'_>, client: &Client, who: Who) -> Result<Instant> {
    let talk = cast.picks_up(who).await?;
    cast.stage
        .at(client.since_dialled(talk), &Said::Answers { who });
    Ok(talk)
}

/// The application says how the call ended.
pub(crate) async fn ended(cast: &Cast<'_>, client: &Client, log: Log<'_>, how: &str) -> Result<()> {
    let outcome = format!("the call has ended: {how}");
    log.wait_for(&outcome).await?;
    cast.stage
        .at(client.now(), &Said::TheCallEnded { outcome: &outcome });
    Ok(())
}

/// Nobody has cut the client off so far.
pub(crate) fn still_there(client: &Client) -> Result<()> {
    let events = client.phone.events();
    let cut_off = events
        .iter()
        .any(|happened| matches!(happened.event, Event::Closed(_)));
    ensure(!cut_off, Hope::StaysConnected, || format!("{events:?}"))
}
