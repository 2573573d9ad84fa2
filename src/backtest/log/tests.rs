//! Logs as they come: malformed lines, columns in disorder, what can't be used.

use super::*;
use crate::TestResult;

const HEADER: &str = "ts,client,employee,type,case,query\n";

fn log(lines: &str) -> Result<Log, LogError> {
    Log::read(format!("{HEADER}{lines}").as_bytes())
}

fn refusal(text: &str) -> Result<LogError, &'static str> {
    Log::read(text.as_bytes()).err().ok_or("it was not refused")
}

#[test]
fn malformed_lines_are_refused_with_their_numbers_and_the_rest_is_read() -> TestResult {
    let log = log(
        "1,c,e,t,,1\nyesterday,c,e,t,,1\n2,c,e\n2,,e,t,,0\n2,c,e,t,,2\n\
         99999999999999,c,e,t,,0\n3,c,\"e, f\",t,x,0\n",
    )?;
    assert_eq!(log.rows.len(), 2);
    assert_eq!(log.rows[1].employee.as_str(), "e, f");
    assert_eq!(log.refused.count, 5);
    let lines: Vec<u64> = log
        .refused
        .named
        .iter()
        .map(|refused| refused.line)
        .collect();
    assert_eq!(lines, [3, 4, 5, 6, 7]);
    let fields = Malformed::Fields {
        found: 3,
        expected: 6,
    };
    assert_eq!(
        log.refused.named[1],
        RefusedLine {
            line: 4,
            reason: fields
        }
    );
    Ok(())
}

#[test]
fn of_very_many_malformed_lines_the_first_are_named_and_all_are_counted() -> TestResult {
    let log = log(&format!("1,c,e,t,,1\n{}", "nonsense\n".repeat(5_000)))?;
    assert_eq!(log.refused.count, 5_000);
    assert_eq!(log.refused.named.len(), 20);
    Ok(())
}

#[test]
fn bytes_that_are_no_text_are_refused() -> TestResult {
    let mut bytes = HEADER.as_bytes().to_vec();
    bytes.extend_from_slice(b"1,\xff\xfe,e,t,,1\n2,c,a\0b,t,,1\n3,c,e,t,,1\n");
    let log = Log::read(bytes.as_slice())?;
    assert_eq!((log.rows.len(), log.refused.count), (1, 2));
    Ok(())
}

#[test]
fn columns_may_stand_in_any_order_among_others() -> TestResult {
    let text = "\u{feff}query,note,case,type,employee,client,ts\n1,x,,t,e,c,5\n";
    let log = Log::read(text.as_bytes())?;
    assert_eq!(log.rows[0].client.as_str(), "c");
    assert!(log.rows[0].flagged);
    Ok(())
}

#[test]
fn a_log_that_cannot_be_used_says_why() -> TestResult {
    assert!(matches!(refusal("")?, LogError::Empty));
    assert!(matches!(
        refusal("ts,client,type,case,query\n1,c,t,,1\n")?,
        LogError::NoColumn("employee")
    ));
    assert!(matches!(
        refusal("ts;client;employee;type;case;query\n")?,
        LogError::NoColumn("ts")
    ));
    assert!(matches!(
        refusal(&format!("{HEADER}5,c,e,t,,1\nx\n4,c,e,t,,1\n"))?,
        LogError::Unsorted {
            line: 4,
            earlier: 2
        }
    ));
    let none = refusal(&format!("{HEADER}x\n"))?.to_string();
    assert!(
        none.contains("1 lines were refused; line 2: it has 1 fields"),
        "{none}"
    );
    Ok(())
}
