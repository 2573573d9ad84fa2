//! `vizavi say`, with espeak-ng.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Output};
use std::thread;

/// Settings in a directory of their own.
fn say(settings: &str, arguments: &[&str]) -> (Output, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("vizavi.toml"), settings).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_vizavi"))
        .current_dir(directory.path())
        .args(["say", "-c", "vizavi.toml"])
        .args(arguments)
        .output()
        .unwrap();
    (output, directory)
}

fn printed(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_text_becomes_a_wav_file_and_it_is_told_who_spoke() {
    let texts = [("Соединяю.", "ru"), ("Connecting you.", "en")];
    for (text, language) in texts {
        let (output, directory) = say("", &[text, "--lang", language, "--out", "x.wav"]);
        let told = printed(&output.stdout);
        assert!(output.status.success(), "{}", printed(&output.stderr));
        assert!(told.starts_with("command spoke "), "{told}");
        let file = fs::read(directory.path().join("x.wav")).unwrap();
        let number = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
        assert_eq!((&file[..4], &file[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
        assert_eq!(file[20..24], [1, 0, 1, 0], "plain samples, one channel");
        assert_eq!(number(24), 16_000);
        assert_eq!(number(4) as usize, file.len() - 8);
        assert_eq!(number(40) as usize, file.len() - 44);
        let seconds = number(40) as f64 / 32_000.0;
        assert!((0.4..3.0).contains(&seconds), "{language}: {seconds} s");
        let loudest = file[44..]
            .chunks_exact(2)
            .map(|pair| i16::from_le_bytes([pair[0], pair[1]]).unsigned_abs())
            .max();
        assert!(loudest > Some(3000), "{language}: {loudest:?}");
    }
}

#[test]
fn one_service_can_be_asked_alone() {
    let settings = "[speech]\nvoices.ru = [\"broken\", \"command\"]\n\
                    [speech.service.broken]\nkind = \"command\"\ncommand.ru = [\"/nowhere/speak\"]\n";
    let (chain, _directory) = say(settings, &["Соединяю."]);
    assert!(printed(&chain.stdout).starts_with("command spoke "));

    let (alone, _directory) = say(settings, &["Соединяю.", "--service", "broken"]);
    assert!(!alone.status.success());
    let told = printed(&alone.stderr);
    let expected = "the speech program /nowhere/speak is not installed";
    assert!(told.contains(expected), "{told}");

    let (unknown, _directory) = say(settings, &["Соединяю.", "--service", "yandex"]);
    let told = printed(&unknown.stderr);
    let expected = "there is no service \"yandex\" in the settings; there is command, broken";
    assert!(told.contains(expected), "{told}");
}

/// A server that answers one request with this, and gives its address.
fn server_that_answers(status: &str, headers: &str, body: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n\r\n"
    );
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !String::from_utf8_lossy(&request).contains("text=") {
            let mut piece = [0; 4096];
            let read = stream.read(&mut piece).unwrap();
            request.extend(&piece[..read]);
        }
        stream
            .write_all(&[head.as_bytes(), &body].concat())
            .unwrap();
    });
    format!("http://{address}")
}

#[test]
fn a_service_on_the_net_speaks_or_the_next_one_does() {
    let sound: Vec<u8> = (0..22_050)
        .flat_map(|at: i32| (((at % 50) - 25) * 300).to_le_bytes()[..2].to_vec())
        .collect();
    let raw = "content-type: audio/raw; rate=22050";
    let speaking = server_that_answers("200 OK", raw, sound);
    let refusing = server_that_answers("403 Forbidden", "x: y", b"not paid for".to_vec());
    let settings = |base: &str| {
        format!(
            "[speech]\nvoices.ru = [\"fabric\", \"command\"]\n\
             [speech.service.fabric]\nkind = \"voicefabric\"\nbase_url = \"{base}\"\nkey = \"k\"\n"
        )
    };
    let (output, _directory) = say(&settings(&speaking), &["Соединяю."]);
    let told = printed(&output.stdout);
    assert!(
        told.starts_with("fabric spoke 1.00 s of sound in "),
        "{told}"
    );

    let (output, _directory) = say(&settings(&refusing), &["Соединяю."]);
    let told = printed(&output.stdout);
    assert!(told.starts_with("command spoke "), "{told}");
    let log = printed(&output.stderr);
    assert!(log.contains("HTTP 403: not paid for"), "{log}");
}

#[test]
fn a_key_that_is_not_set_is_told_by_its_name() {
    let settings = "[speech]\nvoices.ru = [\"yandex\"]\n\
                    [speech.service.yandex]\nkind = \"yandex-v3\"\n\
                    key_variable = \"VIZAVI_NO_SUCH_KEY\"\n";
    let (output, _directory) = say(settings, &["Соединяю."]);
    let told = printed(&output.stderr);
    assert!(
        told.contains(
            "[speech.service.yandex]: the environment variable VIZAVI_NO_SUCH_KEY is not set"
        ),
        "{told}"
    );
}

#[test]
fn a_template_is_said_with_an_example_or_with_what_is_given() {
    let template = "Чтобы поговорить с {employee|instrumental}, добавочный {employee.extension}, нажмите {key}.";
    let (output, _directory) = say("", &[template]);
    let told = printed(&output.stdout);
    let expected =
        "Чтобы поговорить с Чулковой Евгенией, добавочный тридцать четыре, нажмите один.\n";
    assert!(told.starts_with(expected), "{told}");

    let given = [
        "--with",
        "employee=Белых Анна",
        "--with",
        "extension=02",
        "--with",
        "key=3",
    ];
    let (output, _directory) = say("", &[&[template], given.as_slice()].concat());
    let told = printed(&output.stdout);
    let expected = "Чтобы поговорить с Белых Анной, добавочный ноль два, нажмите три.\n";
    assert!(told.starts_with(expected), "{told}");
}

#[test]
fn a_template_that_can_not_be_meant_is_refused_with_the_reason() {
    for (arguments, reason) in [
        (vec!["{emploee}"], "emploee"),
        (vec!["{time|ordinal}"], "ordinal"),
        (vec!["{key}", "--with", "kee=1"], "there is no such slot"),
        (vec!["{time}", "--with", "time=noon"], "write it as 14:30"),
        (vec!["{employee", ""], "}"),
    ] {
        let arguments: Vec<&str> = arguments
            .into_iter()
            .filter(|one| !one.is_empty())
            .collect();
        let (output, _directory) = say("", &arguments);
        let told = printed(&output.stderr);
        assert!(!output.status.success() && told.contains(reason), "{told}");
    }
}
