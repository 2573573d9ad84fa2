//! The dictionary of the trees: on disk, and in memory as long as they are open.

use crate::domain::rating::{Body, EmployeeId, Event, KindName};

use super::error::StoreError;
use super::keys::Keys;
use super::stored::Dictionary;
use super::trees::{Trees, caught};

impl Trees {
    /// Reads the dictionary.
    pub(super) fn read_dictionary(&self) -> Result<(), StoreError> {
        let mut dictionary = Dictionary::default();
        for (text, number) in numbered(&self.kind_words)? {
            if let Ok(word) = KindName::parse(&text) {
                dictionary.kinds.add(word, number);
            }
        }
        for (text, number) in numbered(&self.employee_words)? {
            if let Ok(word) = EmployeeId::parse(&text) {
                dictionary.employees.add(word, number);
            }
        }
        self.set_dictionary(dictionary);
        Ok(())
    }

    /// Adds the words of events that are new. It has to be done before the events are written.
    pub(super) fn learn<'a>(
        &self,
        events: impl Iterator<Item = &'a Event>,
    ) -> Result<(), StoreError> {
        let known = self.dictionary();
        let mut new: Option<Dictionary> = None;
        for event in events {
            let Body::Happened(happening) = &event.body else {
                continue;
            };
            let (kind, employee) = (&happening.kind, &happening.employee);
            let dictionary = new.as_ref().unwrap_or(&known);
            if dictionary.kinds.number(kind).is_none()
                && let Some(number) = dictionary.kinds.next()
            {
                put(&self.kind_words, kind.as_str(), number)?;
                let new = new.get_or_insert_with(|| Dictionary::clone(&known));
                new.kinds.add(kind.clone(), number);
            }
            let dictionary = new.as_ref().unwrap_or(&known);
            if dictionary.employees.number(employee).is_none()
                && let Some(number) = dictionary.employees.next()
            {
                put(&self.employee_words, employee.as_str(), number)?;
                let new = new.get_or_insert_with(|| Dictionary::clone(&known));
                new.employees.add(employee.clone(), number);
            }
        }
        if let Some(new) = new {
            self.set_dictionary(new);
        }
        Ok(())
    }
}

fn put(words: &Keys, text: &str, number: u32) -> Result<(), StoreError> {
    words.insert(text, &number.to_be_bytes())
}

fn numbered(words: &Keys) -> Result<Vec<(String, u32)>, StoreError> {
    caught(|| {
        let mut found = Vec::new();
        for entry in words.range::<&[u8]>(..) {
            let (key, value) = entry?;
            let text = std::str::from_utf8(&key).ok();
            let number = value.as_ref().try_into().ok();
            if let (Some(text), Some(number)) = (text, number) {
                found.push((text.to_owned(), u32::from_be_bytes(number)));
            }
        }
        Ok(found)
    })
}
