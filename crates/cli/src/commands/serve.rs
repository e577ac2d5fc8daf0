//! `gangmu serve`: the pages and the API, until it is asked to stop.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use gangmu_app::App;
use gangmu_app::demo::{DEMO_PASSWORD, demo_users};
use gangmu_app::notices::{Outgoing, Posted, Worded};
use gangmu_web::pages::login::DemoAccount;
use gangmu_web::pages::notices::wording;
use gangmu_web::render::Templates;
use gangmu_web::server::{Options, serve};
use tokio::time::MissedTickBehavior;

use super::{open, print};
use crate::Place;

/// Serve the pages and the API.
#[derive(Args)]
pub(crate) struct Serve {
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// People reach the server through https: cookies only over https.
    #[arg(long)]
    https: bool,
}

pub(crate) async fn run(place: &Place, args: Serve) -> anyhow::Result<ExitCode> {
    let app = open(place).await?;
    let listener = tokio::net::TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    let address = listener.local_addr().context("cannot tell the address")?;
    print(format_args!("Gangmu 纲目: http://{address}/"));
    let demonstration = app.is_demo().await?;
    let options = Options {
        secure: args.https,
        demonstration,
        demo_accounts: if demonstration {
            accounts()
        } else {
            Vec::new()
        },
        ..Options::default()
    };
    let rounds = tokio::spawn(make_rounds(app.clone()));
    let post = tokio::spawn(send_post(app.clone(), wording(Templates::load()?)));
    serve(app, options, listener, stop()).await?;
    rounds.abort();
    post.abort();
    Ok(ExitCode::SUCCESS)
}

/// Looks every minute whether a round of the day is due; one that fails is made again.
async fn make_rounds(app: App) {
    let mut minutes = tokio::time::interval(Duration::from_secs(60));
    loop {
        minutes.tick().await;
        match app.rounds_make().await {
            Ok(made) => {
                for one in made {
                    tracing::info!(round = one.round.word(), count = one.count, "round made");
                }
            }
            Err(error) => tracing::error!(%error, "a round of the day failed"),
        }
    }
}

/// Looks every minute whether a notice is to be sent on; a mail server may take its time meanwhile.
async fn send_post(app: App, wording: impl Fn(&Outgoing) -> Worded + Send + Sync) {
    let mut minutes = tokio::time::interval(Duration::from_secs(60));
    minutes.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        minutes.tick().await;
        match app.outbox_send(&wording).await {
            Ok(posted) if posted == Posted::default() => {}
            Ok(Posted {
                sent,
                put_off,
                failed,
                dropped,
            }) => tracing::info!(sent, put_off, failed, dropped, "notices sent on"),
            Err(error) => tracing::error!(%error, "notices could not be sent on"),
        }
    }
}

/// The log-ins a demonstration shows on its log-in page.
fn accounts() -> Vec<DemoAccount> {
    demo_users()
        .into_iter()
        .map(|user| DemoAccount {
            user: user.login.to_owned(),
            password: DEMO_PASSWORD.to_owned(),
            who: user.name.to_owned(),
        })
        .collect()
}

/// Completes at Ctrl-C or when the process is asked to end.
async fn stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
