//! What callers hear, and may ask for: recording, callbacks, the company's own words.

use super::*;
use crate::domain::directory::Name;
use crate::domain::menu;
use crate::domain::person::PersonName;
use crate::domain::prompt::Prompt;

#[test]
fn who_records_tells_callers_unless_their_own_greeting_does() {
    let greeting = |text: &str| {
        let settings = read_text(text).unwrap();
        let phrases = settings.menu.wording().greeting().phrases;
        let records = settings.recording.is_some() && settings.menu.policy.record;
        let said: Vec<_> = phrases.into_iter().skip(1).map(|one| one.text).collect();
        (records, said)
    };
    assert_eq!(greeting(""), (false, vec![]));
    let usual = "Разговор может быть записан.".to_owned();
    assert_eq!(greeting("[recording]\nmode = \"all\""), (true, vec![usual]));
    let own = "[recording]\nmode = \"all\"\nannouncement = \"Мы пишем.\"";
    assert_eq!(greeting(own), (true, vec!["Мы пишем.".to_owned()]));
    let silent = "[recording]\nmode = \"all\"\nannounce = false";
    assert_eq!(greeting(silent), (true, vec![]));
}

#[test]
fn callers_can_ask_to_be_called_back_where_somebody_makes_callbacks() {
    let key = |text: &str| read_text(text).unwrap().menu.policy.callback_key;
    let queue = "[callbacks]\nqueue = \"operators\"";
    assert_eq!(key(""), None);
    assert_eq!(key("[menu]\nlanguage_key = \"5\""), None);
    assert_eq!(key(queue), Key::digit(5));
    assert_eq!(key(&format!("[menu]\ncallback_key = \"\"\n{queue}")), None);
    let callbacks = read_text(queue).unwrap().callbacks.unwrap();
    assert_eq!(callbacks.owner_time, Duration::from_secs(7200));
}

#[test]
fn a_company_says_its_menu_in_its_own_words_and_cases() {
    let text = "[menu.texts]\nchoice = \"Чтобы поговорить с {employee|instrumental}, нажмите {key}.\"\n\
                [[menu.name]]\npart = \"last\"\n\
                forms = [\"Гусь\", \"Гуся\", \"Гусю\", \"Гуся\", \"Гусём\", \"Гусе\"]";
    let menu = read_text(text).unwrap().menu;
    let entry = |last: &str, first: &str| {
        let mut entry = menu::tests::employee("e", "34");
        entry.name = Name::Person(PersonName::new(last, first, "").unwrap());
        entry
    };
    let wanted = vec![entry("Чулкова", "Евгения"), entry("Гусь", "Пётр")];
    let prompt = menu.wording().menu(&menu::Menu::personal(wanted, &[], 3));
    assert_eq!(
        prompt.phrases[0].text,
        "Чтобы поговорить с Чулковой Евгенией, нажмите один."
    );
    assert_eq!(
        prompt.phrases[1].text,
        "Чтобы поговорить с Гусём Петром, нажмите два."
    );
}

#[test]
fn a_company_says_in_its_own_words_how_a_language_is_chosen_and_who_calls_a_mobile() {
    let text = "[menu.texts]\nlanguage = \"По-русски: {key}.\"\n\
                other_language = \"English: {key}.\"\n\
                summons = \"Клиент {caller}.\"\nsummons_keys = \"Один: да, два: нет.\"";
    let menu = read_text(text).unwrap().menu;
    let english = menu.wording_in(Language::English, None);
    let texts = |prompt: Prompt| -> Vec<String> {
        let phrases = prompt.phrases.into_iter();
        phrases.map(|phrase| phrase.text).collect()
    };
    let key = Key::digit(9).unwrap();
    assert_eq!(texts(english.language_offer(key)), ["English: nine."]);
    let russian = menu.wording();
    assert_eq!(texts(russian.language_offer(key)), ["По-русски: девять."]);
    let name = menu::CallerName::new("Анна").unwrap();
    let keys = "Один: да, два: нет.";
    for wording in [russian, english] {
        assert_eq!(texts(wording.summons(Some(&name))), ["Клиент Анна.", keys]);
        assert_eq!(texts(wording.summons(None)), ["Вам звонит клиент.", keys]);
    }
}
