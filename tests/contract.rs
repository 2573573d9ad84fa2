//! The contract: what CRMs send and ask, over the real router and real listeners, into a real store.

mod access;
mod answers;
mod arbitrary;
mod calls;
mod cards;
mod described;
mod documented;
mod events;
mod limits;
mod logs;
mod served;
pub(crate) mod support;
mod tokens;
