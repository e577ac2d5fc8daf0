//! Who is asking, and what their posts entitle them to.

use gangmu_domain::organisation::{
    Action, DepartmentId, DepartmentSet, Role, Scope, UnitLevel, UnitPath, UserId, allows,
};

use crate::AppError;

/// A person with their posts, or the system itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who; zero for the system.
    pub user: UserId,
    /// How they are named.
    pub name: String,
    /// `zh-CN`, `en`, or empty for the browser's choice.
    pub locale: String,
    /// Whether they must change the password before anything else.
    pub must_change_password: bool,
    posts: Vec<HeldPost>,
}

/// A post with the level it is held at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldPost {
    /// The role.
    pub role: Role,
    /// The level of the unit.
    pub level: UnitLevel,
    /// The unit.
    pub unit: UnitPath,
    /// The department; `None` for all.
    pub department: Option<DepartmentId>,
}

/// Leave to do one thing within a scope; only [`Actor`] gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What part of the library it reaches.
    pub scope: Scope,
    /// The level it was given at.
    pub level: UnitLevel,
}

impl Actor {
    pub(crate) fn new(
        user: UserId,
        name: String,
        locale: String,
        must_change_password: bool,
        posts: Vec<HeldPost>,
    ) -> Self {
        Self {
            user,
            name,
            locale,
            must_change_password,
            posts,
        }
    }

    /// The system itself, acting at the root: command line, demo, jobs.
    #[must_use]
    pub fn system(root: UnitPath) -> Self {
        let all = [
            Role::Clerk,
            Role::Approver,
            Role::SystemAdministrator,
            Role::SecurityAdministrator,
        ];
        let posts = all.into_iter().map(|role| HeldPost {
            role,
            level: UnitLevel::Region,
            unit: root.clone(),
            department: None,
        });
        Self {
            user: UserId(0),
            name: "system".to_owned(),
            locale: String::new(),
            must_change_password: false,
            posts: posts.collect(),
        }
    }

    /// Returns the posts held.
    #[must_use]
    pub fn posts(&self) -> &[HeldPost] {
        &self.posts
    }

    /// Returns the person's own unit: that of the first post, the top for who has none.
    #[must_use]
    pub fn unit(&self) -> UnitPath {
        let first = self.posts.first();
        first.map_or_else(UnitPath::top, |post| post.unit.clone())
    }

    /// Says whether any post allows an action.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        self.posts.iter().any(|p| allows(p.role, p.level, action))
    }

    /// Gives leave for an action within the widest of the posts that allow it.
    ///
    /// Officers with several departments in one unit reach all of them.
    ///
    /// # Errors
    /// [`AppError::Refused`] when no post allows it.
    pub fn grant(&self, action: Action) -> Result<Grant, AppError> {
        self.grants(action)
            .into_iter()
            .min_by_key(|grant| {
                let narrow = grant.scope.departments != DepartmentSet::All;
                (grant.scope.reporter.is_some(), grant.level, narrow)
            })
            .ok_or_else(|| refused(action))
    }

    /// Gives leave for an action on one project, by whichever post covers it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the project may not even be seen, else
    /// [`AppError::Refused`].
    pub fn grant_on(
        &self,
        action: Action,
        unit: &UnitPath,
        department: Option<DepartmentId>,
        reporter: Option<UserId>,
    ) -> Result<Grant, AppError> {
        let covering = |action| {
            self.grants(action)
                .into_iter()
                .filter(|grant| grant.scope.covers(unit, department, reporter))
                .min_by_key(|grant| grant.level)
        };
        match covering(action) {
            Some(grant) => Ok(grant),
            None if covering(Action::Read).is_some() => Err(refused(action)),
            None => Err(AppError::NotFound { what: "project" }),
        }
    }

    pub(crate) fn grants(&self, action: Action) -> Vec<Grant> {
        self.posts
            .iter()
            .filter(|post| allows(post.role, post.level, action))
            .map(|post| Grant {
                level: post.level,
                scope: Scope {
                    unit: post.unit.clone(),
                    departments: self.departments_in(post),
                    reporter: (post.role == Role::Reporter).then_some(self.user),
                },
            })
            .collect()
    }

    fn departments_in(&self, post: &HeldPost) -> DepartmentSet {
        if post.department.is_none() {
            return DepartmentSet::All;
        }
        let same = |other: &&HeldPost| other.unit == post.unit && other.role == post.role;
        DepartmentSet::Only(
            self.posts
                .iter()
                .filter(same)
                .filter_map(|p| p.department)
                .collect(),
        )
    }
}

/// Refuses, naming the roles that may at some level.
pub(crate) fn refused(action: Action) -> AppError {
    let may = |role: &&Role| {
        [UnitLevel::Region, UnitLevel::League, UnitLevel::Banner]
            .iter()
            .any(|level| allows(**role, *level, action))
    };
    AppError::Refused {
        action,
        who: Role::ALL.iter().filter(may).copied().collect(),
    }
}
