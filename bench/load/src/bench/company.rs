//! The company that is called: a thousand employees, a thousand clients, and what happened between
//! them, so that client 7 wants employee 5007 first and two others after them. And the menu of the peers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::pbx::{EMPLOYEES, Pbx};
use super::{BenchError, Result, attempt, project, target};

/// Forty surnames and twenty-five first names make a thousand people.
const LAST: [&str; 40] = [
    "Абрамов",
    "Беляев",
    "Виноградов",
    "Воронцов",
    "Гаврилов",
    "Голубев",
    "Давыдов",
    "Денисов",
    "Ершов",
    "Жуков",
    "Зайцев",
    "Захаров",
    "Исаев",
    "Калинин",
    "Карпов",
    "Киселёв",
    "Комаров",
    "Крылов",
    "Кудрявцев",
    "Лазарев",
    "Макаров",
    "Мартынов",
    "Медведев",
    "Мельников",
    "Назаров",
    "Никитин",
    "Осипов",
    "Панов",
    "Поляков",
    "Романов",
    "Савельев",
    "Семёнов",
    "Соболев",
    "Тарасов",
    "Тихонов",
    "Филатов",
    "Фомин",
    "Чернов",
    "Шестаков",
    "Яковлев",
];
const FIRST: [&str; 25] = [
    "Александр",
    "Алексей",
    "Андрей",
    "Антон",
    "Борис",
    "Вадим",
    "Василий",
    "Виктор",
    "Глеб",
    "Григорий",
    "Денис",
    "Евгений",
    "Егор",
    "Иван",
    "Игорь",
    "Кирилл",
    "Лев",
    "Максим",
    "Никита",
    "Олег",
    "Павел",
    "Пётр",
    "Роман",
    "Сергей",
    "Фёдор",
];
/// How long the peers' menu is, in seconds.
const MENU_SECONDS: usize = 20;

/// The number from which client `number` calls.
pub(crate) fn telephone(number: u32) -> String {
    format!("+74952000{:03}", number % EMPLOYEES)
}

/// The extension of whom client `number` wants.
pub(crate) fn wanted(number: u32) -> String {
    (5000 + number % EMPLOYEES).to_string()
}

/// Writes the peers' menu, a buzz in A-law that needs no transcoding; gives it without its ending.
pub(crate) fn write_menu(file: &Path) -> Result<PathBuf> {
    let sample = |index: usize| if index % 40 < 20 { 0xA5 } else { 0x25 };
    let menu: Vec<u8> = (0..MENU_SECONDS * 8000).map(sample).collect();
    attempt("writing the peers' menu", fs::write(file, menu))?;
    Ok(file.with_extension(""))
}

/// Where vizavi's settings are.
pub(crate) fn settings_file() -> PathBuf {
    target().join("vizavi/vizavi.toml")
}

/// The program.
pub(crate) fn vizavi() -> PathBuf {
    project().join("target/release/vizavi")
}

/// Writes vizavi's settings, and imports the company afresh as its users would. Phrases that were
/// spoken before stay.
pub(crate) fn prepare(pbx: &Pbx, others: u32) -> Result<()> {
    let directory = target().join("vizavi");
    let _ = fs::remove_dir_all(directory.join("store"));
    attempt("making target/bench/vizavi", fs::create_dir_all(&directory))?;
    // All that is not named here is as it comes.
    let settings = format!(
        "[ari]\nurl = \"{}/ari\"\nuser = \"vizavi\"\n\n[store]\ndirectory = \"store\"\n\n\
         [speech]\ndirectory = \"phrases\"\n\n[contract]\nlisten = \"127.0.0.1:0\"\n\n\
         [[department]]\nid = \"sales\"\nname = \"Отдел продаж\"\nextension = \"90\"\n",
        pbx.http()
    );
    attempt("writing vizavi.toml", fs::write(settings_file(), settings))?;
    for (name, table) in [
        ("employees", employees()),
        ("clients", clients(others)),
        ("events", events(others)?),
    ] {
        attempt(
            format!("writing {name}.csv"),
            fs::write(directory.join(format!("{name}.csv")), table),
        )?;
    }
    let mut import = Command::new(vizavi());
    import.current_dir(&directory).args([
        "import",
        "--config",
        "vizavi.toml",
        "employees.csv",
        "clients.csv",
        "events.csv",
    ]);
    let output = attempt(
        "running vizavi import (cargo build --release)",
        import.output(),
    )?;
    if output.status.success() {
        return Ok(());
    }
    let story = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(BenchError::Other(format!("vizavi import: {story}")))
}

/// Lets vizavi find none of the menus that it has made. They are put aside, not deleted: for some minutes
/// after a file is deleted, ext4 without a journal passes over its inode whenever a file is made, and
/// that was 18 % of vizavi's CPU time in a profile.
pub(crate) fn forget_menus() -> Result<()> {
    let menus = target().join("vizavi/phrases/clips");
    if !menus.exists() {
        return Ok(());
    }
    let aside = forgotten_menus();
    attempt("making a directory for menus", fs::create_dir_all(&aside))?;
    let count = attempt("counting forgotten menus", fs::read_dir(&aside))?.count();
    let moved = fs::rename(&menus, aside.join(count.to_string()));
    attempt("putting vizavi's menus aside", moved)
}

/// Deletes them, when nothing is measured any more.
pub(crate) fn delete_forgotten_menus() {
    let _ = fs::remove_dir_all(forgotten_menus());
}

fn forgotten_menus() -> PathBuf {
    target().join("vizavi/forgotten")
}

fn employees() -> String {
    let mut table = "id,last,first,extension\n".to_owned();
    for number in 0..EMPLOYEES {
        let index = number as usize;
        let (last, first) = (
            LAST[index % LAST.len()],
            FIRST[index / LAST.len() % FIRST.len()],
        );
        table += &format!("employee-{number},{last},{first},{}\n", wanted(number));
    }
    table
}

/// Those who call, and so many who do not.
fn clients(others: u32) -> String {
    let mut table = "id,phones\n".to_owned();
    for number in 0..EMPLOYEES {
        table += &format!("client-{number},{}\n", telephone(number));
    }
    for number in 0..others {
        table += &format!("other-{number},+7916{number:07}\n");
    }
    table
}

/// An invoice by the one who is wanted; e-mails and a message by two others.
fn events(others: u32) -> Result<String> {
    let (recent, older, old) = (hours_ago(2)?, hours_ago(20)?, hours_ago(44)?);
    let mut table = "id,type,time,client,employee\n".to_owned();
    for number in 0..EMPLOYEES {
        let (second, third) = ((number + 1) % EMPLOYEES, (number + 2) % EMPLOYEES);
        let mut row = |name: &str, kind: &str, time: &str, employee: u32| {
            table +=
                &format!("{name}-{number},{kind},{time},client-{number},employee-{employee}\n");
        };
        row("invoice", "invoice.issued", &recent, number);
        row("call", "call.talked", &older, number);
        row("mail", "email.received", &older, second);
        row("answer", "email.sent", &older, second);
        row("earlier", "email.received", &old, second);
        row("message", "message.received", &old, third);
    }
    for number in 0..others {
        let employee = number % EMPLOYEES;
        table += &format!(
            "invoice,invoice.issued,{recent},other-{number},employee-{employee}\n\
             mail,email.received,{old},other-{number},employee-{employee}\n"
        );
    }
    Ok(table)
}

/// A time as the contract wants it.
fn hours_ago(hours: u64) -> Result<String> {
    let then = SystemTime::now() - Duration::from_secs(hours * 3600);
    let seconds = then
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let mut date = Command::new("date");
    date.args(["-u", "-d", &format!("@{seconds}"), "+%Y-%m-%dT%H:%M:%SZ"]);
    let output = attempt("asking date", date.output())?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
