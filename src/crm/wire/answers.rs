//! What is told about callers: rankings with their reasons, and menus.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Moments;
use crate::crm::Answer;
use crate::domain::directory::{Company, Name};
use crate::domain::language::Language;
use crate::domain::menu::MenuKind;
use crate::domain::phone::PhoneNumber;
use crate::domain::rating::{
    Candidate, CaseState, Contribution, EmployeeId, Explainer, Ranking, Rules,
};

/// What is needed to tell reasons.
pub struct Told<'a> {
    /// Has the names of the employees.
    pub company: &'a Company,
    /// Have the titles of the types of event.
    pub rules: &'a Rules,
    /// Local time.
    pub moments: &'a Moments,
    /// What the reasons are told in.
    pub language: Language,
}

/// Whom a caller wants, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ranking)]
pub struct RankingDocument {
    /// The number as we compare it; null if it is empty or withheld.
    phone: Option<String>,
    /// The moment that it holds for.
    at: String,
    /// The client; null if the number is nobody's we know, or that of several.
    client: Option<RankedClient>,
    /// Everybody with a score, best first, also those who are not offered.
    candidates: Vec<CandidateDocument>,
}

/// Whose ranking it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RankedClient)]
pub struct RankedClient {
    /// The client.
    id: String,
    /// What an employee's telephone shows; null if no name is known.
    name: Option<String>,
}

/// One employee of a ranking.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Candidate)]
pub struct CandidateDocument {
    /// Who.
    employee: String,
    /// What callers hear; null if nothing is known about this employee yet.
    name: Option<String>,
    /// The sum of the contributions, in points.
    score: f64,
    /// Whether they may be offered at that moment.
    offered: bool,
    /// If not, why not, in words.
    withheld: Option<String>,
    /// The score in words.
    explanation: String,
    /// What the score is made of, greatest first.
    contributions: Vec<ContributionDocument>,
}

/// What one event adds to a score.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Contribution)]
pub struct ContributionDocument {
    /// Which event.
    event: String,
    /// Its type.
    r#type: String,
    /// When it counts as having happened.
    time: String,
    /// With whom it happened: not always who is offered for it.
    person: String,
    /// The state of its case: `open`, `resolved`, `closed`; null without one.
    case: Option<&'static str>,
    /// What it adds.
    points: f64,
}

/// What a caller is offered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Menu)]
pub struct MenuDocument {
    /// `personal`, or `default` for those about whom nothing is known.
    kind: &'static str,
    /// What an employee's telephone shows; null if no name is known.
    caller_name: Option<String>,
    /// In the order in which they are read out.
    choices: Vec<ChoiceDocument>,
}

/// One line of a menu.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Choice)]
pub struct ChoiceDocument {
    /// The key to press.
    key: String,
    /// Who is reached.
    employee: String,
    /// What the caller hears.
    name: String,
    /// The internal number.
    extension: String,
}

impl Told<'_> {
    /// A ranking with its reasons.
    #[must_use]
    pub fn ranking(&self, phone: Option<&PhoneNumber>, answer: &Answer) -> RankingDocument {
        let ranking = &answer.ranking;
        let candidates = ranking.candidates.iter();
        RankingDocument {
            phone: phone.map(|phone| phone.as_str().to_owned()),
            at: self.time(ranking.at),
            client: ranking.client.as_ref().map(|id| RankedClient {
                id: id.as_str().to_owned(),
                name: answer.name.clone(),
            }),
            candidates: candidates.map(|one| self.candidate(ranking, one)).collect(),
        }
    }

    fn candidate(&self, ranking: &Ranking, candidate: &Candidate) -> CandidateDocument {
        let explainer = Explainer {
            rules: self.rules,
            staff: self.company.staff(),
            language: self.language,
        };
        let withheld = candidate.offer.as_ref().err();
        let contributions = candidate.contributions.iter();
        CandidateDocument {
            employee: candidate.employee.as_str().to_owned(),
            name: self.name(&candidate.employee),
            score: candidate.score,
            offered: withheld.is_none(),
            withheld: withheld.map(|reason| explainer.withheld(reason)),
            explanation: explainer.explain(ranking, candidate),
            contributions: contributions.map(|one| self.contribution(one)).collect(),
        }
    }

    fn contribution(&self, contribution: &Contribution) -> ContributionDocument {
        ContributionDocument {
            event: contribution.event.as_str().to_owned(),
            r#type: contribution.kind.as_str().to_owned(),
            time: self.time(contribution.time),
            person: contribution.person.as_str().to_owned(),
            case: contribution.case.map(case),
            points: contribution.points,
        }
    }

    fn name(&self, id: &EmployeeId) -> Option<String> {
        let card = self.company.card(id)?;
        Some(spoken(&card.name, self.language))
    }

    fn time(&self, moment: Timestamp) -> String {
        self.moments.write_time(moment)
    }
}

impl MenuDocument {
    /// A menu with the caller's name.
    #[must_use]
    pub fn of(answer: &Answer, language: Language) -> Self {
        let choices = answer.menu.choices.iter().map(|choice| ChoiceDocument {
            key: choice.key.to_string(),
            employee: choice.entry.id.as_str().to_owned(),
            name: spoken(&choice.entry.name, language),
            extension: choice.entry.extension.to_string(),
        });
        Self {
            kind: kind_word(answer.menu.kind),
            caller_name: answer.name.clone(),
            choices: choices.collect(),
        }
    }
}

/// How whose menu it is is written.
pub(super) fn kind_word(kind: MenuKind) -> &'static str {
    match kind {
        MenuKind::Personal => "personal",
        MenuKind::Default => "default",
    }
}

/// What callers hear.
pub(super) fn spoken(name: &Name, language: Language) -> String {
    match (name, language) {
        (Name::Department(name), _) => name.clone(),
        (Name::Person(name), Language::Russian) => name.last_first(),
        (Name::Person(name), Language::English) => name.first_last(),
    }
}

fn case(state: CaseState) -> &'static str {
    match state {
        CaseState::Open => "open",
        CaseState::Resolved => "resolved",
        CaseState::Closed => "closed",
    }
}
