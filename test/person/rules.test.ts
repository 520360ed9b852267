import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ageOn,
  birthOf,
  idCheckDigit,
  maskIdNumber,
  maskName,
  maskPhone,
  normaliseIdNumber,
  normaliseName,
  normalisePhone,
  sexOf,
  whyNotBirth,
  whyNotIdNumber,
  whyNotName,
  whyNotPhone,
} from '../../shared/person/rules'

const today = '2026-11-22'
const numbered = (first17: string) => first17 + idCheckDigit(first17)

describe('an ID number', () => {
  test.each([
    ['11010519491231002X', null],
    ['11010519491231002x', null],
    ['371003195001010013', null],
    ['370303194002290011', null],
    ['  371003 19500101 0013 ', null],
    ['３７１００３１９５００１０１００１３', null],
    [numbered('99000019400101001'), null],
    ['370303193802290015', 'ID_NUMBER_DATE'],
    [numbered('37100319000229001'), 'ID_NUMBER_DATE'],
    [numbered('37100320000229001'), null],
    [numbered('37100319501301001'), 'ID_NUMBER_DATE'],
    [numbered('37100319500001001'), 'ID_NUMBER_DATE'],
    [numbered('37100319500431001'), 'ID_NUMBER_DATE'],
    [numbered('37100319500100001'), 'ID_NUMBER_DATE'],
    ['371003195001010012', 'ID_NUMBER_DIGIT'],
    ['371003195001010031', 'ID_NUMBER_DIGIT'],
    ['110105194912310021', 'ID_NUMBER_DIGIT'],
    [numbered('37100320261122001'), null],
    [numbered('37100320261123001'), 'BIRTH_IN_FUTURE'],
    [numbered('37100310500101001'), 'ID_NUMBER_DATE'],
    ['371003500101001', 'ID_NUMBER_FORM'],
    ['37100319500101001', 'ID_NUMBER_FORM'],
    ['3710031950010100133', 'ID_NUMBER_FORM'],
    ['071003195001010013', 'ID_NUMBER_FORM'],
    ['37100319500101X013', 'ID_NUMBER_FORM'],
    ['37100319500101001Y', 'ID_NUMBER_FORM'],
    ['', 'ID_NUMBER_FORM'],
    ['三七一〇〇三', 'ID_NUMBER_FORM'],
  ])('%s is answered with %s', (text, reason) => {
    expect(whyNotIdNumber(text, today)).toBe(reason)
  })

  test('any single wrong digit and any two swapped neighbours are noticed', () => {
    const person = fc.tuple(fc.integer({ min: 110000, max: 659999 }), fc.integer({ min: 0, max: 999 }))
    fc.assert(
      fc.property(person, fc.nat(16), fc.integer({ min: 1, max: 9 }), ([region, order], place, shift) => {
        const id = numbered(`${region}19450815${String(order).padStart(3, '0')}`)
        const wrong = String((Number(id[place]) + shift) % 10)
        expect(whyNotIdNumber(id.slice(0, place) + wrong + id.slice(place + 1), today)).not.toBeNull()
        const [left, right] = [id.charAt(place), id.charAt(place + 1)]
        if (left === right) return
        expect(whyNotIdNumber(id.slice(0, place) + right + left + id.slice(place + 2), today)).not.toBeNull()
      }),
    )
  })

  test('says when its owner was born and whether they are a man or a woman', () => {
    expect(birthOf('11010519491231002X')).toBe('1949-12-31')
    expect(sexOf('11010519491231002X')).toBe('female')
    expect(sexOf('371003195001010013')).toBe('male')
  })

  test('is kept in one spelling', () => {
    expect(normaliseIdNumber(' 110105 1949 1231 002x')).toBe('11010519491231002X')
  })
})

describe('a birth date', () => {
  test.each([
    ['2026-11-22', null],
    ['2026-11-23', 'BIRTH_IN_FUTURE'],
    ['1940-02-29', null],
    ['1938-02-29', 'BIRTH_DATE'],
    ['1950-1-1', 'BIRTH_DATE'],
    ['1950/01/01', 'BIRTH_DATE'],
    ['0000-01-01', 'BIRTH_DATE'],
    ['', 'BIRTH_DATE'],
    ['1900-01-01', null],
    ['1899-12-31', 'BIRTH_DATE'],
    ['1048-05-06', 'BIRTH_DATE'],
  ])('%s is answered with %s', (birth, reason) => {
    expect(whyNotBirth(birth, today)).toBe(reason)
  })
})

describe('age in whole years', () => {
  test.each([
    ['1961-11-23', '2026-11-22', 64],
    ['1961-11-23', '2026-11-23', 65],
    ['1961-11-23', '2026-12-01', 65],
    ['1961-11-23', '2027-01-01', 65],
    ['2026-11-22', '2026-11-22', 0],
    ['1940-02-29', '2024-02-28', 83],
    ['1940-02-29', '2024-02-29', 84],
    ['1940-02-29', '2025-02-27', 84],
    ['1940-02-29', '2025-02-28', 85],
    ['1940-02-29', '2025-03-01', 85],
    ['1940-02-28', '2025-02-28', 85],
    ['1996-02-29', '2100-02-28', 104],
    ['1996-02-29', '2000-02-28', 3],
    ['1956-01-01', '2026-12-31', 70],
  ])('born %s, on %s: %i', (birth, day, age) => {
    expect(ageOn(birth, day)).toBe(age)
  })
})

describe('a name', () => {
  test.each([
    ['王秀英', null],
    ['欧阳震华', null],
    ['𠮷田秀', null],
    ['阿依古丽·买买提', null],
    ['阿依古丽•买买提', null],
    ['John Smith', null],
    ["Zoë O'Neil", null],
    [' 张三 ', null],
    ['王', 'NAME_FORM'],
    ['', 'NAME_FORM'],
    ['   ', 'NAME_FORM'],
    ['王'.repeat(30), null],
    ['王'.repeat(31), 'NAME_FORM'],
    ['王'.repeat(10_000), 'NAME_FORM'],
    ['王秀英2', 'NAME_FORM'],
    ['王😀英', 'NAME_FORM'],
    ['王<b>', 'NAME_FORM'],
    ['·买买提', 'NAME_FORM'],
    ['王秀英·', 'NAME_FORM'],
    ['王\u202e英', 'NAME_FORM'],
  ])('%s is answered with %s', (name, reason) => {
    expect(whyNotName(name)).toBe(reason)
  })

  test('is kept with one kind of dot and single blanks', () => {
    expect(normaliseName(' 阿依古丽•买买提 ')).toBe('阿依古丽·买买提')
    expect(normaliseName('John\u3000 Smith')).toBe('John Smith')
  })

  test.each([
    ['王秀英', '王*英'],
    ['张三', '张*'],
    ['欧阳修', '欧阳*'],
    ['欧阳震华', '欧阳*华'],
    ['欧阳', '欧*'],
    ['王张秀英', '王**英'],
    ['𠮷田秀', '𠮷*秀'],
    ['阿依古丽·买买提', '阿***·**提'],
    ['王', '*'],
    ['', '*'],
  ])('%s is shown as %s', (name, shown) => {
    expect(maskName(name)).toBe(shown)
  })
})

describe('a phone number', () => {
  test.each([
    ['13812345678', null],
    ['+86 138-1234-5678', null],
    ['0086 13812345678', null],
    ['0631-8451234', null],
    ['(010) 65123456', null],
    ['12812345678', 'PHONE_FORM'],
    ['1381234567', 'PHONE_FORM'],
    ['138123456789', 'PHONE_FORM'],
    ['8451234', 'PHONE_FORM'],
    ['+1 650 253 0000', 'PHONE_FORM'],
    ['', 'PHONE_FORM'],
  ])('%s is answered with %s', (phone, reason) => {
    expect(whyNotPhone(phone)).toBe(reason)
  })

  test.each([
    ['13812345678', '138****5678'],
    ['06318451234', '0631*****34'],
    ['12349', '*****'],
    ['', ''],
  ])('%s is shown as %s', (phone, shown) => {
    expect(maskPhone(phone)).toBe(shown)
  })

  test('is kept as digits without the code of China', () => {
    expect(normalisePhone('+86 138-1234-5678')).toBe('13812345678')
  })
})

test('a masked ID number hides what village and birth date do not already tell', () => {
  expect(maskIdNumber('371003195001010013')).toBe('3****************3')
  expect(maskIdNumber('12')).toBe('**')
})
