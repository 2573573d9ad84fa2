//! What is small enough to be always in memory: employees and tokens, removed ones included.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::domain::access::Token;
use crate::domain::directory::{Company, EmployeeCard};
use crate::domain::rating::EmployeeId;

use super::change::Done;
use super::error::StoreError;
use super::keys::{Entry, Keys};
use super::stored::{decode_employee, decode_token, encode_employee, encode_token};
use super::trees::{Trees, caught};

/// Employees and tokens as they are on disk. Only the writer changes them.
#[derive(Debug, Default)]
pub(super) struct Known {
    employees: BTreeMap<EmployeeId, Employee>,
    tokens: BTreeMap<String, Option<Token>>,
}

#[derive(Clone, Debug)]
struct Employee {
    version: u64,
    /// `None`: removed.
    card: Option<EmployeeCard>,
}

/// What readers see of it.
#[derive(Clone, Debug)]
pub(super) struct Published {
    pub(super) company: Arc<Company>,
    /// The version of each card in the company.
    pub(super) versions: Arc<HashMap<EmployeeId, u64>>,
    pub(super) tokens: Arc<Vec<Token>>,
}

impl Known {
    /// Reads all of them. Single ones that can't be read are left out and reported.
    pub(super) fn load(trees: &Trees) -> Result<Self, StoreError> {
        let mut known = Self::default();
        for (key, value) in entries(&trees.employees)? {
            match employee(&key, &value) {
                Ok((id, employee)) => drop(known.employees.insert(id, employee)),
                Err(reason @ StoreError::Newer(_)) => return Err(reason),
                Err(reason) => tracing::error!(%reason, "an employee is left out"),
            }
        }
        for (key, value) in entries(&trees.tokens)? {
            match token(&key, &value) {
                Ok((id, token)) => drop(known.tokens.insert(id, token)),
                Err(reason @ StoreError::Newer(_)) => return Err(reason),
                Err(reason) => tracing::error!(%reason, "a token is left out"),
            }
        }
        Ok(known)
    }

    pub(super) fn published(&self, zone: &TimeZone) -> Published {
        let mut company = Company::new(zone.clone());
        let mut versions = HashMap::new();
        for (id, employee) in &self.employees {
            if let Some(card) = &employee.card {
                company.put(id.clone(), card.clone());
                versions.insert(id.clone(), employee.version);
            }
        }
        let tokens = self.tokens.values().flatten().cloned();
        Published {
            company: Arc::new(company),
            versions: Arc::new(versions),
            tokens: Arc::new(tokens.collect()),
        }
    }

    pub(super) fn put_employee(
        &mut self,
        trees: &Trees,
        id: &EmployeeId,
        card: &EmployeeCard,
        version: u64,
    ) -> Result<Done, StoreError> {
        let value = encode_employee(version, Some(card))?;
        if let Some(there) = self.employees.get(id) {
            if there.version == version {
                // A removal holds against a card of the same version.
                let Some(other) = &there.card else {
                    return Ok(Done::Outdated);
                };
                let other = encode_employee(version, Some(other))?;
                if other >= value {
                    return Ok(repeated(other == value));
                }
            } else if there.version > version {
                return Ok(Done::Outdated);
            }
        }
        trees.employees.insert(id.as_str(), value)?;
        let card = Some(card.clone());
        self.employees
            .insert(id.clone(), Employee { version, card });
        Ok(Done::Stored)
    }

    pub(super) fn remove_employee(
        &mut self,
        trees: &Trees,
        id: &EmployeeId,
        version: u64,
    ) -> Result<Done, StoreError> {
        let mut done = Done::NotThere;
        if let Some(there) = self.employees.get(id) {
            let removed = there.card.is_none();
            if there.version > version {
                return Ok(Done::Outdated);
            }
            if removed && there.version == version {
                return Ok(Done::Unchanged);
            }
            if !removed {
                done = Done::Stored;
            }
        }
        // Also for somebody who was never here: their card may only be late.
        trees
            .employees
            .insert(id.as_str(), encode_employee(version, None)?)?;
        let card = None;
        self.employees
            .insert(id.clone(), Employee { version, card });
        Ok(done)
    }

    /// The last one put holds, unless it was revoked: then it stays so.
    pub(super) fn put_token(&mut self, trees: &Trees, token: &Token) -> Result<Done, StoreError> {
        match self.tokens.get(&token.id) {
            Some(None) => return Ok(Done::Outdated),
            Some(Some(there)) if there == token => return Ok(Done::Unchanged),
            Some(Some(_)) | None => {}
        }
        let value = encode_token(Some(token))?;
        trees.tokens.insert(token.id.as_str(), value)?;
        self.tokens.insert(token.id.clone(), Some(token.clone()));
        Ok(Done::Stored)
    }

    pub(super) fn remove_token(&mut self, trees: &Trees, id: &str) -> Result<Done, StoreError> {
        let done = match self.tokens.get(id) {
            Some(None) => return Ok(Done::NotThere),
            Some(Some(_)) => Done::Stored,
            None => Done::NotThere,
        };
        trees.tokens.insert(id, encode_token(None)?)?;
        self.tokens.insert(id.to_owned(), None);
        Ok(done)
    }
}

/// What became of something of which there is an equal or a greater one.
pub(super) fn repeated(equal: bool) -> Done {
    if equal {
        Done::Unchanged
    } else {
        Done::Outdated
    }
}

fn entries(keys: &Keys) -> Result<Vec<Entry>, StoreError> {
    caught(|| keys.range::<&[u8]>(..).collect())
}

fn employee(key: &[u8], value: &[u8]) -> Result<(EmployeeId, Employee), StoreError> {
    let id = EmployeeId::parse(text(key)?).map_err(|reason| value_error(&reason))?;
    let (version, card) = decode_employee(value)?;
    Ok((id, Employee { version, card }))
}

fn token(key: &[u8], value: &[u8]) -> Result<(String, Option<Token>), StoreError> {
    let id = text(key)?;
    Ok((id.to_owned(), decode_token(id, value)?))
}

fn text(key: &[u8]) -> Result<&str, StoreError> {
    std::str::from_utf8(key).map_err(|reason| value_error(&reason))
}

fn value_error(reason: &impl ToString) -> StoreError {
    StoreError::Value(reason.to_string())
}
