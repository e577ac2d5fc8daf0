//! Formulas over indicators: `(#3 + #4) / #5 * 100`, in exact fractions.
//!
//! What a reader would get wrong: a value is what is printed in its own unit (亿元, 个, %), not its
//! grains, so that a formula reads as it would on paper.

use std::collections::BTreeSet;

use super::{Quantity, UnitOfMeasure};
use crate::money::div_round;

/// The most characters of a formula, and the deepest nesting.
const LONGEST: usize = 400;
const DEEPEST: usize = 32;

/// A formula that was read (派生公式).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula(Node);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Number(Fraction),
    Indicator(u32),
    Negated(Box<Node>),
    Of(char, Box<Node>, Box<Node>),
}

/// Why a formula cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormulaFault {
    /// Longer or more deeply nested than is taken.
    TooLong,
    /// What stands at this character, from 1, is not expected there.
    At(usize),
}

/// An exact fraction, in lowest terms, its denominator positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction {
    numerator: i128,
    denominator: i128,
}

impl Fraction {
    /// Makes a fraction; `None` over zero.
    #[must_use]
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        let common = gcd(numerator.checked_abs()?, denominator.checked_abs()?);
        if denominator == 0 {
            return None;
        }
        let sign = if denominator < 0 { -1 } else { 1 };
        Some(Self {
            numerator: sign * (numerator / common),
            denominator: sign * (denominator / common),
        })
    }

    /// Reads an amount as what is printed in its unit.
    #[must_use]
    pub fn of(quantity: Quantity, unit: &UnitOfMeasure) -> Option<Self> {
        Self::new(i128::from(quantity.0), i128::from(unit.grains()))
    }

    /// Rounds to the grains of a unit, half away from zero; `None` out of range.
    #[must_use]
    pub fn quantity(self, unit: &UnitOfMeasure) -> Option<Quantity> {
        let grains = self.numerator.checked_mul(i128::from(unit.grains()))?;
        div_round(grains, self.denominator).map(Quantity)
    }

    fn apply(self, sign: char, other: Self) -> Option<Self> {
        let (a, b) = (self.numerator, self.denominator);
        let (c, d) = (other.numerator, other.denominator);
        let across = |x: i128, y: i128| x.checked_mul(y);
        match sign {
            '+' => Self::new(across(a, d)?.checked_add(across(c, b)?)?, across(b, d)?),
            '-' => Self::new(across(a, d)?.checked_sub(across(c, b)?)?, across(b, d)?),
            '*' => Self::new(across(a, c)?, across(b, d)?),
            _ => Self::new(across(a, d)?, across(b, c)?),
        }
    }
}

fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

impl Formula {
    /// Reads a formula: numbers, `#key`, `+ - * /` (also `× ÷`), brackets.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn parse(text: &str) -> Result<Self, FormulaFault> {
        let signs: Vec<char> = text.chars().map(plain).collect();
        if signs.len() > LONGEST {
            return Err(FormulaFault::TooLong);
        }
        let mut reader = Reader {
            signs,
            at: 0,
            depth: 0,
        };
        let node = reader.sum()?;
        match reader.peek() {
            None => Ok(Self(node)),
            Some(_) => Err(FormulaFault::At(reader.at + 1)),
        }
    }

    /// Lists the indicators it names.
    #[must_use]
    pub fn indicators(&self) -> BTreeSet<u32> {
        let mut found = BTreeSet::new();
        self.0.gather(&mut found);
        found
    }

    /// Works it out; `None` when a value is missing, something is divided by zero, or a number is
    /// out of range.
    pub fn value(&self, of: &impl Fn(u32) -> Option<Fraction>) -> Option<Fraction> {
        self.0.value(of)
    }
}

/// Signs as they are typed with a Chinese keyboard.
fn plain(sign: char) -> char {
    match sign {
        '（' => '(',
        '）' => ')',
        '×' => '*',
        '÷' => '/',
        '＋' => '+',
        '－' => '-',
        '＃' => '#',
        other => other,
    }
}

impl Node {
    fn gather(&self, found: &mut BTreeSet<u32>) {
        match self {
            Self::Number(_) => {}
            Self::Indicator(key) => {
                found.insert(*key);
            }
            Self::Negated(one) => one.gather(found),
            Self::Of(_, left, right) => {
                left.gather(found);
                right.gather(found);
            }
        }
    }

    fn value(&self, of: &impl Fn(u32) -> Option<Fraction>) -> Option<Fraction> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Indicator(key) => of(*key),
            Self::Negated(one) => Fraction::new(0, 1)?.apply('-', one.value(of)?),
            Self::Of(sign, left, right) => left.value(of)?.apply(*sign, right.value(of)?),
        }
    }
}

struct Reader {
    signs: Vec<char>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn peek(&mut self) -> Option<char> {
        while self.signs.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
        self.signs.get(self.at).copied()
    }

    fn digits(&mut self) -> String {
        let rest = self.signs.get(self.at..).unwrap_or_default();
        let found: String = rest.iter().take_while(|c| c.is_ascii_digit()).collect();
        self.at += found.len();
        found
    }

    fn sum(&mut self) -> Result<Node, FormulaFault> {
        self.chain(&['+', '-'], Self::product)
    }

    fn product(&mut self) -> Result<Node, FormulaFault> {
        self.chain(&['*', '/'], Self::single)
    }

    fn chain(
        &mut self,
        signs: &[char],
        part: fn(&mut Self) -> Result<Node, FormulaFault>,
    ) -> Result<Node, FormulaFault> {
        let mut left = part(self)?;
        while let Some(sign) = self.peek().filter(|sign| signs.contains(sign)) {
            self.at += 1;
            left = Node::Of(sign, Box::new(left), Box::new(part(self)?));
        }
        Ok(left)
    }

    fn single(&mut self) -> Result<Node, FormulaFault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(FormulaFault::TooLong);
        }
        let node = self.single_within();
        self.depth -= 1;
        node
    }

    fn single_within(&mut self) -> Result<Node, FormulaFault> {
        let found = self.peek();
        let here = FormulaFault::At(self.at + 1);
        match found {
            Some('-') => {
                self.at += 1;
                Ok(Node::Negated(Box::new(self.single()?)))
            }
            Some('(') => {
                self.at += 1;
                let within = self.sum()?;
                match self.peek() {
                    Some(')') => self.at += 1,
                    _ => return Err(FormulaFault::At(self.at + 1)),
                }
                Ok(within)
            }
            Some('#') => {
                self.at += 1;
                self.digits().parse().map(Node::Indicator).map_err(|_| here)
            }
            Some(digit) if digit.is_ascii_digit() => self.number().ok_or(here),
            _ => Err(here),
        }
    }

    fn number(&mut self) -> Option<Node> {
        let whole = self.digits();
        let mut part = String::new();
        if self.signs.get(self.at) == Some(&'.') {
            self.at += 1;
            part = self.digits();
            if part.is_empty() {
                return None;
            }
        }
        let scale = 10_i128.checked_pow(u32::try_from(part.len()).ok()?)?;
        let digits: i128 = format!("{whole}{part}").parse().ok()?;
        // Numbers a person types are short; longer ones would only overflow later.
        if digits > i128::from(i64::MAX) {
            return None;
        }
        Fraction::new(digits, scale).map(Node::Number)
    }
}
