//! A menu by the crate asterisk-ari, written as its own example does it.
//! Arguments: Asterisk's HTTP address, the application's name, the sound. ARI_PASSWORD: the password.
//! With a fourth, the caller goes back to that context of the dialplan, which dials.

use std::collections::HashMap;
use std::env;
use std::sync::{Arc, Mutex, PoisonError};

use asterisk_ari::apis::channels::params::{
    App, ContinueRequest, DeleteRequest, Extension, OriginateRequest, PlayWithPlaybackIdRequest,
};
use asterisk_ari::apis::{bridges, client::Client};
use asterisk_ari::{AriClient, AriError, Config, Result};

/// Each party's other one, and the bridge in which they talk, if they do.
type Pairs = Arc<Mutex<HashMap<String, (String, Option<String>)>>>;

fn set(pairs: &Pairs, one: &str, other: &str, bridge: Option<&str>) {
    let mut pairs = pairs.lock().unwrap_or_else(PoisonError::into_inner);
    pairs.insert(
        one.to_owned(),
        (other.to_owned(), bridge.map(str::to_owned)),
    );
    pairs.insert(
        other.to_owned(),
        (one.to_owned(), bridge.map(str::to_owned)),
    );
}

fn take(pairs: &Pairs, one: &str) -> Option<(String, Option<String>)> {
    let mut pairs = pairs.lock().unwrap_or_else(PoisonError::into_inner);
    let found = pairs.remove(one)?;
    pairs.remove(&found.0);
    Some(found)
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let mut argument = || {
        arguments
            .next()
            .ok_or(AriError::Internal("three arguments".to_owned()))
    };
    let (url, application, sound) = (argument()?, argument()?, argument()?);
    let dials = argument().ok();
    let password =
        env::var("ARI_PASSWORD").map_err(|error| AriError::Internal(error.to_string()))?;

    let mut client = AriClient::with_config(Config::new(&url, "vizavi", &password));
    let pairs = Pairs::default();

    client.on_stasis_start({
        let pairs = Arc::clone(&pairs);
        move |client, event| {
            let (pairs, sound) = (Arc::clone(&pairs), sound.clone());
            async move {
                let channel = event.data.channel.id;
                match event.data.args.get(1) {
                    Some(caller) => talk(&client, &pairs, caller, &channel).await,
                    None => menu(&client, &channel, &sound).await,
                }
            }
        }
    });

    client.on_channel_dtmf_received({
        let (pairs, http) = (Arc::clone(&pairs), reqwest::Client::new());
        move |client, event| {
            let (pairs, http) = (Arc::clone(&pairs), http.clone());
            let (url, password, application) = (url.clone(), password.clone(), event.application);
            let dials = dials.clone();
            async move {
                if event.data.digit != "1" {
                    return Ok(());
                }
                let caller = event.data.channel;
                // The crate asks for /playback/…, which Asterisk calls /playbacks/…
                let playback = format!("{url}/ari/playbacks/{}-menu", caller.id);
                let stopped = http
                    .delete(playback)
                    .basic_auth("vizavi", Some(password))
                    .send();
                stopped
                    .await
                    .map_err(|error| AriError::Internal(error.to_string()))?;
                if let Some(context) = dials {
                    let place = Extension::new("1".to_owned())
                        .with_context(context)
                        .with_priority("1");
                    let request = ContinueRequest::new(&caller.id).with_extension(place);
                    return client.channels().r#continue(request).await;
                }
                client.channels().ring(&caller.id).await?;
                let number = caller.caller.number;
                let from = number.len().saturating_sub(3);
                let endpoint = format!("PJSIP/5{}", number.get(from..).unwrap_or_default());
                let request = OriginateRequest::new(endpoint)
                    .with_app(App::new(application).with_args(format!("dialed,{}", caller.id)))
                    .with_caller_id(number)
                    .with_timeout(20);
                let employee = client.channels().originate(request).await?;
                set(&pairs, &caller.id, &employee.id, None);
                Ok(())
            }
        }
    });

    client.on_channel_destroyed(move |client, event| {
        let pairs = Arc::clone(&pairs);
        async move {
            if let Some((other, bridge)) = take(&pairs, &event.data.channel.id) {
                client.channels().delete(DeleteRequest::new(other)).await?;
                if let Some(bridge) = bridge {
                    client.bridges().delete(bridge).await?;
                }
            }
            Ok(())
        }
    });

    client.start(application).await?;
    std::future::pending::<()>().await;
    Ok(())
}

async fn menu(client: &Client, caller: &str, sound: &str) -> Result<()> {
    client.channels().answer(caller).await?;
    let play =
        PlayWithPlaybackIdRequest::new(caller, format!("{caller}-menu"), format!("sound:{sound}"));
    client.channels().play_with_playback_id(play).await?;
    Ok(())
}

async fn talk(client: &Client, pairs: &Pairs, caller: &str, employee: &str) -> Result<()> {
    client.channels().stop_ring(caller).await?;
    let bridge = client
        .bridges()
        .create(bridges::params::CreateRequest::new())
        .await?;
    set(pairs, caller, employee, Some(&bridge.id));
    let both = format!("{caller},{employee}");
    client
        .bridges()
        .add_channel(bridges::params::AddChannelRequest::new(&bridge.id, both))
        .await
}
