//! Measuring a part anew without the rest: what was measured earlier is kept, and the page says so.

use serde::{Deserialize, Serialize};

use super::arguments::Arguments;
use super::results::Results;
use super::{BenchError, Result};

/// Parts that were measured in a run of their own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Added {
    pub(crate) parts: Vec<String>,
    pub(crate) applications: String,
    pub(crate) date: String,
    pub(crate) load_before: String,
}

impl Results {
    /// What was measured earlier, with room for the parts and the applications that are measured now.
    ///
    /// # Errors
    /// [`BenchError::Other`] if that was on another machine, or something else was measured.
    pub(crate) fn added_to(self, earlier: Self, arguments: &Arguments) -> Result<Self> {
        let is_alike = self.machine == earlier.machine
            && self.asterisk == earlier.asterisk
            && self.menus_kept == earlier.menus_kept;
        if !is_alike {
            let what = "--add: what was measured last was of another machine, another Asterisk or other menus";
            return Err(BenchError::Other(what.to_owned()));
        }
        let mut results = earlier;
        let parts = results.make_room(arguments);
        let names = arguments.applications.iter().map(|one| one.name());
        results.added.push(Added {
            parts,
            applications: names.collect::<Vec<_>>().join(", "),
            date: self.date,
            load_before: self.load_before,
        });
        Ok(results)
    }

    /// Forgets what is about to be measured, and names it.
    fn make_room(&mut self, arguments: &Arguments) -> Vec<String> {
        let mut parts = Vec::new();
        if !arguments.no_proof {
            self.noticed.clear();
            self.proof = None;
            parts.push("the telephones".to_owned());
        }
        let stays = |application| !arguments.applications.contains(&application);
        if !arguments.no_memory {
            self.memory.retain(|one| stays(one.application));
            parts.push("memory".to_owned());
        }
        if !arguments.no_limit {
            self.limits.retain(|one| stays(one.application));
            parts.push("where it breaks".to_owned());
        }
        if arguments.alternations > 0 {
            self.windows.retain(|one| stays(one.application));
            self.idle.retain(|one| stays(one.application));
            parts.push("the rounds".to_owned());
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::applications::Application;
    use super::super::results::Memory;
    use super::*;

    fn memory(application: Application) -> Memory {
        Memory {
            application,
            talking: 200,
            asterisk_before: 0,
            asterisk: 0,
            application_before: 0,
            application_talking: 0,
            failed: 0,
        }
    }

    fn measured(machine: &str) -> Results {
        Results {
            date: "2026-11-22".to_owned(),
            machine: machine.to_owned(),
            load_before: "0.1".to_owned(),
            asterisk: "22".to_owned(),
            versions: Vec::new(),
            menus_kept: false,
            noticed: vec![("nothing is wrong".to_owned(), "as it should be".to_owned())],
            proof: None,
            windows: Vec::new(),
            idle: Vec::new(),
            memory: vec![memory(Application::Agi), memory(Application::Vizavi)],
            limits: Vec::new(),
            added: Vec::new(),
        }
    }

    #[test]
    fn what_is_left_out_stays_and_what_is_measured_anew_is_named() -> Result<()> {
        let asked = ["bench", "--add", "--applications=vizavi", "--no-proof"];
        let asked = asked.into_iter().chain(["--no-limit", "--alternations=0"]);
        let results = measured("one").added_to(measured("one"), &Arguments::parse_from(asked))?;
        let stay: Vec<Application> = results.memory.iter().map(|one| one.application).collect();
        assert_eq!(stay, [Application::Agi]);
        assert_eq!(results.noticed.len(), 1);
        let added = &results.added[0];
        assert_eq!(added.parts, ["memory"]);
        assert_eq!(added.applications, Application::Vizavi.name());
        Ok(())
    }

    #[test]
    fn nothing_is_added_to_what_another_machine_has_measured() {
        let arguments = Arguments::parse_from(["bench", "--add"]);
        let refused = measured("one").added_to(measured("another"), &arguments);
        assert!(refused.is_err());
    }
}
