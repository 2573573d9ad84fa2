//! Nouns that prompts count.

use super::Noun;
use crate::domain::language::Agreement;

impl Noun {
    /// A second.
    pub const SECOND: Self = Self {
        agreement: Agreement::Feminine,
        animate: false,
        singular: [
            "секунда",
            "секунды",
            "секунде",
            "секунду",
            "секундой",
            "секунде",
        ],
        plural: [
            "секунды",
            "секунд",
            "секундам",
            "секунды",
            "секундами",
            "секундах",
        ],
        many: "секунд",
        english: ["second", "seconds"],
    };
    /// A minute.
    pub const MINUTE: Self = Self {
        agreement: Agreement::Feminine,
        animate: false,
        singular: ["минута", "минуты", "минуте", "минуту", "минутой", "минуте"],
        plural: [
            "минуты",
            "минут",
            "минутам",
            "минуты",
            "минутами",
            "минутах",
        ],
        many: "минут",
        english: ["minute", "minutes"],
    };
    /// An hour.
    pub const HOUR: Self = Self {
        agreement: Agreement::Masculine,
        animate: false,
        singular: ["час", "часа", "часу", "час", "часом", "часе"],
        plural: ["часы", "часов", "часам", "часы", "часами", "часах"],
        many: "часов",
        english: ["hour", "hours"],
    };
    /// A day.
    pub const DAY: Self = Self {
        agreement: Agreement::Masculine,
        animate: false,
        singular: ["день", "дня", "дню", "день", "днём", "дне"],
        plural: ["дни", "дней", "дням", "дни", "днями", "днях"],
        many: "дней",
        english: ["day", "days"],
    };
    /// Twenty-four hours, which Russian has only in the plural.
    pub const DAY_AND_NIGHT: Self = Self {
        agreement: Agreement::Plural,
        animate: false,
        singular: ["сутки", "суток", "суткам", "сутки", "сутками", "сутках"],
        plural: ["сутки", "суток", "суткам", "сутки", "сутками", "сутках"],
        many: "суток",
        english: ["day", "days"],
    };
    /// A week.
    pub const WEEK: Self = Self {
        agreement: Agreement::Feminine,
        animate: false,
        singular: ["неделя", "недели", "неделе", "неделю", "неделей", "неделе"],
        plural: [
            "недели",
            "недель",
            "неделям",
            "недели",
            "неделями",
            "неделях",
        ],
        many: "недель",
        english: ["week", "weeks"],
    };
    /// A month.
    pub const MONTH: Self = Self {
        agreement: Agreement::Masculine,
        animate: false,
        singular: ["месяц", "месяца", "месяцу", "месяц", "месяцем", "месяце"],
        plural: [
            "месяцы",
            "месяцев",
            "месяцам",
            "месяцы",
            "месяцами",
            "месяцах",
        ],
        many: "месяцев",
        english: ["month", "months"],
    };
    /// A year.
    pub const YEAR: Self = Self {
        agreement: Agreement::Masculine,
        animate: false,
        singular: ["год", "года", "году", "год", "годом", "годе"],
        plural: ["годы", "лет", "годам", "годы", "годами", "годах"],
        many: "лет",
        english: ["year", "years"],
    };
    /// How many times.
    pub const TIME: Self = Self {
        agreement: Agreement::Masculine,
        animate: false,
        singular: ["раз", "раза", "разу", "раз", "разом", "разе"],
        plural: ["разы", "раз", "разам", "разы", "разами", "разах"],
        many: "раз",
        english: ["time", "times"],
    };
    /// An attempt.
    pub const ATTEMPT: Self = Self {
        agreement: Agreement::Feminine,
        animate: false,
        singular: [
            "попытка",
            "попытки",
            "попытке",
            "попытку",
            "попыткой",
            "попытке",
        ],
        plural: [
            "попытки",
            "попыток",
            "попыткам",
            "попытки",
            "попытками",
            "попытках",
        ],
        many: "попыток",
        english: ["attempt", "attempts"],
    };
    /// A telephone call.
    pub const CALL: Self = Self {
        agreement: Agreement::Masculine,
        animate: false,
        singular: ["звонок", "звонка", "звонку", "звонок", "звонком", "звонке"],
        plural: [
            "звонки",
            "звонков",
            "звонкам",
            "звонки",
            "звонками",
            "звонках",
        ],
        many: "звонков",
        english: ["call", "calls"],
    };
    /// A message.
    pub const MESSAGE: Self = Self {
        agreement: Agreement::Neuter,
        animate: false,
        singular: [
            "сообщение",
            "сообщения",
            "сообщению",
            "сообщение",
            "сообщением",
            "сообщении",
        ],
        plural: [
            "сообщения",
            "сообщений",
            "сообщениям",
            "сообщения",
            "сообщениями",
            "сообщениях",
        ],
        many: "сообщений",
        english: ["message", "messages"],
    };
    /// A ruble.
    pub const RUBLE: Self = Self {
        agreement: Agreement::Masculine,
        animate: false,
        singular: ["рубль", "рубля", "рублю", "рубль", "рублём", "рубле"],
        plural: ["рубли", "рублей", "рублям", "рубли", "рублями", "рублях"],
        many: "рублей",
        english: ["ruble", "rubles"],
    };
    /// A client.
    pub const CLIENT: Self = Self {
        agreement: Agreement::Masculine,
        animate: true,
        singular: [
            "клиент",
            "клиента",
            "клиенту",
            "клиента",
            "клиентом",
            "клиенте",
        ],
        plural: [
            "клиенты",
            "клиентов",
            "клиентам",
            "клиентов",
            "клиентами",
            "клиентах",
        ],
        many: "клиентов",
        english: ["client", "clients"],
    };
    /// A patient.
    pub const PATIENT: Self = Self {
        agreement: Agreement::Masculine,
        animate: true,
        singular: [
            "пациент",
            "пациента",
            "пациенту",
            "пациента",
            "пациентом",
            "пациенте",
        ],
        plural: [
            "пациенты",
            "пациентов",
            "пациентам",
            "пациентов",
            "пациентами",
            "пациентах",
        ],
        many: "пациентов",
        english: ["patient", "patients"],
    };
}
