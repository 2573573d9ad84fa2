//! Looks, with each call until it is found, whether the dialplan has the place to which callers go whom we can't
//! help: without it, whoever is sent there is hung up.

use std::sync::Arc;

use super::{Desk, Fallback};
use crate::ari::ChannelId;

/// Functions of the dialplan are only answered on a channel, so it needs one.
pub(super) async fn look_for(desk: Arc<Desk>, caller: ChannelId) {
    let Fallback { context, extension } = &desk.profiles.general.fallback;
    let question = format!("DIALPLAN_EXISTS({context},{extension},1)");
    let answer = desk.requests.variable(&caller, &question).await;
    // No answer says nothing: the next call asks again.
    let Ok(Some(answer)) = answer else { return };
    let is_there = answer.trim() == "1";
    desk.vitals.fallback(is_there);
    if !is_there {
        tracing::error!(
            context,
            extension,
            "the dialplan has no such place, so callers whom we can't help are hung up: include \
             extensions_vizavi.conf, or correct [dialplan]"
        );
    }
}
