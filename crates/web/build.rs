//! Makes the folder of built web assets exist, so that the crate compiles (and its tests run)
//! before anyone ran npm. An empty folder is fine: pages then come without style, never with an error.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let dist = Path::new("../../web-assets/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=locales");
    std::fs::create_dir_all(dist)
}
