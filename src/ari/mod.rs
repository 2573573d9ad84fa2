//! Asterisk's REST interface (ARI): its requests, its events and the shapes of both.
//!
//! Nothing here knows what a call or a menu is. [`Requests`] asks Asterisk over HTTP, [`Socket`]
//! hears what happens over one WebSocket. The two share one [`Settings`] and one TLS configuration.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use vizavi::ari::{Incoming, Requests, Secret, Settings, Socket};
//!
//! let settings = Settings::new("http://127.0.0.1:8088/ari", "vizavi", Secret::new("password"));
//! let requests = Requests::new(&settings)?;
//! let mut socket = Socket::open(&requests);
//! while let Some(incoming) = socket.next().await {
//!     match incoming {
//!         Incoming::Connected => requests.filter_events(&[], &["ChannelVarset"]).await?,
//!         Incoming::Event(event) => println!("{event:?}"),
//!         Incoming::Lost { reason } => println!("{reason}"),
//!         Incoming::Replaced => break,
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod backoff;
mod channel;
mod connection;
mod error;
mod event;
mod id;
mod requests;
mod settings;
mod socket;
mod timestamp;

pub use backoff::Backoff;
pub use channel::{Channel, ChannelState, Dialplan, Party};
pub use error::{LostReason, RequestError, SettingsError, Thing};
pub use event::{Arguments, Event, Playback, PlaybackState, Target};
pub use id::{BridgeId, ChannelId, PlaybackId};
pub use requests::Requests;
pub use requests::applications::Application;
pub use requests::asterisk::Info;
pub use requests::bridges::Bridge;
pub use requests::channels::HangupReason;
pub use requests::devices::DeviceState;
pub use requests::originate::{Answered, Originate};
pub use settings::Settings;
pub use socket::{Incoming, Socket};
pub use timestamp::Timestamp;

pub use crate::secret::Secret;
