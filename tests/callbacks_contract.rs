//! Callbacks over the contract: what CRMs send, ask and cancel, bad input included.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use vizavi::crm::{Contract, Settings, Trust, router};
use vizavi::domain::callback::{AttemptResult, JobId, Outcome};
use vizavi::store::{CallbackChange, Change};

use crate::contract::support::{
    Company, JSON, LINES, answers, callback_rules, generous, request, settings,
};

const PATH: &str = "/v1/callbacks";

fn job() -> Value {
    json!({"id": "crm-17", "name": "Петров Иван Сергеевич", "phone": "8 (916) 123-45-67",
        "appointment": "2099-11-23T15:00:00", "specialist": "Маслова, кардиолог",
        "reason": "подтвердить приём", "priority": 7, "time_zone": "Europe/Moscow"})
}

async fn post(company: &Company, body: &Value) -> (StatusCode, Value) {
    let reply = company.post(PATH, JSON, body.to_string()).await;
    (reply.status, reply.json())
}

/// What is said about one job that differs from a good one.
async fn refused(company: &Company, changes: &Value) -> String {
    let mut job = job();
    for (name, value) in changes.as_object().unwrap() {
        job[name] = value.clone();
    }
    let (status, report) = post(company, &job).await;
    assert_eq!(
        status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{changes}: {report}"
    );
    report["refusals"][0]["reason"].as_str().unwrap().to_owned()
}

async fn shown(company: &Company, id: &str) -> Value {
    let reply = company.get(&format!("{PATH}/{id}")).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    reply.json()
}

async fn step(company: &Company, change: CallbackChange) {
    let change = Change::Callback(Box::new(change));
    company.store.write(vec![change]).await.unwrap();
}

/// One attempt from its beginning to its end.
async fn attempt(company: &Company, id: &str, number: u32, outcome: Outcome) {
    let (id, at) = (JobId::parse(id).unwrap(), jiff::Timestamp::now());
    let rules = std::sync::Arc::new(callback_rules());
    let begin = CallbackChange::Begin {
        id: id.clone(),
        at,
        rules: rules.clone(),
    };
    step(company, begin).await;
    let finish = CallbackChange::Finish {
        id,
        attempt: number,
        result: AttemptResult {
            operator: Some("anna".to_owned()),
            ..AttemptResult::of(Some(outcome), at)
        },
        rules,
    };
    step(company, finish).await;
}

#[tokio::test]
async fn a_job_is_taken_and_told_as_it_was_understood() {
    let company = Company::new().await;
    let (status, report) = post(&company, &job()).await;
    assert_eq!((status, &report["stored"]), (StatusCode::OK, &json!(1)));
    let mut told = shown(&company, "crm-17").await;
    let fields = told.as_object_mut().unwrap();
    let created = fields.remove("created").unwrap();
    assert_eq!(fields.remove("next").unwrap(), created);
    assert_eq!(
        told,
        json!({"id": "crm-17", "last": "Петров", "first": "Иван", "middle": "Сергеевич",
            "phone": "+79161234567", "appointment": "2099-11-23T15:00:00+03:00",
            "specialist": "Маслова, кардиолог", "reason": "подтвердить приём", "priority": 7,
            "time_zone": "Europe/Moscow", "state": "waiting", "ending": null, "ended": null,
            "attempts_used": 0, "history": []})
    );
}

#[tokio::test]
async fn names_come_in_any_form_or_not_at_all() {
    let company = Company::new().await;
    for (id, name, expected) in [
        ("1", json!({"name": "Мария"}), json!([null, "Мария", null])),
        (
            "2",
            json!({"name": "Ким Ольга"}),
            json!(["Ким", "Ольга", null]),
        ),
        ("3", json!({"last": "Ким"}), json!(["Ким", null, null])),
        ("4", json!({"name": "  "}), json!([null, null, null])),
        ("5", json!({}), json!([null, null, null])),
        (
            "6",
            json!({"name": "O'Neil Zoë"}),
            json!(["O'Neil", "Zoë", null]),
        ),
    ] {
        let mut job = name;
        (job["id"], job["phone"]) = (json!(id), json!("+79161234567"));
        assert_eq!(post(&company, &job).await.0, StatusCode::OK, "{job}");
        let told = shown(&company, id).await;
        assert_eq!(
            json!([told["last"], told["first"], told["middle"]]),
            expected,
            "{job}"
        );
    }
    let reason = refused(&company, &json!({"last": "Петров"})).await;
    assert!(reason.starts_with("name is the whole name"), "{reason}");
    let reason = refused(&company, &json!({"name": "Ив\u{0}ан"})).await;
    assert!(reason.contains("control"), "{reason}");
}

#[tokio::test]
async fn whom_nobody_should_dial_is_refused_with_the_reason() {
    let company = Company::new().await;
    for (phone, expected) in [
        ("нет", "phone: not a telephone number"),
        ("+7 495 926", "phone: not a telephone number"),
        ("112", "phone: an emergency number is never dialled"),
        ("03", "phone: an emergency number is never dialled"),
        ("34", "phone: this is as short as an extension"),
        (
            "8-809-123-45-67",
            "phone: a number with a higher price is never dialled",
        ),
        (
            "8 803 123 45 67",
            "phone: a number with a higher price is never dialled",
        ),
        ("8 800 555-35-35", "phone: this is the number of a service"),
        (
            "+44 20 7946 0958",
            "phone: numbers that begin like this are not dialled",
        ),
        ("", "phone is missing"),
    ] {
        let reason = refused(&company, &json!({"phone": phone})).await;
        assert!(reason.starts_with(expected), "{phone}: {reason}");
    }
    let reason = refused(&company, &json!({"extension": "34"})).await;
    assert_eq!(reason, "give phone or extension, not both");
    let ours = json!({"id": "x", "extension": "34"});
    assert_eq!(post(&company, &ours).await.0, StatusCode::OK);
    assert_eq!(shown(&company, "x").await["extension"], "34");
}

#[tokio::test]
async fn what_can_not_be_meant_is_refused_with_the_reason() {
    let company = Company::new().await;
    for (changes, expected) in [
        (
            json!({"appointment": "2020-01-01T10:00:00"}),
            "the appointment has been already",
        ),
        (
            json!({"not_after": "2020-01-01T10:00:00"}),
            "not_after has been already",
        ),
        (
            json!({"not_before": "2099-12-01T10:00:00"}),
            "not_before is not before not_after and the appointment",
        ),
        (
            json!({"appointment": "tomorrow"}),
            "appointment: a time is written as",
        ),
        (json!({"priority": 10}), "priority is 10; it must be 0 to 9"),
        (json!({"attempts": 0}), "attempts is 0; it must be 1 to 20"),
        (json!({"time_zone": "Moscow"}), "time_zone is not known"),
        (json!({"language": "de"}), "language is"),
        (json!({"gender": "x"}), "gender is"),
        (
            json!({"released": "2099-01-01T10:00:00"}),
            "released says when",
        ),
        (
            json!({"say": "a\u{7}b"}),
            "say: the text has a control character",
        ),
        (
            json!({"say": "я".repeat(1001)}),
            "say: the text has more than 1000",
        ),
        (json!({"id": ""}), "id is missing"),
        (json!({"id": "x".repeat(201)}), "id: the id has 201 bytes"),
        (
            json!({"phonne": "1"}),
            "\"phonne\" is no field of a callback; is \"phone\" meant?",
        ),
        (json!({"phone": ["+79161234567"]}), "invalid type"),
    ] {
        let reason = refused(&company, &changes).await;
        assert!(reason.starts_with(expected), "{changes}: {reason}");
    }
    assert_eq!(company.store.callback_counts().waiting, 0);
}

#[tokio::test]
async fn one_bad_job_of_many_does_not_refuse_the_others() {
    let company = Company::new().await;
    let lines = [
        r#"{"id":"1","phone":"+79161234567"}"#,
        r#"{"id":"2","phone":"112"}"#,
        "not json",
        r#"{"id":3,"phone":"+79161234569","owner":"anna","released":"2099-01-01"}"#,
        r#"{"id":4,"phone":"+79161234569","owner":"anna","released":"2099-01-01T00:00:00"}"#,
    ];
    let reply = company.post(PATH, LINES, lines.join("\n")).await;
    let report = reply.json();
    assert_eq!(
        (&report["stored"], &report["refused"]),
        (&json!(2), &json!(3))
    );
    let lines: Vec<&Value> = report["refusals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refusal| &refusal["line"])
        .collect();
    assert_eq!(lines, [&json!(2), &json!(3), &json!(4)]);
    let array = json!([{"id": "5", "phone": "+79161234567"}, 5]);
    assert_eq!(post(&company, &array).await.1["stored"], 1);
}

#[tokio::test]
async fn ten_thousand_jobs_that_come_again_are_the_same_jobs_and_cost_little() {
    let company = Company::new().await;
    let jobs: Vec<String> = (0..10_000)
        .map(|number| {
            let mut job = job();
            job["id"] = json!(format!("crm-{number}"));
            job["phone"] = json!(format!("+7916{number:07}"));
            job.to_string()
        })
        .collect();
    let lines = jobs.join("\n");
    let send = async || {
        let begun = std::time::Instant::now();
        let report = company.post(PATH, LINES, lines.clone()).await.json();
        (report, begun.elapsed())
    };
    let (report, first) = send().await;
    assert_eq!(report["stored"], 10_000);
    let changes = company.store.callbacks_change();
    let mut again = Vec::new();
    for _ in 0..3 {
        let (report, took) = send().await;
        assert_eq!(
            (&report["unchanged"], &report["stored"]),
            (&json!(10_000), &json!(0))
        );
        again.push(took);
    }
    eprintln!("the first time {first:?}, again {again:?}");
    assert_eq!(company.store.callback_counts().waiting, 10_000);
    assert!(
        !changes.has_changed().unwrap(),
        "something was written for nothing"
    );
}

#[tokio::test]
async fn a_job_that_has_changed_is_changed_while_it_waits() {
    let company = Company::new().await;
    post(&company, &job()).await;
    let mut changed = job();
    changed["phone"] = json!("+79161234568");
    assert_eq!(post(&company, &changed).await.1["stored"], 1);
    assert_eq!(shown(&company, "crm-17").await["phone"], "+79161234568");
    attempt(&company, "crm-17", 1, Outcome::Connected).await;
    assert_eq!(post(&company, &job()).await.1["outdated"], 1);
    let told = shown(&company, "crm-17").await;
    assert_eq!(
        (&told["state"], &told["ending"]),
        (&json!("ended"), &json!("connected"))
    );
    assert_eq!(told["history"][0]["operator"], "anna");
}

#[tokio::test]
async fn a_number_that_was_corrected_makes_the_job_begin_anew() {
    let company = Company::new().await;
    post(&company, &job()).await;
    attempt(&company, "crm-17", 1, Outcome::InvalidNumber).await;
    assert_eq!(
        shown(&company, "crm-17").await["ending"],
        "number-to-be-corrected"
    );
    let mut corrected = job();
    corrected["phone"] = json!("+79161234568");
    assert_eq!(post(&company, &corrected).await.1["stored"], 1);
    assert_eq!(shown(&company, "crm-17").await["state"], "waiting");
}

#[tokio::test]
async fn a_job_is_cancelled_once_and_can_be_tried_again() {
    let company = Company::new().await;
    post(&company, &job()).await;
    let path = format!("{PATH}/crm-17");
    let token = &company.tokens.write;
    let delete = async || {
        let request = request(Method::DELETE, &path, token, JSON, Body::empty());
        company.send(request).await
    };
    assert_eq!(delete().await.status, StatusCode::NO_CONTENT);
    let again = delete().await;
    assert_eq!(
        (again.status, again.detail()),
        (StatusCode::CONFLICT, "it is over already".into())
    );
    assert_eq!(shown(&company, "crm-17").await["ending"], "cancelled");
    let retry = company.post(&format!("{path}/retry"), JSON, "").await;
    assert_eq!(retry.status, StatusCode::NO_CONTENT);
    assert_eq!(shown(&company, "crm-17").await["state"], "waiting");
    for missing in [
        company.delete(&format!("{PATH}/x")).await,
        company.get(&format!("{PATH}/x")).await,
        company.post(&format!("{PATH}/x/retry"), JSON, "").await,
    ] {
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_list_is_filtered_and_comes_page_by_page() {
    let company = Company::new().await;
    for number in 0..5 {
        let owner = (number == 3).then_some("anna");
        let job = json!({"id": format!("id ~{number}"), "phone": format!("+7916123450{}", number % 2),
            "owner": owner});
        assert_eq!(post(&company, &job).await.1["stored"], 1);
    }
    let ids = async |query: &str| -> (Vec<String>, Option<String>) {
        let reply = company.get(&format!("{PATH}?{query}")).await;
        assert_eq!(reply.status, StatusCode::OK, "{query}: {}", reply.detail());
        let page = reply.json();
        let jobs = page["callbacks"].as_array().unwrap().iter();
        let ids = jobs.map(|job| job["id"].as_str().unwrap().replace("id ~", ""));
        (ids.collect(), page["next"].as_str().map(str::to_owned))
    };
    let (first, next) = ids("limit=2").await;
    assert_eq!(first, ["4", "3"]);
    let next = next.unwrap().replace(' ', "%20").replace('~', "%7E");
    let (second, next) = ids(&format!("limit=2&after={next}")).await;
    assert_eq!(second, ["2", "1"]);
    let next = next.unwrap().replace(' ', "%20");
    assert_eq!(
        ids(&format!("limit=2&after={next}")).await,
        (vec!["0".to_owned()], None)
    );
    assert_eq!(ids("phone=89161234501").await.0, ["3", "1"]);
    assert_eq!(ids("owner=anna").await.0, ["3"]);
    assert_eq!(ids("state=ended").await.0, [""; 0]);
    assert_eq!(
        ids("state=waiting&from=2020-01-01&to=2099-01-01")
            .await
            .0
            .len(),
        5
    );
    assert_eq!(ids("to=2020-01-01").await.0, [""; 0]);
    for (query, expected) in [
        ("state=done", "state is waiting, running or ended"),
        ("phone=x", "phone: not a telephone number"),
        ("after=x", "after is the next of the page before"),
        ("limit=0", "limit is 1 to 1000"),
        ("format=xml", "format is json or csv"),
        ("from=x", "from: a day is written as"),
        ("statte=ended", "is \"state\" meant?"),
    ] {
        let reply = company.get(&format!("{PATH}?{query}")).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(
            reply.detail().contains(expected),
            "{query}: {}",
            reply.detail()
        );
    }
}

#[tokio::test]
async fn a_table_has_all_jobs_and_no_formulas() {
    let company = Company::new().await;
    let jobs = (0..2500).map(|number| {
        json!({"id": format!("{number:04}"), "phone": "+79161234567", "reason": "=1+1"}).to_string()
    });
    let lines: Vec<String> = jobs.collect();
    company.post(PATH, LINES, lines.join("\n")).await;
    let reply = company.get(&format!("{PATH}?format=csv")).await;
    assert_eq!(reply.headers["content-type"], "text/csv; charset=utf-8");
    let mut table = csv::Reader::from_reader(reply.body.as_slice());
    let head = table.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2500);
    let column = |name: &str| head.iter().position(|column| column == name).unwrap();
    assert_eq!(&rows[0][column("phone")], "+79161234567");
    assert_eq!(&rows[0][column("reason")], "'=1+1");
    let mut ids: Vec<&str> = rows.iter().map(|row| &row[column("id")]).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 2500, "each once");
}

#[tokio::test]
async fn what_came_of_callbacks_is_reported() {
    let company = Company::new().await;
    for id in ["a", "b"] {
        post(
            &company,
            &json!({"id": id, "phone": format!("+7916123456{}", id.len())}),
        )
        .await;
    }
    attempt(&company, "a", 1, Outcome::Connected).await;
    attempt(&company, "b", 1, Outcome::Busy).await;
    let report = company
        .get("/v1/reports/callbacks?from=2020-01-01&to=2099-12-31")
        .await;
    let report = report.json();
    assert_eq!(report["attempts"], 2);
    assert_eq!(
        report["outcomes"],
        json!([{"name": "busy", "count": 1}, {"name": "connected", "count": 1}])
    );
    assert_eq!(
        report["endings"],
        json!([{"name": "connected", "count": 1}])
    );
    assert_eq!(report["operators"][0]["name"], "anna");
    let missing = company.get("/v1/reports/callbacks?from=2020-01-01").await;
    assert_eq!(missing.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_refusal_does_not_repeat_the_number() {
    let company = Company::new().await;
    let reason = refused(&company, &json!({"phone": "+44 20 7946 0958"})).await;
    assert!(!reason.contains("7946"), "{reason}");
}

#[tokio::test]
async fn where_nobody_makes_callbacks_none_are_taken_and_that_is_said() {
    let company = Company::new().await;
    let settings = Settings {
        callbacks: None,
        ..settings(company.directory.path(), generous())
    };
    let contract = Contract::new(&settings, company.store.clone(), answers(&company.store));
    let without = Company {
        router: router(contract, Trust::Token),
        ..company
    };
    let reply = without.post(PATH, JSON, job().to_string()).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(
        reply.detail().contains("[callbacks] queue"),
        "{}",
        reply.detail()
    );
    assert_eq!(without.get(PATH).await.json()["callbacks"], json!([]));
}
