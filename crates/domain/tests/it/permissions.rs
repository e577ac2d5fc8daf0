//! The whole permission table as text, so that a widened right shows as a difference.

use gangmu_domain::organisation::{Action, Role, UnitLevel, allows};

const LEVELS: [UnitLevel; 3] = [UnitLevel::Region, UnitLevel::League, UnitLevel::Banner];

fn table() -> String {
    let mut text = String::new();
    for role in Role::ALL {
        text += &format!("{:<24} region  league  banner\n", role.word());
        for action in Action::ALL {
            text += &format!("  {:<22}", action.word());
            for level in LEVELS {
                let mark = if allows(*role, level, *action) {
                    "yes"
                } else {
                    "-"
                };
                text += &format!(" {mark:<7}");
            }
            text.truncate(text.trim_end().len());
            text += "\n";
        }
        text += "\n";
    }
    text
}

#[test]
fn the_permission_table_is_the_one_written_down() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/permissions.txt");
    let now = table();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    for (at, (now, written)) in now.lines().zip(written.lines()).enumerate() {
        assert_eq!(now, written, "line {} of permissions.txt", at + 1);
    }
    assert_eq!(now, written);
}

#[test]
fn no_administrator_touches_figures_and_nobody_else_administers() {
    use Action as A;
    let admin_actions = [
        A::ManageUsers,
        A::ManagePolicies,
        A::ManageReference,
        A::ManageChannels,
    ];
    for (role, level, action) in all() {
        let admin = matches!(
            role,
            Role::SecurityAdministrator | Role::SystemAdministrator
        );
        if allows(role, level, action) {
            assert_eq!(
                admin,
                admin_actions.contains(&action),
                "{role:?} {action:?}"
            );
        }
    }
    // Three separated administrators: none holds two of users, policies and the audit trail.
    let holders = |action| {
        let may = |role: &&Role| allows(**role, UnitLevel::Region, action);
        Role::ALL.iter().filter(may).copied().collect::<Vec<Role>>()
    };
    assert_eq!(holders(A::ManageUsers), [Role::SecurityAdministrator]);
    assert_eq!(holders(A::ManagePolicies), [Role::SystemAdministrator]);
    assert_eq!(holders(A::ReadAudit), [Role::Auditor]);
}

#[test]
fn a_higher_level_may_do_whatever_a_lower_one_may() {
    for (role, _, action) in all() {
        let may = LEVELS.map(|level| allows(role, level, action));
        assert!(
            may.is_sorted_by(|high, low| high >= low),
            "{role:?} {action:?}"
        );
    }
}

fn all() -> impl Iterator<Item = (Role, UnitLevel, Action)> {
    Role::ALL.iter().flat_map(|role| {
        LEVELS.into_iter().flat_map(move |level| {
            Action::ALL
                .iter()
                .map(move |action| (*role, level, *action))
        })
    })
}
