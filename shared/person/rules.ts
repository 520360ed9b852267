import type { RefusalCode } from '../core/refusals'
import { type Day, isDay } from '../core/time'
import type { PersonInput } from './input'

export type Sex = 'male' | 'female'

/** Counted in characters, not UTF-16 units: 𠮷 is one. The longest names of ethnic minorities stay below. */
const NAME_CHARACTERS_MAX = 30
const NAME_CHARACTERS_MIN = 2

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const ID_CHECK_DIGITS = '10X98765432'

/** What people type on a phone: full-width digits, blanks between the groups, a small x. */
export function normaliseIdNumber(text: string): string {
  return text.normalize('NFKC').replace(/\s/g, '').toUpperCase()
}

/**
 * Why this can't be a resident ID number, or null (GB 11643-1999: form, check digit, real day of birth).
 * No list of region codes: counties are merged and renamed, and the numbers stay.
 */
export function whyNotIdNumber(text: string, today: Day): RefusalCode | null {
  const id = normaliseIdNumber(text)
  if (!/^[1-9]\d{16}[\dX]$/.test(id)) return 'ID_NUMBER_FORM'
  if (id[17] !== idCheckDigit(id)) return 'ID_NUMBER_DIGIT'
  const birth = birthOf(id)
  return isDay(birth) ? whyNotBirth(birth, today) : 'ID_NUMBER_DATE'
}

/** The eighteenth character that belongs to the first seventeen digits. */
export function idCheckDigit(digits: string): string {
  const sum = ID_WEIGHTS.reduce((total, weight, place) => total + weight * Number(digits[place]), 0)
  return ID_CHECK_DIGITS.charAt(sum % 11)
}

/** The day of birth written in a valid ID number. */
export function birthOf(idNumber: string): Day {
  return `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`
}

/** The sex written in a valid ID number: the seventeenth digit is odd for men. */
export function sexOf(idNumber: string): Sex {
  return Number(idNumber[16]) % 2 === 1 ? 'male' : 'female'
}

/** Why nobody alive can be born on this day, seen from `today`. Nobody alive was born before 1900. */
export function whyNotBirth(birth: Day, today: Day): RefusalCode | null {
  if (!isDay(birth)) return 'BIRTH_DATE'
  return birth > today ? 'BIRTH_IN_FUTURE' : null
}

/**
 * Whole years of age on a day; the birthday itself counts. Who was born on 29 February grows older on the 28th in a
 * common year: a period of years without a matching day ends on the last day of that month (民法典 art. 204).
 */
export function ageOn(birth: Day, day: Day): number {
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4))
  return day.slice(5) < birthdayIn(Number(day.slice(0, 4)), birth) ? years - 1 : years
}

function birthdayIn(year: number, birth: Day): string {
  const monthAndDate = birth.slice(5)
  return monthAndDate === '02-29' && !isLeap(year) ? '02-28' : monthAndDate
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

/** One kind of dot for 阿依古丽·买买提: keyboards offer five. Inner runs of blanks become one. */
export function normaliseName(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[•‧∙⋅・]/g, '·')
    .replace(/\s+/g, ' ')
    .trim()
}

/**
 * Chinese characters of every plane, Latin letters, and inside the name a dot, blank, hyphen or apostrophe. Ranges, not
 * `\p{…}`: for phones that would be compiled to several kilobytes.
 */
const LETTER = 'A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u3007\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}'
const NAME = new RegExp(`^[${LETTER}](?:[${LETTER}·' -]*[${LETTER}])?$`, 'u')

/** Why this can't be somebody's name, or null. Digits, emoji and punctuation are slips or jokes. */
export function whyNotName(text: string): RefusalCode | null {
  const name = normaliseName(text)
  const length = [...name].length
  const fits = length >= NAME_CHARACTERS_MIN && length <= NAME_CHARACTERS_MAX
  return fits && NAME.test(name) ? null : 'NAME_FORM'
}

/** Residence permits and passports: letters and digits, no rule that all of them share. */
const PERMIT = /^[0-9A-Z]{5,18}$/

/**
 * Why this can't be registered as a person, with the field it is about, or null. What the ID number says of birth and sex
 * must agree with what was typed beside it.
 */
export function whyNotPerson(input: PersonInput, today: Day): { code: RefusalCode; field: keyof PersonInput } | null {
  const name = whyNotName(input.name)
  if (name !== null) return { code: name, field: 'name' }
  const number = whyNotNumber(input, today)
  if (number !== null) return { code: number, field: 'idNumber' }
  const birth = input.birthDate === undefined ? null : whyNotBirth(input.birthDate, today)
  if (birth !== null) return { code: birth, field: 'birthDate' }
  const phone = input.phone === undefined ? null : whyNotPhone(input.phone)
  return phone === null ? null : { code: phone, field: 'phone' }
}

function whyNotNumber({ identityKind, idNumber, sex, birthDate }: PersonInput, today: Day): RefusalCode | null {
  if (identityKind === 'none') return idNumber === undefined ? null : 'BAD_INPUT'
  if (idNumber === undefined) return 'REQUIRED'
  if (identityKind === 'permit') return PERMIT.test(normaliseIdNumber(idNumber)) ? null : 'ID_NUMBER_FORM'
  const reason = whyNotIdNumber(idNumber, today)
  if (reason !== null) return reason
  const id = normaliseIdNumber(idNumber)
  const agrees =
    (birthDate === undefined || birthDate === birthOf(id)) &&
    (sex === undefined || sex === 'unknown' || sex === sexOf(id))
  return agrees ? null : 'ID_NUMBER_MISMATCH'
}

const COMPOUND_SURNAMES = new Set(
  (
    '欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 ' +
    '钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 ' +
    '呼延 东郭 南门 羊舌 微生 公户 公玉 梁丘 左丘 东门 西门 第五 单于 淳于'
  ).split(' '),
)

/**
 * A name as class C1 shows it: 王秀英 → 王*英, 张三 → 张*, 欧阳修 → 欧阳*, 欧阳震华 → 欧阳*华. Dots and blanks stay, so
 * that 阿依古丽·买买提 is still recognised by who knows it: 阿***·**提.
 */
export function maskName(name: string): string {
  const characters = [...name]
  if (characters.length <= 1) return '*'
  const shownFirst = characters.length > 2 && COMPOUND_SURNAMES.has(characters.slice(0, 2).join('')) ? 2 : 1
  const shownLast = characters.length - shownFirst > 1 ? 1 : 0
  return characters.map((one, place) => (isShown(place) || one === '·' || one === ' ' ? one : '*')).join('')

  function isShown(place: number): boolean {
    return place < shownFirst || place >= characters.length - shownLast
  }
}

const OLD_FROM_AGE = 60

/**
 * How neighbours call somebody: 王大娘, 于大爷; under sixty 王大姐, 于大哥. Before a dot stands what 阿依古丽·买买提 is called
 * by; who is neither man nor woman in our books is shown masked.
 */
export function calledName(name: string, sex: string, age: number | null): string {
  if (sex !== 'male' && sex !== 'female') return maskName(name)
  const isOld = age === null || age >= OLD_FROM_AGE
  return surnameOf(name) + (sex === 'female' ? (isOld ? '大娘' : '大姐') : isOld ? '大爷' : '大哥')
}

function surnameOf(name: string): string {
  const dot = name.indexOf('·')
  if (dot > 0) return name.slice(0, dot)
  if (/^[A-Za-z]/.test(name)) return name
  const characters = [...name]
  const two = characters.slice(0, 2).join('')
  return characters.length > 2 && COMPOUND_SURNAMES.has(two) ? two : (characters[0] ?? '')
}

/** Digits only, without the country code of China: `+86 138-1234-5678` → `13812345678`. */
export function normalisePhone(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s()-]/g, '')
    .replace(/^(?:\+|00)86/, '')
}

/** Why this can't be a phone number of the mainland: a mobile, or a landline with its area code. */
export function whyNotPhone(text: string): RefusalCode | null {
  return /^(?:1[3-9]\d{9}|0\d{9,11})$/.test(normalisePhone(text)) ? null : 'PHONE_FORM'
}

/** 13812345678 → 138****5678; a landline keeps its area code and two digits: 06318451234 → 0631*****34. */
export function maskPhone(phone: string): string {
  const digits = normalisePhone(phone)
  if (digits.length < 10) return '*'.repeat(digits.length)
  return digits.startsWith('1') ? hideBetween(digits, 3, 4) : hideBetween(digits, 4, 2)
}

/**
 * Only the first and last character. The usual last four would give everything away here: whoever sees the mask may see
 * village and birth date too, and these are the other fourteen.
 */
export function maskIdNumber(idNumber: string): string {
  return idNumber.length < 3 ? '*'.repeat(idNumber.length) : hideBetween(idNumber, 1, 1)
}

function hideBetween(text: string, first: number, last: number): string {
  return text.slice(0, first) + '*'.repeat(text.length - first - last) + text.slice(text.length - last)
}
