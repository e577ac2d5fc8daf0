//! A ledger of who answers for which project read back (包联责任台账导入).
//!
//! What a reader would get wrong: a blank cell says nothing, it relieves nobody. Whoever holds a duty
//! already stays as they are; another name beside them is refused, unless the person asks that the
//! one in office be relieved.

use std::collections::{BTreeMap, HashMap};

use gangmu_domain::liaison::{self, About, Assignment, Duty, Holder, Term};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{Action, UnitLevel, UnitPath, UserId};
use gangmu_domain::plans::Office;
use gangmu_exchange::ledger::{LedgerRow, Schema};
use gangmu_exchange::{Kind, squeeze};
use gangmu_store::liaison::{self as rows, AssignmentRow};
use gangmu_store::library::Project;
use gangmu_store::{Conn, accounts};
use jiff::civil::Date;

use super::HolderView;
use super::assign::{reaches, told};
use super::tell::Charged;
use crate::change::Work;
use crate::error::AppError;
use crate::ledgers::{Deed, LedgerOptions, LedgerStatus, Line, Projects, parts};
use crate::{Actor, App, Reference, offices};

/// What a ledger of who answers for projects has.
pub(crate) const SCHEMA: Schema = Schema {
    columns: &[
        ("ledger.project", Kind::Text),
        ("ledger.code", Kind::Text),
        ("ledger.unit", Kind::Text),
        ("duty.leader", Kind::Text),
        ("duty.leader_region", Kind::Text),
        ("duty.leader_league", Kind::Text),
        ("duty.leader_banner", Kind::Text),
        ("duty.lead_unit", Kind::Text),
        ("duty.resident", Kind::Text),
        ("duty.owner_contact", Kind::Text),
        ("duty.service_team", Kind::Text),
        ("duty.from", Kind::Date),
        ("duty.reason", Kind::Text),
        ("ledger.passed.investment", Kind::Text),
        ("ledger.passed.light", Kind::Text),
        ("ledger.passed.note", Kind::Text),
    ],
    needs: &[
        &["ledger.project", "ledger.code"],
        &[
            "duty.leader",
            "duty.leader_region",
            "duty.leader_league",
            "duty.leader_banner",
            "duty.lead_unit",
            "duty.resident",
            "duty.service_team",
        ],
    ],
};

/// Columns of duties; a level says on whose side.
const DUTIES: [(&str, Duty, Option<UnitLevel>); 8] = [
    ("duty.leader", Duty::Leader, None),
    ("duty.leader_region", Duty::Leader, Some(UnitLevel::Region)),
    ("duty.leader_league", Duty::Leader, Some(UnitLevel::League)),
    ("duty.leader_banner", Duty::Leader, Some(UnitLevel::Banner)),
    ("duty.lead_unit", Duty::LeadUnit, None),
    ("duty.resident", Duty::Resident, None),
    ("duty.owner_contact", Duty::OwnerContact, None),
    ("duty.service_team", Duty::ServiceTeam, None),
];
/// The most characters of a reason.
const MOST_REASON: usize = 200;

/// Somebody to answer for a project, and whom they relieve.
pub(crate) struct Setting {
    project: Project,
    new: Assignment,
    reason: String,
    /// The assignments that end, each with its last day.
    relieves: Vec<(i64, Date)>,
}

/// What the rows are laid over.
struct Over<'a> {
    reference: &'a Reference,
    actor: &'a Actor,
    options: &'a LedgerOptions,
    today: Date,
    users: HashMap<UserId, String>,
    /// Who has a post where, by the name they are printed under.
    posts: HashMap<(UnitPath, String), Vec<UserId>>,
    standing: BTreeMap<ProjectId, Vec<AssignmentRow>>,
}

impl App {
    /// Says what each row of a ledger would do.
    pub(crate) async fn liaison_proposed(
        &self,
        conn: &impl Conn,
        actor: &Actor,
        options: &LedgerOptions,
        rows: &[LedgerRow],
        projects: &Projects,
    ) -> Result<Vec<Line>, AppError> {
        let reference = self.reference().await?;
        let users = accounts::user_list(conn).await?;
        let able: HashMap<UserId, String> = users
            .iter()
            .filter(|user| user.disabled == 0)
            .map(|user| (UserId(user.user_id), squeeze(&user.display_name)))
            .collect();
        let mut posts: HashMap<(UnitPath, String), Vec<UserId>> = HashMap::new();
        for post in accounts::post_list(conn, None).await? {
            if let Some(name) = able.get(&post.user) {
                let of_name = posts.entry((post.unit, name.clone())).or_default();
                if !of_name.contains(&post.user) {
                    of_name.push(post.user);
                }
            }
        }
        let ids: Vec<i64> = projects.all().iter().map(|one| one.id.0).collect();
        let mut over = Over {
            reference: &reference,
            actor,
            options,
            today: self.today(),
            users: users
                .into_iter()
                .map(|user| (UserId(user.user_id), user.display_name))
                .collect(),
            posts,
            standing: rows::assignment_list_of(conn, &ids).await?,
        };
        let reads = |row| over.line(row, projects);
        rows.iter().map(reads).collect()
    }

    /// Sets what rows say; each holder hears of all theirs once.
    pub(crate) async fn liaison_imported(
        &self,
        work: &Work<'_>,
        settings: Vec<Setting>,
    ) -> Result<(), AppError> {
        let mut charged: Vec<(Assignment, String, usize)> = Vec::new();
        for one in settings {
            let about = About::Project(one.project.id);
            for (id, last) in &one.relieves {
                rows::assignment_end(work.tx, &about, *id, *last, work.actor.user).await?;
            }
            let row = AssignmentRow {
                about,
                id: 0,
                says: one.new.clone(),
                reason: one.reason,
                set_by: work.actor.user,
                at: work.now,
                ended_by: UserId(0),
                handover: 0,
            };
            self.set_row(work, &one.project, &row).await?;
            match charged.iter_mut().find(|other| other.0 == one.new) {
                Some(other) => other.2 += 1,
                None => charged.push((one.new, one.project.name().to_owned(), 1)),
            }
        }
        for (new, name, n) in charged {
            let charged = Charged {
                holder: &new.holder,
                unit: &new.unit,
                act: new.duty.word(),
                name: (n == 1).then_some(name),
                n,
                from: new.term.from,
                handover: None,
            };
            self.charged_told(work.tx, work.actor, charged).await?;
        }
        Ok(())
    }
}

impl Over<'_> {
    fn line(&mut self, row: &LedgerRow, projects: &Projects) -> Result<Line, AppError> {
        let mut line = Line::new(row);
        row.text("ledger.project").clone_into(&mut line.name);
        let found = projects.of_row(self.reference, row, &mut line);
        let (project, others) = match found.as_slice() {
            [] => return Ok(line.settle(LedgerStatus::Refused, Deed::Nothing)),
            [one] => (*one, &[][..]),
            [one, others @ ..] => (*one, others),
        };
        if !others.is_empty() {
            // Of several alike it is the one that says the same already, or nobody knows which.
            for one in &found {
                let (line, settings) = self.settings(Line::new(row), row, one)?;
                if !line.is_refused() && settings.is_empty() {
                    return Ok(self.settled(line, one, settings));
                }
            }
            Projects::which(row, &mut line, found.len());
            return Ok(line.settle(LedgerStatus::Refused, Deed::Nothing));
        }
        let (line, settings) = self.settings(line, row, project)?;
        Ok(self.settled(line, project, settings))
    }

    fn settled(&mut self, mut line: Line, project: &Project, settings: Vec<Setting>) -> Line {
        project.name().clone_into(&mut line.name);
        line.project = Some(project.id);
        if line.is_refused() || settings.is_empty() {
            return line.settle(LedgerStatus::Unchanged, Deed::Nothing);
        }
        // Rows below see what this one sets.
        let standing = self.standing.entry(project.id).or_default();
        for one in &settings {
            for (id, last) in &one.relieves {
                let ended = standing.iter_mut().filter(|row| row.id == *id);
                ended.for_each(|row| row.says.term.to = Some(*last));
            }
            standing.push(AssignmentRow {
                about: About::Project(project.id),
                id: 0,
                says: one.new.clone(),
                reason: String::new(),
                set_by: self.actor.user,
                at: 0,
                ended_by: UserId(0),
                handover: 0,
            });
        }
        let relieves = settings.iter().any(|one| !one.relieves.is_empty());
        let status = match relieves {
            true => LedgerStatus::Changed,
            false => LedgerStatus::New,
        };
        line.settle(status, Deed::Liaison(settings))
    }

    /// Who a row sets for a project beside those it has.
    fn settings(
        &self,
        mut line: Line,
        row: &LedgerRow,
        project: &Project,
    ) -> Result<(Line, Vec<Setting>), AppError> {
        let nobody = Vec::new();
        let mut standing = self.standing.get(&project.id).unwrap_or(&nobody).clone();
        let mut settings = Vec::new();
        for (key, duty, level) in DUTIES {
            let text = row.text(key);
            if text.is_empty() || self.says(&standing, duty, level, text) {
                continue;
            }
            let grant = self.actor.grant_on(
                Action::Assign,
                &project.unit,
                project.department,
                project.reporter,
            );
            let Ok(grant) = grant else {
                line.refuse((row, key), "ledgers.not_yours", &[]);
                break;
            };
            let Some(side) = self.side(project, level, &grant.scope.unit, row, key, &mut line)
            else {
                continue;
            };
            // All of a cell first: none of its names makes room for another.
            let (mut holders, mut kept) = (Vec::new(), Vec::new());
            for name in parts(text) {
                let mut there = self.called(&standing, duty, level, name);
                if there.is_empty() {
                    let Some(holder) = self.holder(duty, &side, name, (row, key), &mut line) else {
                        continue;
                    };
                    // Printed otherwise than it is written here, it may still be the same.
                    let same =
                        |one: &&AssignmentRow| one.says.unit == side && one.says.holder == holder;
                    let own = self.own(&standing, duty, level);
                    there = own.into_iter().filter(same).map(|one| one.id).collect();
                    if there.is_empty() && !holders.contains(&holder) {
                        holders.push(holder);
                    }
                }
                kept.append(&mut there);
            }
            for holder in holders {
                let new = Assignment {
                    duty,
                    unit: side.clone(),
                    holder,
                    term: Term {
                        from: self.from(row, &standing),
                        to: None,
                    },
                };
                let before = standing.clone();
                match self.set(project, &mut standing, new, (row, &kept)) {
                    Ok(setting) => {
                        self.tell(&mut line, (row, key), &setting, &before);
                        settings.push(setting);
                    }
                    Err(problem) => {
                        let messages = vec![told(&problem, project.name())];
                        line.refuse_for(row, AppError::Invalid { messages }, |_| key)?;
                    }
                }
            }
        }
        if row.text("duty.reason").chars().count() > MOST_REASON {
            let most = MOST_REASON.to_string();
            line.refuse((row, "duty.reason"), "field.too_long", &[&most]);
        }
        Ok((line, settings))
    }

    /// Says who is set, by an account or by name only, and whose duty ends.
    fn tell(
        &self,
        line: &mut Line,
        at: (&LedgerRow, &str),
        setting: &Setting,
        before: &[AssignmentRow],
    ) {
        let duty = setting.new.duty.word();
        let side = self.reference.unit_name(&setting.new.unit);
        let name = self.printed(&setting.new.holder);
        let from = setting.new.term.from.to_string();
        let code = match (setting.relieves.is_empty(), &setting.new.holder) {
            (true, Holder::Office { .. }) => "ledgers.liaison.does.set",
            (true, Holder::User(_)) => "ledgers.liaison.does.set_account",
            (true, Holder::Named(_)) => "ledgers.liaison.does.set_named",
            (false, Holder::Office { .. }) => "ledgers.liaison.does.relieve",
            (false, Holder::User(_)) => "ledgers.liaison.does.relieve_account",
            (false, Holder::Named(_)) => "ledgers.liaison.does.relieve_named",
        };
        line.does(at, code, &[duty, &side, &name, &from]);
        for (id, last) in &setting.relieves {
            if let Some(one) = before.iter().find(|one| one.id == *id) {
                let (name, last) = (self.printed(&one.says.holder), last.to_string());
                let params = [duty, &side, &name, &last];
                line.does(at, "ledgers.liaison.does.ends", &params);
            }
        }
    }

    /// How tables name a holder.
    fn printed(&self, holder: &Holder) -> String {
        HolderView::new(self.reference, &self.users, holder).official()
    }

    /// Those who hold a duty, or will, on the side a column names or on any.
    fn own<'s>(
        &self,
        standing: &'s [AssignmentRow],
        duty: Duty,
        level: Option<UnitLevel>,
    ) -> Vec<&'s AssignmentRow> {
        let mut own: Vec<&AssignmentRow> = standing
            .iter()
            .filter(|row| row.says.duty == duty)
            .filter(|row| row.says.term.to.is_none_or(|to| to >= self.today))
            .filter(|row| level.is_none_or(|level| self.reference.level(&row.says.unit) == level))
            .collect();
        own.sort_by_key(|row| row.says.unit.clone());
        own
    }

    /// Those of them who are printed as a name says.
    fn called(
        &self,
        standing: &[AssignmentRow],
        duty: Duty,
        level: Option<UnitLevel>,
        name: &str,
    ) -> Vec<i64> {
        let name = squeeze(name);
        let own = self.own(standing, duty, level).into_iter();
        let called = own.filter(|row| squeeze(&self.printed(&row.says.holder)) == name);
        called.map(|row| row.id).collect()
    }

    /// Whether those who hold a duty are printed as a cell says: one of them, or all as our table
    /// lists them.
    fn says(
        &self,
        standing: &[AssignmentRow],
        duty: Duty,
        level: Option<UnitLevel>,
        text: &str,
    ) -> bool {
        let own = self.own(standing, duty, level).into_iter();
        let names: Vec<String> = own
            .map(|row| squeeze(&self.printed(&row.says.holder)))
            .collect();
        let text = squeeze(text);
        names.contains(&text) || (!names.is_empty() && names.join("、") == text)
    }

    /// On whose side a duty stands: the level the column names, the unit that was chosen, or the
    /// person's own.
    fn side(
        &self,
        project: &Project,
        level: Option<UnitLevel>,
        own: &UnitPath,
        row: &LedgerRow,
        key: &str,
        line: &mut Line,
    ) -> Option<UnitPath> {
        let chosen = self.options.unit.as_deref().filter(|code| !code.is_empty());
        let side = match (level, chosen) {
            (Some(level), _) => {
                let mut above = project.unit.ancestry();
                above.find(|unit| self.reference.level(unit) == level)
            }
            (None, Some(code)) => self
                .reference
                .unit_by_code(code)
                .map(|unit| unit.path.clone()),
            (None, None) => Some(own.clone()),
        };
        let Some(side) = side else {
            line.refuse((row, key), "ledgers.liaison.no_side", &[]);
            return None;
        };
        if reaches(self.actor, &side).is_err() {
            let name = self.reference.unit_name(&side);
            line.refuse((row, key), "ledgers.liaison.not_your_side", &[&name]);
            return None;
        }
        Some(side)
    }

    /// Who a name means: somebody with a post on that side, an office, or a post without an account.
    fn holder(
        &self,
        duty: Duty,
        side: &UnitPath,
        name: &str,
        at: (&LedgerRow, &str),
        line: &mut Line,
    ) -> Option<Holder> {
        if duty.is_personal() {
            let of_name = self.posts.get(&(side.clone(), squeeze(name)));
            return match of_name.map_or(&[][..], Vec::as_slice) {
                [] => Some(Holder::Named(name.to_owned())),
                [one] => Some(Holder::User(*one)),
                _ => {
                    line.refuse(at, "ledgers.liaison.two_people", &[name]);
                    None
                }
            };
        }
        let own = Office {
            unit: side.clone(),
            department: None,
        };
        let found = offices::find(self.reference, &own, name);
        if let Some([office]) = found.as_deref() {
            return Some(Holder::Office {
                unit: office.unit.clone(),
                department: offices::below_commission(self.reference, office.department),
            });
        }
        if duty == Duty::ServiceTeam {
            return Some(Holder::Named(name.to_owned()));
        }
        let likely = offices::likely(self.reference, &own, name);
        line.refuse_office(at, name, &likely);
        None
    }

    /// The day the row names; today where it names none, or the day of somebody who stands, which
    /// tables carry along when only a name is changed.
    fn from(&self, row: &LedgerRow, standing: &[AssignmentRow]) -> Date {
        let day = row.day("duty.from").map(|point| point.first_day());
        let of_another = |day: &Date| {
            let mut begun = standing.iter().filter(|one| one.id != 0);
            begun.any(|one| one.says.term.from == *day)
        };
        day.filter(|day| !of_another(day)).unwrap_or(self.today)
    }

    /// Sets somebody beside those who stand; relieves whom they follow, but nobody who is kept.
    fn set(
        &self,
        project: &Project,
        standing: &mut Vec<AssignmentRow>,
        new: Assignment,
        (row, kept): (&LedgerRow, &[i64]),
    ) -> Result<Setting, liaison::Refused> {
        let mut relieves = Vec::new();
        let mut after = standing.clone();
        if self.options.relieve {
            let others = after.iter_mut();
            let others = others.filter(|one| one.id != 0 && !kept.contains(&one.id));
            for other in others.filter(|one| one.in_the_way_of(&new)) {
                other.says.term = liaison::relieved(other.says.term, new.term.from)?;
                relieves.push((other.id, other.says.term.to.unwrap_or(new.term.from)));
            }
        }
        let beside: Vec<Assignment> = after.iter().map(|one| one.says.clone()).collect();
        liaison::check(&new, &project.unit, &beside)?;
        after.push(AssignmentRow {
            about: About::Project(project.id),
            id: 0,
            says: new.clone(),
            reason: String::new(),
            set_by: self.actor.user,
            at: 0,
            ended_by: UserId(0),
            handover: 0,
        });
        *standing = after;
        Ok(Setting {
            project: project.clone(),
            new,
            reason: row.text("duty.reason").to_owned(),
            relieves,
        })
    }
}
