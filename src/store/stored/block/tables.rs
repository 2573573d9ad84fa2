//! A block's tables, read: an event then only counts a reference.

use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{About, Body, CaseId, EmployeeId, Happening, KindName};

use super::super::dictionary::Dictionary;
use super::super::{Unreadable, all_phones, damaged};
use super::{Block, StoredBody, StoredWord};

/// The tables as the domain has them.
pub(super) struct Tables {
    /// `None`: the dictionary has no such word.
    kinds: Vec<Option<KindName>>,
    employees: Vec<Option<EmployeeId>>,
    cases: Vec<CaseId>,
    phones: Vec<Vec<PhoneNumber>>,
}

impl Tables {
    pub(super) fn new(stored: &Block<'_>, dictionary: &Dictionary) -> Result<Self, Unreadable> {
        let mut text = String::new();
        let mut kinds = Vec::with_capacity(stored.kinds.len());
        for word in &stored.kinds {
            kinds.push(match word {
                StoredWord::Known(number) => dictionary.kinds.word(*number).cloned(),
                StoredWord::Text(text) => KindName::parse(text).ok(),
            });
        }
        let mut employees = Vec::with_capacity(stored.employees.len());
        for word in &stored.employees {
            employees.push(match word {
                StoredWord::Known(number) => dictionary.employees.word(*number).cloned(),
                StoredWord::Text(text) => EmployeeId::parse(text).ok(),
            });
        }
        let mut cases = Vec::with_capacity(stored.cases.len());
        for id in &stored.cases {
            id.put(&stored.beginnings, &mut text)?;
            cases.push(CaseId::parse(&text).map_err(damaged)?);
        }
        Ok(Self {
            kinds,
            employees,
            cases,
            phones: stored.phones.iter().map(|list| all_phones(list)).collect(),
        })
    }

    pub(super) fn body(&self, body: &StoredBody<'_>) -> Result<Body, Unreadable> {
        let (kind, employee, case, phones, about) = match body {
            StoredBody::Cancelled => return Ok(Body::Cancelled),
            StoredBody::Happened {
                kind,
                employee,
                case,
                phones,
            } => (kind, employee, case, phones, None),
            StoredBody::About {
                kind,
                employee,
                case,
                phones,
                about,
            } => (kind, employee, case, phones, About::new(about)),
        };
        let case = case.checked_sub(1).map(|case| get(&self.cases, case));
        let phones = phones.checked_sub(1).map(|list| get(&self.phones, list));
        Ok(Body::Happened(Happening {
            kind: get(&self.kinds, *kind)?.ok_or(Unreadable::Damaged)?,
            employee: get(&self.employees, *employee)?.ok_or(Unreadable::Damaged)?,
            case: case.transpose()?,
            phones: phones.transpose()?.unwrap_or_default(),
            about,
        }))
    }
}

fn get<T: Clone>(table: &[T], index: u32) -> Result<T, Unreadable> {
    let index = usize::try_from(index).map_err(damaged)?;
    table.get(index).cloned().ok_or(Unreadable::Damaged)
}
