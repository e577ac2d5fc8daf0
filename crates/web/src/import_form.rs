//! The form that hands tables in for import: one reader for the page and the API. What one would
//! get wrong: what cannot be used is refused, never left out; a year that is none would otherwise
//! silently keep the rows off the year's list.

use axum::extract::Multipart;
use gangmu_app::imports::{ImportFile, ImportOptions};
use gangmu_app::{AppError, Message};

use crate::pages::work::Sent;
use crate::server::Failure;

/// A profile joins at most a few files.
pub const MOST_FILES: usize = 4;

/// The fields of the form besides the files, and `column.LETTERS` for columns mapped by hand.
const NAMES: [&str; 6] = [
    "profile",
    "unit",
    "year",
    "category",
    "period",
    "money_unit",
];

/// What was handed in.
pub struct HandedIn {
    /// The table, then the files its profile joins; one more than may be when there are too many.
    pub files: Vec<ImportFile>,
    /// The other fields.
    pub form: Sent,
}

impl HandedIn {
    /// Reads a form part by part; a file field that was left empty counts for nothing.
    ///
    /// # Errors
    /// When the form is broken off or larger than the server takes.
    pub async fn read(mut multipart: Multipart) -> Result<Self, Failure> {
        let (mut files, mut form) = (Vec::new(), Sent::new());
        while let Some(part) = multipart.next_field().await? {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(ToOwned::to_owned) {
                Some(file) if !file.is_empty() && files.len() <= MOST_FILES => {
                    files.push(ImportFile {
                        name: file,
                        bytes: part.bytes().await?,
                    });
                }
                Some(_) => {}
                None => form.push((name, part.text().await?)),
            }
        }
        Ok(Self { files, form })
    }

    /// Returns how the files are to be read.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when there are too many files or a field cannot be used.
    pub fn options(&self) -> Result<ImportOptions, AppError> {
        if self.files.len() > MOST_FILES {
            let most = [MOST_FILES.to_string()];
            return Err(AppError::Invalid {
                messages: vec![Message::new("import.too_many_files", "file", most)],
            });
        }
        options(&self.form)
    }

    /// Refuses fields nobody knows: a program has no page that carries fields of its own.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every one of them.
    pub fn only_known(&self) -> Result<(), AppError> {
        let known = |name: &str| NAMES.contains(&name) || name.starts_with(COLUMN);
        let messages: Vec<Message> = self
            .form
            .iter()
            .filter(|(name, _)| !known(name))
            .map(|(name, _)| Message::new("field.unknown", name, [name.clone()]))
            .collect();
        if messages.is_empty() {
            Ok(())
        } else {
            Err(AppError::Invalid { messages })
        }
    }
}

const COLUMN: &str = "column.";

/// Reads how a file is to be read from a form; empty fields say nothing.
///
/// # Errors
/// [`AppError::Invalid`] when the year is none.
pub fn options(form: &Sent) -> Result<ImportOptions, AppError> {
    let given = |wanted: &str| {
        form.iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, text)| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    let year = match given("year") {
        Some(text) => Some(year(&text)?),
        None => None,
    };
    Ok(ImportOptions {
        profile: given("profile"),
        unit: given("unit"),
        year,
        category: given("category"),
        period: given("period"),
        money_unit: given("money_unit"),
        columns: form
            .iter()
            .filter_map(|(name, key)| {
                let letters = name.strip_prefix(COLUMN)?;
                Some((letters.to_owned(), key.trim().to_owned()))
            })
            .collect(),
    })
}

fn year(text: &str) -> Result<i16, AppError> {
    let year = text.parse().ok().filter(|year| (1900..2200).contains(year));
    year.ok_or_else(|| AppError::Invalid {
        messages: vec![Message::new("field.not_a_year", "year", [text.to_owned()])],
    })
}

#[cfg(test)]
mod tests {
    use super::options;

    #[test]
    fn a_year_that_is_none_is_refused_and_an_empty_field_says_nothing() {
        let sent = |year: &str| vec![("year".to_owned(), year.to_owned())];
        assert_eq!(options(&sent(" ")).expect("options").year, None);
        assert_eq!(options(&sent("2025")).expect("options").year, Some(2025));
        for bad in ["今年", "25", "20255"] {
            assert!(options(&sent(bad)).is_err(), "{bad}");
        }
    }
}
