//! Whatever keys a caller presses, in whatever company: each means something, and only somebody whose
//! extension was dialled, or who was read out, is reached.

#![no_main]

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use vizavi::domain::directory::{Company, EmployeeCard, Entry, Extension, Extensions, Name};
use vizavi::domain::menu::{Dialled, Key, Menu, Wish, dialled};
use vizavi::domain::rating::{Employee, EmployeeId};

/// The longest extension.
const LONGEST: usize = 6;

fuzz_target!(|data: (Vec<Vec<u8>>, Vec<char>)| {
    let (extensions, keys) = data;
    let extensions: Vec<Extension> = extensions.iter().take(40).filter_map(|of| extension(of)).collect();
    let mut company = Company::new(TimeZone::UTC);
    for (number, extension) in extensions.iter().enumerate() {
        company.put(id(number), card(extension));
    }
    let departments: Arc<[Entry]> = extensions.iter().take(3).filter_map(entry).collect();
    let menu = Menu::default_of(&departments);
    let known = Extensions::new(Arc::new(company), departments, Timestamp::UNIX_EPOCH);
    press(&keys, &menu, &known);
});

fn press(keys: &[char], menu: &Menu, known: &Extensions) {
    let mut digits = String::new();
    for key in keys.iter().filter_map(|key| Key::parse(*key)) {
        let meant = dialled(&digits, key, menu, known);
        let wish = match &meant {
            Dialled::Complete(wish) | Dialled::Incomplete(Some(wish)) => Some(wish),
            Dialled::Incomplete(None) | Dialled::Invalid => None,
        };
        let all = if key == Key::END { digits.clone() } else { format!("{digits}{key}") };
        if let Some(Wish::Reach(entry)) = wish {
            let read_out = menu.choices.iter().any(|choice| choice.key.as_char().to_string() == all);
            assert!(read_out || entry.extension.digits() == all, "{all} reaches {}", entry.extension);
        }
        digits = match meant {
            Dialled::Incomplete(_) => all,
            Dialled::Complete(_) | Dialled::Invalid => String::new(),
        };
        assert!(digits.len() < LONGEST, "{digits} goes on");
    }
}

fn extension(bytes: &[u8]) -> Option<Extension> {
    let digits: String = bytes.iter().take(LONGEST).map(|byte| char::from(b'0' + byte % 10)).collect();
    Extension::parse(&digits).ok()
}

fn id(number: usize) -> EmployeeId {
    EmployeeId::parse(&format!("e{number}")).expect("it is an id")
}

fn card(extension: &Extension) -> EmployeeCard {
    EmployeeCard {
        name: Name::Department("Anybody".to_owned()),
        gender: None,
        extension: Some(extension.clone()),
        endpoints: Vec::new(),
        language: None,
        duty: Employee::default(),
    }
}

fn entry(extension: &Extension) -> Option<Entry> {
    card(extension).entry(&id(1000))
}
