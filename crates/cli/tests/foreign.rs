//! Tables of other countries from the file to the roll-up, by the commands a person would type:
//! the recipes of docs/importing.md on invented rows in the shape of the public files.

use std::path::{Path, PathBuf};
use std::process::Command;

use gangmu_testkit::Empty;
use serde_json::Value;

/// CUP, sub-measure, amount as printed, amount in euro, and the codes of its place.
const PROJECTS: [(&str, &str, &str, i64, [&str; 3]); 5] = [
    ("A00", "M1C1", "1.234.567", 1_234_567, ["05", "024", "086"]),
    ("A00", "M2C2", "40.000", 40_000, ["05", "024", "086"]),
    ("B00", "M1C1", "500", 500, ["05", "023", "091"]),
    ("C00", "M1C1", "7.000.001", 7_000_001, ["03", "015", "146"]),
    ("D00", "M1C1", "N/D", 0, ["03", "015", "146"]),
];

struct Desk {
    folder: tempfile::TempDir,
    address: String,
}

impl Desk {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn gangmu(&self, arguments: &[&str]) -> std::process::Output {
        Command::new(env!("CARGO_BIN_EXE_gangmu"))
            .args(["--database", &self.address, "--files"])
            .arg(self.path("files"))
            .args(arguments)
            .output()
            .unwrap()
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.gangmu(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Projects and money of each unit below one.
    fn rollup(&self, unit: Option<&str>) -> Vec<(String, i64, i64)> {
        let mut arguments = vec!["rollup", "--period", "2024-12", "--json"];
        arguments.extend(unit.iter().flat_map(|unit| ["--unit", unit]));
        let rollup: Value = serde_json::from_str(&self.done(&arguments)).unwrap();
        let number = |row: &Value, measure: &str| row["measures"][measure].as_i64().unwrap();
        let row = |row: &Value| {
            let key = row["key"].as_str().unwrap().to_owned();
            (
                key,
                number(row, "projects"),
                number(row, "total_investment"),
            )
        };
        rollup["rows"].as_array().unwrap().iter().map(row).collect()
    }
}

fn projects() -> String {
    let mut text = "\u{feff}Programma;Descrizione Missione;Codice Univoco submisura;Descrizione \
        submisura;Amministrazione Titolare;CUP ;CUP_DESCR_NATURA;Titolo progetto ;FINANZ_TOTALE \n"
        .to_owned();
    for (cup, part, amount, _, _) in PROJECTS {
        text +=
            &format!("PNRR;Missione;{part};Fondo;Min;{cup};Opere;OPERA {cup} {part};{amount}\n");
    }
    text
}

fn places() -> String {
    let mut text = "\u{feff}Codice Univoco submisura;CUP ;Regione;Descrizione Regione;Provincia;\
        Descrizione Provincia;Comune;Descrizione Comune\n"
        .to_owned();
    for (cup, part, _, _, [region, province, town]) in PROJECTS {
        text += &format!("{part};{cup};{region};R{region};{province};P{province};{town};C{town}\n");
    }
    text
}

fn tree(table: &Path) -> String {
    let output = Command::new("python3")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/territory_tree.py"))
        .arg(table)
        .args(["--root", "IT,Italia"])
        .args([
            "--code",
            "Regione",
            "--code",
            "Provincia",
            "--code",
            "Comune",
        ])
        .args([
            "--name",
            "Descrizione Regione",
            "--name",
            "Descrizione Provincia",
        ])
        .args(["--name", "Descrizione Comune"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn money_of_another_country_adds_up_by_its_territory(address: &str) {
    let desk = Desk {
        folder: tempfile::tempdir().unwrap(),
        address: address.to_owned(),
    };
    let table = desk.write("PNRR_Progetti.csv", &projects());
    let joined = desk.write("PNRR_Localizzazione.csv", &places());
    let regions = desk.write("regions.csv", &tree(&desk.path("PNRR_Localizzazione.csv")));
    desk.done(&["migrate"]);
    desk.done(&["reference", "import", "regions", &regions]);
    let mut import = vec![
        "import",
        &table,
        &joined,
        "--profile",
        "pnrr",
        "--year",
        "2024",
    ];
    import.extend(["--category", "continuing", "--adopt"]);
    assert!(desk.done(&import).contains("新增 5，变更 0，不变 0"));
    assert!(
        desk.done(&import).contains("新增 0，变更 0，不变 5"),
        "twice changes nothing"
    );
    desk.done(&["period", "open", "2024-12"]);
    for (unit, depth) in [(None, 1), (Some("05"), 2), (Some("05-024"), 3)] {
        for (key, count, money) in desk.rollup(unit) {
            let here = PROJECTS
                .iter()
                .filter(|project| project.4[..depth].join("-") == key);
            let sum: i64 = here.clone().map(|project| project.3).sum();
            assert_eq!((count, money), (here.count() as i64, sum), "{key}");
        }
    }
    assert_eq!(desk.rollup(None).len(), 2);
    assert_eq!(desk.rollup(Some("05")).len(), 2);
    assert!(desk.done(&["doctor"]).contains("全部一致"));
    refusals_are_told_in_words(&desk);
}

fn refusals_are_told_in_words(desk: &Desk) {
    let page = desk.write(
        "page.xls",
        "<html><table><tr><td>1</td></tr></table></html>",
    );
    let refused = desk.gangmu(&["import", &page]);
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(told.contains("这是网页文件，不是表格"), "{told}");
    let again = desk.gangmu(&["period", "open", "2024-12"]);
    let told = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(told.contains("报告期要按月顺序打开"), "{told}");
}

#[test]
fn money_of_another_country_adds_up_by_its_territory_on_sqlite() {
    money_of_another_country_adds_up_by_its_territory(Empty::sqlite().address());
}

#[test]
fn money_of_another_country_adds_up_by_its_territory_on_postgres() {
    let empty = gangmu_testkit::block_on(Empty::postgres());
    money_of_another_country_adds_up_by_its_territory(empty.address());
}
