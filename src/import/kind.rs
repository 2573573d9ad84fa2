//! What a file is about.

use std::fmt;

/// What the lines of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Events between clients and employees.
    Events,
    /// Employees and departments.
    Employees,
    /// Clients.
    Clients,
}

impl Kind {
    /// Where the contract takes them.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Events => "/v1/events",
            Self::Employees => "/v1/employees",
            Self::Clients => "/v1/clients",
        }
    }

    /// What it is by the names of its fields.
    pub(super) fn by_fields<'a>(
        names: &(impl Iterator<Item = &'a str> + Clone),
    ) -> Result<Self, String> {
        let has = |wanted: &[&str]| names.clone().any(|name| wanted.contains(&name));
        if has(&["type", "time"]) {
            return Ok(Self::Events);
        }
        if has(&["extension", "department", "reach", "technical", "hours"]) {
            return Ok(Self::Employees);
        }
        if has(&["phones", "organisation"]) {
            return Ok(Self::Clients);
        }
        Err(
            "it can't be told whether these are events, employees or clients: say it with --as"
                .to_owned(),
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Events => "events",
            Self::Employees => "employees",
            Self::Clients => "clients",
        })
    }
}
