//! What a template can be filled with, and how each can be said.

use std::fmt;

use crate::domain::language::Case;

/// A place in a template that is filled for each call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// Surname and first name of who is reached, in the order of the language.
    Employee,
    /// The first name alone.
    EmployeeFirst,
    /// The surname alone.
    EmployeeLast,
    /// The patronymic alone.
    EmployeeMiddle,
    /// The extension of who is reached.
    EmployeeExtension,
    /// The name of a department.
    Department,
    /// The extension of a department.
    DepartmentExtension,
    /// The key to press.
    Key,
    /// Surname and first name of the patient.
    Patient,
    /// The first name alone.
    PatientFirst,
    /// The surname alone.
    PatientLast,
    /// The patronymic alone.
    PatientMiddle,
    /// Surname and first name of the specialist.
    Specialist,
    /// A time of day.
    Time,
    /// A day.
    Date,
    /// Which attempt it is, from one.
    Attempt,
    /// A telephone number.
    Phone,
    /// The name of a caller, as their client calls themselves.
    Caller,
}

impl Slot {
    /// Every slot.
    pub const ALL: [Self; 18] = [
        Self::Employee,
        Self::EmployeeFirst,
        Self::EmployeeLast,
        Self::EmployeeMiddle,
        Self::EmployeeExtension,
        Self::Department,
        Self::DepartmentExtension,
        Self::Key,
        Self::Patient,
        Self::PatientFirst,
        Self::PatientLast,
        Self::PatientMiddle,
        Self::Specialist,
        Self::Time,
        Self::Date,
        Self::Attempt,
        Self::Phone,
        Self::Caller,
    ];

    /// As templates write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::EmployeeFirst => "employee.first",
            Self::EmployeeLast => "employee.last",
            Self::EmployeeMiddle => "employee.middle",
            Self::EmployeeExtension => "employee.extension",
            Self::Department => "department",
            Self::DepartmentExtension => "department.extension",
            Self::Key => "key",
            Self::Patient => "patient",
            Self::PatientFirst => "patient.first",
            Self::PatientLast => "patient.last",
            Self::PatientMiddle => "patient.middle",
            Self::Specialist => "specialist",
            Self::Time => "time",
            Self::Date => "date",
            Self::Attempt => "attempt",
            Self::Phone => "phone",
            Self::Caller => "caller",
        }
    }

    /// How it can be said; the first is meant when a template names none.
    pub(super) fn ways(self) -> &'static [Way] {
        match self {
            Self::Employee
            | Self::EmployeeFirst
            | Self::EmployeeLast
            | Self::EmployeeMiddle
            | Self::Patient
            | Self::PatientFirst
            | Self::PatientLast
            | Self::PatientMiddle
            | Self::Specialist
            | Self::Department
            | Self::Caller => &[Way::Name],
            Self::EmployeeExtension | Self::DepartmentExtension => {
                &[Way::Extension, Way::Digits, Way::Number]
            }
            Self::Key => &[Way::Number, Way::Digits],
            Self::Time => &[Way::Time],
            Self::Date => &[Way::Date],
            Self::Attempt => &[Way::Number, Way::Ordinal, Way::Digits],
            Self::Phone => &[Way::Phone, Way::Digits],
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}}}", self.name())
    }
}

/// How a slot is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The words of a name, which needs no filter.
    Name,
    /// In the groups in which people say extensions.
    Extension,
    /// Digit by digit.
    Digits,
    /// As one counts.
    Number,
    /// «первый».
    Ordinal,
    /// «четырнадцать тридцать».
    Time,
    /// «двенадцатого марта».
    Date,
    /// In the groups in which telephone numbers are written.
    Phone,
}

impl Way {
    const FILTERS: [Self; 7] = [
        Self::Extension,
        Self::Digits,
        Self::Number,
        Self::Ordinal,
        Self::Time,
        Self::Date,
        Self::Phone,
    ];

    /// Whether its words have cases when they are said of this slot.
    pub(super) fn has_cases(self, slot: Slot) -> bool {
        match self {
            Self::Name => !matches!(slot, Slot::Department | Slot::Caller),
            Self::Number => slot == Slot::Attempt,
            Self::Ordinal | Self::Time | Self::Date => true,
            Self::Extension | Self::Digits | Self::Phone => false,
        }
    }

    /// The case that is meant when a template names none.
    pub(super) fn usual_case(self) -> Case {
        match self {
            Self::Date => Case::Genitive,
            Self::Time => Case::Accusative,
            Self::Name
            | Self::Extension
            | Self::Digits
            | Self::Number
            | Self::Ordinal
            | Self::Phone => Case::Nominative,
        }
    }

    fn filter(self) -> &'static str {
        match self {
            Self::Name => "",
            Self::Extension => "extension",
            Self::Digits => "digits",
            Self::Number => "number",
            Self::Ordinal => "ordinal",
            Self::Time => "time",
            Self::Date => "date",
            Self::Phone => "phone",
        }
    }
}

/// What follows a `|`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    Way(Way),
    Case(Case),
}

impl Filter {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let way = Way::FILTERS.into_iter().find(|way| way.filter() == text);
        way.map(Self::Way)
            .or_else(|| text.parse().ok().map(Self::Case))
    }
}

/// The filters that fit a slot, for a message.
pub(super) fn filters_of(slot: Slot) -> String {
    let ways = slot.ways().iter().map(|way| way.filter());
    let mut filters: Vec<&str> = ways.filter(|filter| !filter.is_empty()).collect();
    if slot.ways().iter().any(|way| way.has_cases(slot)) {
        filters.extend(Case::ALL.map(Case::name));
    }
    if filters.is_empty() {
        return "no filter".to_owned();
    }
    filters.join(", ")
}
