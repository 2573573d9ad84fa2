//! Several variables or functions of a channel in one request, on a real Asterisk.

use vizavi::ari::{ChannelId, DeviceState, Requests};

use crate::support::company::{Company, Result};
use crate::support::fault::{AT_ONCE, quick, requests_to, talking};
use crate::support::records::CLIENT;

#[tokio::test]
async fn what_is_set_in_one_request_is_in_asterisk_as_it_is() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    let requests = requests_to(&company.asterisk)?;
    let channel = channel_of_caller(&requests).await?;
    let variables = [
        ("A_NOTE", r#"{"a": [1, (2], "b": "c\"d"}"#),
        ("NOTHING", ""),
        (
            "CALLERID(name)",
            r#"ООО "Вера, Надежда" \и Ко) 50 % ${EPOCH}"#,
        ),
        ("A_BRACKET", "(["),
        ("CDR(vizavi_chosen)", "chulkova,maslennikov"),
        ("SPACES", " two  "),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    requests.set_variables(&channel, &variables).await?;
    for (name, value) in variables {
        let there = requests.variable(&channel, &name).await?;
        assert_eq!(there.unwrap_or_default(), value, "{name}");
    }
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

#[tokio::test]
async fn one_request_tells_of_several_telephones_whether_they_would_ring() -> Result<()> {
    let company = Company::open_with(quick()).await?;
    let eugenia = company.employee("34", AT_ONCE).await?;
    let _dmitry = company.employee("02", AT_ONCE).await?;
    let caller = talking(&company, CLIENT, &eugenia).await?;
    let requests = requests_to(&company.asterisk)?;
    let channel = channel_of_caller(&requests).await?;
    let devices = [
        "PJSIP/34",
        "PJSIP/02",
        "PJSIP/90",
        "PJSIP/nobody",
        "Unheard-of/1",
        "PJSIP/02)}${EPOCH}",
        "PJSIP/02",
    ];
    let states = requests.device_states(&channel, &devices).await?;
    let expected = [
        DeviceState::InUse,
        DeviceState::NotInUse,
        DeviceState::Unavailable,
        DeviceState::Unavailable,
        DeviceState::Unavailable,
        DeviceState::Unknown,
        DeviceState::NotInUse,
    ];
    assert_eq!(states, expected);
    let unaskable = requests.device_states(&channel, &["a b"]).await?;
    assert_eq!(unaskable, [DeviceState::Unknown]);
    assert_eq!(requests.device_states(&channel, &[]).await?, []);
    caller.hang_up().await?;
    company.wait_until_nothing_is_left().await
}

async fn channel_of_caller(requests: &Requests) -> Result<ChannelId> {
    let mut channels = requests.channels().await?.into_iter();
    let channel = channels.find(|one| one.name.starts_with("PJSIP/trunk-"));
    Ok(channel.ok_or("no caller")?.id)
}
