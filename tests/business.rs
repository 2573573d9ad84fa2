//! Settings for a business: numbers, hours, languages, and callers who get no menu.

use std::time::{Duration, Instant};

use crate::support::application::ApplicationSettings;
use crate::support::company::{Company, Result, SOON};
use crate::support::ear::{GREETING, Talker};
use crate::support::fault::{AT_ONCE, SECOND, SLACK, they_hear_each_other, wait_until};
use crate::support::phone::{Answering, Happened, Kind, Phone};
use crate::support::records::{CLIENT, STRANGER};

const SERVICE: &[&str] = &["Отдел сервиса слушает."];
const CLOSED: &[&str] = &["Мы уже закрыты."];
const ENGLISH_GREETING: &[&str] = &["Hello! Who would you like to speak to?"];
const ENGLISH_MENU: &[&str] = &[
    "Eugenia Chulkova, extension thirty-four: press one.",
    "Dmitry Maslennikov, extension zero two: press two.",
    "To speak with an operator, press zero.",
];
/// What the log says when a caller is answered with a greeting.
const ANSWERED: &str = "new → arriving";
/// Longer than the lease with which the dialplan lets a call in.
const LONGER_THAN_THE_LEASE: Duration = Duration::from_secs(6);

async fn open(more: &str) -> Result<Company> {
    let settings = ApplicationSettings {
        more: more.to_owned(),
        ..ApplicationSettings::of_the_tested_program()
    };
    Company::open_with(settings).await
}

/// The telephone rings at once, and the caller is not answered before somebody picks it up. The call
/// then goes on for longer than a lease.
async fn goes_straight_to(
    telephone: &Phone,
    extension: &str,
    (number, called): (&str, &str),
    company: &Company,
) -> Result<()> {
    let dialled = Instant::now();
    let caller = company.caller_of(number, called).await?;
    let rung = telephone.wait_for(Kind::Incoming, SOON).await?.at - dialled;
    println!("at the fallback after {rung:?}");
    assert!(rung < SECOND + SLACK, "{rung:?}");
    tokio::time::sleep(SECOND).await;
    let answered = |happened: &Happened| happened.event.kind() == Kind::Established;
    assert!(!caller.events().iter().any(answered), "answered by us");
    telephone.answer().await?;
    caller.wait_for(Kind::Established, SOON).await?;
    tokio::time::sleep(LONGER_THAN_THE_LEASE).await;
    they_hear_each_other(&caller, telephone, extension).await;
    assert!(!company.application.log().contains(ANSWERED));
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_closed_companys_fallback_rings_at_once_and_we_never_answer() -> Result<()> {
    let company = open("[hours]\nopen = \"never\"\n").await?;
    let sales = company.employee("90", Answering::ByHand).await?;
    goes_straight_to(&sales, "90", (CLIENT, "100"), &company).await?;
    let ended = "the call has ended: fallback: the company is closed";
    company.application.wait_for(ended).await?;
    Ok(())
}

#[tokio::test]
async fn a_caller_on_the_direct_list_is_at_the_fallback_at_once() -> Result<()> {
    let company = open("[menu]\ndirect = [\"8 (495) 926-26-44\"]\n").await?;
    let sales = company.employee("90", Answering::ByHand).await?;
    goes_straight_to(&sales, "90", (CLIENT, "100"), &company).await?;
    let ended = "the call has ended: fallback: this caller gets no menu";
    company.application.wait_for(ended).await?;
    // Nobody else is sent on.
    let other = company.caller(STRANGER).await?;
    other.wait_for(Kind::Established, SOON).await?;
    assert!(company.application.log().contains(ANSWERED));
    other.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn a_called_number_has_a_fallback_of_its_own_that_no_lease_ends() -> Result<()> {
    let number = "[[number]]\ncalled = [\"+74951234567\"]\nhours = { open = \"never\" }\n\
                  fallback = { context = \"internal\", extension = \"34\" }\n";
    let company = open(number).await?;
    let eugenia = company.employee("34", Answering::ByHand).await?;
    goes_straight_to(&eugenia, "34", (CLIENT, "84951234567"), &company).await
}

#[tokio::test]
async fn a_fallback_that_the_dialplan_does_not_have_is_the_one_of_all_numbers() -> Result<()> {
    let number = "[[number]]\ncalled = [\"200\"]\nhours = { open = \"never\" }\n\
                  fallback = { context = \"nowhere\", extension = \"34\" }\n";
    let company = open(number).await?;
    let sales = company.employee("90", Answering::ByHand).await?;
    goes_straight_to(&sales, "90", (CLIENT, "200"), &company).await
}

#[tokio::test]
async fn a_second_called_number_has_its_own_greeting() -> Result<()> {
    let number = format!(
        "[[number]]\ncalled = [\"8 (495) 123-45-67\"]\ngreeting = {:?}\n",
        SERVICE[0]
    );
    let talker = Talker::open(&number).await?;
    for (called, greeting) in [("+74951234567", SERVICE), ("100", GREETING)] {
        let begun = Instant::now();
        let caller = talker.company.caller_of(CLIENT, called).await?;
        talker.hears(&caller, begun, greeting).await?;
        caller.hang_up().await?;
        talker.company.wait_until_nothing_is_left().await?;
    }
    talker.close().await
}

#[tokio::test]
async fn who_calls_a_closed_company_with_a_menu_hears_that_it_is_closed() -> Result<()> {
    let hours = format!(
        "[hours]\nopen = \"never\"\nclosed = \"menu\"\nclosed_greeting = {:?}\n",
        CLOSED[0]
    );
    let talker = Talker::open(&hours).await?;
    let eugenia = talker.company.employee("34", AT_ONCE).await?;
    let begun = Instant::now();
    let caller = talker.company.caller(CLIENT).await?;
    talker.hears(&caller, begun, CLOSED).await?;
    caller.press('1').await?;
    eugenia.wait_for(Kind::Established, SOON).await?;
    caller.hang_up().await?;
    talker.close().await
}

#[tokio::test]
async fn a_client_whose_card_says_english_hears_english() -> Result<()> {
    let talker = Talker::open_to_a_client_from_abroad().await?;
    wait_until("English is spoken before anybody calls", SOON, || {
        talker.clip(ENGLISH_GREETING).is_ok()
    })
    .await?;
    let begun = Instant::now();
    let caller = talker.company.caller(CLIENT).await?;
    talker.hears(&caller, begun, ENGLISH_GREETING).await?;
    talker.hears(&caller, begun, ENGLISH_MENU).await?;
    caller.hang_up().await?;
    talker.company.wait_until_nothing_is_left().await?;
    // Somebody else hears what everybody hears.
    let begun = Instant::now();
    let other = talker.company.caller(STRANGER).await?;
    talker.hears(&other, begun, GREETING).await?;
    other.hang_up().await?;
    talker.close().await
}
