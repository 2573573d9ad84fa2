//! Tests of whole calls: a real Asterisk, real softphones, and the application as a process of its
//! own. One file for each behaviour; `support` is their harness.

// Marked as test code like any other, so that the lints' rules for tests hold for the helpers too.
#[cfg(test)]
mod accepting;
#[cfg(test)]
mod asterisk_starts;
#[cfg(test)]
mod attended_transfer;
#[cfg(test)]
mod backtest;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod business;
#[cfg(test)]
mod callback_attempt;
#[cfg(test)]
mod callback_attempt_killed;
#[cfg(test)]
mod callback_attempt_outcomes;
#[cfg(test)]
mod callback_faults;
#[cfg(test)]
mod callback_jobs;
#[cfg(test)]
mod callback_left;
#[cfg(test)]
mod callback_owner;
mod callback_restart;
#[cfg(test)]
mod callbacks_checked;
#[cfg(test)]
mod callbacks_commands;
#[cfg(test)]
mod callbacks_contract;
#[cfg(test)]
mod calls_told;
#[cfg(test)]
mod chosen_and_talked;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod crm_asked;
#[cfg(test)]
mod dialling;
#[cfg(test)]
mod early_media;
#[cfg(test)]
mod faults_absent;
#[cfg(test)]
mod faults_callers;
#[cfg(test)]
mod faults_frozen;
#[cfg(test)]
mod faults_killed;
#[cfg(test)]
mod faults_line;
#[cfg(test)]
mod faults_processes;
#[cfg(test)]
mod faults_talk;
#[cfg(test)]
mod hanging_up;
#[cfg(test)]
mod health;
#[cfg(test)]
mod languages_key;
#[cfg(test)]
mod learning;
#[cfg(test)]
mod log_names_nobody;
#[cfg(test)]
mod menu_keys;
#[cfg(test)]
mod menu_made_meanwhile;
#[cfg(test)]
mod menu_nobody_there;
#[cfg(test)]
mod menu_two_callers;
#[cfg(test)]
mod menu_without_sound;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod odd_companies;
#[cfg(test)]
mod panic_in_a_call;
#[cfg(test)]
mod phone_talks;
#[cfg(test)]
mod presence;
#[cfg(test)]
mod presence_wait;
#[cfg(test)]
mod recording;
#[cfg(test)]
mod recovery;
#[cfg(test)]
mod say;
#[cfg(test)]
mod security;
#[cfg(test)]
mod service_manager;
#[cfg(test)]
mod slow_voice;
#[cfg(test)]
mod sounds_over_http;
#[cfg(test)]
mod store_damaged;
#[cfg(test)]
mod store_killed;
#[cfg(test)]
mod support;
#[cfg(test)]
mod telephones;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod transfer;
#[cfg(test)]
mod variables;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod why_they_call;
#[cfg(test)]
mod words;
