//! Call detail records as Asterisk's CSV backend writes them.

/// One call's record: the fields that a test asks about.
#[derive(Debug)]
pub(crate) struct Cdr {
    /// The context in which the dialplan ended.
    pub(crate) context: String,
    /// Name and number of who called.
    pub(crate) caller: String,
    pub(crate) channel: String,
    pub(crate) last_application: String,
    pub(crate) last_data: String,
}

impl Cdr {
    /// Nothing if the line is not a whole record (it may be being written).
    pub(super) fn parse(line: &str) -> Option<Self> {
        let fields = fields(line);
        let field = |index: usize| fields.get(index).cloned();
        Some(Self {
            context: field(3)?,
            caller: field(4)?,
            channel: field(5)?,
            last_application: field(7)?,
            last_data: field(8)?,
        })
    }
}

/// What the application notes in a record, as `asterisk-conf/demo/cdr_custom.conf` writes it.
#[derive(Debug)]
pub(crate) struct Noted {
    pub(crate) channel: String,
    pub(crate) call: String,
    pub(crate) offered: String,
    pub(crate) chosen: String,
    pub(crate) callback: String,
}

impl Noted {
    /// Nothing if the line is not a whole record.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let fields = fields(line);
        let field = |index: usize| fields.get(index).cloned();
        Some(Self {
            channel: field(0)?,
            call: field(2)?,
            offered: field(3)?,
            chosen: field(4)?,
            callback: field(5)?,
        })
    }
}

/// Splits at commas outside of quotes. A quote inside of quotes is written twice.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let doubled = quoted && character == '"' && characters.peek() == Some(&'"');
        match character {
            '"' if doubled => {
                characters.next();
                push(&mut fields, '"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => push(&mut fields, other),
        }
    }
    fields
}

fn push(fields: &mut [String], character: char) {
    if let Some(field) = fields.last_mut() {
        field.push(character);
    }
}
