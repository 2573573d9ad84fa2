//! Several variables of a channel in one request.
//!
//! Asterisk's ARI sets one variable a request. Its dialplan function `ARRAY` sets as many as one likes,
//! the functions that can be written to among them, and is itself such a function. It takes names and
//! values apart at commas, and reads brackets, quotes and backslashes as it does so.

use super::super::{ChannelId, RequestError};
use super::Requests;

impl Requests {
    /// Sets variables and writable functions of a channel, given with their values, one after the
    /// other. None takes no request, and several take one.
    ///
    /// While a prompt plays on the channel, Asterisk answers only after its end.
    ///
    /// # Errors
    /// As all requests: [`RequestError`] says what to do on each.
    pub async fn set_variables(
        &self,
        channel: &ChannelId,
        variables: &[(String, String)],
    ) -> Result<(), RequestError> {
        match variables {
            [] => Ok(()),
            [(name, value)] => self.set_variable(channel, name, value).await,
            several => {
                let names: Vec<_> = several.iter().map(|(name, _)| name.as_str()).collect();
                let name = format!("ARRAY({})", names.join(","));
                self.set_variable(channel, &name, &in_one(several)).await
            }
        }
    }
}

/// Values with commas between them, so that Asterisk finds each as it is.
fn in_one(variables: &[(String, String)]) -> String {
    let mut values = String::new();
    for (index, (_, value)) in variables.iter().enumerate() {
        if index > 0 {
            values.push(',');
        }
        for character in value.chars() {
            if matches!(character, ',' | '\\' | '"' | '(' | ')' | '[' | ']') {
                values.push('\\');
            }
            values.push(character);
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_one_of(values: &[&str]) -> String {
        let variables: Vec<_> = values
            .iter()
            .map(|value| ("VARIABLE".to_owned(), (*value).to_owned()))
            .collect();
        in_one(&variables)
    }

    #[test]
    fn values_have_commas_between_them() {
        assert_eq!(in_one_of(&["a", "", "b c"]), "a,,b c");
    }

    #[test]
    fn what_asterisk_would_read_as_its_own_has_a_backslash() {
        assert_eq!(
            in_one_of(&[r#"{"a":[1,2]}"#, r"ООО (Вера) \"]),
            r#"{\"a\":\[1\,2\]},ООО \(Вера\) \\"#
        );
    }
}
