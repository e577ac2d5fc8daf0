//! The permission table: which role may do what, within its scope.
//!
//! Policy stands here alone, as one `match`; use cases say literally what they do and ask. The
//! whole table is a golden text file under test, so that a widened right shows as a diff.

use super::UnitLevel;
use crate::words::words;

words! {
    /// What a post entitles to.
    Role {
        /// A project owner's reporter (项目单位填报人).
        Reporter = "reporter",
        /// A clerk of the Development and Reform Commission (发改委).
        Clerk = "clerk",
        /// An officer of an industry department (行业主管部门).
        Officer = "officer",
        /// An officer of an approving department (审批部门).
        Approver = "approver",
        /// A leader who looks, in a meeting or on a phone (包联领导).
        Leader = "leader",
        /// The supervision office (督查室).
        Supervisor = "supervisor",
        /// The auditor (审计员), one of the three separated administrators (三员分立).
        Auditor = "auditor",
        /// The security administrator (安全保密员): users, posts and nothing of the figures.
        SecurityAdministrator = "security_administrator",
        /// The system administrator (系统管理员): reference data, policies, nothing of the figures.
        SystemAdministrator = "system_administrator",
    }
}

words! {
    /// What can be asked of the system, few and uniform.
    Action {
        /// See projects, returns, programmes and roll-ups.
        Read = "read",
        /// Add and edit projects of the library.
        EditProject = "edit_project",
        /// Move a project between stages, suspend, split, merge.
        MoveStage = "move_stage",
        /// Adopt a programme and adjust it.
        ManageProgramme = "manage_programme",
        /// Type a monthly return or a winter plan and submit it.
        Report = "report",
        /// Review a return or a winter plan: pass it on or send it back.
        Review = "review",
        /// Chase late returns.
        Chase = "chase",
        /// Close a month for the own unit.
        ClosePeriod = "close_period",
        /// Give a closed month back to a unit below the own one.
        ReopenPeriod = "reopen_period",
        /// Open a month for everybody: a matter of the region.
        OpenPeriod = "open_period",
        /// Correct a figure of a closed month.
        Correct = "correct",
        /// Record why a project is late for a proper reason, and take it back.
        ExcuseLateness = "excuse_lateness",
        /// Import a workbook and adopt it.
        Import = "import",
        /// Take lists and tables out as workbooks.
        Export = "export",
        /// Handle approval matters of the own unit and department: receive, decide, forward.
        HandleMatter = "handle_matter",
        /// Make and adjust approval cases, hold joint sittings.
        ManageCase = "manage_case",
        /// Raise a problem that stands in a project's way.
        RaiseProblem = "raise_problem",
        /// Take problems in, hand them over, take them further, strike them off.
        CoordinateProblem = "coordinate_problem",
        /// Answer for a problem that was handed to one's own office.
        AnswerProblem = "answer_problem",
        /// Look whether a problem is solved.
        VerifyProblem = "verify_problem",
        /// Write, adopt and revise the plans of one's own office.
        ManagePlan = "manage_plan",
        /// Report where the tasks of one's own office stand, and answer letters about them.
        ReportTask = "report_task",
        /// Supervise plans: look whether reports are so, write letters, issue bulletins.
        Supervise = "supervise",
        /// Set who answers for a project, and hand over what somebody leaves behind.
        Assign = "assign",
        /// Record notes, visits and dispatches on the site.
        RecordVisit = "record_visit",
        /// Prepare and hold dispatch meetings, and write down what they agree.
        HoldMeeting = "hold_meeting",
        /// Manage users and posts.
        ManageUsers = "manage_users",
        /// Manage policies, thresholds, lights, groupings.
        ManagePolicies = "manage_policies",
        /// Load regions, industries, departments, calendars.
        ManageReference = "manage_reference",
        /// See what waits to leave the house, and have it tried again.
        ManageChannels = "manage_channels",
        /// Read the audit trail.
        ReadAudit = "read_audit",
    }
}

/// Says whether a role, held at a level, may do this within its scope.
#[must_use]
pub fn allows(role: Role, level: UnitLevel, action: Action) -> bool {
    use Action as A;
    match role {
        Role::Reporter => matches!(
            action,
            A::Read | A::Report | A::Export | A::RaiseProblem | A::AnswerProblem
        ),
        Role::Clerk => match action {
            A::ManageUsers
            | A::ManagePolicies
            | A::ManageReference
            | A::ManageChannels
            | A::ReadAudit
            | A::HandleMatter
            // Whoever carries tasks out does not supervise them.
            | A::Supervise => false,
            A::OpenPeriod | A::Correct | A::ManageProgramme => level == UnitLevel::Region,
            // Whoever closed too early, or is late, asks the level above.
            A::ReopenPeriod | A::ExcuseLateness => level != UnitLevel::Banner,
            _ => true,
        },
        Role::Officer => matches!(
            action,
            A::Read
                | A::EditProject
                | A::Report
                | A::Review
                | A::Chase
                | A::Import
                | A::Export
                | A::RaiseProblem
                | A::AnswerProblem
                | A::ManagePlan
                | A::ReportTask
                | A::RecordVisit
        ),
        Role::Approver => matches!(
            action,
            A::Read
                | A::HandleMatter
                | A::Export
                | A::RaiseProblem
                | A::AnswerProblem
                | A::ReportTask
        ),
        Role::Leader => matches!(
            action,
            A::Read | A::Export | A::RaiseProblem | A::VerifyProblem | A::RecordVisit
        ),
        Role::Supervisor => matches!(
            action,
            A::Read
                | A::Chase
                | A::Export
                | A::RaiseProblem
                | A::VerifyProblem
                | A::RecordVisit
                | A::Supervise
        ),
        Role::Auditor => matches!(action, A::Read | A::ReadAudit | A::Export),
        Role::SecurityAdministrator => matches!(action, A::ManageUsers),
        Role::SystemAdministrator => matches!(
            action,
            A::ManagePolicies | A::ManageReference | A::ManageChannels
        ),
    }
}
