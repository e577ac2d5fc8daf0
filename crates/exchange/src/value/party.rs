//! An organisation and a person in one cell: an offer to split, never a split.

use crate::normalise::fold_width;

/// How a cell could be taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyOffer {
    pub organisation: String,
    pub person: String,
}

const ORGANISATION_ENDINGS: [&str; 20] = [
    "公司", "集团", "局", "委", "厅", "厂", "院", "中心", "办", "政府", "学校", "医院", "站", "所",
    "部", "处", "社", "队", "会", "行",
];

/// Offers a split where two or more blanks or a line break part the two.
pub fn read_party(text: &str) -> Option<PartyOffer> {
    let text = fold_width(text).replace(['\n', '\r', '\t'], "  ");
    let mut parts = text
        .split("  ")
        .map(str::trim)
        .filter(|part| !part.is_empty());
    let (organisation, person, None) = (parts.next()?, parts.next()?, parts.next()) else {
        return None;
    };
    let is_organisation = ORGANISATION_ENDINGS
        .iter()
        .any(|ending| organisation.ends_with(ending))
        && organisation.chars().count() >= 3;
    let is_person = (2..=8).contains(&person.chars().count())
        && person.chars().all(|c| c.is_alphabetic() || c == '·');
    (is_organisation && is_person).then(|| PartyOffer {
        organisation: organisation.to_owned(),
        person: person.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_is_offered_only_where_blanks_part_two_kinds() {
        let offer = read_party("科尔沁区发改局      项目科科长");
        assert_eq!(
            offer,
            Some(PartyOffer {
                organisation: "科尔沁区发改局".into(),
                person: "项目科科长".into()
            })
        );
        for text in ["科尔沁区发改局", "科尔沁区发改局 项目科", "甲  乙  丙", ""]
        {
            assert_eq!(read_party(text), None, "{text}");
        }
    }
}
