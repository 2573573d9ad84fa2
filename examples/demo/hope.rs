//! What should happen next, in words for the case that it doesn't. Both languages side by side.

use vizavi::domain::language::Language;

use crate::words::Who;

/// Something that a call depends on.
#[derive(Clone, Debug)]
pub(crate) enum Hope {
    CompanyOpens,
    CallIsTaken,
    MenuOf { personal: bool },
    LogSays(String),
    Hears(String),
    HearsNot(String),
    HearsTone(f64),
    Rings(Who),
    ShowsNumber(String),
    PicksUp(Who),
    IsReleased(Who),
    StaysConnected,
    Lease,
    WithinTheLease,
    KeyGoesOut,
    HangsUp,
    ServesAgain,
    Measurements(usize),
    NothingLeft,
    FilesWritten,
    LiveRuns,
}

impl Hope {
    /// Completes the sentence "Expected: …".
    pub(crate) fn words(&self, language: Language) -> String {
        let [russian, english] = self.both(language);
        match language {
            Language::Russian => russian,
            Language::English => english,
        }
    }

    fn both(&self, language: Language) -> [String; 2] {
        let same = |russian: &str, english: &str| [russian.to_owned(), english.to_owned()];
        match self {
            Self::CompanyOpens => same(
                "АТС, приложение и телефоны запускаются",
                "the PBX, the application and the telephones start",
            ),
            Self::CallIsTaken => same("на звонок клиента отвечают", "the client's call is taken"),
            Self::MenuOf { personal: true } => same(
                "клиенту предлагают его собственное меню",
                "the client is offered a menu of their own",
            ),
            Self::MenuOf { personal: false } => same(
                "клиенту предлагают общее меню",
                "the client is offered the menu for everybody",
            ),
            Self::LogSays(text) => [
                format!("в журнале vizavi: {text}"),
                format!("vizavi's log says: {text}"),
            ],
            Self::Hears(text) => [
                format!("клиент слышит «{text}»"),
                format!("the client hears “{text}”"),
            ],
            Self::HearsNot(text) => [
                format!("клиент не слышит «{text}»"),
                format!("the client does not hear “{text}”"),
            ],
            Self::HearsTone(hertz) => [
                format!("слышен тон {hertz:.0} Гц"),
                format!("a tone of {hertz:.0} Hz is heard"),
            ],
            Self::Rings(who) => [
                format!("звонит телефон {}", who.extension()),
                format!("telephone {} rings", who.extension()),
            ],
            Self::ShowsNumber(number) => [
                format!("телефон показывает номер клиента, {number}"),
                format!("the telephone shows the client's number, {number}"),
            ],
            Self::PicksUp(who) => [
                format!("{} отвечает, и клиента соединяют", who.name(language)),
                format!("{} answers and is connected", who.name(language)),
            ],
            Self::IsReleased(who) => [
                format!("телефон {} освобождается", who.extension()),
                format!("telephone {} is released", who.extension()),
            ],
            Self::StaysConnected => same("клиента не отключают", "the client is not cut off"),
            Self::Lease => same(
                "у звонка есть аренда: Asterisk знает, когда забрать его",
                "the call has a lease: Asterisk knows when to take it back",
            ),
            Self::WithinTheLease => same(
                "клиент в отделе продаж не позже конца аренды",
                "the client is at sales by the end of the lease",
            ),
            Self::KeyGoesOut => same(
                "телефон клиента отправляет нажатие",
                "the client's telephone sends the key",
            ),
            Self::HangsUp => same(
                "телефон клиента кладёт трубку",
                "the client's telephone hangs up",
            ),
            Self::ServesAgain => same(
                "приложение запускается и принимает звонки",
                "the application starts and serves calls",
            ),
            Self::Measurements(calls) => [
                format!("в журнале vizavi по {calls} измерений"),
                format!("vizavi's log has {calls} measurements of each kind"),
            ],
            Self::NothingLeft => same("в АТС ничего не остаётся", "nothing is left in the PBX"),
            Self::FilesWritten => same(
                "файлы в target/demo записываются",
                "the files in target/demo are written",
            ),
            Self::LiveRuns => same(
                "АТС и приложение работают дальше",
                "the PBX and the application go on running",
            ),
        }
    }
}
