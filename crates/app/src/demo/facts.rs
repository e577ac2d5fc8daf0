//! What an invented project tells the approving offices: land, energy, water, environment.
//!
//! What one would get wrong: a fact that is missing makes a matter "to be clarified", never "not
//! needed", so only projects that are far from their start leave any out.

use gangmu_domain::approvals::Route;
use gangmu_domain::library::{Field, Value};

use super::trades::{Trade, Works};
use crate::library::Edits;
use crate::random::Draw;

/// What the facts of a project hang on.
pub(crate) struct Traits {
    pub trade: &'static Trade,
    pub government: bool,
    /// Total investment in 万元.
    pub total: i64,
    /// Far from its start, so that some facts may not be known yet.
    pub early: bool,
}

/// Fills in the facts; `n` tells projects apart.
pub(crate) fn put(traits: &Traits, n: usize, fields: &mut Edits) {
    let mut draw = Draw::new(0x6661_6374 ^ u64::try_from(n).unwrap_or(0));
    let mut code = |field, word: &str| {
        fields.insert(field, Some(Value::Code(word.to_owned())));
    };
    code(Field::ApprovalRoute, route(traits, &mut draw).word());
    code(Field::EnvironmentalDocument, environment(traits, &mut draw));
    for (field, chance) in questions(traits) {
        let word = if draw.chance(chance) { "yes" } else { "no" };
        code(field, word);
    }
    for (field, number) in quantities(traits, &mut draw) {
        fields.insert(field, Some(Value::Number(number)));
    }
    if traits.early {
        for field in [
            Field::OverMinerals,
            Field::CulturalRelics,
            Field::MustTender,
        ] {
            if draw.chance(180) {
                fields.remove(&field);
            }
        }
    }
}

fn route(traits: &Traits, draw: &mut Draw) -> Route {
    let verified = traits.trade.industry == "44" || traits.trade.industry == "06";
    match traits.government {
        true => Route::Approval,
        false if verified && draw.chance(550) => Route::Verification,
        false => Route::Filing,
    }
}

fn environment(traits: &Traits, draw: &mut Draw) -> &'static str {
    let heavy = matches!(
        traits.trade.industry,
        "06" | "09" | "25" | "26" | "31" | "32"
    );
    let weights = match (heavy, traits.trade.works) {
        (true, _) => [70, 30, 0],
        (false, Works::Plant | Works::Power) => [15, 75, 10],
        (false, _) => [5, 50, 45],
    };
    ["report", "form", "registration"][draw.weighted(&weights)]
}

/// Yes so many times in a thousand.
fn questions(traits: &Traits) -> [(Field, i64); 10] {
    let builds = !matches!(traits.trade.works, Works::Land);
    let often = |yes: bool, then: i64, otherwise: i64| if yes { then } else { otherwise };
    let plant = traits.trade.works == Works::Plant;
    [
        (Field::NewConstructionLand, often(builds, 320, 60)),
        (Field::OverMinerals, 40),
        (Field::NearRiver, 60),
        (Field::CulturalRelics, 120),
        (Field::HazardArea, 80),
        (Field::BuildingWorks, often(builds, 900, 150)),
        (Field::SpecialFire, often(plant, 200, 60)),
        (Field::CivilDefence, often(builds, 250, 20)),
        (Field::MustTender, often(traits.government, 900, 60)),
        (
            Field::AffectsHighway,
            often(traits.trade.works == Works::Line, 300, 50),
        ),
    ]
}

/// Square metres, cubic metres, kilograms of standard coal and kilowatt-hours a year.
fn quantities(traits: &Traits, draw: &mut Draw) -> [(Field, i64); 7] {
    let size = traits.total.max(1);
    let land = (size * draw.between(2, 9)).min(3_000_000);
    let energy = match traits.trade.is_industrial() {
        true => size * draw.between(2, 260),
        false => size * draw.between(0, 12),
    };
    let open_land = traits.trade.works == Works::Power;
    let grass = draw.chance(if open_land { 520 } else { 160 });
    let forest = draw.chance(70);
    let water = draw.chance(150);
    let some = |yes: bool, number: i64| if yes { number } else { 0 };
    [
        (Field::LandArea, land),
        (Field::EarthVolume, land / 3),
        (Field::EnergyUse, energy * 10),
        (Field::ElectricityUse, energy * 30),
        (Field::WaterIntake, some(water, size * 20)),
        (Field::ForestLand, some(forest, land / 20)),
        (Field::Grassland, some(grass, land / 4)),
    ]
}
