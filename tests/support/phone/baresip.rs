//! baresip as it has to be set up to be a phone without a sound card.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use super::LONGEST_CALL;
use super::ports::Ports;
use super::settings::{PhoneSettings, Speech};
use crate::support::process::Process;
use crate::support::sound;

const MODULE_PATHS: [&str; 4] = [
    "/usr/lib/baresip/modules",
    "/usr/lib64/baresip/modules",
    "/usr/local/lib/baresip/modules",
    "/usr/local/lib64/baresip/modules",
];

/// Writes the phone's directory: configuration, speech, and a place for what it hears.
pub(super) fn prepare(directory: &Path, settings: &PhoneSettings, ports: &Ports) -> io::Result<()> {
    fs::create_dir(directory.join("heard"))?;
    fs::write(
        directory.join("config"),
        configuration(directory, settings, ports)?,
    )?;
    fs::write(directory.join("accounts"), "")?;
    fs::write(directory.join("contacts"), "")?;
    let speech = directory.join("speech.wav");
    match &settings.speech {
        Speech::Silence => sound::write_wav_lasting(&speech, &[], LONGEST_CALL),
        // A second of a whole number of hertz joins itself without a click.
        Speech::Tone(hertz) => sound::write_wav_repeating(
            &speech,
            &sound::tone(hertz.round(), Duration::from_secs(1)),
            LONGEST_CALL,
        ),
        Speech::Once(samples) => sound::write_wav_lasting(&speech, samples, LONGEST_CALL),
        Speech::Again(samples) => sound::write_wav_repeating(&speech, samples, LONGEST_CALL),
    }
}

/// The jitter buffer is off: on one machine nothing comes out of order, and it would only delay what is heard. Worse: when
/// Asterisk begins a new stream (another SSRC), baresip 1.0 drops it for ever if its numbers are below the old one's.
/// That version knows only the delay, later ones also the type.
/// The player is a bridge that leads nowhere: it needs no sound card.
fn configuration(directory: &Path, settings: &PhoneSettings, ports: &Ports) -> io::Result<String> {
    let modules = MODULE_PATHS
        .iter()
        .find(|path| Path::new(path).join("ctrl_tcp.so").exists());
    let modules = modules.ok_or_else(|| {
        io::Error::other(format!("baresip's modules are in none of {MODULE_PATHS:?}"))
    })?;
    let (address, sip, control, (first, last)) =
        (settings.address, ports.sip(), ports.control(), ports.rtp());
    let directory = directory.display();
    Ok(format!(
        "net_interface {address}\nsip_listen {address}:{sip}\nrtp_ports {first}-{last}\nctrl_tcp_listen {control}\n\
         call_max_calls 1\ncall_local_timeout 120\n\
         audio_source aufile,{directory}/speech.wav\naudio_player aubridge,nowhere\naudio_alert aubridge,nowhere\n\
         ausrc_srate 8000\nauplay_srate 8000\nausrc_channels 1\nauplay_channels 1\n\
         audio_jitter_buffer_type off\njitter_buffer_type off\njitter_buffer_delay 0-0\nsnd_path {directory}/heard\n\
         ring_aufile none\nringback_aufile none\nbusy_aufile none\nnotfound_aufile none\nerror_aufile none\n\
         statmode_default off\n\
         module_path {modules}\nmodule g711.so\nmodule aufile.so\nmodule aubridge.so\nmodule sndfile.so\n\
         module_tmp account.so\nmodule_app menu.so\nmodule_app ctrl_tcp.so\n"
    ))
}

/// The phones come first where the machine has too little time, if we may say so: how they keep the time is not what is
/// tested, and a packet that they send late is a hole in somebody's sound.
pub(super) fn start_baresip(directory: &Path, sip_trace: bool) -> io::Result<Process> {
    let log = File::create(directory.join("log"))?;
    let errors = log.try_clone()?;
    Process::start("nice", |command| {
        command
            .args(["-n", "-11", "baresip"])
            .arg("-4")
            .arg("-f")
            .arg(directory)
            .current_dir(directory);
        if sip_trace {
            command.arg("-s");
        }
        command.stdin(Stdio::null()).stdout(log).stderr(errors);
    })
}

/// All that it printed so far.
pub(super) fn log_of(directory: &Path) -> String {
    fs::read(directory.join("log"))
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default()
}
