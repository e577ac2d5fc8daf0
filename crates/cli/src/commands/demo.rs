//! `gangmu demo`: makes the demonstration region in a blank database and prints who can log in.

use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use gangmu_app::AppError;
use gangmu_app::demo::DEMO_PASSWORD;

use super::{open, print, print_json};
use crate::Place;
use crate::table::{Align, render};
use crate::words::word;

/// Make the demonstration region; does nothing where it is already.
#[derive(Args)]
pub(crate) struct Demo {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(place: &Place, args: Demo) -> anyhow::Result<ExitCode> {
    let app = open(place).await?;
    let demo = match app.demo().await {
        Err(AppError::State {
            code: "demo.not_blank",
            ..
        }) => {
            bail!("the database holds entries that are not the demo's; name another --database")
        }
        made => made?,
    };
    if args.json {
        print_json(&demo)?;
        return Ok(ExitCode::SUCCESS);
    }
    let done = if demo.made {
        "演示数据已生成"
    } else {
        "演示数据已存在，未作改动"
    };
    print(format!("{done}（数据为虚构，仅供演示）"));
    let rows: Vec<Vec<String>> = demo
        .users
        .iter()
        .map(|user| {
            vec![
                user.login.to_owned(),
                user.name.to_owned(),
                word(user.role).to_owned(),
                user.unit.to_owned(),
            ]
        })
        .collect();
    let headings = [
        ("登录名", Align::Left),
        ("名称", Align::Left),
        ("角色", Align::Left),
        ("单位", Align::Left),
    ];
    print(render(&headings, &rows).trim_end());
    print(format!("演示日期 {}", app.today()));
    print(format!("密码均为 {DEMO_PASSWORD}"));
    print("运行 gangmu serve，在浏览器打开它给出的网址");
    Ok(ExitCode::SUCCESS)
}
