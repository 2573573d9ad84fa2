//! `make live`: the company stays open for softphones of the network, until Ctrl-C.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::cast::company_settings;
use crate::ear::Ear;
use crate::hope::Hope;
use crate::log::{Log, after_ms};
use crate::robots::Robots;
use crate::stage::Stage;
use crate::support::application::Application;
use crate::support::asterisk::Asterisk;
use crate::support::company::{Company, Result};
use crate::told::Hoping;
use crate::words::{Said, Who};

/// How often the company is looked after.
const LOOKS_EVERY: Duration = Duration::from_secs(1);
/// What softphones expect.
const USUAL_PORT: u16 = 5060;
/// A menu for people, not for a demo that has no time.
const PATIENT: &str = "key_seconds = 5.0\nring_seconds = 20.0\n";

/// Opens the company, says how to call it, and looks after it until `stop` completes. What is left of it is in `directory`.
pub(crate) async fn live(
    stage: &Stage,
    program: &Path,
    directory: &Path,
    with_robots: bool,
    stop: impl Future<Output = ()>,
) -> Result<()> {
    stage.heading(&Said::LiveTitle);
    stage.note(&Said::LiveOpens);
    let asterisk = Asterisk::start_for_everybody()
        .await
        .hoping(Hope::LiveRuns)?;
    let settings = company_settings(program, stage.language(), PATIENT);
    let application = Application::ready(&asterisk, &settings)
        .await
        .hoping(Hope::LiveRuns)?;
    invite(stage, &asterisk, application.process_id(), with_robots);
    let company = Company {
        asterisk,
        application,
    };
    let ear = Ear::new(&directory.join("reference"))?;
    let mut robots = Robots::new(with_robots, &ear, stage).await?;
    let mut told = 0;
    tokio::pin!(stop);
    loop {
        robots.look(&company, stage).await.hoping(Hope::LiveRuns)?;
        told = tell_calls(stage, &company.application, told)?;
        tokio::select! {
            () = &mut stop => break,
            () = tokio::time::sleep(LOOKS_EVERY) => {}
        }
    }
    let log = directory.join("log.txt");
    std::fs::write(&log, company.application.log()).hoping(Hope::FilesWritten)?;
    stage.paragraph(&Said::Closed {
        log: "target/live/log.txt",
    });
    Ok(())
}

/// How to call.
fn invite(stage: &Stage, asterisk: &Asterisk, process: u32, with_robots: bool) {
    let port = asterisk.sip_address().port();
    let (first, last) = asterisk.sound_ports();
    stage.raw("");
    stage.row(
        &Said::LiveServer,
        &[Said::LiveAddress {
            address: own_address(),
            port,
        }],
    );
    stage.row(&Said::LiveKnown, &[Said::LiveAccount { user: "client" }]);
    stage.row(
        &Said::LiveStranger,
        &[Said::LiveAccount { user: "stranger" }],
    );
    stage.row(&Said::LiveDial, &[Said::LiveAnyNumber]);
    for who in [Who::Eugenia, Who::Dmitry, Who::Sales] {
        let account = Said::LiveAccount {
            user: who.extension(),
        };
        stage.row(&Said::LiveEmployee { who }, &[account]);
    }
    stage.row(&Said::LiveSound, &[Said::LiveSoundPorts { first, last }]);
    if port != USUAL_PORT {
        stage.paragraph(&Said::LivePortTaken);
    }
    stage.paragraph(if with_robots {
        &Said::LiveRobots
    } else {
        &Said::LiveNoRobots
    });
    stage.paragraph(&Said::LiveWithoutAccount);
    stage.paragraph(&Said::LiveKill { process });
    stage.paragraph(&Said::LiveOpenToAll);
    stage.paragraph(&Said::LiveEnd);
    stage.raw("");
}

/// The address under which this machine is known in its network: the one that a packet to elsewhere would bear. None is sent.
fn own_address() -> IpAddr {
    let ask = || {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9))?;
        socket.local_addr()
    };
    ask().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip())
}

/// Tells what the log says about calls since the last look. Gives how many entries have been told.
fn tell_calls(stage: &Stage, application: &Application, told: usize) -> Result<usize> {
    let entries = Log::from_the_beginning(application).all("");
    for entry in entries.iter().skip(told) {
        tell(stage, entry)?;
    }
    Ok(entries.len())
}

fn tell(stage: &Stage, entry: &Value) -> Result<()> {
    let message = entry["message"].as_str().unwrap_or_default();
    let said = match message {
        "a caller arrives" => Said::LiveArrives {
            personal: entry["menu"] == "Personal",
        },
        "the caller hears the first sound" => Said::LiveFirstSound {
            after_ms: after_ms(entry)?,
        },
        "the telephone rings after the key" => Said::LiveRings {
            after_ms: after_ms(entry)?,
        },
        outcome if outcome.starts_with("the call has ended") => Said::LiveEnded { outcome },
        _ => return Ok(()),
    };
    stage.note(&said);
    Ok(())
}
