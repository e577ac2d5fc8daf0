//! Profiles: foreign tables, joins, saved mappings. Samples look like the public
//! files, with invented content.

use crate::support::{layout, shipped_profile, show, understand};
use gangmu_exchange::{Limits, Profile, header_key, read_workbook};
use insta::assert_snapshot;
use std::collections::{BTreeMap, HashMap};

const PROJECTS: &str = "\u{feff}Programma;Descrizione Missione;Codice Univoco submisura;Descrizione submisura;Amministrazione Titolare;CUP ;CUP_DESCR_NATURA;Titolo progetto ;FINANZIAMENTO _UE;FINANZIAMENTO_PNRR;FINANZ_TOTALE \n\
PNRR;Digitalizzazione;M1C3I4.01.00;Hub;MiTur;J51B21002940006;Servizi;PORTALE*VIA UNO;N/D;114.000.000;114.000.000\n\
PNRR;Digitalizzazione;M1C2I5.01.01;Fondo;MAECI;E91B21008390006;Incentivi;OFFICINA*VIA DUE;N/D;40.000;40.500\n\
PNRR;Digitalizzazione;M1C2I5.01.01;Fondo;MAECI;X00000000000000;Incentivi;SENZA LUOGO;N/D;1.234;1.234\n";
const PLACES: &str = "Codice Univoco submisura;CUP ;Regione;Descrizione Regione;Provincia;Descrizione Provincia;Comune;Descrizione Comune\n\
M1C3I4.01.00;J51B21002940006;05;VENETO;024;VICENZA;086;ROMANO\n\
M1C3I4.01.00;J51B21002940006;03;LOMBARDIA;015;MILANO;146;MILANO\n\
M1C2I5.01.01;E91B21008390006;000;AMBITO NAZIONALE;000;AMBITO NAZIONALE;000;AMBITO NAZIONALE\n";

#[test]
fn a_joined_file_gives_every_project_its_places() {
    let read =
        |name: &str, text: &str| read_workbook(name, text.as_bytes(), &Limits::default()).unwrap();
    let (projects, places) = (
        read("PNRR_Progetti.csv", PROJECTS),
        read("PNRR_Localizzazione.csv", PLACES),
    );
    let profile = shipped_profile("pnrr");
    // The order in which a person names the files does not matter.
    let files = [places, projects];
    let (projects, joined) = profile.split(&files).unwrap();
    let extract = understand(projects, Some(&profile), &joined);
    assert_eq!(extract.currency.as_deref(), Some("EUR"));
    assert_eq!(extract.records[0].joined.len(), 2, "both places are kept");
    assert_snapshot!(show(&extract), @r##"
    title None unit None None None
    keys industry parent_name department code nature name funding.foreign funding.central_budget total_investment
    row 2 [] industry=Digitalizzazione parent_name=Hub department=MiTur code=J51B21002940006(Unknown) nature=Servizi name=PORTALE*VIA UNO funding.central_budget=¥114000000 total_investment=¥114000000 unit=05|024|086 site=VENETO / VICENZA / ROMANO investor_type=政府
    row 3 [] industry=Digitalizzazione parent_name=Fondo department=MAECI code=E91B21008390006(Unknown) nature=Incentivi name=OFFICINA*VIA DUE funding.central_budget=¥40000 total_investment=¥40500 unit=000|000|000 site=AMBITO NAZIONALE / AMBITO NAZIONALE / AMBITO NAZIONALE investor_type=政府
    row 4 [] industry=Digitalizzazione parent_name=Fondo department=MAECI code=X00000000000000(Unknown) nature=Incentivi name=SENZA LUOGO funding.central_budget=¥1234 total_investment=¥1234 investor_type=政府
    warning PNRR_Progetti.csv!F4：“X00000000000000 | M1C2I5.01.01”，应为PNRR_Localizzazione.csv 中的对应行。请检查两个文件的关键列。
    "##);
    let alone = understand(projects, Some(&profile), &[]);
    assert!(
        show(&alone).contains("PNRR_Localizzazione.csv"),
        "a missing file is named"
    );
}

#[test]
fn the_lists_of_the_world_bank_are_read() {
    let book = layout()
        .note(0, "World Bank Projects, data as of 09/22/2022 03:16:37 PM")
        .header("Project Id|Region|Country|Project Status|Project Name|Board Approval Date|Project Closing Date|Current Project Cost|Grant Amount|Borrower")
        .row("P000001|Eastern Africa|Republic of A|Closed|Ecosystems Project|2005-06-30T00:00:00Z|6/30/2011 12:00:00 AM|'5300000|'0|Ministry")
        .row("P000002|South Asia|Republic of B|Active|Urban Project|2015-06-30T00:00:00Z||'300000||Ministry")
        .workbook();
    let profile = shipped_profile("worldbank");
    assert_snapshot!(show(&understand(&book, Some(&profile), &[])), @r##"
    title None unit None None None
    keys code category name actual_start_on planned_finish_on total_investment funding.other owner
    row 3 [] code=P000001(Unknown) category=竣工 name=Ecosystems Project actual_start_on=2005-06-30 planned_finish_on=2011-06-30 total_investment=¥5300000 funding.other=¥0 owner=Ministry unit=Eastern Africa|Republic of A investor_type=政府
    row 4 [] code=P000002(Unknown) category=续建 name=Urban Project actual_start_on=2015-06-30 total_investment=¥300000 owner=Ministry unit=South Asia|Republic of B investor_type=政府
    note 1 World Bank Projects, data as of 09/22/2022 03:16:37 PM
    "##);
}

#[test]
fn a_profile_with_an_unknown_key_is_refused_with_its_line() {
    let error = Profile::parse("name = \"x\"\n[[column]]\nheader = \"A\"\nunits = \"1\"\n")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("line 4") && error.contains("units"),
        "{error}"
    );
}

#[test]
fn a_saved_mapping_overrides_names_and_positions() {
    let book = layout()
        .header("序号|工程|金额|备用|类别")
        .row("1|甲路|1.5|丢弃|新")
        .workbook();
    let text = r#"
name = "saved"
unit = "亿元"
[[column]]
header = "工程"
key = "name"
[[column]]
position = "C"
key = "total_investment"
[[column]]
header = "备用"
[[column]]
header = "类别"
key = "category"
values = { "新" = "新开工" }
"#;
    let profile = Profile::parse(text).unwrap();
    let found = show(&understand(&book, Some(&profile), &[]));
    assert!(
        found.contains("name=甲路 total_investment=¥150000000 category=新开工"),
        "{found}"
    );
    let again = Profile::parse(&profile.to_toml().unwrap()).unwrap();
    assert_eq!(again, profile, "a profile survives being saved");
}

#[test]
fn a_confirmed_mapping_is_saved_and_reads_the_same() {
    let book = layout()
        .header("序号||总投资（亿元）|业主▸名称|业主▸邮编|业主▸邮编")
        .row("1|甲路|1.5|甲公司|1|2")
        .workbook();
    let first = understand(&book, None, &[]);
    let profile = Profile::from_mapping("再用", &first.sheets[0].mapping);
    let saved = Profile::parse(&profile.to_toml().unwrap()).unwrap();
    let second = understand(&book, Some(&saved), &[]);
    assert_eq!(first.records, second.records);
    assert_eq!(second.records[0].cell("name").as_deref(), Some("B3"));
}

#[test]
fn no_name_stands_for_two_fields() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../data/import/synonyms.toml"
    );
    let text = std::fs::read_to_string(path).unwrap();
    let names: BTreeMap<String, Vec<String>> = toml::from_str(&text).unwrap();
    let mut owner: HashMap<Vec<String>, &str> = HashMap::new();
    for (key, names) in &names {
        for name in names {
            let path: Vec<String> = name.split('▸').map(header_key).collect();
            if let Some(other) = owner.insert(path, key) {
                assert_eq!(other, key, "{name}");
            }
        }
    }
}
