//! Everything that the demo says, in Russian and in English side by side. No logic beyond that.

use std::fmt::Display;
use std::net::IpAddr;
use std::time::Duration;

use vizavi::domain::language::Language;

/// Something to be said.
#[derive(Debug)]
pub(crate) enum Said<'a> {
    Title,
    Introduction,
    CompanyOpens,
    PbxRuns {
        version: &'a str,
    },
    ApplicationServes,
    TelephonesAreOn,

    KnownClient,
    UnknownClient,
    NobodyAnswers,
    Killed,
    Absent,
    Again,
    Numbers {
        calls: usize,
    },
    TheEnd,

    Dials {
        number: &'a str,
    },
    PersonalMenu {
        choices: u64,
    },
    DefaultMenu,
    FirstSound {
        after_ms: i64,
    },
    Hears {
        text: &'a str,
    },
    HearsToTheEnd,
    PressesEarly {
        key: char,
    },
    PressesAtOnce {
        key: char,
    },
    Presses {
        key: char,
    },
    MenuStops {
        after: Duration,
        played: Duration,
        whole: Duration,
    },
    TelephoneRings {
        who: Who,
        after_ms: i64,
        number: &'a str,
    },
    Ringback,
    Answers {
        who: Who,
    },
    EachHearsTheOther {
        who: Who,
        caller_hears: f64,
        other_hears: f64,
    },
    ClientHangsUp,
    Released {
        who: Who,
        after: Duration,
    },
    TheCallEnded {
        outcome: &'a str,
    },
    DoesNotAnswer {
        who: Who,
        rang: Duration,
    },
    MenuWithout {
        who: Who,
    },
    LeaseRuns {
        left: Duration,
    },
    IsKilled {
        process: u32,
    },
    SalesRings {
        after: Duration,
    },
    SalesAnswers {
        after: Duration,
    },
    WithinTheLease {
        after: Duration,
        lease: Duration,
    },
    OnTheLineAllTheTime,
    SalesRingsWithoutApplication {
        after: Duration,
    },
    SalesAnswersWithoutApplication {
        after: Duration,
    },
    StartsAgain,
    ServesAgain {
        after: Duration,
    },

    QuickCalls {
        calls: usize,
    },
    SoundTable,
    KeyTable,
    KillTable,
    Measured {
        median: f64,
        worst: i64,
    },
    Kept {
        promised: i64,
    },
    Broken {
        promised: i64,
    },
    Busy {
        load: &'a str,
        processors: usize,
    },
    FromKillToSales {
        after: Duration,
        lease: Duration,
    },
    AboutTheKey,
    NothingIsLeft {
        calls: usize,
    },
    Took {
        after: Duration,
    },
    Files {
        heard: &'a str,
        log: &'a str,
    },
    TryYourself,

    LiveTitle,
    LiveOpens,
    LiveServer,
    LiveAddress {
        address: IpAddr,
        port: u16,
    },
    LivePortTaken,
    LiveKnown,
    LiveStranger,
    LiveDial,
    LiveAnyNumber,
    LiveEmployee {
        who: Who,
    },
    LiveAccount {
        user: &'a str,
    },
    LiveSound,
    LiveSoundPorts {
        first: u16,
        last: u16,
    },
    LiveWithoutAccount,
    LiveRobots,
    LiveNoRobots,
    LiveKill {
        process: u32,
    },
    LiveOpenToAll,
    LiveEnd,
    RobotOn {
        who: Who,
    },
    RobotOff {
        who: Who,
    },
    RobotSpeaks {
        who: Who,
    },
    LiveArrives {
        personal: bool,
    },
    LiveFirstSound {
        after_ms: i64,
    },
    LiveRings {
        after_ms: i64,
    },
    LiveEnded {
        outcome: &'a str,
    },
    Closed {
        log: &'a str,
    },

    Failed,
    Expected {
        what: &'a str,
    },
    Instead {
        what: &'a str,
    },
    LogTail {
        file: &'a str,
    },
    NoProgram {
        path: &'a str,
    },
    Interrupted,
}

/// Somebody in the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Eugenia,
    Dmitry,
    Sales,
}

impl Who {
    /// The extension.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Eugenia => "34",
            Self::Dmitry => "02",
            Self::Sales => "90",
        }
    }

    /// As the subject of a sentence.
    pub(crate) fn name(self, language: Language) -> &'static str {
        let (russian, english) = match self {
            Self::Eugenia => ("Евгения", "Eugenia"),
            Self::Dmitry => ("Дмитрий", "Dmitry"),
            Self::Sales => ("Отдел продаж", "The sales department"),
        };
        choose(language, russian, english)
    }

    /// Whose telephone, who is spoken of.
    fn of(self, language: Language) -> &'static str {
        let (russian, english) = match self {
            Self::Eugenia => ("Евгении", "Eugenia"),
            Self::Dmitry => ("Дмитрия", "Dmitry"),
            Self::Sales => ("отдела продаж", "the sales department"),
        };
        choose(language, russian, english)
    }

    /// Who is heard.
    fn whom(self, language: Language) -> &'static str {
        let (russian, english) = match self {
            Self::Eugenia => ("Евгению", "Eugenia"),
            Self::Dmitry => ("Дмитрия", "Dmitry"),
            Self::Sales => ("отдел продаж", "the sales department"),
        };
        choose(language, russian, english)
    }
}

fn choose<'a>(language: Language, russian: &'a str, english: &'a str) -> &'a str {
    match language {
        Language::Russian => russian,
        Language::English => english,
    }
}

/// Writes numbers as the language does.
#[derive(Clone, Copy)]
pub(crate) struct Numerals(pub(crate) Language);

impl Numerals {
    /// `4.62` or `4,62`.
    pub(crate) fn seconds(self, time: Duration) -> String {
        self.point(format!("{:.2}", time.as_secs_f64()))
    }

    fn whole_seconds(self, time: Duration) -> String {
        self.point(format!("{:.1}", time.as_secs_f64()))
    }

    fn milliseconds(self, time: Duration) -> String {
        format!("{:.0}", time.as_secs_f64() * 1000.0)
    }

    fn decimal(self, value: f64) -> String {
        self.point(format!("{value:.1}"))
    }

    fn point(self, number: String) -> String {
        match self.0 {
            Language::Russian => number.replace('.', ","),
            Language::English => number,
        }
    }
}

impl Said<'_> {
    /// The words in a language.
    pub(crate) fn words(&self, language: Language) -> String {
        let [russian, english] = self.both(language);
        match language {
            Language::Russian => russian,
            Language::English => english,
        }
    }

    #[expect(
        clippy::too_many_lines,
        reason = "a table: the two languages side by side"
    )]
    fn both(&self, language: Language) -> [String; 2] {
        let n = Numerals(language);
        match self {
            Self::Title => pair(
                "vizavi: звонящего соединяют с тем, с кем он уже имел дело",
                "vizavi: a caller is put through to the person they were dealing with",
            ),
            Self::Introduction => pair(
                "На этом компьютере сейчас откроется маленькая компания: настоящая АТС Asterisk, телефоны, которые говорят по SIP, и приложение vizavi. Евгения Чулкова сидит на добавочном 34, Дмитрий Масленников на 02, отдел продаж на 90. Клиент с номером +7 495 926-26-44 вчера получил счёт от Евгении и переписывался с Дмитрием; больше компания не знает никого. Звонки настоящие. Каждая строка ниже измерена или взята у АТС, телефонов и из журнала vizavi; слева секунды от начала звонка. Вместо людей в трубку звучат тоны, чтобы было видно, кто кого слышит.",
                "A small company is about to open on this machine: a real Asterisk PBX, telephones that speak SIP, and vizavi. Eugenia Chulkova has extension 34, Dmitry Maslennikov 02, the sales department 90. The client with the number +7 495 926-26-44 had an invoice from Eugenia yesterday and letters from Dmitry; nobody else is known. The calls are real. Each line below was measured, or reported by the PBX, the telephones or vizavi's log; on the left are the seconds since dialling. Tones stand for voices, so that it can be measured who hears whom.",
            ),
            Self::CompanyOpens => pair("Компания открывается", "The company opens"),
            Self::PbxRuns { version } => [
                format!("Asterisk {version} работает."),
                format!("Asterisk {version} runs."),
            ],
            Self::ApplicationServes => pair(
                "vizavi принимает звонки; всё, что можно сказать заранее, уже озвучено.",
                "vizavi serves calls; all that can be said ahead is spoken.",
            ),
            Self::TelephonesAreOn => pair(
                "Телефоны 34, 02 и 90 зарегистрированы на АТС.",
                "The telephones 34, 02 and 90 are registered with the PBX.",
            ),

            Self::KnownClient => pair(
                "1. Звонит клиент, которого компания знает",
                "1. A client calls whom the company knows",
            ),
            Self::UnknownClient => pair(
                "2. Звонит незнакомый номер",
                "2. A number calls that nobody knows",
            ),
            Self::NobodyAnswers => pair("3. Евгения не отвечает", "3. Eugenia does not answer"),
            Self::Killed => pair(
                "4. Приложение убито посреди меню",
                "4. The application is killed in the middle of a menu",
            ),
            Self::Absent => pair("5. Приложения нет", "5. The application is not there"),
            Self::Again => pair(
                "6. Приложение запущено снова",
                "6. The application is started again",
            ),
            Self::Numbers { calls } => [
                format!("Числа: {calls} звонков подряд"),
                format!("Numbers: {calls} calls in a row"),
            ],
            Self::TheEnd => pair("Что осталось", "What is left"),

            Self::Dials { number } => [
                format!("Клиент с номером {number} набирает номер компании."),
                format!("The client, {number}, dials the company."),
            ],
            Self::PersonalMenu { choices } => [
                format!("vizavi узнаёт номер: у этого клиента своё меню (людей в нём: {choices})."),
                format!(
                    "vizavi knows the number: this client has a menu of their own (people in it: {choices})."
                ),
            ],
            Self::DefaultMenu => pair(
                "vizavi не знает номера: общее меню.",
                "vizavi does not know the number: the menu for everybody.",
            ),
            Self::FirstSound { after_ms } => [
                format!("Первый звук через {after_ms} мс после прихода звонка."),
                format!("The first sound, {after_ms} ms after the call came in."),
            ],
            Self::Hears { text } => [format!("Услышано: «{text}»"), format!("Heard: “{text}”")],
            Self::HearsToTheEnd => {
                pair("Меню дослушано до конца.", "The menu was heard to its end.")
            }
            Self::PressesEarly { key } => [
                format!("Клиент нажимает {key}, не дослушав меню."),
                format!("The client presses {key} without waiting for the rest."),
            ],
            Self::PressesAtOnce { key } => [
                format!("Клиент знает своё меню и сразу нажимает {key}."),
                format!("The client knows the menu and presses {key} at once."),
            ],
            Self::Presses { key } => [
                format!("Клиент нажимает {key}."),
                format!("The client presses {key}."),
            ],
            Self::MenuStops {
                after,
                played,
                whole,
            } => [
                format!(
                    "Меню умолкло через {} с после нажатия: прозвучало {} с из {} с.",
                    n.seconds(*after),
                    n.whole_seconds(*played),
                    n.whole_seconds(*whole)
                ),
                format!(
                    "The menu stopped {} s after the key went down: {} s of {} s were played.",
                    n.seconds(*after),
                    n.whole_seconds(*played),
                    n.whole_seconds(*whole)
                ),
            ],
            Self::TelephoneRings {
                who,
                after_ms,
                number,
            } => [
                format!(
                    "Звонит телефон {} ({}): через {after_ms} мс после того, как кнопка отпущена. На экране номер клиента: {number}.",
                    who.of(language),
                    who.extension()
                ),
                format!(
                    "The telephone of {} ({}) rings, {after_ms} ms after the key is released. It shows the client's number: {number}.",
                    who.of(language),
                    who.extension()
                ),
            ],
            Self::Ringback => pair(
                "Клиент слышит гудки вызова (425 Гц).",
                "The client hears the ringing tone (425 Hz).",
            ),
            Self::Answers { who } => [
                format!("{} отвечает.", who.name(language)),
                format!("{} answers.", who.name(language)),
            ],
            Self::EachHearsTheOther {
                who,
                caller_hears,
                other_hears,
            } => [
                format!(
                    "Они говорят, и оба слышат друг друга: клиент слышит {} ({caller_hears:.0} Гц), на {} слышен клиент ({other_hears:.0} Гц).",
                    who.whom(language),
                    who.extension()
                ),
                format!(
                    "They talk, and each hears the other: the client hears {} ({caller_hears:.0} Hz), on {} the client is heard ({other_hears:.0} Hz).",
                    who.whom(language),
                    who.extension()
                ),
            ],
            Self::ClientHangsUp => pair("Клиент кладёт трубку.", "The client hangs up."),
            Self::Released { who, after } => [
                format!(
                    "Линия {} свободна через {} мс.",
                    who.of(language),
                    n.milliseconds(*after)
                ),
                format!(
                    "The line of {} is free after {} ms.",
                    who.of(language),
                    n.milliseconds(*after)
                ),
            ],
            Self::TheCallEnded { outcome } => [
                format!("Журнал vizavi: «{outcome}»."),
                format!("vizavi's log: “{outcome}”."),
            ],
            Self::DoesNotAnswer { who, rang } => [
                format!(
                    "{} не отвечает; телефон звонил {} с и замолчал.",
                    who.name(language),
                    n.whole_seconds(*rang)
                ),
                format!(
                    "{} does not answer; the telephone rang for {} s and stopped.",
                    who.name(language),
                    n.whole_seconds(*rang)
                ),
            ],
            Self::MenuWithout { who } => [
                format!(
                    "{} в этом меню уже нет; остальные сохранили свои кнопки.",
                    who.of(language)
                ),
                format!(
                    "The menu no longer offers {}; the others keep their keys.",
                    who.of(language)
                ),
            ],
            Self::LeaseRuns { left } => [
                format!(
                    "Звонок у приложения «в аренде»: если оно замолчит, Asterisk сам заберёт клиента, не позже чем через {} с.",
                    n.whole_seconds(*left)
                ),
                format!(
                    "The application holds the call on a lease: if the application falls silent, Asterisk takes it back in {} s at most.",
                    n.whole_seconds(*left)
                ),
            ],
            Self::IsKilled { process } => [
                format!("kill -9 {process}: приложения больше нет."),
                format!("kill -9 {process}: the application is gone."),
            ],
            Self::SalesRings { after } => [
                format!(
                    "Asterisk сам отдал клиента: звонит отдел продаж (90), через {} с после гибели приложения.",
                    n.seconds(*after)
                ),
                format!(
                    "Asterisk itself has taken the client on: sales (90) rings, {} s after the application's death.",
                    n.seconds(*after)
                ),
            ],
            Self::SalesAnswers { after } => [
                format!(
                    "Отдел продаж отвечает: через {} с после гибели приложения.",
                    n.seconds(*after)
                ),
                format!(
                    "Sales answers, {} s after the application's death.",
                    n.seconds(*after)
                ),
            ],
            Self::WithinTheLease { after, lease } => [
                format!(
                    "Обещано не позже конца аренды: {} с. Вышло {} с.",
                    n.whole_seconds(*lease),
                    n.seconds(*after)
                ),
                format!(
                    "Promised: by the end of the lease, {} s. It took {} s.",
                    n.whole_seconds(*lease),
                    n.seconds(*after)
                ),
            ],
            Self::OnTheLineAllTheTime => pair(
                "Клиента ни разу не отключили.",
                "The client was on the line all the time.",
            ),
            Self::SalesRingsWithoutApplication { after } => [
                format!(
                    "Звонит отдел продаж (90): через {} мс после набора.",
                    n.milliseconds(*after)
                ),
                format!(
                    "Sales (90) rings, {} ms after dialling.",
                    n.milliseconds(*after)
                ),
            ],
            Self::SalesAnswersWithoutApplication { after } => [
                format!(
                    "Отдел продаж отвечает: клиент соединён через {} мс после набора.",
                    n.milliseconds(*after)
                ),
                format!(
                    "Sales answers: the client is connected {} ms after dialling.",
                    n.milliseconds(*after)
                ),
            ],
            Self::StartsAgain => pair("Запускаем приложение.", "The application is started."),
            Self::ServesAgain { after } => [
                format!(
                    "Оно снова принимает звонки: через {} с после запуска.",
                    n.seconds(*after)
                ),
                format!(
                    "It serves calls again, {} s after its start.",
                    n.seconds(*after)
                ),
            ],

            Self::QuickCalls { calls } => [
                format!(
                    "{calls} раз подряд: клиент звонит, слышит звук, сразу нажимает 1, телефон 34 звонит, клиент кладёт трубку."
                ),
                format!(
                    "{calls} times in a row: the client calls, hears a sound, presses 1 at once, telephone 34 rings, the client hangs up."
                ),
            ],
            Self::SoundTable => pair(
                "от прихода звонка до первого звука",
                "from the call's arrival to the first sound",
            ),
            Self::KeyTable => pair(
                "от нажатия до звонка телефона сотрудника",
                "from the key to the employee's telephone ringing",
            ),
            Self::KillTable => pair(
                "от гибели приложения до звонка в отделе продаж",
                "from the application's death to sales ringing",
            ),
            Self::Measured { median, worst } => [
                format!(
                    "медиана {:>5} мс   худшее {worst:>3} мс",
                    n.decimal(*median)
                ),
                format!("median {:>5} ms   worst {worst:>3} ms", n.decimal(*median)),
            ],
            Self::Kept { promised } => [
                format!("обещано {promised} мс: выполнено"),
                format!("promised {promised} ms: kept"),
            ],
            Self::Broken { promised } => [
                format!("обещано {promised} мс: НЕ выполнено"),
                format!("promised {promised} ms: NOT kept"),
            ],
            Self::Busy { load, processors } => [
                format!("Загрузка этого компьютера сейчас: {load} (процессоров: {processors})."),
                format!("This machine's load at the moment: {load} (processors: {processors})."),
            ],
            Self::FromKillToSales { after, lease } => [
                format!(
                    "{} с, обещано не позже {} с (остаток аренды)",
                    n.seconds(*after),
                    n.whole_seconds(*lease)
                ),
                format!(
                    "{} s, promised {} s at most (the lease)",
                    n.seconds(*after),
                    n.whole_seconds(*lease)
                ),
            ],
            Self::AboutTheKey => pair(
                "Миллисекунды по часам самого Asterisk, из журнала vizavi. Нажатие считается с того момента, когда Asterisk сообщает о нём: кнопка отпущена.",
                "Milliseconds by Asterisk's own clock, from vizavi's log. A key counts from the moment when Asterisk reports it: when it is released.",
            ),
            Self::NothingIsLeft { calls } => [
                format!(
                    "В АТС не осталось ни одного канала и ни одного моста. Телефоны клиентов звонили {calls} раз."
                ),
                format!(
                    "No channel and no bridge is left in the PBX. Clients called {calls} times."
                ),
            ],
            Self::Took { after } => [
                format!("Демонстрация заняла {} с.", n.whole_seconds(*after)),
                format!("The demo took {} s.", n.whole_seconds(*after)),
            ],
            Self::Files { heard, log } => [
                format!("Что слышал первый клиент: {heard}. Журнал приложения: {log}."),
                format!("What the first client heard: {heard}. The application's log: {log}."),
            ],
            Self::TryYourself => pair(
                "Позвонить самому с программного телефона: make live.",
                "To call it yourself with a softphone: make live.",
            ),

            Self::LiveTitle => pair(
                "vizavi: компания открыта, звоните с программного телефона",
                "vizavi: the company is open, call it with a softphone",
            ),
            Self::LiveOpens => pair(
                "АТС и приложение запускаются…",
                "The PBX and the application are starting…",
            ),
            Self::LiveServer => pair("сервер SIP (домен)", "SIP server (domain)"),
            Self::LiveAddress { address, port } => [
                format!("{address}:{port}, UDP; на этом же компьютере и 127.0.0.1:{port}"),
                format!("{address}:{port}, UDP; on this machine 127.0.0.1:{port} too"),
            ],
            Self::LivePortTaken => pair(
                "Обычный порт 5060 занят другой программой, поэтому взят следующий свободный.",
                "The usual port, 5060, is taken by another program; this is the next free one.",
            ),
            Self::LiveKnown => pair(
                "звонить как известный клиент",
                "to call as the known client",
            ),
            Self::LiveStranger => pair("звонить как незнакомец", "to call as a stranger"),
            Self::LiveDial => pair("набрать", "dial"),
            Self::LiveAnyNumber => {
                pair("100 (или любой другой номер)", "100 (or any other number)")
            }
            Self::LiveEmployee { who } => [
                format!("отвечать за: {}", who.name(language)),
                format!("to answer as: {}", who.name(language)),
            ],
            Self::LiveAccount { user } => [
                format!("имя {user:<8}  пароль demo-{user}"),
                format!("user {user:<8}  password demo-{user}"),
            ],
            Self::LiveSound => pair("порты звука (RTP)", "ports of the sound (RTP)"),
            Self::LiveSoundPorts { first, last } => [
                format!("{first}–{last}, UDP"),
                format!("{first}–{last}, UDP"),
            ],
            Self::LiveWithoutAccount => pair(
                "Без учётной записи звонит только то, что шлёт SIP с адреса 127.0.1.1 этого компьютера: так подключена «линия из города». Остальным нужна одна из записей выше.",
                "Without an account only what sends SIP from 127.0.1.1 on this machine can call: that is the trunk. Everybody else needs one of the accounts above.",
            ),
            Self::LiveRobots => pair(
                "Пока за 34, 02 или 90 никто не зарегистрирован, там отвечает робот: говорит, кто он, и подаёт тон. Ваш телефон заменяет его. Без роботов: make live LIVE=--no-robots.",
                "As long as nobody is registered as 34, 02 or 90, a robot answers there, says who it is and gives a tone. Your telephone takes its place. Without robots: make live LIVE=--no-robots.",
            ),
            Self::LiveNoRobots => pair(
                "Роботов нет: если за 34, 02 или 90 никто не зарегистрирован, там никто не ответит.",
                "There are no robots: where nobody is registered as 34, 02 or 90, nobody answers.",
            ),
            Self::LiveKill { process } => [
                format!("Посмотреть, что будет без приложения: kill -9 {process} во время звонка."),
                format!(
                    "To see what happens without the application: kill -9 {process} during a call."
                ),
            ],
            Self::LiveOpenToAll => pair(
                "Позвонить может каждый, кто достаёт до этого компьютера по сети. Выхода в город у этой АТС нет.",
                "Everybody who reaches this machine over the network can call. This PBX has no lines to the outside.",
            ),
            Self::LiveEnd => pair("Ctrl-C закрывает компанию.", "Ctrl-C closes the company."),
            Self::RobotOn { who } => [
                format!("На {} отвечает робот.", who.extension()),
                format!("A robot answers on {}.", who.extension()),
            ],
            Self::RobotOff { who } => [
                format!(
                    "На {} зарегистрирован телефон; робот уступил ему место.",
                    who.extension()
                ),
                format!(
                    "A telephone is registered as {}; the robot has left.",
                    who.extension()
                ),
            ],
            Self::RobotSpeaks { who } => [
                format!("{}. Отвечает робот.", who.name(language)),
                format!("{}. A robot is speaking.", who.name(language)),
            ],
            Self::LiveArrives { personal: true } => pair(
                "Звонок: у клиента своё меню.",
                "A call: the client has a menu of their own.",
            ),
            Self::LiveArrives { personal: false } => {
                pair("Звонок: общее меню.", "A call: the menu for everybody.")
            }
            Self::LiveFirstSound { after_ms } => [
                format!("  первый звук через {after_ms} мс"),
                format!("  the first sound, after {after_ms} ms"),
            ],
            Self::LiveRings { after_ms } => [
                format!("  телефон сотрудника звонит: через {after_ms} мс после нажатия"),
                format!("  the employee's telephone rings, {after_ms} ms after the key"),
            ],
            Self::LiveEnded { outcome } => [
                format!("  конец; журнал vizavi: «{outcome}»"),
                format!("  the end; vizavi's log: “{outcome}”"),
            ],
            Self::Closed { log } => [
                format!("Компания закрыта. Журнал приложения: {log}."),
                format!("The company is closed. The application's log: {log}."),
            ],

            Self::Failed => pair(
                "НЕ УДАЛОСЬ: звонок прошёл не так, как задумано.",
                "FAILED: this did not go as it should.",
            ),
            Self::Expected { what } => [format!("Ожидалось: {what}"), format!("Expected: {what}")],
            Self::Instead { what } => [format!("Вышло: {what}"), format!("Instead: {what}")],
            Self::LogTail { file } => [
                format!("Последнее в журнале приложения (целиком: {file}):"),
                format!("The last of the application's log (all of it: {file}):"),
            ],
            Self::NoProgram { path } => [
                format!("Нет программы {path}. Запустите make demo: она собирается там."),
                format!("There is no program {path}. Run make demo, which builds it."),
            ],
            Self::Interrupted => pair("Прервано.", "Interrupted."),
        }
    }
}

fn pair(russian: impl Display, english: impl Display) -> [String; 2] {
    [russian.to_string(), english.to_string()]
}
