//! Aligned tables on a terminal, where a Chinese character is two columns wide.

/// Which side a column leans to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// Prints rows under headings as lines of text, each column as wide as its widest cell.
pub(crate) fn render(headings: &[(&str, Align)], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = headings
        .iter()
        .enumerate()
        .map(|(at, (heading, _))| {
            let cells = rows.iter().filter_map(|row| row.get(at));
            let widest = cells.map(|cell| width(cell)).max().unwrap_or(0);
            widest.max(width(heading))
        })
        .collect();
    let heading: Vec<String> = headings
        .iter()
        .map(|(text, _)| (*text).to_owned())
        .collect();
    let mut out = String::new();
    for row in std::iter::once(&heading).chain(rows) {
        let mut line = String::new();
        for ((cell, (_, align)), width_of_column) in row.iter().zip(headings).zip(&widths) {
            let pad = " ".repeat(width_of_column.saturating_sub(width(cell)));
            match align {
                Align::Left => line.extend([cell, pad.as_str()]),
                Align::Right => line.extend([pad.as_str(), cell]),
            }
            line.push_str("  ");
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Counts terminal columns: two for ideographs, kana, and full-width forms.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}' | '\u{20000}'..='\u{3FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_when_cells_hold_chinese() {
        let rows = vec![
            vec!["通辽".to_owned(), "233".to_owned()],
            vec!["Ordos 鄂尔多斯".to_owned(), "7".to_owned()],
        ];
        let table = render(&[("单位", Align::Left), ("开工", Align::Right)], &rows);
        insta::assert_snapshot!(table, @r"
        单位            开工
        通辽             233
        Ordos 鄂尔多斯     7
        ");
    }
}
