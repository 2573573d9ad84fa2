//! The employee's telephone shows who calls and why, as the CRM has said it.

use std::process::Command;

use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{AT_ONCE, in_the_menu, quick};
use crate::support::phone::{Event, Kind};
use crate::support::records::CLIENT;

/// Imports a table, as a CRM's administrator would.
fn import(company: &Company, name: &str, table: &str) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join(name);
    std::fs::write(&file, table)?;
    let imported = Command::new(env!("CARGO_BIN_EXE_vizavi"))
        .args(["import", "--config"])
        .arg(company.application.settings_file())
        .arg(&file)
        .output()?;
    assert!(imported.status.success(), "{imported:?}");
    Ok(())
}

#[tokio::test]
async fn the_telephone_shows_the_clients_name_and_the_invoice_they_call_about() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let client =
        format!("id,last,first,phones,version\nclient-17,Иванова,Мария,{CLIENT},9999999999999\n");
    import(&company, "clients.csv", &client)?;
    let time = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(5);
    let event = format!(
        "id,type,time,client,employee,case,about\n\
         i-1042,invoice.issued,{time},client-17,chulkova,invoice-1042,счёт 1042\n"
    );
    import(&company, "events.csv", &event)?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    caller.press('1').await?;
    let rings = eugenia.wait_for(Kind::Incoming, SOON).await?;
    let Event::Incoming { name, number } = rings.event else {
        return Err("it does not ring".into());
    };
    assert_eq!(
        (name.as_str(), number.as_str()),
        ("Иванова Мария · счёт 1042", CLIENT)
    );
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}
