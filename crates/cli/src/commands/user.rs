//! `gangmu user`: accounts and posts from the command line, for the first account and for rescue.
//!
//! Passwords are read from standard input, never from arguments: those show in process lists.

use std::io::Read as _;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use gangmu_app::KeepPassword;
use gangmu_app::domain::organisation::Role;

use super::{open, print, print_json};
use crate::Place;
use crate::table::{Align, render};
use crate::words::word;

/// Add people, give them posts, set passwords.
#[derive(Args)]
pub(crate) struct User {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Add a user; the password is read from standard input and must be changed at first log-in.
    Add {
        /// The login.
        login: String,
        /// The name to show: a post, such as 科尔沁区发改委填报员.
        name: String,
    },
    /// Set a password, read from standard input.
    Password {
        /// The login.
        login: String,
        /// The user need not change it.
        #[arg(long)]
        keep: bool,
    },
    /// Give a post: a role in a unit.
    Post {
        /// The login.
        login: String,
        /// reporter, clerk, officer, leader, supervisor, auditor, security_administrator, system_administrator
        role: String,
        /// The unit's code.
        unit: String,
        /// The department's code or name; officers need one.
        #[arg(long)]
        department: Option<String>,
    },
    /// List users and their posts.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Put an account out of use, or into use again.
    Disable {
        /// The login.
        login: String,
        /// Put it into use again.
        #[arg(long)]
        undo: bool,
    },
}

pub(crate) async fn run(place: &Place, args: User) -> anyhow::Result<ExitCode> {
    let app = open(place).await?;
    let actor = app.system().await?;
    match args.what {
        What::Add { login, name } => {
            let password = password()?;
            app.user_add(&actor, &login, &name, &password).await?;
            print(format!("已添加用户 {login}，首次登录须修改密码"));
        }
        What::Password { login, keep } => {
            let password = password()?;
            let user = app.user_by_login(&actor, &login).await?;
            let keep = if keep {
                KeepPassword::Keep
            } else {
                KeepPassword::MustChange
            };
            app.user_set_password(&actor, user, &password, keep).await?;
            print(format!("已设置 {login} 的密码"));
        }
        What::Post {
            login,
            role,
            unit,
            department,
        } => {
            let role = Role::from_word(&role).ok_or_else(|| {
                let known: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
                anyhow!("`{role}` is not a role; use one of {}", known.join(", "))
            })?;
            let user = app.user_by_login(&actor, &login).await?;
            app.post_give(&actor, user, role, &unit, department.as_deref())
                .await?;
            print(format!("已授予 {login}：{} {unit}", word(role.word())));
        }
        What::List { json } => list(&app.user_list(&actor).await?, json)?,
        What::Disable { login, undo } => {
            let user = app.user_by_login(&actor, &login).await?;
            app.user_set_disabled(&actor, user, !undo).await?;
            let done = if undo { "已启用" } else { "已停用" };
            print(format!("{done} {login}"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(users: &[gangmu_app::UserView], json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(&users);
    }
    let rows: Vec<Vec<String>> = users
        .iter()
        .map(|user| {
            let posts: Vec<String> = user
                .posts
                .iter()
                .map(|post| {
                    let department = post.department.as_deref().unwrap_or_default();
                    format!("{}{department}/{}", post.unit, post.role)
                })
                .collect();
            let state = match (user.disabled, user.locked) {
                (true, _) => "停用",
                (false, true) => "锁定",
                (false, false) => "正常",
            };
            vec![
                user.login.clone(),
                user.display_name.clone(),
                state.to_owned(),
                posts.join("、"),
            ]
        })
        .collect();
    let headings = [
        ("登录名", Align::Left),
        ("名称", Align::Left),
        ("状态", Align::Left),
        ("岗位", Align::Left),
    ];
    print(render(&headings, &rows).trim_end());
    Ok(())
}

fn password() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin()
        .take(4096)
        .read_to_string(&mut text)
        .context("cannot read the password from standard input")?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
