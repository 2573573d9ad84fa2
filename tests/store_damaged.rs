//! A store that can't be read: it is said, it is moved aside, and callers hear the default menu.

use std::fs;

use crate::support::company::{Company, Result, SOON};
use crate::support::fault::{AT_ONCE, in_the_menu, quick, wait_until};
use crate::support::phone::Kind;
use crate::support::records::CLIENT;

#[tokio::test]
async fn a_damaged_store_is_moved_aside_and_calls_go_on_with_the_default_menu() -> Result<()> {
    let mut company = Company::open_with(quick()).await?;
    company.application.kill();
    let store = company.application.store();
    for entry in walk(&store)? {
        let mut bytes = fs::read(&entry)?;
        for byte in bytes.iter_mut().skip(7) {
            *byte ^= 0x5A;
        }
        fs::write(&entry, bytes)?;
    }
    company.application.restart()?;
    company.application.wait_for("has been moved aside").await?;
    wait_until("calls are served again", SOON, || {
        company.application.entries("calls are served").len() > 1
    })
    .await?;
    company.application.wait_for_gate(&company.asterisk).await?;

    let sales = company.employee("90", AT_ONCE).await?;
    let caller = in_the_menu(&company, CLIENT).await?;
    caller.press('1').await?;
    sales.wait_for(Kind::Established, SOON).await?;
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

/// All files below a directory.
fn walk(directory: &std::path::Path) -> Result<Vec<std::path::PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(walk(&path)?);
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(files)
}
