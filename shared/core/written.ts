const SEPARATOR = '[\\s\\-－—_.·]?'
const spread = (digits: string) => digits.split(' ').join(SEPARATOR)
const DIGIT = '[0-9０-９]'
const NO_DIGIT_BEFORE = `(?<!${DIGIT})`
const NO_DIGIT_AFTER = `(?!${DIGIT})`

/** 18 characters of an ID number, with or without blanks; also a mistyped one says who it is. */
const ID_NUMBER = new RegExp(
  `${NO_DIGIT_BEFORE}[1-9１-９]${spread(` ${Array.from({ length: 16 }, () => DIGIT).join(' ')} (?:${DIGIT}|[XxＸｘ])`)}${NO_DIGIT_AFTER}`,
  'g',
)
/** Eleven digits of a mobile number, in groups or not, after +86 or not. */
const MOBILE = new RegExp(
  `${NO_DIGIT_BEFORE}(?:(?:\\+|＋)?86${SEPARATOR})?[1１]${SEPARATOR}[3-9３-９]${spread(` ${Array.from({ length: 9 }, () => DIGIT).join(' ')}`)}${NO_DIGIT_AFTER}`,
  'g',
)
const ENDS = 2

/** A text with the ID numbers and mobile numbers in it covered but for their last two characters; as long as it was. */
export function withoutNumbers(text: string): string {
  return text.replace(ID_NUMBER, covered).replace(MOBILE, covered)
}

function covered(number: string): string {
  return '*'.repeat(number.length - ENDS) + number.slice(-ENDS)
}
